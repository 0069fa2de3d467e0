"""The systems that may call, their rights, and their passwords over HTTP."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import ip_address

from connector.domain.errors import ConfigurationError
from connector.soap.faults import Fault, FaultName

_COST = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and about 50 ms a try
_MOST_REMEMBERED = 1000
_REMEMBER_SECONDS = 300.0
_NOBODY = "scrypt$AAAAAAAAAAAAAAAAAAAAAA==$" + base64.b64encode(bytes(32)).decode()

# A paper's code begins with its owner's id, so hiding that alone would hide nothing.
HIDEABLE_FIELDS = frozenset({"TenChuGiayTo", "NgaySinh", "NamThanhLap", "DuLieuChuyenNganh"})


@dataclass(frozen=True, kw_only=True)
class Client:
    """A system that may call: how it proves who it is, and what it may.

    ``password_hash`` for HTTP Basic, ``certificates`` (SHA-256 of the DER, in hex) for mTLS and signed messages,
    ``shared_secret`` for a UsernameToken. ``operations``, ``document_types`` and ``owners`` None means all of them.
    ``hidden_fields`` are optional elements of DuLieuDacTa it does not see; who has any gets no files either, for
    they show everything. ``calls_per_minute`` None means no limit.
    """

    name: str
    password_hash: str | None = None
    certificates: frozenset[str] = frozenset()
    shared_secret: str | None = field(default=None, repr=False)
    may_report_results: bool = False
    operations: frozenset[str] | None = None
    document_types: frozenset[str] | None = None
    owners: frozenset[str] | None = None
    hidden_fields: frozenset[str] = frozenset()
    calls_per_minute: int | None = None

    def __post_init__(self) -> None:
        """Raises ConfigurationError for a field that cannot be hidden."""
        wrong = sorted(self.hidden_fields - HIDEABLE_FIELDS)
        if wrong:
            known = ", ".join(sorted(HIDEABLE_FIELDS))
            raise ConfigurationError(f"client {self.name}: {', '.join(wrong)} cannot be hidden; only {known}.")


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """What is known of a call before its body is read; header names in lower case."""

    method: str
    path: str
    query: str
    scheme: str
    peer: str | None  # None: over a Unix socket
    headers: Mapping[str, str]

    @property
    def is_local(self) -> bool:
        """Whether the caller sits on this machine: over loopback or a Unix socket."""
        try:
            return not self.peer or ip_address(self.peer).is_loopback
        except ValueError:
            return False

    @property
    def is_confidential(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.scheme == "https" or self.is_local


def hash_password(password: str) -> str:
    """A password as the settings keep it: scrypt with a salt of its own."""
    salt = os.urandom(16)
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(_scrypt(password, salt)).decode()}"


def verify_password(password: str, password_hash: str) -> bool:
    """Whether a password is the hashed one; False for a hash that is none of ours."""
    try:
        scheme, salt, expected = password_hash.split("$")
        return scheme == "scrypt" and hmac.compare_digest(
            _scrypt(password, base64.b64decode(salt)), base64.b64decode(expected)
        )
    except (ValueError, binascii.Error):
        return False


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, maxmem=64 * 1024 * 1024, dklen=32, **_COST)


@dataclass
class _Remembered:
    """Credentials that were right a moment ago, by keyed hash: each call would else cost 50 ms of scrypt."""

    key: bytes = field(default_factory=lambda: os.urandom(32))
    until: dict[bytes, float] = field(default_factory=dict)

    def holds(self, mark: bytes) -> bool:
        return self.until.get(mark, 0.0) > time.monotonic()

    def add(self, mark: bytes) -> None:
        if len(self.until) >= _MOST_REMEMBERED:
            self.until.clear()
        self.until[mark] = time.monotonic() + _REMEMBER_SECONDS


class PasswordGate:
    """HTTP Basic, over TLS, loopback or a Unix socket only."""

    def __init__(self, clients: Iterable[Client]) -> None:
        self._clients = {client.name: client for client in clients if client.password_hash}
        self._remembered = _Remembered()
        # guessing may cost one core at most; and each thread that hashed would keep its 16 MB for good
        self._hasher = ThreadPoolExecutor(1, "soap-password")

    def knock(self, request: HttpRequest) -> Client:
        """The client that signed in. Blocks for a while at its first call. Raises Fault with 401 or 403."""
        if not request.is_confidential:
            raise Fault(FaultName.ACCESS_DENIED, http_status=403)
        name, password = _credentials(request.headers.get("authorization", ""))
        client = self._clients.get(name)
        mark = hmac.digest(self._remembered.key, f"{name}\0{password}".encode(), "sha256")
        if client is not None and self._remembered.holds(mark):
            return client
        # an unknown name costs the same time as a wrong password
        known_hash = client.password_hash or _NOBODY if client else _NOBODY
        right = self._hasher.submit(self._is_right, mark, password, known_hash).result()
        if client is None or not right:
            raise not_signed_in(client.name if client else None)
        return client

    def _is_right(self, mark: bytes, password: str, password_hash: str) -> bool:
        if self._remembered.holds(mark):  # of many first calls at once the first has found it right meanwhile
            return True
        right = verify_password(password, password_hash)
        if right:
            self._remembered.add(mark)
        return right


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise not_signed_in()
    try:
        name, separator, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise not_signed_in() from error
    if not separator or not name:
        raise not_signed_in()
    return name, password


def not_signed_in(claimed: str | None = None) -> Fault:
    """The fault for a caller nobody knows; says nothing about why. ``claimed``: the known client it says it is."""
    return Fault(FaultName.ACCESS_DENIED, http_status=401, claimed=claimed)
