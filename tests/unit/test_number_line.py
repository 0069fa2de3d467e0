"""Where the parts of a number line stand, also where recognisers let handwriting grow into the print."""

from __future__ import annotations

import pytest

from ocr_worker.layout.number_line import NumberLine, number_line
from ocr_worker.lexicon import notation
from ocr_worker.lexicon.document_type import known_types
from ocr_worker.recognition.recognize import Symbol, Word
from ocr_worker.recognition.symbols import SpelledLine, advance, spelled

EM, HEAD, FOOT = 50.0, 100.0, 133.0


def line(text: str, moved: dict[int, tuple[float, float]] | None = None) -> SpelledLine:
    """A line in Times of 50 pixels; ``moved`` gives some letters other left and right edges."""
    symbols, x = [], 0.0
    for place, letter in enumerate(text):
        width = (0.5 if letter.isdigit() else 0.28 if letter in ":./" else advance(letter)) * EM
        if letter != " ":
            x0, x1 = (moved or {}).get(place, (x + 1, x + width - 1))
            symbols.append(Symbol(text=letter, box=(x0, HEAD, x1, FOOT), confidence=0.9))
        x += width
    box = (symbols[0].box[0], HEAD, symbols[-1].box[2], FOOT)
    return spelled([Word(text=text.replace(" ", ""), box=box, confidence=0.9, symbols=tuple(symbols))])


def found(text: str, moved: dict[int, tuple[float, float]] | None = None) -> NumberLine:
    number = number_line(line(text, moved))
    assert number is not None
    return number


@pytest.mark.parametrize(
    ("text", "between", "after", "separator"),
    [
        ("Số: 15/QĐ-UBND", "15", "QĐ-UBND", "/"),
        ("Số: /Z /QĐ-TNNST", "/Z", "QĐ-TNNST", "/"),
        ("Số: 54/2019/TLKS-BS", "54", "2019/TLKS-BS", "/"),
        ("Số: 3146VTTr-STP", "3146", "TTr-STP", "/"),
        ("Số: 12 QĐ-UBND", "12", "QĐ-UBND", "/"),
        ("Số 15-CV/TU", "15", "CV/TU", "-"),
        ("Số 08-QĐ/BTCTU", "08", "QĐ/BTCTU", "-"),
        ("Số -TB/TU", "", "TB/TU", "-"),
        ("SốÓ5 -Q\u00d0/\u00d0U", "Ó5", "QĐ/ĐU", "-"),
    ],
)
def test_number_and_notation_are_parted_at_the_printed_separator(
    text: str, between: str, after: str, separator: str
) -> None:
    number = found(text)
    assert (number.text, number.separator) == (after, separator)
    assert number.between == between


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Số: Z.5#2019/NQ-HĐND", "2019/NQ-HĐND"),
        ("Số: 348412019/QĐ-UBND", "2019/QĐ-UBND"),
        # a number may end like its year
        ("Số: 12019/QĐ-UBND", "QĐ-UBND"),
        ("Số: 2019/QĐ-UBND", "QĐ-UBND"),
        ("Số: Z.5#2018/NQ-HĐND", "NQ-HĐND"),
    ],
)
def test_the_year_of_issue_parts_the_number_where_the_slash_before_it_is_lost(text: str, after: str) -> None:
    number = number_line(line(text), year="2019")
    assert number is not None
    assert number.text == after


def test_a_digit_that_grew_into_the_first_letter_is_left_to_the_number() -> None:
    plain = found("Số: 186/QĐ-TNNST")
    grown = found("Số: 186/QĐ-TNNST", {8: (plain.printed[0].box[0] - 40, plain.printed[0].box[2])})
    assert grown.edge == pytest.approx(plain.edge, abs=0.16 * EM)
    assert grown.gap_end == pytest.approx(plain.gap_end, abs=0.2 * EM)


def test_a_letter_that_lost_its_left_edge_to_the_slash_begins_where_it_is_printed() -> None:
    plain = found("Số: 04/KH-UBND")
    box = plain.printed[0].box
    narrow = found("Số: 04/KH-UBND", {7: (box[0] + 12, box[2])})
    assert narrow.edge == pytest.approx(plain.edge, abs=0.1 * EM)


def test_a_written_zero_that_was_read_as_the_slash_is_too_wide_for_one() -> None:
    slash = found("Số: 50/UBND-VP").gap_end
    wide = found("Số: 5 /UBND-VP", {6: (slash - 25, slash + 10)})
    assert wide.gap_end == pytest.approx(wide.edge - 0.31 * EM, abs=1)


def test_a_slash_that_was_placed_upon_its_letters_stands_before_them() -> None:
    edge = found("Số: 04/HD-UBND").edge
    shifted = found("Số: 04/HD-UBND", {6: (edge + 1, edge + 12)})
    assert shifted.gap_end == pytest.approx(shifted.edge - 0.31 * EM, abs=1)


def test_a_slash_that_stands_clear_of_its_letters_is_believed_where_the_second_letter_is_misplaced() -> None:
    plain = found("Số: 09/UBND-VX")
    first, second = (symbol.box for symbol in plain.printed[:2])
    shifted = found("Số: 09/UBND-VX", {8: (first[0] + 1, second[2])})
    assert shifted.gap_end == plain.gap_end


def test_a_colon_that_swallowed_the_number_ends_where_colons_end() -> None:
    number = found("Số: /QĐ-BHXH", {2: (40.0, 140.0)})
    assert number.label_box[2] == pytest.approx(40.0 + 0.42 * EM, abs=2)


def test_a_line_without_a_notation_has_no_places() -> None:
    assert number_line(line("Số: 0123")) is None


