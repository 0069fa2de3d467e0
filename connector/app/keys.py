"""From the settings of keys to keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography import x509
from pydantic import SecretStr

from connector.domain.errors import ConfigurationError
from connector.sections import KeySettings
from connector.settings import Settings
from signing.csc import CscKey
from signing.keys import DeskKey, Pkcs11Key, Pkcs12Key, SigningKey, desk_certificates

AGENCY = "co-quan"  # the identity of whoever holds the agency's token: its desk's sign-in name

_NEEDED: Mapping[str, Sequence[str]] = {
    "pkcs12": ("path", "password"),
    "pkcs11": ("module", "token", "key", "certificate", "pin"),
    "csc": ("url", "credential", "client_id", "client_secret", "pin"),
    "token": ("path", "password_hash"),
}
_KINDS: Mapping[str, type[Pkcs12Key] | type[Pkcs11Key] | type[CscKey]] = {
    "pkcs12": Pkcs12Key,
    "pkcs11": Pkcs11Key,
    "csc": CscKey,
}


def signing_key(identity: str, key: KeySettings) -> SigningKey:
    """A key's settings, complete for its kind. Raises ConfigurationError that names what is missing."""
    given = {name: getattr(key, name) for name in _NEEDED[key.kind]}
    missing = [name for name, value in given.items() if value is None]
    if missing:
        raise ConfigurationError(f"the key of {identity}, of kind {key.kind}, needs {', '.join(missing)}")
    if key.kind == "token":
        return DeskKey(identity=identity, certificate=given["path"])
    plain: dict[str, Any] = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in given.items()
    }
    return _KINDS[key.kind](**plain)


def desk_keys(settings: Settings) -> tuple[Mapping[str, x509.Certificate], Mapping[str, str]]:
    """Certificate and password hash of every key on a desk, by identity. Raises ConfigurationError."""
    if AGENCY in settings.signing.identities:
        raise ConfigurationError(f"signing.identities: {AGENCY} is the name of the agency's own desk")
    keys = {**settings.signing.identities, AGENCY: settings.signing.agency_key}
    certificates, hashes = {}, {}
    for identity, entry in keys.items():
        key = signing_key(identity, entry)
        if isinstance(key, DeskKey) and entry.password_hash is not None:
            certificates[identity] = desk_certificates(key)[0]
            hashes[identity] = entry.password_hash.get_secret_value()
    return certificates, hashes
