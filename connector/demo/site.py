"""A whole installation for one demo: ECM, PKI, database and ``sohoa run``, all in one folder and gone afterwards."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm, free_port
from connector.demo.pki import AGENCY_NAME, SCANNER_NAME, SOFTHSM, TOKEN, DemoPki
from connector.domain.errors import ExitCode, SohoaError
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping
from connector.soap.security import hash_password
from connector.soap.server import ENDPOINT
from connector.tether import end_with_parent

SERVICE = "sohoa"  # our own account in the ECM
RECEPTION, SETTLING, CLERK, REPORTER = "tiep.nhan", "giai.quyet", "van.thu", "phan.mem.tnhs"
PORTAL = "cong-dvc"
_START_SECONDS = 90.0
_STOP_SECONDS = 45.0

_USERS = f"""\
users:
  {RECEPTION}:
    full_name: {SCANNER_NAME}
    roles: [tiep_nhan]
    identity: thu-ha
  {SETTLING}:
    full_name: Lê Hoàng Nam
    roles: [giai_quyet]
  {CLERK}:
    full_name: Phạm Ngọc Lan
    roles: [van_thu]
"""


class SiteFailed(SohoaError):
    """The installation of the demo does not run."""

    code = "DEMO"
    exit_code = ExitCode.FAILED
    message = "The demo's own installation failed."
    sentence = "Bản dùng thử không chạy được; xem nhật ký nêu trong thông báo."


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running installation."""

    ecm: DemoEcm
    pki: DemoPki
    soap_url: str
    pages_url: str
    portal_password: str
    mapping: Mapping

    def as_login(self, login: str) -> CmisRepository:
        """The ECM as one person sees it; the embedded one takes any password."""
        endpoint = Endpoint(
            url=self.ecm.browser_url, repository_id=self.ecm.repository_id, username=login, password=login
        )
        return CmisRepository(endpoint, self.mapping)


@contextmanager
def running_site(*, technical_defects: str = "reject") -> Iterator[Site]:
    """Start everything on free ports; at the end no process, port or file of it is left.

    Raises ConfigurationError, RepositoryUnavailable, SiteFailed.
    """
    folder = Path(tempfile.mkdtemp(prefix="sohoa-demo-", dir="/tmp"))
    try:
        # PostgreSQL runs as an account without rights and has to reach its own folder below this one
        folder.chmod(0o711)
        with DemoPki(_private(folder / "pki")) as pki, DemoEcm(_private(folder / "ecm")) as ecm:
            port, password = free_port(), secrets.token_urlsafe(16)
            mapping = Mapping(load_mapping(find_mapping("opencmis")))
            site = Site(
                ecm=ecm,
                pki=pki,
                soap_url=f"http://127.0.0.1:{port}{ENDPOINT}",
                pages_url=f"http://127.0.0.1:{free_port()}",
                portal_password=password,
                mapping=mapping,
            )
            site.as_login(SERVICE).folder_at(mapping.file.watched_path)
            with _running_product(_private(folder / "config"), folder, site, port, technical_defects):
                yield site
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def _running_product(config: Path, folder: Path, site: Site, port: int, technical_defects: str) -> Iterator[None]:
    users = config / "users.yaml"
    users.write_text(_USERS, encoding="utf-8")
    settings = config / "sohoa.toml"
    settings.touch(mode=0o600)
    settings.write_text(_settings(folder, users, site, port, technical_defects), encoding="utf-8")
    log = config / "sohoa.log"
    environment = {**os.environ, "SOFTHSM2_CONF": str(site.pki.softhsm_configuration)}
    command = [sys.executable, "-m", "connector.cli.main", "--verbose", "run", "--config", str(settings)]
    with log.open("wb") as output:
        product = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        _wait_until_it_answers(product, site.soap_url, log)
        yield
    finally:
        _end(product)


def _settings(folder: Path, users: Path, site: Site, port: int, technical_defects: str) -> str:
    """The settings file; JSON strings are TOML strings."""
    scanner = site.pki.key("scanner")
    quoted = json.dumps
    return f"""\
users = {quoted(str(users))}
result_reporters = [{quoted(REPORTER)}]
hash_key = {quoted(secrets.token_hex(32))}

[database]
directory = {quoted(str(folder / "postgres"))}

[[repositories]]
id = {quoted(site.ecm.repository_id)}
url = {quoted(site.ecm.browser_url)}
username = {quoted(SERVICE)}
password = {quoted(SERVICE)}
mapping = "opencmis"

[watch]
interval_seconds = 1.0
settle_seconds = 1.0

[signing]
agency_name = {quoted(AGENCY_NAME)}
timestamp_url = {quoted(site.pki.timestamp_url)}
trust = [{quoted(str(site.pki.roots))}]

[signing.agency_key]
kind = "pkcs11"
module = {quoted(str(SOFTHSM))}
token = {quoted(TOKEN)}
key = "agency"
certificate = "agency"
pin = {quoted(site.pki.pin)}

[signing.identities.thu-ha]
kind = "pkcs12"
path = {quoted(str(scanner.path))}
password = {quoted(scanner.password)}

[capture]
technical_defects = {quoted(technical_defects)}

[soap]
port = {port}

[web]
public_url = {quoted(site.pages_url)}
port = {site.pages_url.rpartition(":")[2]}

[[soap.clients]]
name = {quoted(PORTAL)}
password_hash = {quoted(hash_password(site.portal_password))}

[work]
folder = {quoted(str(folder / "work"))}
"""


def _wait_until_it_answers(product: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < deadline and product.poll() is None:
            try:
                if session.get(f"{url}?wsdl", timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise SiteFailed(f"sohoa run did not answer: {tail}")


def _end(product: subprocess.Popen[bytes]) -> None:
    if product.poll() is None:
        product.terminate()
    try:
        product.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        product.kill()
        product.wait()
