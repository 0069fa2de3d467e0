"""The sections of the settings file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from connector.domain.secret_transport import stays_here


class Section(BaseModel):
    """A table of the settings file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Section):
    """An own PostgreSQL by ``dsn``, else an embedded one in ``directory`` (a folder of its own)."""

    dsn: SecretStr | None = None
    directory: Path = Path("/var/lib/sohoa/postgres")


class RepositorySettings(Section):
    """One watched ECM repository; ``mapping`` is a YAML file or the name of a shipped one.

    ``username`` is what the repository calls us, however we sign in; docs/operations.md says what each way needs.
    """

    id: str
    url: str
    binding: Literal["browser", "atompub"] = "browser"
    username: str
    sign_in: Literal["basic", "bearer", "certificate", "kerberos"] = "basic"
    password: SecretStr | None = None
    token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    scope: str | None = None
    principal: str | None = None
    keytab: Path | None = None
    # shown beside any sign-in where the server asks for one
    certificate: Path | None = None
    key: Path | None = None
    mapping: str
    ca_file: Path | None = None
    timeout_seconds: float = 30.0


class WatchSettings(Section):
    """How often we look, how long a deposit must be untouched, how far back an index may lag."""

    interval_seconds: float = Field(default=2.0, gt=0)
    settle_seconds: float = Field(default=2.0, ge=0)
    overlap_seconds: float = Field(default=10.0, ge=0)


class KeySettings(Section):
    """A signing key: PKCS#12 (``path``, ``password``), PKCS#11 (``module``, ``token``, ``key``, ``certificate``,
    ``pin``), a remote signing service (``url``, ``credential``, ``client_id``, ``client_secret``, ``pin``), or a USB
    token on a desk, through ``sohoa token`` (``path`` of its certificate and chain, ``password_hash`` of the desk).
    """

    kind: Literal["pkcs12", "pkcs11", "csc", "token"]
    path: Path | None = None
    password: SecretStr | None = None
    password_hash: SecretStr | None = None
    module: Path | None = None
    token: str | None = None
    key: str | None = None
    certificate: str | None = None
    pin: SecretStr | None = None
    url: str | None = None
    credential: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None


class SigningSettings(Section):
    """Who signs with which key, the time-stamp service, and whom we trust."""

    agency_name: str
    agency_key: KeySettings
    # signs the daily journal, where the agency's own key lies on a desk
    journal_key: KeySettings | None = None
    identities: dict[str, KeySettings] = {}
    timestamp_url: str
    timestamp_timeout_seconds: float = Field(default=180.0, gt=0)
    trust: list[Path]
    # names in the agency's earlier certificates: `sohoa rebuild` believes what they signed
    former_names: list[str] = []
    # the red seal on transparent ground (PNG), for the agency's own results born digital; and its real diameter
    seal: Path | None = None
    seal_millimetres: float = Field(default=36.0, gt=0)
    # the decision that allows signing for the agency without a văn thư's approval; recorded in every XML
    authority: str | None = None


class PeoplesService(Section):
    """A service that people sign in to with a password; ``certificate`` and ``key`` (unencrypted PKCS#8): own TLS."""

    host: str = "127.0.0.1"
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _keeps_passwords_secret(self) -> Self:
        if self.certificate is None and not stays_here(self.host):
            raise ValueError("passwords need TLS: give certificate and key, or host 127.0.0.1 behind nginx")
        return self


class TokenSettings(PeoplesService):
    """Where the service for ``sohoa token`` listens."""

    port: int = 8443


class ClientSettings(Section):
    """A system that may call over SOAP: how it signs in, what it may do. What is left out is not limited.

    ``password_hash`` as ``sohoa serve --hash`` prints it; ``certificates`` as ``openssl x509 -fingerprint -sha256``
    prints them, for mTLS and signed messages; ``shared_secret`` for a WS-Security UsernameToken.
    """

    name: str
    password_hash: SecretStr | None = None
    certificates: list[str] = []
    shared_secret: SecretStr | None = None
    may_report_results: bool = False
    operations: list[str] | None = None
    document_types: list[str] | None = None
    owners: list[str] | None = None
    hidden_fields: list[str] = []
    calls_per_minute: int | None = Field(default=None, ge=1)


class SoapSettings(Section):
    """Where the service listens; the public address is what the WSDL names.

    ``socket`` is a Unix socket instead of host and port. ``trusts_proxy``: an nginx on this machine, with
    docs/nginx-mtls.conf, says whose certificate a caller has shown. ``certificate`` and ``key`` (PKCS#8): own TLS.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    socket: Path | None = None
    public_url: str | None = None
    trusts_proxy: bool = False
    certificate: Path | None = None
    key: Path | None = None
    metrics_port: int | None = None
    clients: list[ClientSettings] = []


class WebSettings(PeoplesService):
    """The pages for people, who sign in with their ECM's login and password.

    ``public_url`` is the address they open them at; ``bhxh:lienKetXacNhan`` of a paper leads there.
    """

    public_url: str = Field(pattern=r"^https?://[^/\s]+/?$")
    port: int = 8081


class OtherStoreSettings(Section):
    """A store that speaks our contract (docs/soap.md) and that KIEM_TRA_KHO asks for an owner's papers too."""

    name: str  # as officials read it on the dossier
    wsdl: str
    username: str
    password: SecretStr
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=5.0, gt=0)


class NotificationSettings(Section):
    """Telling the portal of new papers; ``rules`` is a file like mappings/notification.yaml."""

    rules: Path
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=10.0, gt=0)


class CaptureSettings(Section):
    """What becomes of captures below the technical standard (Art. 8.2.e: colour, 200 dpi).

    ``reject`` sends them back; ``ask`` lets the settling official accept them, which is recorded: for papers that
    cannot be scanned again.
    """

    technical_defects: Literal["reject", "ask"] = "reject"


class WorkSettings(Section):
    """Where temporary files go, how many papers are worked on at once, and the limits of one paper."""

    folder: Path = Path("/var/lib/sohoa/work")
    processes: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    # a page takes about 0.7 seconds of a core of its own, and a paper may have 500
    reading_seconds: float = Field(default=1200.0, gt=0)
    reading_megabytes: int = Field(default=4096, gt=0)
