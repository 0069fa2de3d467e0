"""The papers of the demo: what an office's scanner would leave, with a truth for everything a person confirms."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pikepdf
import pytest

from connector.demo.papers import DemoDossier, DrawnPaper, draw_demo_dossier
from connector.domain.capture import Doubt, judge_capture
from connector.domain.identifiers import is_personal_id
from connector.domain.metadata import VIETNAM, Metadata
from connector.domain.scope import judge_scope
from ocr_worker.pages.facts import capture_facts
from ocr_worker.pages.text_layer import page_words
from ocr_worker.secrecy.stamps import secrecy_stamp
from signing.blank_space import find_place, look_at_first_page

NOW = dt.datetime(2025, 3, 3, 9, 0, tzinfo=VIETNAM)
# points: a visible signature of three lines of 10 points
STAMP = (150.0, 40.0)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> DemoDossier:
    """The dossier as the demo draws it."""
    return draw_demo_dossier(tmp_path_factory.mktemp("papers"), now=NOW)


def scans(dossier: DemoDossier) -> list[DrawnPaper]:
    """The five scanned papers that are digitized."""
    return [paper for paper in dossier.papers if paper.printed and not paper.properties.get("is_result")]


def test_the_dossier_holds_five_scans_one_own_result_and_one_paper_that_is_only_shown(dossier: DemoDossier) -> None:
    codes = {paper.truth["document_type_code"] for paper in scans(dossier)}
    kept_out = [paper for paper in dossier.papers if not judge_scope(paper.properties).digitize]

    assert {"MAU-QD", "MAU-CV", "MAU-TB", "MAU-C65HD", "MAU-GKS"} == codes
    assert [p.truth["document_type_code"] for p in dossier.papers if p.properties.get("is_result")] == ["MAU-QD"]
    assert [judge_scope(paper.properties).clause for paper in kept_out] == ["5.3"]


def test_the_scans_meet_what_article_8_asks_of_a_capture(dossier: DemoDossier) -> None:
    for paper in scans(dossier):
        facts = capture_facts(paper.file)
        declared = paper.properties["declared_pages"]

        assert isinstance(declared, int)
        assert judge_capture(facts, declared_pages=declared) == ()
        assert all(page.dpi in (200, 300) and page.colour for page in facts.pages)
        assert all((round(page.width), round(page.height)) == (595, 842) for page in facts.pages)
        assert facts.created_at is not None
        assert dt.timedelta(0) < NOW - facts.created_at < dt.timedelta(hours=1)


def test_a_scan_has_two_pages_and_two_scans_are_numbered_by_hand(dossier: DemoDossier) -> None:
    assert 2 in [len(capture_facts(paper.file).pages) for paper in scans(dossier)]
    assert sum(paper.number_written_by == "hand" for paper in scans(dossier)) >= 2


def test_every_paper_has_a_truth_that_an_official_could_confirm(dossier: DemoDossier) -> None:
    for paper in dossier.papers:
        if not paper.properties.get("show_only"):
            assert Metadata.from_values(paper.truth).missing() == ()
            assert is_personal_id(paper.truth["owner_id"])


def test_no_paper_carries_a_secrecy_stamp(dossier: DemoDossier) -> None:
    assert {Doubt.NO} == {secrecy_stamp(paper.file) for paper in dossier.papers}


def test_first_pages_leave_room_for_a_signature_in_both_corners(dossier: DemoDossier) -> None:
    for paper in scans(dossier):
        page = look_at_first_page(paper.file)

        assert find_place(page, *STAMP, "left").y < 60
        assert find_place(page, *STAMP, "right").y < 60


def test_the_own_result_is_text_with_its_number_and_no_signature(dossier: DemoDossier) -> None:
    (result,) = [paper for paper in dossier.papers if paper.properties.get("is_result")]
    facts = capture_facts(result.file)

    assert facts.signature_fields == ()
    assert [page.dpi for page in facts.pages] == [None]
    assert result.truth["document_number"] in [word.text for word in page_words(result.file, 1)]
    with pikepdf.open(result.file) as pdf:
        fonts = list(pdf.pages[0].Resources.Font.values())

        assert all("Tinos" in str(font.BaseFont) and "/FontFile2" in font.FontDescriptor for font in fonts)


def test_the_same_seed_draws_the_same_bytes(dossier: DemoDossier, tmp_path: Path) -> None:
    again = draw_demo_dossier(tmp_path, now=NOW)

    for first, second in zip(dossier.papers, again.papers, strict=True):
        assert first.file.read_bytes() == second.file.read_bytes()
        assert first.truth == second.truth


def test_the_truth_file_names_what_stands_on_the_papers(dossier: DemoDossier) -> None:
    rows = json.loads((dossier.folder / "truth.json").read_text(encoding="utf-8"))

    assert {paper.file.name for paper in dossier.papers if paper.printed} == {row["file"] for row in rows}
    assert all({"document_number", "issue_date", "issuing_authority"} <= row.keys() for row in rows)
    # whose letter it is, only the dossier knows
    assert ["owner_id" in row for row in rows if row["document_name"] == "Công văn"] == [False]
