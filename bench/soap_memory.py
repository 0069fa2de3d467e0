"""How much memory `sohoa serve` takes: at rest, while it hands out large papers, and after many small calls.

`python bench/soap_memory.py [MEGABYTES...]`; 100 and 1000 unless given. The service is the installed command with a
settings file, on a real PostgreSQL; the repository is a stub that streams any size, which no embedded ECM holds.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import certifi
from soap_content import BASIC, PASSWORD, envelope, memory, seconds, small_calls

from connector.demo.ecm import free_port
from connector.demo.sandbox_papers import CASES, Shelf
from connector.domain.outcome import Outcome, Publication
from connector.domain.paper import Artifact, ArtifactKind, Deposit, Dossier
from connector.domain.publication import ChangeKind
from connector.domain.states import Stage, State
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.embedded import embedded_postgres
from connector.registry.papers import PaperRegister
from connector.registry.schema import migrate
from connector.soap.security import hash_password
from connector.soap.server import ENDPOINT
from tests.fixtures.large_content_server import PIECE, LargeContentServer

SETTINGS = """
users = "users.yaml"
result_reporters = []
hash_key = "bench"
[database]
dsn = "{dsn}"
[[repositories]]
id = "A1"
url = "{ecm}/browser"
username = "sohoa"
password = "any"
mapping = "opencmis"
[signing]
agency_name = "BHXH"
timestamp_url = "http://127.0.0.1:1/"
trust = ["{roots}"]
[signing.agency_key]
kind = "pkcs12"
path = "none.p12"
password = "none"
[soap]
port = {port}
[[soap.clients]]
name = "bench"
password_hash = "{password_hash}"
[work]
folder = "{folder}/work"
"""


@dataclass(frozen=True)
class Served:
    """A running service, its papers by size, the stub that streams them, and a folder with the database."""

    process: subprocess.Popen[bytes]
    url: str
    papers: dict[int, UUID]
    ecm: LargeContentServer
    folder: Path


def publish(dsn: str, megabytes: int) -> UUID:
    """One paper whose file is what the stub streams."""
    digest = hashlib.sha256()
    for _ in range(megabytes):
        digest.update(PIECE)
    artifact = Artifact(
        kind=ArtifactKind.AGENCY, object_id="doc", sha256=digest.hexdigest(), length=megabytes * len(PIECE)
    )
    with Database(dsn) as database:
        register = PaperRegister(database, AuditChain(database, b"bench"))
        deposit = Deposit(
            repository_id="A1",
            version_series_id=f"{megabytes}",
            object_id="doc",
            folder_id="1",
            original_sha256="0" * 64,
            length=1,
        )
        paper = register.claim(deposit, Dossier(dossier_id=uuid4(), repository_id="A1", folder_id="1"))
        assert paper is not None
        published = replace(Shelf().put(CASES[0], paper.paper_id, 1), document=artifact, repository_id="A1")
        publication = Publication(kind=ChangeKind.MOI, paper=published)
        outcome = Outcome(state=State.DA_LUU, publication=publication, digitization_code=f"x{megabytes}")
        register.commit(paper, Stage.FILING, outcome)
    return paper.paper_id


@contextmanager
def served(sizes: list[int]) -> Iterator[Served]:
    """`sohoa serve` with a paper of each size."""
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        ecm = LargeContentServer(0)
        with embedded_postgres(folder / "pg") as dsn:
            migrate(dsn)
            papers = {size: publish(dsn, size) for size in sizes}
            port = free_port()
            (folder / "sohoa.toml").write_text(
                SETTINGS.format(
                    dsn=dsn,
                    ecm=ecm.url,
                    roots=certifi.where(),
                    port=port,
                    password_hash=hash_password(PASSWORD),
                    folder=folder,
                )
            )
            command = [sys.executable, "-m", "connector.cli.main", "serve", "--config", str(folder / "sohoa.toml")]
            process = subprocess.Popen(command)
            url = f"http://127.0.0.1:{port}{ENDPOINT}"
            try:
                while subprocess.run(["curl", "-sf", "-o", "/dev/null", f"{url}?wsdl"], check=False).returncode != 0:
                    assert process.poll() is None
                    time.sleep(0.1)
                yield Served(process, url, papers, ecm, folder)
            finally:
                process.terminate()
                process.wait()
                ecm.close()


def measure(sizes: list[int]) -> dict[str, object]:
    with served(sizes) as kho:
        return watch(kho)


def watch(kho: Served) -> dict[str, object]:
    process, folder = kho.process, kho.folder
    found: dict[str, object] = {"megabytes_at_rest": memory(process, "VmRSS")}
    request = folder / "request.xml"
    soap = ("-H", f"Authorization: {BASIC}", "-H", "Content-Type: text/xml", "--data-binary", f"@{request}", kho.url)
    for size, paper_id in kho.papers.items():
        kho.ecm.megabytes = size
        request.write_bytes(envelope("GetDocument", paper_id))
        for form, accept in (("mtom", "multipart/related"), ("base64", "text/xml")):
            taken, _ = seconds("-H", f"Accept: {accept}", *soap)
            found[f"{size}_mib_{form}"] = {"seconds": round(taken, 2), "megabytes_after": memory(process, "VmRSS")}
    rate, _ = small_calls(kho.url, next(iter(kho.papers.values())))
    found["metadata_calls_per_second"] = round(rate)
    found["megabytes_after_small_calls"] = memory(process, "VmRSS")
    # the first sign-in with a password takes 16 MB for the moment that scrypt needs them
    found["megabytes_peak"] = memory(process, "VmHWM")
    return found


if __name__ == "__main__":
    print(json.dumps(measure([int(argument) for argument in sys.argv[1:]] or [100, 1000]), indent=2))
