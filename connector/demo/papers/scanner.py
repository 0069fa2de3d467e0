"""What paper, light and scanner do to a drawing, and the PDF that scanning software leaves."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2

from connector.demo.papers.sheet import Drawing

Floats = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]

_TILE = 512
PRODUCER = "sohoa drawn papers"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One capture: lengths in millimetres, angles in degrees, strengths from 0 to 1."""

    dpi: int = 300
    skew: float = 0.4
    paper: tuple[int, int, int] = (250, 249, 246)
    uneven_light: float = 0.04
    noise: float = 3.0
    blur: float = 0.25  # sigma in points
    toner: float = 0.93  # how black the print is
    show_through: float = 0.0
    specks: int = 6
    stretch: float = 1.0  # above 1 the software turns light grey into white
    dark_edge: float = 0.0  # millimetres of the glass beside the sheet
    punched: bool = False
    quality: int = 82


def some_condition(rng: np.random.Generator, *, dpi: int, worn: bool = False) -> Condition:
    """An office scanner's capture; ``worn`` papers are tinted, faded and shine through."""
    tint = rng.uniform(0, 26, 3) if worn else rng.uniform(0, 7, 3)
    tint[2] += tint[0] * 0.5
    return Condition(
        dpi=dpi,
        skew=float(np.clip(rng.normal(0, 0.5), -1.6, 1.6)),
        paper=(int(254 - tint[0]), int(254 - tint[1]), int(253 - tint[2])),
        uneven_light=float(rng.uniform(0.05, 0.16) if worn else rng.uniform(0.01, 0.07)),
        noise=float(rng.uniform(2, 7) if worn else rng.uniform(1, 4)),
        blur=float(rng.uniform(0.15, 0.4)),
        toner=float(rng.uniform(0.7, 0.9) if worn else rng.uniform(0.88, 0.97)),
        show_through=float(rng.uniform(0, 0.12)) if rng.uniform() < (0.7 if worn else 0.25) else 0.0,
        specks=int(rng.integers(0, 40 if worn else 12)),
        stretch=float(rng.uniform(1.03, 1.3)) if not worn and rng.uniform() < 0.4 else 1.0,
        quality=int(rng.integers(60, 92)),
    )


def scan(drawing: Drawing, condition: Condition, rng: np.random.Generator) -> list[Picture]:
    """Each page as an RGB picture of A4 at the condition's dpi."""
    return [_scan_page(drawing, page, condition, rng) for page in range(drawing.pages)]


