"""A page as people see it, and where on it something stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from connector.domain.extraction import Box

PAPER_PATH = "/giay-to"


@dataclass(frozen=True, kw_only=True)
class PageView:
    """A drawn page: ``width`` and ``height`` in points as a reader sees them, ``rotation`` as /Rotate says."""

    number: int
    width: float
    height: float
    rotation: int
    jpeg: bytes = field(repr=False)

    def seen(self, box: Box) -> Box:
        """A box of the unrotated page, where the reader sees it."""
        x0, y0, x1, y1 = box
        if self.rotation == 90:
            return (self.width - y1, x0, self.width - y0, x1)
        if self.rotation == 180:
            return (self.width - x1, self.height - y1, self.width - x0, self.height - y0)
        if self.rotation == 270:
            return (y0, self.height - x1, y1, self.height - x0)
        return box


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """Some pages of a paper that has ``pages`` of them."""

    pages: int
    drawn: tuple[PageView, ...]


def verification_link(pages_url: str | None, paper_id: UUID) -> str | None:
    """Where an official compares a paper with its proposals (``bhxh:lienKetXacNhan``); None without pages."""
    return f"{pages_url.rstrip('/')}{PAPER_PATH}/{paper_id}" if pages_url else None
