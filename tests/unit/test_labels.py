"""Values behind a form's labels, and what stands beside them on the sheet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.demo.papers.typefaces import FONTS, TINOS
from ocr_worker.fields.owner import read_owner
from ocr_worker.layout.labels import find_value
from ocr_worker.lexicon.document_type import DocumentType
from ocr_worker.pages.clean import clean_page
from ocr_worker.pages.render import PageImage
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word, shared_recognizer

TOP = 500


def form(*printed: tuple[str, int, float]) -> PageText:
    """A sheet with words printed in one row: text, left edge, and how sure the recogniser was."""
    picture = Image.new("RGB", (1984, 2806), (250, 250, 250))
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONTS / TINOS.files[0]), 46)
    words = []
    for text, left, confidence in printed:
        pen.text((left, TOP), text, fill=(20, 20, 20), font=font)
        words.append(Word(text=text, box=pen.textbbox((left, TOP), text, font=font), confidence=confidence))
    image = PageImage(rgb=np.asarray(picture), dpi=240, page=1, frame=(0.0, 0.0, 595.0, 842.0))
    return PageText(clean=clean_page(image), words=words, recognizer=shared_recognizer())


@pytest.mark.parametrize(("read", "asked"), [("KHÁNH", False), ("KHÀNH", True)])
def test_a_name_that_two_readings_write_with_other_marks_is_asked_about(read: str, asked: bool) -> None:
    page = form(("Họ", 200, 0.9), ("tên:", 270, 0.9), ("LÊ", 400, 0.9), ("KHÁNH", 480, 0.9))
    words = [replace(word, text=read) if word.text == "KHÁNH" else word for word in page.words]
    kind = DocumentType(code="x", name="x", layout="form", labels={"owner_name": ("Họ tên",)})
    name = read_owner([replace(page, words=words)], kind)["owner_name"]
    assert (name.value, name.needs_review) == ("Lê Khánh", asked)


NAMED = (("Họ", 200, 0.9), ("tên:", 270, 0.9), ("BÙI", 400, 0.9), ("LAN", 500, 0.9))


@pytest.mark.parametrize(
    ("beside", "value"),
    [
        (("lš", 1400, 0.06), "BÙI LAN"),  # the frame of the form, hardly read
        (("HOA", 1400, 0.9), "BÙI LAN HOA"),
        (("HOA", 612, 0.2), "BÙI LAN HOA"),  # close by: part of the name, however badly it is read
    ],
)
def test_what_is_hardly_read_far_behind_a_value_is_none_of_it(beside: tuple[str, int, float], value: str) -> None:
    found = find_value([form(*NAMED, beside)], ["Họ tên"])
    assert found is not None
    assert found.text == value