@pytest.mark.parametrize(
    ("readings", "title", "meant"),
    [
        (["/TIr-UBND", "/TIr-UBND", "/TTr-UBND", "/TIr-UBND", "TTr-UBND"], "TTr", "TTr-UBND"),
        (["/YTr-UBND", "/TTr-UBND", "/YTr-UBND", "/TTr-UBND", "TTr-UBND"], "TTr", "TTr-UBND"),
        (["/QĐĐ-BHXH", "/QĐ-BHXH", "/QĐ-UBNDĐ", "/QĐ-BHXH", "QĐ-BHXH"], "QĐ", "QĐ-BHXH"),
        # an abbreviation of its own is not a misread one: Thông tư is no Tờ trình
        (["/TT-BYT", "/TT-BYT", "/TT-BYT", "/TT-BYT", "TT-BYT"], "TTr", "TT-BYT"),
    ],
)
def test_the_printed_type_settles_one_misread_letter_of_its_abbreviation(
    readings: list[str], title: str, meant: str
) -> None:
    assert notation.agree(readings, known_types().by_abbreviation(title))[0] == meant


def test_a_notation_of_the_party_is_read_with_its_slash() -> None:
    assert notation.agree(["CV/TU", "-CV/TU", "-CV/TU"], party=True) == ("CV/TU", 1.0)
    assert notation.agency_fits("CV/TU", "Tỉnh ủy Quảng Ngãi")


def test_the_agencys_initials_settle_a_letter_too_many_where_the_looks_differ() -> None:
    looks = ["/BB-HĐGQĐYK", "/BB-HĐGQĐYK", "/BB-HĐGĐVYK", "/BB-HĐGĐYK", "BB-HDGBYK"]
    agency = "Hội đồng Giám định y khoa tỉnh Bến Tre"
    meant, share = notation.agree(looks, known_types().by_abbreviation("BB"), agency=agency)
    assert (meant, share) == ("BB-HĐGĐYK", 0.2)
    assert notation.worth(share) < 0.6


@pytest.mark.parametrize("agency", [None, "Sở Y tế tỉnh Bến Tre", "Hội đồng nhân dân xã Suối Mơ"])
def test_a_letter_too_many_stays_where_no_name_explains_the_rest(agency: str | None) -> None:
    looks = ["/BB-HĐGQĐYK", "/BB-HĐGQĐYK", "/BB-HĐGĐVYK", "/BB-HĐGĐYK", "BB-HDGBYK"]
    assert notation.agree(looks, agency=agency)[0] == "BB-HĐGQĐYK"


@pytest.mark.parametrize(
    ("reading", "agency", "meant"),
    [
        ("/ITNNST-VX", "Trung tâm Nghiên cứu Nông nghiệp Sông Tiền", "ITNNST-VX"),
        ("/ITNNST-VX", "Trạm Nước ngầm Sông Tiền", "TNNST-VX"),
        ("/KH-SIIIT", "Sở Thông tin và Truyền thông tỉnh Bến Tre", "KH-STTTT"),
        ("/ZUBND-TTHC", "Ủy ban nhân dân xã Suối Mơ", "UBND-TTHC"),
        ("/VTNMT-TH", "Viện Tài nguyên và Môi trường", "VTNMT-TH"),
    ],
)
def test_letters_that_the_agencys_initials_settle(reading: str, agency: str, meant: str) -> None:
    assert notation.agree([reading] * 5, agency=agency)[0] == meant


def test_what_initials_settle_against_all_looks_stays_in_doubt() -> None:
    _, share = notation.agree(["/KH-SIIIT"] * 5, agency="Sở Thông tin và Truyền thông tỉnh Bến Tre")
    assert notation.worth(share) < 0.6


def test_the_first_letter_of_the_printed_type_is_put_back_and_stays_in_doubt() -> None:
    resolution = known_types().by_abbreviation("NQ")
    assert notation.agree(["/Q-HĐND"] * 5, resolution) == ("NQ-HĐND", 0.0)
    assert notation.agree(["/Q-HĐND"] * 5, None) == ("Q-HĐND", 1.0)
    assert notation.agree(["/TT-BYT"] * 5, known_types().by_abbreviation("TTr"))[0] == "TT-BYT"


@pytest.mark.parametrize(
    ("readings", "agency", "meant", "worth"),
    [
        (
            ["/CBNVK-TNHS", "/CĐNVK-TNHS", "/CbNVK-TNHS", "/CĐNVK-TNHS", "CĐNVK-TNHS"],
            "Trường Cao đẳng Nghề Việt Khê",
            "CĐNVK-TNHS",
            0.97,
        ),
        # the name says nothing of the unit, nor of an agency that is not its own
        (
            ["/CĐNVK-TNHS", "/CĐNVK-TWHS", "/CĐNVK-TNNS", "/CĐNVK-TNHS", "CĐNVK-TNHS"],
            "Trường Cao đẳng Nghề Việt Khê",
            "CĐNVK-TNHS",
            0.88,
        ),
        (
            ["/CBNVK-TNHS", "/CĐNVK-TNHS", "/CbNVK-TNHS", "/CĐNVK-TNHS", "CĐNVK-TNHS"],
            "Sở Y tế",
            "CĐNVK-TNHS",
            0.88,
        ),
        (
            ["/QĐ-STLTLIT", "/QĐ-SITTTT", "/QĐ-STLTLT", "/QĐ-STTT", "QĐ-SILTTIT"],
            "Sở Thông tin và Truyền thông",
            "QĐ-STTTT",
            0.55,
        ),
    ],
)
def test_the_agencys_name_settles_what_looks_make_of_its_initials(
    readings: list[str], agency: str, meant: str, worth: float
) -> None:
    text, share = notation.agree(readings, agency=agency)
    assert (text, notation.worth(share)) == (meant, worth)