def _scan_page(drawing: Drawing, page: int, condition: Condition, rng: np.random.Generator) -> Picture:
    printed = _render(drawing.printed, page, condition.dpi)
    shape = printed.shape[:2]
    light = _toned(printed, condition, rng)
    for layer, patchy in ((drawing.written, 0.12), (drawing.stamped, 0.3)):
        ink = 1 - _render(layer, page, condition.dpi)
        if ink.any():
            light = light * (1 - ink * _patches(shape, patchy, condition.dpi, rng)[..., None])
    if condition.show_through:
        behind = _render(drawing.printed, (page + 1) % drawing.pages, condition.dpi)[:, ::-1]
        # the back of a single sheet: another text of the same hand would stand elsewhere
        behind = np.roll(behind, int(rng.integers(-shape[0] // 4, shape[0] // 4)), axis=0)
        spread = cv2.GaussianBlur(behind, (0, 0), condition.dpi / 90)
        light = light * (1 - np.float32(condition.show_through) * (1 - spread))
    light *= np.asarray(condition.paper, np.float32) / 255
    light = _turned(light, condition, rng)
    light *= _lamp(shape, condition, rng)[..., None]
    _framed(light, condition, rng)
    return _sensed(light, condition, rng)


def _render(layer: bytes, page: int, dpi: int) -> Floats:
    """One layer of one page as the share of light it lets through, RGB from 0 to 1."""
    with pypdfium2.PdfDocument(layer) as document:
        bitmap = document[page].render(scale=dpi / 72, rev_byteorder=True)
        return np.asarray(bitmap.to_numpy()[:, :, :3], np.float32) / np.float32(255)


def _toned(printed: Floats, condition: Condition, rng: np.random.Generator) -> Floats:
    """Print is never quite black, and its edges fray."""
    shape = printed.shape[:2]
    fray = cv2.GaussianBlur(_grain(shape, rng), (0, 0), 0.7) * np.float32(0.35)
    cover = np.clip((1 - printed) * (1 + fray[..., None]), 0, 1) * np.float32(condition.toner)
    return np.asarray(1 - cover, np.float32)


def _grain(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Noise of mean 0 and deviation 1: one tile, laid from a random place on, since nobody sees it repeat."""
    tile = rng.standard_normal((_TILE, _TILE), dtype=np.float32)
    rows, columns = shape[0] // _TILE + 1, shape[1] // _TILE + 1
    return np.asarray(np.tile(tile, (rows, columns))[: shape[0], : shape[1]], np.float32)


def _patches(shape: tuple[int, ...], strength: float, dpi: int, rng: np.random.Generator) -> Floats:
    """How much of an ink took, from place to place."""
    coarse = rng.normal(0, 1, (shape[0] * 6 // dpi + 2, shape[1] * 6 // dpi + 2)).astype(np.float32)
    fine = cv2.GaussianBlur(_grain(shape, rng), (0, 0), dpi / 220) * np.float32(2.5)
    field = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC) * np.float32(0.5) + fine
    return np.asarray(np.clip(1 - strength * np.clip(field + 0.35, 0, 1.6), 0, 1), np.float32)


def _turned(light: Floats, condition: Condition, rng: np.random.Generator) -> Floats:
    """The sheet lay a little askew on the glass."""
    height, width = light.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), condition.skew, 1.0)
    matrix[:, 2] = matrix[:, 2] + rng.normal(0, 0.6, 2) * condition.dpi / 25.4
    border = [float(part) / 255 for part in condition.paper]
    return np.asarray(
        cv2.warpAffine(light, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border), np.float32
    )


def _lamp(shape: tuple[int, ...], condition: Condition, rng: np.random.Generator) -> Floats:
    """Light falls off towards one side and wavers."""
    coarse = rng.uniform(-1, 0.15, (3, 3)).astype(np.float32) * np.float32(condition.uneven_light)
    return np.asarray(1 + cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _framed(light: Floats, condition: Condition, rng: np.random.Generator) -> None:
    """The lid beside the sheet and the holes of a binder show dark."""
    millimetre = condition.dpi / 25.4
    if condition.dark_edge:
        width = round(condition.dark_edge * millimetre)
        side = light[:, -width:] if rng.uniform() < 0.6 else light[-width:]
        side *= np.float32(rng.uniform(0.1, 0.5))
    if condition.punched:
        for offset in (-40, 40):
            middle = (round(rng.uniform(9, 13) * millimetre), round(light.shape[0] / 2 + offset * millimetre))
            cv2.circle(light, middle, round(3 * millimetre), [float(rng.uniform(0.25, 0.6))] * 3, -1, cv2.LINE_AA)


def _sensed(light: Floats, condition: Condition, rng: np.random.Generator) -> Picture:
    """Blur, noise and dust of the sensor."""
    sharp: Floats = np.asarray(cv2.GaussianBlur(light, (0, 0), condition.blur * condition.dpi / 72), np.float32)
    sharp += _grain(light.shape[:2], rng)[..., None] * np.float32(condition.noise / 255)
    for channel in range(3):
        sharp[:, :, channel] += _grain(light.shape[:2], rng) * np.float32(condition.noise / 500)
    stretched = 1 - (1 - sharp * np.float32(min(condition.stretch, 1.08))) * np.float32(condition.stretch)
    picture: Picture = np.clip(stretched * 255, 0, 255).astype(np.uint8)
    for _ in range(condition.specks):
        x, y = int(rng.integers(0, picture.shape[1])), int(rng.integers(0, picture.shape[0]))
        cv2.circle(picture, (x, y), int(rng.integers(0, 2)), [int(rng.integers(60, 170))] * 3, -1)
    return picture


def write_scan(pictures: Sequence[Picture], target: Path, *, condition: Condition, scanned_at: dt.datetime) -> None:
    """A PDF 1.4 of one JPEG a page at the size the dpi gives, dated by the scanner (aware time)."""
    with pikepdf.new() as pdf:
        for picture in pictures:
            _add_page(pdf, picture, condition)
        save_dated(pdf, target, scanned_at)


def write_born_digital(printed: bytes, target: Path, *, created: dt.datetime) -> None:
    """The printed layer as a PDF 1.4 of its own, dated by the drafting software (aware time)."""
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        save_dated(pdf, target, created)


def save_dated(pdf: pikepdf.Pdf, target: Path, created: dt.datetime) -> None:
    """Save the same bytes for the same content and date."""
    offset = created.strftime("%z")
    del pdf.docinfo
    pdf.docinfo["/CreationDate"] = created.strftime("D:%Y%m%d%H%M%S") + f"{offset[:3]}'{offset[3:]}'"
    pdf.docinfo["/Producer"] = PRODUCER
    pdf.save(target, force_version="1.4", static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _add_page(pdf: pikepdf.Pdf, picture: Picture, condition: Condition) -> None:
    _, packed = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, condition.quality])
    height, width = picture.shape[:2]
    size = (width * 72 / condition.dpi, height * 72 / condition.dpi)
    pdf.add_blank_page(page_size=size)
    image = pdf.make_stream(
        packed.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pdf.pages[-1]
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.obj.Contents = pdf.make_stream(f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Im0 Do Q".encode())
