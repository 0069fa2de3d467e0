"""The parts of reading: cleaning, voting, notations, names, dates, types, ALTO."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from lxml import etree

from connector.domain.errors import ConfigurationError
from ocr_worker.fields.issue_date import supported
from ocr_worker.layout.labels import date_in
from ocr_worker.layout.slots import digits_of
from ocr_worker.lexicon import notation
from ocr_worker.lexicon.agency_names import normal_name, province
from ocr_worker.lexicon.document_type import known_types, load_document_types
from ocr_worker.lexicon.phrases import corrected
from ocr_worker.lexicon.syllables import old_tones
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.alto import NAMESPACE, alto_xml
from ocr_worker.recognition.page_text import VotedLine, voted
from ocr_worker.recognition.recognize import TESSDATA, Model, Recognizer, Word

A4 = (595.0, 842.0)


def page_of(rgb: np.ndarray, dpi: float = 240) -> PageImage:
    return PageImage(rgb=rgb, dpi=dpi, page=1, frame=(0.0, 0.0, *A4))


def blank(width: int = 1984, height: int = 2806) -> np.ndarray:
    return np.full((height, width, 3), 245, np.uint8)


def look(*words: tuple[str, float]) -> list[Word]:
    return [
        Word(text=text, box=(10.0 * place, 0, 10.0 * place + 8, 10), confidence=confidence)
        for place, (text, confidence) in enumerate(words)
    ]


def test_a_page_that_lies_askew_is_put_straight_and_points_stay_those_of_the_file() -> None:
    rgb = blank()
    for row in range(300, 2400, 60):
        for column in range(200, 1700, 30):
            cv2.rectangle(rgb, (column, row), (column + 18, row + 26), (20, 20, 20), -1)
    tilted = cv2.warpAffine(
        rgb, cv2.getRotationMatrix2D((992, 1403), 1.5, 1.0), (1984, 2806), borderValue=(245, 245, 245)
    )
    clean = clean_page(page_of(tilted))
    rows = (clean.grey < 128).sum(axis=1)
    assert (rows[300:2400] == 0).mean() > 0.3  # the gaps between lines are empty again
    box = clean.to_points((100.0, 200.0, 300.0, 400.0))
    assert clean.from_points(box) == pytest.approx((100.0, 200.0, 300.0, 400.0), abs=12)


def test_red_and_blue_ink_leaves_the_body_and_black_print_stays() -> None:
    rgb = blank()
    for colour, left in (((200, 30, 40), 300), ((30, 50, 160), 700), ((25, 25, 25), 1100)):
        for row in range(400, 700 if left < 1100 else 2400, 40):
            cv2.rectangle(rgb, (left, row), (left + 200, row + 8), colour, -1)
    clean = clean_page(page_of(rgb))
    assert clean.grey[405, 310] > 200
    assert clean.grey[405, 710] > 200
    assert tuple(clean.colours((700, 400, 800, 410))[5, 10]) == (30, 50, 160)  # slots are read from the colours
    assert clean.grey[405, 1110] < 100


def test_ruled_lines_and_rows_of_dots_are_taken_out() -> None:
    rgb = blank()
    cv2.line(rgb, (300, 500), (900, 500), (20, 20, 20), 2)
    for column in range(300, 1500, 8):
        cv2.circle(rgb, (column, 800), 1, (40, 40, 40), -1)
    cv2.putText(rgb, "Text", (300, 1000), cv2.FONT_HERSHEY_SIMPLEX, 2, (20, 20, 20), 4)
    clean = clean_page(page_of(rgb))
    assert (clean.grey[480:520] < 140).sum() == 0
    assert (clean.grey[790:810] < 140).sum() == 0
    assert (clean.grey[940:1010] < 140).sum() > 200
    assert any(rule[0] <= 310 and rule[2] >= 890 and abs(rule[1] - 500) < 6 for rule in clean.rules)


def test_the_dot_below_a_letter_is_none_of_the_row_of_dots_that_goes_on_behind_it() -> None:
    rgb = blank()
    cv2.putText(rgb, "Ve", (300, 794), cv2.FONT_HERSHEY_SIMPLEX, 1, (20, 20, 20), 3)
    for column in (325, *range(345, 1500, 8)):
        cv2.circle(rgb, (column, 800), 1, (40, 40, 40), -1)
    clean = clean_page(page_of(rgb))
    assert (clean.grey[798:803, 320:331] < 140).any()
    assert (clean.grey[790:810, 345:1500] < 140).sum() == 0


def test_a_model_that_is_missing_or_another_one_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing"):
        Recognizer(tmp_path)
    for model in Model:
        (tmp_path / f"{model.value[0]}.traineddata").write_bytes(b"another model")
    with pytest.raises(ConfigurationError, match=hashlib.sha256(b"another model").hexdigest()):
        Recognizer(tmp_path)


def test_the_installed_models_are_those_that_were_measured() -> None:
    Recognizer(TESSDATA).close()


def test_a_number_that_the_models_read_differently_is_doubted() -> None:
    looks = [look(("Số:", 0.97), ("38", 0.95)), look(("Số:", 0.97), ("88", 0.96))] * 2
    line = voted(looks)
    assert line.confidences[0] > 0.99
    assert line.confidences[1] < 0.7


def test_a_word_that_one_look_of_four_misread_is_taken_from_the_others() -> None:
    looks = [look(("bảo", 0.9), ("hiểm", 0.9))] * 3 + [look(("bảo", 0.9), ("hiếm", 0.9))]
    line = voted(looks)
    assert line.text == "bảo hiểm"
    assert line.confidences[1] < line.confidences[0]


def test_an_empty_look_does_not_outvote_the_others() -> None:
    assert voted([[], [], look(("UBND", 0.9))]).text == "UBND"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("tổ chức bảo hiếm xã hội", "tổ chức bảo hiểm xã hội"),
        ("trung học phỗ thông", "trung học phổ thông"),
        ("công tác thi hành án", "công tác thi hành án"),
        ("phát triển lâm nghiệp", "phát triển lâm nghiệp"),  # not "triển lãm"
        ("ban hành Quy chế đo đạc", "ban hành Quy chế đo đạc"),  # not "chế độ"
        ("BẢO HIẾM XÃ HỘI", "BẢO HIỂM XÃ HỘI"),
    ],
)
def test_lost_marks_are_put_back_only_where_a_known_word_leaves_no_choice(read: str, meant: str) -> None:
    line = VotedLine(text=read, words=(), confidences=tuple(0.9 for _ in read.split()))
    assert corrected(line).text == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("/QĐ-UBND", "QĐ-UBND"),
        ("⁄QD-UBNĐ", "QĐ-UBND"),
        ("/TTR-UBND", "TTr-UBND"),
        ("/INQ-HĐND", "NQ-HĐND"),
        ("/QĐ–NĐ–UB", "QĐ-NĐ-UB"),
        ("/2024/QĐ-UBND", "2024/QĐ-UBND"),
        ("/2024", "2024"),
        ("/BHXH-CS.", "BHXH-CS"),
        ("/SGDĐT-GDTrH", "SGDĐT-GDTrH"),
        ("...", ""),
    ],
)
def test_notations_are_found_in_what_recognisers_read(read: str, meant: str) -> None:
    assert notation.canonical(notation.parsed(read)) == meant


@pytest.mark.parametrize(
    ("text", "agency", "fits"),
    [
        ("QĐ-UBND", "Ủy ban nhân dân tỉnh Quảng Ngãi", True),
        ("SGDĐT-VP", "Sở Giáo dục và Đào tạo", True),
        ("KH-BQLRPH", "Ban Quản lý rừng phòng hộ Thạch Nham", True),
        ("CT-UBNDC", "Ủy ban nhân dân tỉnh Cà Mau", False),
        ("QĐ-BHXH", "Ủy ban nhân dân xã Tịnh Giang", False),
        ("QĐ-UBND", None, False),
        ("QĐ-LĐTBXH", "Sở LĐ - TB và Xã hội", True),
        ("TTr-THCS", "Trường THCS Phổ Cường", True),
        ("QĐ/BTCTU", "Ban Tổ chức", True),
        ("TB/TW", "Ban Chấp hành Trung ương", True),
        ("QĐ/BTCTU", "Ban Dân vận", False),
    ],
)
def test_a_notation_is_held_against_the_name_of_its_agency(text: str, agency: str | None, fits: bool) -> None:
    assert notation.agency_fits(text, agency) is fits


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("UỶ BAN NHÂN DÂN TĨNH QUÁNG NGÃI", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Sở Giáo dục và Đào tạo"),
        ("BẢO HIỂM XÃ HỘI HUYỆN SƠN TỊNH", "Bảo hiểm xã hội huyện Sơn Tịnh"),
        ("BẢO HIỂM XÃ HỘI VIỆT NAM", "Bảo hiểm xã hội Việt Nam"),
        ("ỦY BAN NHÂN DÂN XÃ ĐỨC PHÚ", "Ủy ban nhân dân xã Đức Phú"),
        ("BỘ TÀI CHÍNH", "Bộ Tài chính"),
        ("VĂN PHÒNG CHÍNH PHỦ", "Văn phòng Chính phủ"),
    ],
)
def test_agency_names_are_written_with_normal_capitals(printed: str, written: str) -> None:
    assert normal_name(printed).text == written


def test_unknown_words_take_their_capitals_from_the_papers_own_sentences() -> None:
    sentences = "Theo đề nghị của Trung tâm Dịch vụ việc làm Hải Đăng về việc".split()
    name = normal_name("TRUNG TÂM DỊCH VỤ VIỆC LÀM HẢI ĐĂNG", sentences)
    assert name.text == "Trung tâm Dịch vụ việc làm Hải Đăng"
    assert name.cased
    assert not normal_name("TRUNG TÂM DỊCH VỤ VIỆC LÀM HẢI ĐĂNG").cased


@pytest.mark.parametrize(
    ("read", "meant"),
    [("Quáng Ngãi", "Quảng Ngãi"), ("Quảng Ngai", "Quảng Ngãi"), ("Hà Nam", "Hà Nam"), ("Sơn Khê", None)],
)
def test_provinces_snap_only_when_no_other_is_near(read: str, meant: str | None) -> None:
    assert province(read) == meant


def test_tone_marks_stand_where_official_names_have_them() -> None:
    assert old_tones("uỷ ban, hoà bình, quý, thuỷ, loại") == "ủy ban, hòa bình, quý, thủy, loại"


SIGNED = dt.datetime(2025, 1, 15, 17, 10)


@pytest.mark.parametrize(
    ("date", "signed", "surer"),
    [
        (dt.date(2025, 1, 15), SIGNED, True),
        (dt.date(2025, 1, 14), SIGNED, True),
        (dt.date(2025, 1, 16), SIGNED, False),  # signed before its date
        (dt.date(2027, 1, 1), None, False),  # in the future
        (dt.date(1931, 1, 1), None, False),
    ],
)
def test_earlier_signatures_and_the_calendar_bound_the_date(
    date: dt.date, signed: dt.datetime | None, surer: bool
) -> None:
    confidence = supported(0.9, date, signed, dt.date(2026, 1, 1))
    assert (confidence > 0.9) is surer
    assert surer or confidence <= 0.2


def test_a_signature_long_after_the_date_says_nothing() -> None:
    assert supported(0.9, dt.date(2020, 1, 15), SIGNED, dt.date(2026, 1, 1)) == 0.9


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("06/01/2025", "2025-01-06"),
        ("ngày 6 tháng 1 năm 2025", "2025-01-06"),
        ("31/04/2025", None),
        ("06/01/2025 và 07/01/2025", None),
        ("không rõ", None),
    ],
)
def test_dates_behind_labels(text: str, date: str | None) -> None:
    assert date_in(text) == date


@pytest.mark.parametrize(("read", "digits"), [("0]", "01"), (" 12,", "12"), ("Š", ""), ("A‡", ""), ("157", "157")])
def test_printed_digits_as_recognisers_misread_them(read: str, digits: str) -> None:
    assert digits_of(read) == digits


def test_document_types_have_one_code_each_and_the_letter_has_no_abbreviation() -> None:
    codes = [kind.code for kind in load_document_types()]
    assert len(codes) == len(set(codes))
    assert {"MAU-QD", "MAU-CV", "MAU-C65HD", "MAU-GRV", "MAU-GKS", "MAU-TLKS", "MAU-TLKT"} <= set(codes)
    letter = known_types().letter
    assert letter is not None
    assert (letter.code, letter.abbreviation) == ("MAU-CV", None)


def test_a_mistake_in_the_rules_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("types:\n  - code: X\n    nam: Sai\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"own\.yaml: types\.0"):
        load_document_types(tmp_path)


def test_the_same_code_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("types:\n  - {code: X, name: Giấy}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="twice"):
        load_document_types(tmp_path)


def test_alto_holds_every_word_with_its_place_in_tenths_of_a_millimetre() -> None:
    clean = clean_page(page_of(blank(1653, 2339), 200))
    scale = clean.dpi / 72
    words = [
        Word(text="Số:", box=(72 * scale, 72 * scale, 100 * scale, 84 * scale), confidence=0.97, line=0, block=0),
        Word(text="<1>", box=(110 * scale, 72 * scale, 140 * scale, 84 * scale), confidence=0.5, line=0, block=0),
    ]
    root = etree.fromstring(alto_xml([(clean, words)], software="test"))
    names = {"a": NAMESPACE}
    strings = root.findall(".//a:String", names)
    assert [string.get("CONTENT") for string in strings] == ["Số:", "<1>"]
    assert int(strings[0].get("HPOS", "0")) == pytest.approx(254, abs=3)
    assert strings[1].get("WC") == "0.50"
    page = root.find(".//a:Page", names)
    assert page is not None
    assert int(page.get("WIDTH", "0")) == pytest.approx(2100, abs=3)
