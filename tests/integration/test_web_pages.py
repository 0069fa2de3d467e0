"""The pages as their readers open them: over HTTP, with the ECM's own logins."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.domain.capture import Doubt
from connector.domain.extraction import Extraction
from connector.domain.page_view import PaperView
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import Level, SignatureReport, SignatureRole
from connector.registry.audit import AuditChain
from connector.registry.reports import ReportRegister
from connector.registry.views import ViewBook
from connector.web.application import create_application
from connector.web.backing import Backing
from connector.web.server import serve
from connector.web.sign_in import Credentials, SignInNeeded
from ocr_worker.pages.page_view import view_paper
from tests.fakes.reader import VALUES, read_as
from tests.fixtures.pipelines import CLERK, RECEPTION, SETTLING, STAFF, PlayedOffice
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration
PASSWORD = "mật khẩu"


def boxed(extraction: Extraction) -> Extraction:
    fields = {name: replace(found, box=(60.0, 90.0, 220.0, 110.0)) for name, found in extraction.fields.items()}
    return replace(extraction, fields=fields)


def view(pdf: Path, numbers: Collection[int]) -> PaperView:
    return view_paper(pdf, numbers, dpi=72, seconds=60, megabytes=4096)


def signed(file: Path) -> list[SignatureReport]:
    report = SignatureReport(
        field="Sig1",
        signer="Bảo hiểm xã hội <thử>",
        role=SignatureRole.AGENCY,
        level=Level.B_LTA,
        signed_at=None,
        intact=file.read_bytes().startswith(b"%PDF"),
        trusted=True,
        covers_whole_file=True,
        modification="none",
    )
    return [report]


@dataclass
class Site:
    office: PlayedOffice
    url: str

    def get(self, path: str, login: str | None = SETTLING, password: str = PASSWORD) -> requests.Response:
        return requests.get(self.url + path, auth=_basic(login, password), timeout=60)

    def post(self, path: str, login: str = SETTLING, origin: str | None = None, **options: Any) -> requests.Response:
        headers = {"Origin": self.url if origin is None else origin}
        auth = _basic(login, PASSWORD)
        return requests.post(self.url + path, auth=auth, headers=headers, allow_redirects=False, timeout=60, **options)

    def address(self, document: RepositoryObject) -> str:
        return f"/giay-to/{self.office.paper(document).paper_id}"


def _basic(login: str | None, password: str) -> tuple[bytes, bytes] | None:
    return (login.encode(), password.encode()) if login else None


@pytest.fixture
def site(played: PlayedOffice, tmp_path: Path) -> Iterator[Site]:
    def open_as(repository_id: str | None, credentials: Credentials) -> Any:
        if credentials.password != PASSWORD:
            raise SignInNeeded
        return played._as(credentials.login)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    chain = AuditChain(played.database, b"key")
    backing = Backing(
        papers=played.register,
        open_as=open_as,
        note_view=ViewBook(played.database, chain).note,
        report=ReportRegister(played.database).report,
        view_paper=view,
        verify=signed,
        staff=STAFF,
        folder=tmp_path,
        public_url=url,
    )
    played.reader.extraction = boxed(read_as(VALUES, flagged=frozenset({"document_number"})))
    with _running(backing, port):
        yield Site(played, url)


@contextmanager
def _running(backing: Backing, port: int) -> Iterator[None]:
    stop = threading.Event()
    options = {"host": "127.0.0.1", "port": port, "stop": stop}
    running = threading.Thread(target=serve, args=(create_application(backing),), kwargs=options)
    running.start()
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield
    finally:
        stop.set()
        running.join()


@pytest.fixture
def waiting(site: Site, tmp_path: Path) -> RepositoryObject:
    """A real PDF that waits for confirmation, its number flagged."""
    document = site.office.deposit(content=sheet(tmp_path / "scan.pdf"))
    site.office.work()
    return document


def form_of(text: str) -> dict[str, str]:
    """The values a browser would send back untouched."""
    areas = re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>([^<]*)</textarea>', text)
    mark = re.search(r'name="mark" value="([^"]*)"', text)
    assert mark
    return {**dict(areas), "mark": mark[1]}


def test_without_the_ecms_password_nothing_is_shown(site: Site, waiting: RepositoryObject) -> None:
    for path in (site.address(waiting), "/", "/bao-cao", "/bao-cao.csv", "/kiem-tra"):
        for answer in (site.get(path, None), site.get(path, password="đoán")):
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
            assert VALUES["abstract"] not in answer.text


def test_a_flagged_value_stands_beside_its_place_on_the_paper_and_in_no_field(
    site: Site, waiting: RepositoryObject
) -> None:
    answer = site.get(site.address(waiting))

    form = form_of(answer.text)
    assert (form["document_number"], form["abstract"]) == ("", VALUES["abstract"])
    assert f"Đã đối chiếu, đúng là: <strong>{VALUES['document_number']}</strong>" in answer.text
    assert 'viewBox="52.0 82.0 176.0 36.0"' in answer.text
    assert "data:image/jpeg;base64,/9j/" in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_flagged_value_counts_only_when_its_own_box_was_ticked(site: Site, waiting: RepositoryObject) -> None:
    path = site.address(waiting)
    form = form_of(site.get(path).text)

    site.post(path, data={**form, "action": "XAC_NHAN"})
    site.office.attend()
    site.office.work()
    assert site.office.shown(waiting)["state"] == "CHO_XAC_NHAN"

    form = form_of(site.get(path).text)
    answer = site.post(path, data={**form, "take.document_number": "1", "action": "XAC_NHAN"})
    site.office.attend()
    site.office.work()

    assert answer.status_code == 303
    shown = site.office.shown(waiting)
    assert (shown["state"], shown["document_number"]) == ("DA_XAC_NHAN", VALUES["document_number"])
    assert shown["confirmed_by"] == SETTLING


def test_what_is_sent_for_an_older_state_is_refused(site: Site, waiting: RepositoryObject) -> None:
    path = site.address(waiting)
    form = form_of(site.get(path).text)
    site.office.type(waiting, abstract="Do người khác sửa")

    answer = site.post(path, data={**form, "action": "XAC_NHAN"})

    assert answer.status_code == 409
    assert site.office.shown(waiting)["abstract"] == "Do người khác sửa"


def test_a_form_from_another_site_is_refused(site: Site, waiting: RepositoryObject) -> None:
    path = site.address(waiting)
    form = form_of(site.get(path).text)

    answers = [site.post(path, origin=origin, data={**form, "abstract": "lạ"}) for origin in ("https://xau.vn", "null")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert site.office.shown(waiting)["abstract"] == VALUES["abstract"]


def test_who_may_not_confirm_sees_values_and_no_button(site: Site, waiting: RepositoryObject) -> None:
    form = form_of(site.get(site.address(waiting)).text)

    answer = site.post(site.address(waiting), CLERK, data={**form, "action": "XAC_NHAN"})

    assert answer.status_code in (400, 403)
    assert 'value="XAC_NHAN"' not in site.get(site.address(waiting), CLERK).text
    assert not site.office.shown(waiting)["action"]


def test_values_from_the_paper_are_text_and_never_markup(site: Site, tmp_path: Path) -> None:
    hostile = {**VALUES, "abstract": '<script>alert(1)</script>"><img src=x>'}
    site.office.reader.extraction = read_as(hostile)
    document = site.office.deposit(content=sheet(tmp_path / "scan.pdf"))
    site.office.work()

    text = site.get(site.address(document)).text

    assert "<script" not in text and "<img" not in text
    assert "&lt;script&gt;" in text


def test_a_quarantined_paper_is_as_one_that_does_not_exist(site: Site, tmp_path: Path) -> None:
    site.office.reader.stamp = Doubt.YES
    document = site.office.deposit(content=sheet(tmp_path / "scan.pdf"))
    site.office.work()
    assert site.office.shown(document)["state"] == "CACH_LY"

    hidden = site.get(site.address(document))
    unknown = site.get("/giay-to/00000000-0000-4000-8000-000000000000")

    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.text == unknown.text


def test_every_view_is_in_the_audit_chain_with_its_reader(site: Site, waiting: RepositoryObject) -> None:
    site.get(site.address(waiting))

    rows = site.office.rows("SELECT actor, subject FROM audit WHERE operation = 'view'")

    assert rows == [{"actor": SETTLING, "subject": str(site.office.paper(waiting).paper_id)}]


def test_management_reads_the_report_as_page_and_table_and_reception_does_not(
    site: Site, waiting: RepositoryObject
) -> None:
    page, table = site.get("/bao-cao", CLERK), site.get("/bao-cao.csv", CLERK)

    assert "Chờ xác nhận" in page.text and "Bóc tách" in page.text
    assert table.content.decode("utf-8-sig").splitlines()[0].startswith("Bảng,Đơn vị")
    assert site.get("/bao-cao", RECEPTION).status_code == 403
    assert "Không có giấy tờ nào" in site.get("/bao-cao?tu=2030-01-01", CLERK).text
    assert site.get("/bao-cao?tu=hôm+qua", CLERK).status_code == 400


def test_a_file_that_somebody_brings_gets_its_verdict(site: Site, tmp_path: Path) -> None:
    good = site.post("/kiem-tra", files={"tep": ("a.pdf", sheet(tmp_path / "a.pdf").read_bytes())})
    changed = site.post("/kiem-tra", files={"tep": ("a.pdf", b"not a pdf")})
    none = site.post("/kiem-tra", files={"tep": ("", b"")})

    assert "Hợp lệ" in good.text and "Bảo hiểm xã hội &lt;thử&gt;" in good.text
    assert "nội dung đã bị sửa" in changed.text
    assert none.status_code in (200, 400) and "Hợp lệ" not in none.text
    assert list(tmp_path.glob("verify-*")) == []


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site: Site, waiting: RepositoryObject) -> None:
    answer = site.post(site.address(waiting), data={"mark": "x" * 300_000})

    assert answer.status_code == 413
