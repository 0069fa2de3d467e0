"""A throw-away PKI: authorities, time stamps, OCSP and CRLs over HTTP, keys in PKCS#12 and on a SoftHSM2 token."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.util.x509 import decode_x509_certificate
from werkzeug.serving import WSGIRequestHandler, make_server

from connector.demo.ecm import free_port
from connector.domain.errors import ConfigurationError

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN = "co-quan"
SCANNER_NAME = "Trần Thị Thu Hà"
DIRECTOR_NAME = "Nguyễn Minh Đức"
AGENCY_NAME = "Bảo hiểm xã hội tỉnh Quảng Ngãi"

_ARCH = "demo"
_AUTHORITIES = ("root", "issuer", "tsa", "issuer-ocsp")


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who gets a certificate, for which kind of key, and whether it is still good."""

    full_name: str
    on_token: bool = False  # else in a PKCS#12 file
    is_curve: bool = False  # P-256, else RSA-2048
    expired: bool = False
    not_yet: bool = False  # valid from tomorrow on
    revoked: bool = False


HOLDERS: Mapping[str, Holder] = {
    "scanner": Holder(full_name=SCANNER_NAME),
    "director": Holder(full_name=DIRECTOR_NAME),
    "agency": Holder(full_name=AGENCY_NAME, on_token=True),
}


@dataclass(frozen=True, kw_only=True)
class FileKey:
    """A PKCS#12 file and its password."""

    path: Path
    password: str


class _SilentHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *arguments: object) -> None:
        """The demo's own progress is enough."""


