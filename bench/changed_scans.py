"""How steady reading is: first pages of labelled papers under small changes, each of which must read as before.

    .venv/bin/python bench/changed_scans.py [FOLDER] --seed 1

FOLDER holds papers and their truth.json, as for `sohoa evaluate`; without one, papers are drawn. A scanner's other
resolution, angle or light changes no value on a paper: what is then wrong and not flagged would pass on another scan of
the same kind. A handful of real papers says more in this way than it does alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image

from connector.demo.papers import draw_labelled_set
from ocr_worker.evaluation.evaluate import TRUTH, evaluate, load_truth

Picture = npt.NDArray[np.uint8]
Change = Callable[[Picture, np.random.Generator], Picture]

PAPER = (250, 250, 250)


def turned(page: Picture, rng: np.random.Generator) -> Picture:
    """Laid on the glass at an angle of up to a degree and a half."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-1.5, 1.5)), 1)
    return _picture(cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=PAPER))


def bent(page: Picture, rng: np.random.Generator) -> Picture:
    """The corners moved by up to six thousandths of the width, as by a camera."""
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + rng.uniform(-0.006, 0.006, (4, 2)).astype(np.float32) * width
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return _picture(cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=PAPER))


def darker(page: Picture, rng: np.random.Generator) -> Picture:
    """Other contrast, without colour."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    curve = 255 * (np.arange(256) / 255) ** rng.uniform(0.6, 1.7)
    return _picture(cv2.cvtColor(cv2.LUT(grey, curve.astype(np.uint8)), cv2.COLOR_GRAY2RGB))


def unevenly_lit(page: Picture, rng: np.random.Generator) -> Picture:
    """Darker towards one side and one edge."""
    height, width = page.shape[:2]
    across = np.linspace(rng.uniform(0.7, 1), rng.uniform(0.7, 1), width)
    down = np.linspace(rng.uniform(0.8, 1), 1, height)
    return _picture(np.clip(page * (across[None] * down[:, None])[..., None], 0, 255))


def noisy(page: Picture, rng: np.random.Generator) -> Picture:
    """Grain of a cheap sensor."""
    return _picture(np.clip(page + rng.normal(0, 6, page.shape), 0, 255))


def blurred(page: Picture, rng: np.random.Generator) -> Picture:
    """Out of focus by a pixel or less."""
    return _picture(cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.6, 1.2))))


def thinner(page: Picture, rng: np.random.Generator) -> Picture:
    """Strokes a pixel thinner."""
    return _picture(cv2.dilate(page, np.ones((2, 2), np.uint8)))


def thicker(page: Picture, rng: np.random.Generator) -> Picture:
    """Strokes a pixel thicker."""
    return _picture(cv2.erode(page, np.ones((2, 2), np.uint8)))


def unchanged(page: Picture, rng: np.random.Generator) -> Picture:
    """Only drawn at another resolution."""
    return page


# name: dots per inch, quality of JPEG, what is done
CHANGES: Mapping[str, tuple[int, int, Change]] = {
    "turned": (200, 85, turned),
    "bent": (200, 80, bent),
    "grey": (200, 80, darker),
    "light": (200, 75, unevenly_lit),
    "noisy": (120, 60, noisy),
    "blurred": (200, 80, blurred),
    "thin": (200, 85, thinner),
    "thick": (200, 85, thicker),
    "150": (150, 85, unchanged),
    "300": (300, 70, unchanged),
}


def _picture(values: npt.ArrayLike) -> Picture:
    return np.asarray(values).astype(np.uint8)


def change_all(source: Path, folder: Path, seed: int) -> None:
    """The first page of every labelled paper under every change, with its truth."""
    rng = np.random.default_rng(seed)
    rows = []
    for row in load_truth(source / TRUTH):
        with pypdfium2.PdfDocument(source / row["file"]) as document:
            for name, (dpi, quality, change) in CHANGES.items():
                page = np.asarray(document[0].render(scale=dpi / 72).to_pil().convert("RGB"))
                file = f"{Path(row['file']).stem}-{name}.pdf"
                Image.fromarray(change(page, rng)).save(folder / file, "PDF", resolution=dpi, quality=quality)
                rows.append({**row, "file": file})
    (folder / TRUTH).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Prints what `sohoa evaluate` says of the changed papers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as drawn, tempfile.TemporaryDirectory() as changed:
        if chosen.folder is None:
            draw_labelled_set(Path(drawn), 12, chosen.seed)
        change_all(chosen.folder or Path(drawn) / "test", Path(changed), chosen.seed)
        print(evaluate(Path(changed), jobs=chosen.jobs).as_text())


if __name__ == "__main__":
    main()
