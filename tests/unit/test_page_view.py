"""Where on a turned page a value is seen, and where its paper's page is."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest

from connector.domain.page_view import PageView, verification_link
from ocr_worker.pages.page_view import view_paper
from tests.fixtures.sheets import picture, sheet

BAR = (200.0, 20.0, 320.0, 40.0)  # of the page as a reader sees it


def darkness(view: PageView, box: tuple[float, float, float, float]) -> float:
    pixels = cv2.imdecode(np.frombuffer(view.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    scale = pixels.shape[1] / view.width
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    return float(1 - pixels[y0:y1, x0:x1].mean() / 255)


def unrotated(box: tuple[float, float, float, float], rotation: int, width: float, height: float) -> tuple[float, ...]:
    """The inverse of ``PageView.seen``, written down from the definition of /Rotate."""
    x0, y0, x1, y1 = box
    return {
        0: (x0, y0, x1, y1),
        90: (y0, width - x1, y1, width - x0),
        180: (width - x1, height - y1, width - x0, height - y0),
        270: (height - y1, x0, height - y0, x1),
    }[rotation]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_box_of_the_unrotated_page_is_seen_where_its_ink_is(rotation: int, tmp_path: Path) -> None:
    size = (842.0, 595.0) if rotation in (90, 270) else (595.0, 842.0)
    pdf = sheet(tmp_path / "a.pdf", picture(size, bars=[BAR]), rotation=rotation)

    paper = view_paper(pdf, {1, 7}, dpi=72, seconds=60, megabytes=4096)

    assert (paper.pages, len(paper.drawn)) == (1, 1)
    view = paper.drawn[0]
    assert (view.width, view.height) == pytest.approx(size)
    box = unrotated(BAR, rotation, view.width, view.height)
    assert darkness(view, view.seen(box)) > 0.7  # type: ignore[arg-type]


def test_the_link_names_the_paper_by_its_opaque_id_alone() -> None:
    paper_id = UUID("00000000-0000-4000-8000-000000000001")

    assert verification_link("https://so-hoa.vn/", paper_id) == f"https://so-hoa.vn/giay-to/{paper_id}"
    assert verification_link(None, paper_id) is None
