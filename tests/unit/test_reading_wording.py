"""What recognisers misread in Vietnamese words, names and places: put right where sure, doubted elsewhere."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_worker.fields.abstract import as_in_header, with_lead
from ocr_worker.fields.owner import likely_name
from ocr_worker.layout.header import SUBJECT_START, date_words
from ocr_worker.lexicon.agency_heads import begins_name
from ocr_worker.lexicon.agency_names import agency_name, in_printed_case, normal_name
from ocr_worker.lexicon.document_type import known_places
from ocr_worker.lexicon.phrases import corrected
from ocr_worker.lexicon.syllables import differ_in_marks, is_syllable, marks_between
from ocr_worker.lexicon.wording import doubted, mended
from ocr_worker.recognition.page_text import VotedLine
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.roman import count_strokes


def line(text: str) -> VotedLine:
    return VotedLine(text=text, words=(), confidences=(0.9995,) * len(text.split()))


def words(text: str) -> list[Word]:
    return [Word(text=word, box=(0, 0, 1, 1), confidence=1.0) for word in text.split()]


@pytest.mark.parametrize("word", "quyết nghiêng giếng gì huyện khuyết thuở hoạch Đắc quốc ngoằn xã".split())
def test_syllables_of_the_language_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "Lôc Diem Đơng tich ngoc quyet mhính Krông".split())
def test_what_lost_a_mark_the_language_needs_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("PHAN KHANH MAI", "PHAN KHÁNH MAI", True),
        ("PHAN KHANH MAI", "PHAN KHANH MAI.", False),
        ("Lê Hoà", "LÊ HÒA", False),  # two spellings of one word
        ("PHAN KHANH MAI", "PHAN KHAN MÀI", True),
        ("PHAN KHANH", "PHAN KHAN", False),  # other letters: another misreading, of which the vote knows
    ],
)
def test_readings_with_other_marks_on_the_same_letters(one: str, other: str, differ: bool) -> None:
    assert differ_in_marks(one, other) is differ


def test_marks_are_counted_one_by_one() -> None:
    assert marks_between("hăng", "hằng") == 1
    assert marks_between("hăng", "hàng") == 2
    assert marks_between("đo", "do") == 1


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("tìm kiếm cứu nạn tại la Hrú Đông", "tìm kiếm cứu nạn tại Ia Hrú Đông"),
        ("thiên tai.và tìm kiếm", "thiên tai và tìm kiếm"),
        ("thiên tai .và tìm kiếm", "thiên tai và tìm kiếm"),
        ("giai đoạn 201 1 - 2016", "giai đoạn 2011 - 2016"),
        ("theo Nghị quyết số 68/NO-CP của Chính phủ", "theo Nghị quyết số 68/NQ-CP của Chính phủ"),
        ("theo Nghị định số 30/2020/NB-CP", "theo Nghị định số 30/2020/NĐ-CP"),
        ("theo Quyết định số 12/TB-UBND", "theo Quyết định số 12/TB-UBND"),  # two letters differ: not a misreading
    ],
)
def test_wording_is_put_right_where_nothing_else_is_possible(read: str, meant: str) -> None:
    assert mended(line(read)).text == meant


def test_of_two_known_words_the_one_nearer_in_its_marks_is_meant() -> None:
    assert corrected(line("trợ cấp tuất hăng tháng")).text == "trợ cấp tuất hằng tháng"


@pytest.mark.parametrize("name", ["Thanh Hóa", "Diêu Trì", "Cửa Ông", "Bắc Lương", "Cầu Dền", "Bình Tú"])
def test_a_name_is_no_known_word_with_lost_marks(name: str) -> None:
    assert corrected(line(f"Sơ kết tại {name} năm 2020")).text == f"Sơ kết tại {name} năm 2020"


def test_a_known_word_may_hold_a_comma() -> None:
    assert corrected(line("phòng, chõng thiên tai")).text == "phòng, chống thiên tai"


def test_no_listed_place_is_changed_by_the_words_around_it() -> None:
    changed = [name for name in known_places() if corrected(mended(line(f"tại xã {name} năm"))).text.find(name) < 0]
    assert changed == []


def test_a_y_that_was_read_as_v_is_put_right_in_a_known_word_and_doubted() -> None:
    read = corrected(line("khám bệnh theo vêu cầu"))
    assert read.text == "khám bệnh theo yêu cầu"
    assert min(read.confidences) < 0.8
    assert corrected(line("bảo vệ môi trường")).text == "bảo vệ môi trường"


def test_a_pair_that_may_be_either_of_two_known_words_is_doubted() -> None:
    read = corrected(line("cống tác"))
    assert read.text == "cống tác"
    assert min(read.confidences) < 0.8


def test_a_word_that_cannot_be_vietnamese_is_doubted_and_a_place_of_the_highlands_is_not() -> None:
    assert min(doubted(line("cải cách thủ tuc hành chính")).confidences) < 0.8
    assert min(doubted(line("trên địa bàn huyện Krông Pắc")).confidences) > 0.99


def test_a_digit_among_small_letters_with_marks_is_doubted() -> None:
    assert min(doubted(line("trợ cấp một lần đối với bà Dương 1hị Hà")).confidences) < 0.8
    assert min(doubted(line("thực hiện Nghị quyết 12/2021/NQ-HĐND và mẫu C65-HD")).confidences) > 0.99


def test_a_name_in_an_abstract_that_nobody_bears_is_doubted() -> None:
    assert min(doubted(line("hưu trí đối với bà Ngô Điều Hành")).confidences) < 0.8
    assert min(doubted(line("hưu trí đối với bà Ngô Diệu Hạnh")).confidences) > 0.99


@pytest.mark.parametrize(
    ("read", "meant"),
    [("Phan Hoai Anh", "Phan Hoài Anh"), ("Tạ Kimnga", "Tạ Kim Nga"), ("Đồ Văn Nam", "Đỗ Văn Nam")],
)
def test_a_name_with_lost_marks_is_proposed_as_people_are_called_and_flagged(read: str, meant: str) -> None:
    assert likely_name(read) == (meant, False)


def test_a_name_made_of_known_syllables_is_believed() -> None:
    assert likely_name("Nguyễn Quang Nam") == ("Nguyễn Quang Nam", True)


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("ỦY BAN NHÂN DÂN XÃ CẨM YÊN", "Ủy ban nhân dân xã Cẩm Yên"),
        ("BẢO HIỂM XÃ HỘI TÍNH HÀ TĨNH", "Bảo hiểm xã hội tỉnh Hà Tĩnh"),
        ("UBND XÃ TỊNH KHÊ", "UBND xã Tịnh Khê"),
        ("ỦY BAN NHÂN DÂN XÃ TỊNH GIANG HUYỆN SƠN TỊNH", "Ủy ban nhân dân xã Tịnh Giang huyện Sơn Tịnh"),
    ],
)
def test_an_agency_whose_place_is_listed_is_believed(printed: str, written: str) -> None:
    name = normal_name(printed)
    assert name.text == written
    assert name.confidence(0.96) >= 0.96


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("ỦY BAN NHÂN DÂN XÃ CẤM YÊN", "Ủy ban nhân dân xã Cẩm Yên"),
        ("BẢO HIỂM XÃ HỘI HUYỆN DIEM HO", "Bảo hiểm xã hội huyện Diem Ho"),
        ("TRUNG TÂM Y TẾ HUYỆN MẪU LÂM GIẤY NGHỈ VIỆC HƯC", "Trung tâm Y tế huyện Mẫu Lâm Giấy Nghỉ Việc Hưc"),
    ],
)
def test_an_agency_whose_place_stands_in_no_list_is_flagged_however_surely_it_was_read(
    printed: str, written: str
) -> None:
    name = normal_name(printed)
    assert name.text == written
    assert name.confidence(1.0) < 0.9


def test_a_place_of_no_list_is_believed_when_two_sentences_of_the_paper_write_it_alike() -> None:
    once = "Sơn Lĩnh Hạ, ngày 02 tháng 3".split()
    twice = [*once, *"trên địa bàn xã Sơn Lĩnh Hạ".split()]
    assert normal_name("ỦY BAN NHÂN DÂN XÃ SƠN LĨNH HẠ", twice).confidence(1.0) > 0.9
    assert normal_name("ỦY BAN NHÂN DÂN XÃ SƠN LĨNH HẠ", once).confidence(1.0) < 0.9


def test_a_sentence_that_spells_a_listed_place_otherwise_makes_it_doubtful() -> None:
    name = normal_name("ỦY BAN NHÂN DÂN XÃ CẨM YÊN", "tại xã Cam Yên".split())
    assert name.confidence(1.0) < 0.9


def test_a_name_of_no_list_takes_the_marks_of_the_papers_sentences_and_is_flagged() -> None:
    name = normal_name("BAN QUẢN LÝ KHU DI TICH ĐOI SIM", "Ban Quản lý Khu di tích Đồi Sim yêu cầu".split())
    assert name.text == "Ban Quản lý Khu di tích Đồi Sim"
    assert name.confidence(1.0) < 0.9


@pytest.mark.parametrize("printed", ["ỦY BAN NHÂN DÂN", "BẢO HIỂM XÃ HỘI", "HỘI ĐỒNG NHÂN DÂN"])
def test_an_agency_whose_place_was_lost_is_flagged(printed: str) -> None:
    assert normal_name(printed).confidence(1.0) < 0.9


def test_a_family_name_nobody_bears_becomes_the_known_one_and_is_flagged() -> None:
    read = doubted(mended(line("bổ nhiệm bà Đỉnh Mỹ Hiền")))
    assert read.text == "bổ nhiệm bà Đinh Mỹ Hiền"
    assert min(read.confidences) < 0.8


def test_letters_of_a_level_in_another_word_make_no_level() -> None:
    assert "phường" not in normal_name("CÔNG TY TNHH GIÀY PHƯƠNG MAI").text.lower()


def test_a_long_head_with_one_letter_misread_is_that_head_and_flagged() -> None:
    name = normal_name("ỦY EAN NHÂN DẪN XÃ TỊNH GIANG")
    assert name.text == "Ủy ban nhân dân xã Tịnh Giang"
    assert name.confidence(1.0) < 0.9


def test_letters_without_a_vowel_stay_capitals() -> None:
    assert normal_name("TRƯỜNG THCS PHỔ CƯỜNG").text == "Trường THCS phổ cường"
    assert normal_name("PHÒNG GD&ĐT HUYỆN SƠN TỊNH").text == "Phòng GD&ĐT huyện Sơn Tịnh"


def test_water_before_a_name_of_the_highlands_is_ia_and_a_printed_la_stays() -> None:
    assert agency_name("Ủy ban nhân dân xã la Hrú").text == "Ủy ban nhân dân xã Ia Hrú"
    assert agency_name("Ủy ban nhân dân xã La Hiên").text == "Ủy ban nhân dân xã La Hiên"


def test_a_name_printed_in_small_letters_keeps_its_capitals_and_takes_the_marks_of_the_list() -> None:
    printed = "Trung tâm Nuôi dưỡng tỉnh Quáng Ngãi"
    name = in_printed_case(printed, normal_name(printed))
    assert name.text == "Trung tâm Nuôi dưỡng tỉnh Quảng Ngãi"
    assert name.cased


@pytest.mark.parametrize("line", ["PHÒNG NỘI VỤ", "PHONG TƠ CHỨC", "Sở Y tế", "CÔNG ĐOÀN NGÀNH", "SO TÀI CHÍNH"])
def test_lines_that_begin_the_name_of_an_agency(line: str) -> None:
    assert begins_name(line)


@pytest.mark.parametrize(
    "line", ["PHONG TRÀO", "VIÊN CHỨC", "BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", "Trưởng thôn", "PHÒNG HỘ THẠCH NHAM"]
)
def test_lines_that_go_on_with_a_name(line: str) -> None:
    assert not begins_name(line)


def test_a_name_is_spelled_as_in_the_header() -> None:
    agency = "Bảo hiểm xã hội tỉnh Đắk Lắk"
    assert as_in_header("Sơ kết tại Đăk Lăk, năm 1995", agency) == "Sơ kết tại Đắk Lắk, năm 1995"
    assert as_in_header("Sơ kết tại Thành Hóa", agency) == "Sơ kết tại Thành Hóa"


def test_one_syllable_of_the_headers_letters_is_another_word() -> None:
    agency = "Ủy ban nhân dân thành phố Hồ Chí Minh"
    assert as_in_header("Kiện toàn Ban Chỉ đạo Thành phố", agency) == "Kiện toàn Ban Chỉ đạo Thành phố"


def test_at_a_place_is_no_ear_and_after_a_disaster_it_is_none() -> None:
    assert mended(line("số hóa hồ sơ tai Bến Tre")).text == "số hóa hồ sơ tại Bến Tre"
    assert mended(line("khắc phục thiên tai Miền Trung")).text == "khắc phục thiên tai Miền Trung"


def test_the_letters_of_a_province_are_written_as_the_province_and_doubted() -> None:
    read = mended(line("nông thôn mới tại Thành Hóa, năm 2022"))
    assert read.text == "nông thôn mới tại Thanh Hóa, năm 2022"
    assert min(read.confidences) < 0.8
    assert mended(line("tại Phù Yên năm 2022")).text == "tại Phù Yên năm 2022"  # a district


def test_a_place_that_the_paper_writes_alike_everywhere_is_offered_and_flagged() -> None:
    sentences = "Mẫu Lâm, ngày 06 tháng 02 của huyện Mẫu Lâm yêu cầu".split()
    name = normal_name("ỦY BAN NHÂN DÂN HUYỆN MẪU LÂM", sentences)
    assert name.text == "Ủy ban nhân dân huyện Mẫu Lâm"
    assert name.confidence(1.0) < 0.9


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("HUYỆN SUỐI NGỔ", "huyện Suối Ngổ"),  # no look makes a hook of nothing: another place than Suối Ngô
        ("HUYỆN SUÔI NGÔ", "huyện Suối Ngô"),
        ("XÃ CẤM YÊN", "xã Cẩm Yên"),  # the hook of Cẩm is taken for an acute by all looks alike
    ],
)
def test_a_listed_place_replaces_what_all_looks_read_only_where_that_may_be_its_misreading(
    printed: str, written: str
) -> None:
    name = agency_name(f"ỦY BAN NHÂN DÂN {printed}", sure=True)
    assert name.text == f"Ủy ban nhân dân {written}"
    assert name.confidence(1.0) < 0.9


def test_a_stop_within_an_abstract_is_a_comma_and_doubted() -> None:
    read = mended(line("đối với cán bộ. công chức"))
    assert read.text == "đối với cán bộ, công chức"
    assert min(read.confidences) < 0.8
    assert mended(line("họp tại TP. Quy Nhơn")).text == "họp tại TP. Quy Nhơn"


def test_a_name_and_a_birth_date_are_no_line_of_place_and_date() -> None:
    assert date_words(words("VĂN NAM Ngày sinh: 21/10/1976")) < 2
    assert date_words(words("Khánh Hòa, ngày 21 tháng 8 năm 2021")) == 3
    assert date_words(words("HÀ NỘI, NGÀY 2 THÁNG 3 NĂM 1995")) == 3


@pytest.mark.parametrize(
    "start",
    [
        "V/v tổng",
        "VW tổng",
        "VWw tổng",
        "V/v: tổng",
        "V# tổ",
        "V⁄v xin",
        "Vv xin",
        "V/ tổng",
        "Vñ: tổ",
        "Về việc hỗ trợ",
    ],
)
def test_the_beginning_of_a_subject_is_seen_as_recognisers_misread_it(start: str) -> None:
    assert SUBJECT_START.match(start)


@pytest.mark.parametrize("start", ["Vụ Tổ chức", "Văn phòng", "Viện", "Với"])
def test_other_words_begin_no_subject(start: str) -> None:
    assert not SUBJECT_START.match(start)


@pytest.mark.parametrize("strokes", [1, 2, 3])
@pytest.mark.parametrize("height", [14, 30, 44])
def test_strokes_of_a_roman_numeral_are_counted_though_their_serifs_touch(strokes: int, height: int) -> None:
    step = round(height * 0.4)
    width = step * strokes
    picture = np.full((height + 20, width + 20), 250, np.uint8)
    for number in range(strokes):
        middle = 10 + step * number + step // 2
        cv2.rectangle(picture, (middle - 1, 10), (middle + height // 14, 10 + height), 30, -1)
    for edge in (10, 10 + height):
        cv2.line(picture, (10, edge), (10 + width, edge), 60, 1)
    assert count_strokes(picture, (10.0, 10.0, 10.0 + width, 10.0 + height)) == strokes


def test_another_letter_is_not_counted_as_strokes() -> None:
    picture = np.full((60, 60), 250, np.uint8)
    cv2.line(picture, (12, 10), (30, 50), 30, 4)
    cv2.line(picture, (48, 10), (30, 50), 30, 4)
    assert count_strokes(picture, (10.0, 8.0, 50.0, 52.0)) is None


@pytest.mark.parametrize("read", ["Về việc", "Và việc", "Vêviệc", "Vé viêc"])
def test_the_words_that_begin_an_abstract_are_put_right(read: str) -> None:
    size = len(read.split())
    assert with_lead([*read.split(), "hỗ", "trợ"], [0.3] * size + [0.9, 0.8]) == (
        ["Về", "việc", "hỗ", "trợ"],
        [1.0, 1.0, 0.9, 0.8],
    )


@pytest.mark.parametrize("read", ["Vai việc", "Tình hình", "vé việc", "Về công việc"])
def test_other_beginnings_stay_as_read(read: str) -> None:
    confidences = [0.5] * len(read.split())
    assert with_lead(read.split(), confidences) == (read.split(), confidences)
