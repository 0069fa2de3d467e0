"""The whole way of a dossier, as `sohoa demo --keep` plays it on real servers, looked at from outside."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import requests
from lxml import etree

pytestmark = [pytest.mark.acceptance, pytest.mark.integration, pytest.mark.timeout(600)]

KHO = "{urn:vn:bhxh:sohoa:kho:1}"


@dataclass(frozen=True)
class Demo:
    """A demo that goes on running, and what it wrote."""

    process: subprocess.Popen[bytes]
    out: Path
    result: dict[str, Any]
    said: Path

    @property
    def documents(self) -> list[dict[str, Any]]:
        documents: list[dict[str, Any]] = self.result["documents"]
        return documents


def run_demo(out: Path, said: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "connector.cli.main", "demo", "--out", str(out), "--keep"]
    with said.open("wb") as output:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    out, said = folder / "out", folder / "said.txt"
    process = run_demo(out, said)
    try:
        while not (out / "result.json").exists() and process.poll() is None:
            time.sleep(0.5)
        assert process.poll() is None, said.read_text(encoding="utf-8")
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        yield Demo(process, out, result, said)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(90)


def test_at_least_five_papers_are_filed_with_a_code_each(demo: Demo) -> None:
    codes = [paper["digitization_code"] for paper in demo.documents]

    assert len(codes) >= 5
    assert len(set(codes)) == len(codes)
    assert {paper["state"] for paper in demo.documents} == {"DA_LUU"}


def test_the_paper_that_article_5_keeps_out_says_why(demo: Demo) -> None:
    (other,) = demo.result["others"]

    assert (other["state"], other["reason"]) == ("KHONG_SO_HOA", "Điều 5.3")


def test_the_portal_pulled_what_the_ecm_stores(demo: Demo) -> None:
    for paper in demo.documents:
        file = demo.out / "signed" / f"{paper['id']}.pdf"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == paper["stored_sha256"] == paper["pulled_sha256"]


def test_scans_carry_the_scanners_signature_and_then_the_agencys(demo: Demo) -> None:
    roles = [[(each["role"], each["level"]) for each in paper["signatures"]] for paper in demo.documents]

    scans = [each for each in roles if each[0][0] == "scanner"]
    assert len(scans) == 5
    assert {each[0][1] for each in scans} <= {"B-LT", "B-LTA"}  # the later document time stamp covers it too
    assert {tuple(each[1:]) for each in scans} == {(("agency", "B-LTA"),)}
    every = [each for paper in demo.documents for each in paper["signatures"]]
    assert all(each["intact"] and each["trusted"] for each in every)


def test_visible_signatures_stand_at_the_top_left_and_the_top_right(demo: Demo) -> None:
    for paper in demo.documents:
        with pikepdf.open(demo.out / "signed" / f"{paper['id']}.pdf") as pdf:
            page = pdf.pages[0]
            width, height = (float(edge) for edge in page.mediabox[2:])
            places = {str(each.T): [float(edge) for edge in each.Rect] for each in page.get("/Annots", [])}
        if "NguoiSaoChup" in places:
            left, right = places["NguoiSaoChup"], places["CoQuan"]
            assert left[2] < width / 2 < right[0]
            assert min(left[1], right[1]) > height * 0.7


def test_the_signed_metadata_name_the_pdf_up_to_the_agencys_signature(demo: Demo) -> None:
    for paper in demo.documents:
        root = etree.parse(demo.out / "signed" / f"{paper['id']}.xml").getroot()
        length = int(root.findtext(f".//{KHO}DoDai") or 0)
        content = (demo.out / "signed" / f"{paper['id']}.pdf").read_bytes()
        assert 0 < length <= len(content)
        assert root.findtext(f".//{KHO}SHA256") == hashlib.sha256(content[:length]).hexdigest()
        assert root.findtext(f"{KHO}MaSoHoa") == paper["digitization_code"]


def test_another_client_reads_the_properties_back_from_the_ecm(demo: Demo) -> None:
    ecm = demo.result["ecm"]
    paper = demo.documents[0]
    code = paper["digitization_code"].replace("\\", "\\\\").replace("'", "\\'")
    query = {"cmisselector": "query", "q": f"SELECT * FROM bhxh:giayTo WHERE bhxh:maSoHoa = '{code}'"}
    with requests.Session() as session:
        session.trust_env, session.auth = False, (ecm["username"], ecm["password"])
        answer = session.get(f"{ecm['browser_url']}/{ecm['repository_id']}", params=query, timeout=30).json()

    # this server's queries find old versions too
    rows = [{name: first_value(each) for name, each in row["properties"].items()} for row in answer["results"]]
    assert ("DA_LUU", paper["stored_sha256"]) in {(str(row["bhxh:trangThai"]), row["bhxh:maBam"]) for row in rows}


def first_value(item: dict[str, Any]) -> object:
    value = item["value"]
    return value[0] if isinstance(value, list) and value else value


def test_the_service_asks_who_is_calling(demo: Demo) -> None:
    soap = demo.result["soap"]
    with requests.Session() as session:
        session.trust_env = False
        wsdl = session.get(f"{soap['url']}?wsdl", timeout=30)
        refused = session.post(soap["url"], data=b"<x/>", headers={"Content-Type": "text/xml"}, timeout=30)

    assert (wsdl.status_code, b"KhoGiayTo" in wsdl.content) == (200, True)
    assert refused.status_code in (401, 403)


def test_pages_are_drawn_and_the_roots_are_handed_over(demo: Demo) -> None:
    pictures = {file.stem for file in (demo.out / "pages").glob("*.png")}

    assert pictures == {paper["id"] for paper in demo.documents}
    assert b"BEGIN CERTIFICATE" in (demo.out / "trust" / "root.pem").read_bytes()


def test_at_the_end_nothing_is_left_behind(demo: Demo) -> None:
    """Last in this file: it ends the demo."""
    ports = [urllib.parse.urlsplit(url).port for url in (demo.result["soap"]["url"], demo.result["ecm"]["browser_url"])]
    children = [line for process, line in command_lines().items() if parent_of(process) == demo.process.pid]
    (folder,) = {found[1] for line in children if (found := re.search(r"(/tmp/sohoa-demo-[^/]+)/config", line))}

    demo.process.send_signal(signal.SIGTERM)
    code = demo.process.wait(90)

    assert code == 0
    assert [port for port in ports if answers(port)] == []
    assert [line for line in command_lines().values() if folder in line] == []
    assert not Path(folder).exists()


def answers(port: int | None) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port or 0)) == 0


def command_lines() -> dict[int, str]:
    """Of every process on this machine, by its number."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found[int(file.parent.name)] = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended
            continue
    return found


def parent_of(process: int) -> int | None:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