class DemoPki:
    """The authorities run in a thread of this process; everything they made lies in ``folder``."""

    def __init__(self, folder: Path, holders: Mapping[str, Holder] = HOLDERS) -> None:
        self._folder = folder
        self._holders = holders
        self._port = free_port()
        self._pin = secrets.token_hex(4)
        self._passwords = {name: secrets.token_hex(8) for name in holders}

    @property
    def roots(self) -> Path:
        """All roots, in one PEM file."""
        return self._folder / "trust" / "root.pem"

    @property
    def timestamp_url(self) -> str:
        """The RFC 3161 service."""
        return f"http://127.0.0.1:{self._port}/{_ARCH}/tsa/tsa"

    @property
    def softhsm_configuration(self) -> Path:
        """What SOFTHSM2_CONF has to name."""
        return self._folder / "softhsm2.conf"

    @property
    def pin(self) -> str:
        """The token's PIN."""
        return self._pin

    def certificates(self, name: str) -> Path:
        """A holder's certificate and its chain, in PEM: all that the office has of a key on somebody's desk."""
        return self._folder / f"{name}.pem"

    def key(self, name: str) -> FileKey:
        """The PKCS#12 of a holder who has no token: in the demo "scanner" and "director"."""
        return FileKey(path=self._folder / f"{name}.p12", password=self._passwords[name])

    def __enter__(self) -> DemoPki:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._make_keys()
        config = CertomancerConfig(
            self._configuration(), key_search_dir=str(self._folder), config_search_dir=str(self._folder)
        )
        arch = config.get_pki_arch(ArchLabel(_ARCH))
        self._write_files(arch)
        self._init_token(arch)
        application = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False, allow_time_override=False)
        self._server = make_server("127.0.0.1", self._port, application, threaded=True, request_handler=_SilentHandler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="demo-pki")
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _make_keys(self) -> None:
        for name in (*_AUTHORITIES, *self._holders):
            is_curve = name in self._holders and self._holders[name].is_curve
            key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = (
                ec.generate_private_key(ec.SECP256R1())
                if is_curve
                else rsa.generate_private_key(public_exponent=65537, key_size=2048)
            )
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            self._write(f"{name}.key.pem", pem)

    def _write(self, name: str, content: bytes) -> Path:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return path

    def _configuration(self) -> dict[str, object]:
        now = dt.datetime.now(dt.UTC)
        since = now - dt.timedelta(days=2)

        def validity(years: float) -> dict[str, str]:
            return {"valid-from": since.isoformat(), "valid-to": (now + dt.timedelta(days=365 * years)).isoformat()}

        def certificate(holder: Holder) -> dict[str, object]:
            ends = since + dt.timedelta(days=1) if holder.expired else now + dt.timedelta(days=3 * 365)
            begins = now + dt.timedelta(days=1) if holder.not_yet else since
            revocation = {"revoked-since": (now - dt.timedelta(days=1)).isoformat(), "reason": "key_compromise"}
            return {
                **signer,
                "profiles": ["digsig-commitment"],
                "validity": {"valid-from": begins.isoformat(), "valid-to": ends.isoformat()},
                **({"revocation": revocation} if holder.revoked else {}),
            }

        authority = {"id": "simple-ca", "params": {"crl-repo": "root", "max-path-len": 1}}
        issuing = {
            "id": "simple-ca",
            "params": {"crl-repo": "issuer", "ocsp-service": "issuer", "max-path-len": 0},
        }
        signer = {"issuer": "issuer", "authority-key": "issuer", "validity": validity(3)}
        certificates: dict[str, object] = {
            "root": {
                "subject": "root", "subject-key": "root", "issuer": "root", "authority-key": "root",
                "validity": validity(20), "profiles": [authority],
            },
            "issuer": {"issuer": "root", "authority-key": "root", "validity": validity(10), "profiles": [issuing]},
            "tsa": {
                "issuer": "root", "authority-key": "root", "validity": validity(10),
                "extensions": [
                    {"id": "key_usage", "critical": True,
                     "smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
                    {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
                ],
            },
            "issuer-ocsp": {**signer, "profiles": ["ocsp-responder"]},
            **{name: certificate(holder) for name, holder in self._holders.items()},
        }  # fmt: skip
        entities = {
            "root": {"common-name": "Sohoa Demo Root CA"},
            "issuer": {"common-name": "Sohoa Demo Issuing CA"},
            "tsa": {"common-name": "Sohoa Demo TSA"},
            "issuer-ocsp": {"common-name": "Sohoa Demo OCSP"},
            **{name: {"common-name": holder.full_name} for name, holder in self._holders.items()},
        }
        return {
            "external-url-prefix": f"http://127.0.0.1:{self._port}",
            "keysets": {
                _ARCH: {"keys": {name: {"path": f"{name}.key.pem"} for name in (*_AUTHORITIES, *self._holders)}}
            },
            "pki-architectures": {
                _ARCH: {
                    "keyset": _ARCH,
                    "entity-defaults": {"country-name": "VN", "organization-name": "Sohoa Demo"},
                    "entities": entities,
                    "certs": certificates,
                    "services": {
                        "crl-repo": {
                            name: {"for-issuer": name, "simulated-update-schedule": "P30D"}
                            for name in ("root", "issuer")
                        },
                        "ocsp": {"issuer": {"for-issuer": "issuer", "responder-cert": "issuer-ocsp"}},
                        "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
                    },
                }
            },
        }

    def _write_files(self, arch: PKIArchitecture) -> None:
        chain = [x509.load_der_x509_certificate(arch.get_cert(CertLabel(name)).dump()) for name in ("issuer", "root")]
        root_pem = chain[1].public_bytes(serialization.Encoding.PEM)
        self._write("trust/root.pem", root_pem)
        for name in (name for name, holder in self._holders.items() if not holder.on_token):
            key = serialization.load_pem_private_key((self._folder / f"{name}.key.pem").read_bytes(), None)
            assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
            certificate = x509.load_der_x509_certificate(arch.get_cert(CertLabel(name)).dump())
            password = serialization.BestAvailableEncryption(self._passwords[name].encode())
            packed = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, chain, password)
            self._write(f"{name}.p12", packed)
        for name in self._holders:
            own = x509.load_der_x509_certificate(arch.get_cert(CertLabel(name)).dump())
            self._write(
                f"{name}.pem",
                b"".join(item.public_bytes(serialization.Encoding.PEM) for item in (own, *chain)),
            )

    def _init_token(self, arch: PKIArchitecture) -> None:
        """Keys and certificates of token holders on a token of our own; their key files go away."""
        tokens = self._folder / "tokens"
        tokens.mkdir(mode=0o700, exist_ok=True)
        self._write(
            "softhsm2.conf",
            f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n".encode(),
        )
        # the PKCS#11 library of this process reads it too
        os.environ["SOFTHSM2_CONF"] = str(self.softhsm_configuration)
        self._softhsm("--init-token", "--free", "--label", TOKEN, "--so-pin", secrets.token_hex(4), "--pin", self._pin)
        on_token = [name for name, holder in self._holders.items() if holder.on_token]
        for number, name in enumerate(on_token, start=1):
            key_file = self._folder / f"{name}.key.pem"
            named = ("--token", TOKEN, "--label", name, "--id", f"{number:02x}")
            self._softhsm("--import", str(key_file), *named, "--pin", self._pin)
            key_file.unlink()
        library = pkcs11.lib(str(SOFTHSM))
        library.reinitialize()
        with library.get_token(token_label=TOKEN).open(user_pin=self._pin, rw=True) as session:
            for number, name in enumerate((*on_token, "issuer", "root"), start=1):
                attributes = decode_x509_certificate(arch.get_cert(CertLabel(name)).dump())
                own = {pkcs11.Attribute.LABEL: name, pkcs11.Attribute.ID: bytes([number])}  # as its key's
                session.create_object({**attributes, **own, pkcs11.Attribute.TOKEN: True})

    def _softhsm(self, *arguments: str) -> None:
        environment = {**os.environ, "SOFTHSM2_CONF": str(self.softhsm_configuration)}
        done = subprocess.run(
            ["softhsm2-util", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise ConfigurationError(f"softhsm2-util {arguments[0]} failed: {done.stderr.strip()}")
