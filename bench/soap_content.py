"""GetDocument over MTOM against nginx proxying the same content from the same repository, and small calls.

Needs the embedded ECM (`make setup`), nginx and curl. `python bench/soap_content.py [MEGABYTES] [ROUNDS]`; 100 and 9
unless given. Both ways read the file from the ECM over HTTP and send it over loopback, in turn; the client throws it
away. `--service` is the served process itself, so that its memory can be looked at.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.demo.ecm import DemoEcm, free_port
from connector.demo.sandbox_papers import CASES, Shelf
from connector.domain.outcome import Outcome, Publication
from connector.domain.paper import Artifact, ArtifactKind, Deposit, Dossier
from connector.domain.publication import ChangeKind
from connector.domain.states import Stage, State
from connector.mapping.load import find_mapping, load_mapping
from connector.mapping.translate import Mapping
from connector.registry.audit import AuditChain
from connector.registry.connection import Database
from connector.registry.embedded import embedded_postgres
from connector.registry.papers import PaperRegister
from connector.registry.publications import PublicationRegister
from connector.registry.schema import migrate
from connector.soap.operations import Backing
from connector.soap.security import Client, hash_password
from connector.soap.server import ENDPOINT, create_application, serve

PASSWORD = "bench"
BASIC = "Basic " + base64.b64encode(f"bench:{PASSWORD}".encode()).decode()
SMALL_SECONDS = 10.0
SMALL_CLIENTS = 8


def repository(ecm_url: str) -> CmisRepository:
    endpoint = Endpoint(url=ecm_url, repository_id="A1", username="sohoa", password="any")
    return CmisRepository(endpoint, Mapping(load_mapping(find_mapping("opencmis"))))


def service(dsn: str, ecm_url: str, port: int) -> None:
    """Serve until standard input ends."""
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    ecm = repository(ecm_url)
    with Database(dsn, size=16) as database:
        papers = PublicationRegister(database, AuditChain(database, b"bench"))
        application = create_application(
            Backing(papers=papers, verify_signatures=lambda paper: [], report_result=lambda *a, **k: None),
            clients=[Client(name="bench", password_hash=hash_password(PASSWORD))],
            read_content=lambda _, object_id: ecm.stream(object_id),
            keyed_hash=str,
        )
        serve(application, host="127.0.0.1", port=port, stop=stop)


def publish(dsn: str, object_id: str, content: Path) -> UUID:
    """One paper in the register whose file is the ECM's document."""
    with Database(dsn) as database:
        register = PaperRegister(database, AuditChain(database, b"bench"))
        deposit = Deposit(
            repository_id="A1",
            version_series_id="1",
            object_id=object_id,
            folder_id="1",
            original_sha256="0" * 64,
            length=1,
        )
        paper = register.claim(deposit, Dossier(dossier_id=uuid4(), repository_id="A1", folder_id="1"))
        assert paper is not None
        data = content.read_bytes()
        artifact = Artifact(
            kind=ArtifactKind.AGENCY, object_id=object_id, sha256=hashlib.sha256(data).hexdigest(), length=len(data)
        )
        wanted = replace(Shelf().put(CASES[0], paper.paper_id, 1), document=artifact)
        publication = Publication(kind=ChangeKind.MOI, paper=wanted)
        outcome = Outcome(state=State.DA_LUU, publication=publication, digitization_code="x")
        register.commit(paper, Stage.FILING, outcome)
        return paper.paper_id


@contextmanager
def nginx(folder: Path, port: int, ecm: DemoEcm, object_id: str) -> Iterator[str]:
    """nginx before the ECM's content address."""
    query = urlencode({"cmisselector": "content", "objectId": object_id})
    target = f"{ecm.browser_url}/{ecm.repository_id}/root?{query}"
    authorization = base64.b64encode(b"sohoa:any").decode()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"pid {folder}/nginx.pid; daemon off; worker_processes 1; user root; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; "
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"server {{ listen 127.0.0.1:{port}; location = /file {{ proxy_pass {target}; proxy_http_version 1.1; "
        f'proxy_set_header Connection ""; proxy_buffering off; '
        f'proxy_set_header Authorization "Basic {authorization}"; }} }} }}\n'
    )
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")])
    try:
        yield f"http://127.0.0.1:{port}/file"
    finally:
        process.terminate()
        process.wait()


