"""Pages come as a reader sees them, with places in the unrotated page; bad files are refused early."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from connector.domain.errors import EncryptedFile, LimitExceeded, UnreadableFile
from ocr_worker.pages.document import Limits
from ocr_worker.pages.memory import keep_freed_memory
from ocr_worker.pages.render import is_born_digital, page_count, page_image, page_words, preview

A4 = (595.0, 842.0)


def scan(dpi: int = 100, mode: str = "RGB") -> Image.Image:
    """A sheet with a black block, 1 to 2 inches from the left, 2 to 2.5 inches from the top."""
    sheet = Image.new("RGB", (round(A4[0] / 72 * dpi), round(A4[1] / 72 * dpi)), (250, 248, 240))
    ImageDraw.Draw(sheet).rectangle((dpi, 2 * dpi, 2 * dpi, 2.5 * dpi), fill=(10, 10, 10))
    return sheet.convert(mode, dither=Image.Dither.NONE)


def scanned_pdf(path: Path, picture: Image.Image, *, rotation: int = 0, note: str = "", words: int = 0) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    if note:
        canvas.drawString(400, 820, note)
    hidden = canvas.beginText(72, 700)
    hidden.setTextRenderMode(3)
    for _ in range(words):
        hidden.textLine("recognised words of a whole line")
    canvas.drawText(hidden)
    canvas.save()
    if rotation:
        turn(path, rotation)
    return path


def turn(path: Path, rotation: int) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].Rotate = rotation
        document.save(path)


def typed_pdf(path: Path, lines: list[str]) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 13)
    for index, line in enumerate(lines):
        canvas.drawString(72, 770 - 20 * index, line)
    canvas.save()
    return path


def black_box(rgb: np.ndarray) -> tuple[float, float, float, float]:
    rows, columns = np.nonzero(rgb.max(axis=2) < 60)
    return (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_place_on_a_turned_page_is_given_on_the_unrotated_one(tmp_path: Path, rotation: int) -> None:
    page = page_image(scanned_pdf(tmp_path / "a.pdf", scan(), rotation=rotation), 1)
    assert (page.rgb.shape[1] > page.rgb.shape[0]) == (rotation in (90, 270))
    assert page.to_points(black_box(page.rgb)) == pytest.approx((72, 144, 144.7, 180.7), abs=1)


@pytest.mark.parametrize("rotation", [0, 90, 270])
def test_a_cropped_page_is_measured_from_its_crop(tmp_path: Path, rotation: int) -> None:
    path = scanned_pdf(tmp_path / "a.pdf", scan(), rotation=rotation)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].cropbox = pikepdf.Array([50, 60, 500, 742])
        document.save(path)
    page = page_image(path, 1)
    # the page is drawn: its image is not the page any more; 100 points are cut off above, 50 on the left
    assert page.to_points(black_box(page.rgb)) == pytest.approx((22, 44, 94.7, 80.7), abs=1)


def test_a_scan_comes_with_its_own_pixels(tmp_path: Path) -> None:
    picture = scan(200)
    page = page_image(scanned_pdf(tmp_path / "a.pdf", picture, words=20), 1)
    assert np.array_equal(page.rgb, np.asarray(picture))
    assert page.dpi == pytest.approx(200, abs=0.5)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_bitonal_and_indexed_scans_come_out_in_colour(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.pdf"
    picture = scan(100, mode)
    picture.save(path, resolution=100)
    page = page_image(path, 1)
    assert page.rgb.shape == (picture.height, picture.width, 3)
    assert page.to_points(black_box(page.rgb)) == pytest.approx((72, 144, 144.7, 180.7), abs=1.5)


def test_a_wanted_resolution_is_kept(tmp_path: Path) -> None:
    page = page_image(scanned_pdf(tmp_path / "a.pdf", scan(200)), 1, dpi=100)
    assert page.rgb.shape[0] == pytest.approx(842 / 72 * 100, abs=2)
    assert page.to_points(black_box(page.rgb)) == pytest.approx((72, 144, 144.7, 180.7), abs=1.5)


def test_what_is_printed_over_a_scan_is_drawn_with_it(tmp_path: Path) -> None:
    bare = page_image(scanned_pdf(tmp_path / "a.pdf", scan()), 1)
    noted = page_image(scanned_pdf(tmp_path / "b.pdf", scan(), note="So den 35"), 1)
    assert (noted.rgb[:60] < 100).sum() > (bare.rgb[:60] < 100).sum()


def test_a_stamp_annotation_is_in_the_preview_only(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "a.pdf", scan())
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        look = pikepdf.Stream(document, b"1 0 0 rg 0 0 100 40 re f")
        look.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 100, 40]})
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="S", F=4,
            Rect=[300, 700, 400, 740], AP=pikepdf.Dictionary(N=document.make_indirect(look)),
        )  # fmt: skip
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(stamp)])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=document.pages[0].Annots, SigFlags=3)
        document.save(path)

    def red(rgb: np.ndarray) -> int:
        return int(((rgb[:, :, 0] > 200) & (rgb[:, :, 1] < 60)).sum())

    assert red(preview(path, 1, 72)) == pytest.approx(4000, rel=0.1)
    assert red(page_image(path, 1).rgb) == 0


def test_a_typed_page_is_read_without_recognition(tmp_path: Path) -> None:
    path = typed_pdf(tmp_path / "a.pdf", ["Quyet dinh so 12", "ngay 5 thang 3", "ve viec chi tra"])
    words = page_words(path, 1)
    assert is_born_digital(path, 1)
    assert [word.text for word in words] == "Quyet dinh so 12 ngay 5 thang 3 ve viec chi tra".split()
    x0, y0, _, y1 = words[0].box_points
    assert x0 == pytest.approx(72, abs=2)
    assert 58 < y0 < y1 < 78


def test_a_scan_with_a_recognition_layer_stays_a_scan(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "a.pdf", scan(), words=30)
    assert not is_born_digital(path, 1)
    assert page_words(path, 1) == []


def test_the_words_of_a_signature_stamp_are_no_text_layer(tmp_path: Path) -> None:
    assert not is_born_digital(scanned_pdf(tmp_path / "a.pdf", scan(), note="Ky boi: So Noi vu 07/01/2025"), 1)


def test_an_empty_page_is_not_born_digital(tmp_path: Path) -> None:
    assert not is_born_digital(typed_pdf(tmp_path / "a.pdf", [""]), 1)


def broken(kind: str, whole: bytes) -> bytes:
    return {
        "empty": b"",
        "junk": b"not a paper at all" * 100,
        "header only": b"%PDF-1.7\n",
        "truncated": whole[: len(whole) * 2 // 3],
        "no trailer": whole.replace(b"trailer", b"tralier"),
    }[kind]


@pytest.mark.parametrize("kind", ["empty", "junk", "header only", "truncated", "no trailer"])
def test_a_damaged_file_is_unreadable(tmp_path: Path, kind: str) -> None:
    whole = typed_pdf(tmp_path / "a.pdf", ["words"] * 20).read_bytes()
    path = tmp_path / "b.pdf"
    path.write_bytes(broken(kind, whole))
    with pytest.raises(UnreadableFile):
        page_image(path, 1)


def test_a_file_without_pages_is_unreadable(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        document.save(tmp_path / "a.pdf")
    with pytest.raises(UnreadableFile):
        page_count(tmp_path / "a.pdf")


@pytest.mark.parametrize("password", ["secret", ""])
def test_an_encrypted_file_is_refused_even_when_it_opens(tmp_path: Path, password: str) -> None:
    with pikepdf.open(typed_pdf(tmp_path / "a.pdf", ["words"])) as document:
        document.save(tmp_path / "b.pdf", encryption=pikepdf.Encryption(user=password, owner="owner"))
    with pytest.raises(EncryptedFile):
        page_count(tmp_path / "b.pdf")


def test_a_huge_page_exceeds_the_limit_before_it_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=(14400, 14400))
    canvas.drawString(100, 100, "x")
    canvas.save()
    with pytest.raises(LimitExceeded):
        page_image(path, 1)


def test_an_image_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "a.pdf", scan())
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        (image,) = document.pages[0].get_images().values()
        image.Width = image.Height = 60000
        document.save(path)
    with pytest.raises(LimitExceeded):
        page_image(path, 1)


def test_too_many_pages_exceed_the_limit(tmp_path: Path) -> None:
    with pikepdf.new() as document:
        for _ in range(6):
            document.add_blank_page()
        buffer = io.BytesIO()
        document.save(buffer)
    (tmp_path / "a.pdf").write_bytes(buffer.getvalue())
    with pytest.raises(LimitExceeded):
        page_count(tmp_path / "a.pdf", limits=Limits(pages=5))


def test_the_memory_of_pictures_is_kept_for_the_next_ones() -> None:
    assert keep_freed_memory()
