"""Which lines under a letter's number are its subject (Decree 30/2020 App. I, box 5b)."""

from __future__ import annotations

from ocr_worker.layout.header import subject_block
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import Line

HEIGHT = 36.0


def line(text: str, top: float) -> Line:
    return Line(words=(Word(text=text, box=(380.0, top, 830.0, top + HEIGHT), confidence=0.95),))


NUMBER = line("Số: 47/UBND-TH", 350)
SUBJECT = (line("V/v sơ kết hỗ trợ nhà", 407), line("ở cho hộ nghèo", 455))


def test_the_lines_of_a_subject_stand_close_together() -> None:
    assert subject_block(SUBJECT, NUMBER) == SUBJECT


def test_the_foot_of_a_salutation_that_lost_its_first_word_is_no_part_of_it() -> None:
    assert subject_block([*SUBJECT, line("gửi:", 455 + 3.3 * HEIGHT)], NUMBER) == SUBJECT
    assert subject_block([*SUBJECT, line("Kính gửi:", 455 + 1.5 * HEIGHT)], NUMBER) == SUBJECT


def test_a_subject_may_begin_two_lines_below_its_number() -> None:
    lower = tuple(line(found.text, found.box[1] + 1.2 * HEIGHT) for found in SUBJECT)
    assert subject_block(lower, NUMBER) == lower