def envelope(operation: str, paper_id: UUID) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation} xmlns="urn:vn:bhxh:sohoa:kho:1"><MucDich>do</MucDich><MaTaiLieu>{paper_id}</MaTaiLieu>'
        f"</{operation}></s:Body></s:Envelope>"
    ).encode()


def seconds(*arguments: str) -> tuple[float, int]:
    """How long curl takes to fetch everything, and how many bytes it got."""
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{time_total} %{size_download} %{http_code}", *arguments]
    total, size, status = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert status == "200", status
    return float(total), int(size)


def small_calls(url: str, paper_id: UUID) -> tuple[float, list[float]]:
    """GetMetadata from several keep-alive clients at once: calls a second, and each call's seconds."""
    place, body, end = urlsplit(url), envelope("GetMetadata", paper_id), time.perf_counter() + SMALL_SECONDS

    def client(_: int) -> list[float]:
        connection, taken = http.client.HTTPConnection(place.netloc), []
        while time.perf_counter() < end:
            started = time.perf_counter()
            connection.request("POST", place.path, body, {"Content-Type": "text/xml", "Authorization": BASIC})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            taken.append(time.perf_counter() - started)
        return taken

    with ThreadPoolExecutor(SMALL_CLIENTS) as pool:
        taken = [each for one in pool.map(client, range(SMALL_CLIENTS)) for each in one]
    return len(taken) / SMALL_SECONDS, sorted(taken)


def memory(process: subprocess.Popen[bytes], name: str) -> int:
    """VmRSS or VmHWM in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) // 1024


def measure(megabytes: int, rounds: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        content = folder / "paper.pdf"
        content.write_bytes(os.urandom(megabytes * 1_000_000))
        with DemoEcm(folder / "ecm") as ecm, embedded_postgres(folder / "pg") as dsn:
            migrate(dsn)
            cmis = repository(ecm.browser_url)
            parent = cmis.folder_at("/Hồ sơ").object_id
            stored = cmis.create_document(parent, "paper.pdf", content, content_type="application/pdf")
            paper_id = publish(dsn, stored.object_id, content)
            port = free_port()
            command = [sys.executable, __file__, "--service", dsn, ecm.browser_url, str(port)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE)
            url = f"http://127.0.0.1:{port}{ENDPOINT}"
            try:
                with nginx(folder, free_port(), ecm, stored.object_id) as plain:
                    return compare(url, plain, paper_id, process, rounds, folder)
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait()


def compare(
    url: str, plain: str, paper_id: UUID, process: subprocess.Popen[bytes], rounds: int, folder: Path
) -> dict[str, object]:
    request = folder / "request.xml"
    request.write_bytes(envelope("GetDocument", paper_id))
    soap = ("-H", f"Authorization: {BASIC}", "-H", "Content-Type: text/xml", "--data-binary", f"@{request}", url)
    for _ in range(100):
        if subprocess.run(["curl", "-sf", "-o", "/dev/null", f"{url}?wsdl"], check=False).returncode == 0:
            break
        time.sleep(0.2)
    at_rest = memory(process, "VmRSS")
    taken: dict[str, list[float]] = {"nginx": [], "mtom": [], "base64": []}
    for _ in range(rounds):
        taken["nginx"].append(seconds(plain)[0])
        taken["mtom"].append(seconds("-H", "Accept: multipart/related", *soap)[0])
        taken["base64"].append(seconds("-H", "Accept: text/xml", *soap)[0])
    after_files = memory(process, "VmHWM")
    rate, each = small_calls(url, paper_id)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "seconds_median": {name: round(value, 3) for name, value in middle.items()},
        "seconds_best": {name: round(min(values), 3) for name, values in taken.items()},
        "mtom_to_nginx": round(middle["mtom"] / middle["nginx"], 2),
        "base64_to_nginx": round(middle["base64"] / middle["nginx"], 2),
        "megabytes_at_rest": at_rest,
        "megabytes_peak_after_files": after_files,
        "metadata_calls_per_second": round(rate),
        "metadata_call_p50_ms": round(each[len(each) // 2] * 1000, 1),
        "metadata_call_p99_ms": round(each[int(len(each) * 0.99)] * 1000, 1),
        "megabytes_peak": memory(process, "VmHWM"),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--service"]:
        service(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        numbers = [int(argument) for argument in sys.argv[1:]]
        print(json.dumps(measure(*(numbers + [100, 9][len(numbers) :])), indent=2))
