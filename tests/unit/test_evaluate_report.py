"""Measuring counts a value as right, flagged or silently wrong as a person would."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from connector.demo.papers import draw_labelled_set
from connector.domain.errors import ConfigurationError
from connector.domain.extraction import Extraction, FieldProposal, Source, TypeProposal
from ocr_worker.doubt.likeness import same
from ocr_worker.evaluation.calibration_curve import draw_calibration
from ocr_worker.evaluation.character_errors import character_errors
from ocr_worker.evaluation.evaluate import Report, evaluate, judge, load_truth
from ocr_worker.recognition.alto import NAMESPACE


def found(value: str | None, confidence: float = 0.99, *, flagged: bool = False) -> FieldProposal:
    return FieldProposal(value=value, confidence=confidence, source=Source.PRINT, needs_review=flagged)


def extraction(name: str = "Quyết định", **fields: FieldProposal) -> Extraction:
    kind = TypeProposal(code="MAU-QD", name=name, confidence=0.99, needs_review=False)
    return Extraction(pages=1, document_type=kind, fields=fields, seconds=0.5)


def test_a_value_counts_as_right_whether_it_is_flagged_or_not() -> None:
    rows = [{"file": name, "document_number": "12/QĐ-UBND"} for name in ("a.pdf", "b.pdf")]

    report = judge(
        rows,
        [
            extraction(document_number=found("12/QĐ-UBND")),
            extraction(document_number=found("12/QĐ-UBND", 0.6, flagged=True)),
        ],
    )

    tally = report.fields["document_number"]
    assert (
        tally.total,
        tally.right,
        tally.flagged,
        tally.silently_wrong,
        tally.flagged_though_right,
    ) == (2, 2, 1, 0, 1)


def test_only_a_wrong_value_without_a_flag_is_silently_wrong() -> None:
    rows = [{"file": name, "issue_date": "2024-05-07"} for name in ("a.pdf", "b.pdf", "c.pdf")]

    report = judge(
        rows,
        [
            extraction(issue_date=found("2024-05-01")),
            extraction(issue_date=found("2024-05-01", 0.5, flagged=True)),
            extraction(issue_date=found(None, 0.0, flagged=True)),
        ],
    )

    tally = report.fields["issue_date"]
    assert (tally.right, tally.flagged, tally.silently_wrong) == (0, 2, 1)
    assert [miss.file for miss in report.misses if not miss.flagged] == ["a.pdf"]


def test_a_field_that_was_not_proposed_or_a_file_that_was_not_read_needs_a_person() -> None:
    rows = [{"file": name, "abstract": "Về việc khen thưởng"} for name in ("a.pdf", "b.pdf")]

    report = judge(rows, [extraction(), "UNREADABLE_FILE"])

    tally = report.fields["abstract"]
    assert (tally.total, tally.right, tally.flagged, tally.silently_wrong) == (2, 0, 2, 0)
    assert report.errors == {"b.pdf": "UNREADABLE_FILE"}


def test_types_are_counted_as_truth_against_reading() -> None:
    rows = [{"file": "a.pdf", "document_name": "Công văn", "document_type_code": "MAU-CV"}]

    report = judge(rows, [extraction("Quyết định", document_name=found("Quyết định"))])

    assert dict(report.types) == {("Công văn", "Quyết định"): 1}
    assert report.fields["document_type_code"].silently_wrong == 1


def test_calibration_compares_confidence_with_the_share_right() -> None:
    rows = [{"file": f"{place}.pdf", "document_number": "7/TB-SNV"} for place in range(4)]
    values = ["7/TB-SNV", "7/TB-SNV", "7/TB-SNV", "1/TB-SNV"]

    report = judge(rows, [extraction(document_number=found(value, 0.85)) for value in values])

    (only,) = report.calibration()
    assert (only.low, only.high, only.count, only.share_right) == (0.8, 0.9, 4, 0.75)
    assert only.mean_confidence == pytest.approx(0.85)


def test_the_report_is_plain_data_and_readable_text(tmp_path: Path) -> None:
    report = judge([{"file": "a.pdf", "issue_date": "2024-05-07"}], [extraction(issue_date=found("2024-05-01"))])

    assert json.loads(json.dumps(report.as_dict()))["total"]["silently_wrong"] == 1
    assert "SILENT" in report.as_text()
    assert "issue_date" in report.as_text()
    draw_calibration(report, tmp_path / "curve.png")
    assert cv2.imdecode(np.fromfile(tmp_path / "curve.png", np.uint8), cv2.IMREAD_COLOR) is not None


def test_an_empty_report_can_be_printed() -> None:
    assert Report().as_text().startswith("0 papers")


@pytest.mark.parametrize(
    ("field", "truth", "value"),
    [
        ("abstract", "Về việc khen thưởng năm 2024", "khen thưởng  NĂM 2024"),
        ("abstract", "V/v hóa đơn điện tử", "V/v hoá đơn điện tử."),
        ("abstract", "Nhâm Dần-năm 2022", "Nhâm Dần – năm 2022"),
        ("issuing_authority", "Ủy ban nhân dân xã Bình Thạnh", "UỶ BAN NHÂN DÂN XÃ BÌNH THẠNH"),
        ("issuing_authority", "Sở Nội vụ", "Sở Nội vụ tỉnh An Giang"),
        ("document_number", "12/QĐ-UBND", "12/QÐ-UBND"),
    ],
)
def test_a_person_would_call_these_the_same(field: str, truth: str, value: str) -> None:
    assert same(field, truth, value)


@pytest.mark.parametrize(
    ("field", "truth", "value"),
    [
        ("abstract", "Về việc chi trả lương hưu", "Về việc chỉ trả lương hưu"),
        ("issuing_authority", "Ủy ban nhân dân tỉnh An Giang", "Ủy ban nhân dân"),
        ("issuing_authority", "Bảo hiểm xã hội tỉnh Hà Tĩnh", "Bảo hiểm xã hội tỉnh Hà Nam"),
        ("document_number", "12/QĐ-UBND", "12/qđ-UBND"),
        ("document_number", "07/TB-SNV", "7/TB-SNV"),
        ("issue_date", "2024-05-07", "2024-05-01"),
        ("owner_name", "Trần Thị Lan", "Trần Thị Lam"),
        ("abstract", "Về việc khen thưởng", None),
    ],
)
def test_a_person_would_not_call_these_the_same(field: str, truth: str, value: str | None) -> None:
    assert not same(field, truth, value)


def test_a_truth_file_of_another_form_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "truth.json"
    for content in ("{}", "[1]", "nothing"):
        file.write_text(content)
        with pytest.raises(ConfigurationError):
            load_truth(file)
    with pytest.raises(ConfigurationError):
        load_truth(tmp_path / "missing.json")


def alto(*words: str) -> bytes:
    """An ALTO file that holds these words."""
    strings = "".join(f'<String CONTENT="{word}"/>' for word in words)
    return f'<alto xmlns="{NAMESPACE}"><Layout>{strings}</Layout></alto>'.encode()


def test_character_errors_do_not_depend_on_the_order_of_lines() -> None:
    read = alto(*"Hạnh phúc SỞ NỘI VỤ Độc lập".split())

    assert character_errors(read, "SỞ NỘI VỤ\nĐộc lập\nHạnh phúc") == (0, 25)


def test_a_wrong_letter_is_one_error_and_an_unread_line_is_all_its_letters() -> None:
    assert character_errors(alto("bảo", "hiếm"), "bảo hiểm") == (1, 8)
    assert character_errors(b"", "bảo hiểm") == (8, 8)


def test_a_report_holds_the_character_error_rate_of_papers_whose_text_is_known() -> None:
    answer = replace(extraction(), alto=alto("bảo", "hiếm"))

    report = judge([{"file": "a.pdf", "text": "bảo hiểm"}, {"file": "b.pdf"}], [answer, answer])

    assert report.as_dict()["character_error_rate"] == 0.125
    assert "character error rate 12.50 %" in report.as_text()


def test_a_folder_is_read_and_a_broken_file_costs_only_itself(tmp_path: Path) -> None:
    drawn = draw_labelled_set(tmp_path, 2, seed=8)
    (tmp_path / "tune" / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    rows = [*load_truth(tmp_path / "tune" / "truth.json"), {"file": "broken.pdf", "issue_date": "2024-05-07"}]
    (tmp_path / "tune" / "truth.json").write_text(json.dumps(rows), encoding="utf-8")

    report = evaluate(tmp_path / "tune", jobs=1)

    assert report.papers == len(drawn.tune) + 1
    assert set(report.errors) == {"broken.pdf"}
    assert report.fields["issue_date"].total == 2
    assert report.characters > 200
