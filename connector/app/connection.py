"""Connecting to a repository as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import SecretStr

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.sidecar_repository import open_cmis
from connector.cmis.sign_in import AccessToken, CertificateAlone, KerberosTicket, Password, SignIn
from connector.domain.errors import ConfigurationError
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping as PropertyMapping
from connector.sections import RepositorySettings

# what each way to sign in needs, and what it may have besides
_NEEDED: Mapping[str, Sequence[str]] = {
    "basic": ("username", "password"),
    "bearer": ("token_url", "client_id", "client_secret"),
    "certificate": (),
    "kerberos": ("principal", "keytab"),
}
_OPTIONAL: Mapping[str, Sequence[str]] = {"bearer": ("refresh_token", "scope")}
_WAYS: Mapping[str, Callable[..., SignIn]] = {
    "basic": Password,
    "bearer": AccessToken,
    "certificate": CertificateAlone,
    "kerberos": KerberosTicket,
}


def open_repository(entry: RepositorySettings) -> CmisRepository:
    """One repository through its mapping."""
    return open_cmis(endpoint_of(entry), PropertyMapping(load_mapping(find_mapping(entry.mapping))))


def endpoint_of(entry: RepositorySettings) -> Endpoint:
    """Where a repository is and how we sign in. Raises ConfigurationError that names what is missing."""
    pair = (entry.certificate, entry.key)
    if any(pair) != all(pair) or (entry.sign_in == "certificate" and not all(pair)):
        raise ConfigurationError(f"repository {entry.id}: a client certificate needs certificate and key")
    for file in filter(None, (*pair, entry.ca_file)):
        if not file.is_file():
            raise ConfigurationError(f"repository {entry.id}: {file} does not exist")
    return Endpoint(
        url=entry.url,
        repository_id=entry.id,
        username=entry.username,
        sign_in=_sign_in(entry),
        client_certificate=(entry.certificate, entry.key) if entry.certificate and entry.key else None,
        ca_file=entry.ca_file,
        timeout_seconds=entry.timeout_seconds,
        binding=entry.binding,
    )


def endpoint_of_person(entry: RepositorySettings, login: str, password: str) -> Endpoint:
    """The same repository in a person's own name: nothing that signs the service account in goes with it.

    Raises ConfigurationError where the client certificate signs in: everybody would pass for the service account.
    """
    if entry.sign_in == "certificate":
        raise ConfigurationError(f"repository {entry.id} is signed in to by certificate: people cannot, over it")
    return replace(endpoint_of(entry), username=login, sign_in=Password(username=login, password=password))


def _sign_in(entry: RepositorySettings) -> SignIn:
    needed = {name: _plain(getattr(entry, name)) for name in _NEEDED[entry.sign_in]}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise ConfigurationError(f"repository {entry.id}: sign_in = {entry.sign_in} needs {', '.join(missing)}")
    optional = {name: _plain(getattr(entry, name)) for name in _OPTIONAL.get(entry.sign_in, ())}
    return _WAYS[entry.sign_in](**needed, **optional)


def _plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
