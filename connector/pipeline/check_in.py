"""Checking a signed file in exactly once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connector.domain.errors import ContentReplaced
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignedPrefix
from connector.pipeline.workplace import Workplace

_CHUNK = 1 << 20


def check_in_once(
    place: Workplace,
    shown: RepositoryObject,
    *,
    before: Path,
    target: Path,
    make: Callable[[Path], None],
    comment: str,
) -> tuple[RepositoryObject, SignedPrefix]:
    """Make a signed file out of ``before`` and check it in, or adopt the one that is checked in already.

    A signature is an incremental update: a job that was killed between check-in and commit finds a file that
    begins with the bytes it would have signed, goes on longer, and verifies. Signing again would leave two.

    Raises ContentReplaced when someone put another file in its place: it is not overwritten.
    """
    content = place.repository.download(shown.object_id, target)
    if not _begins_with(target, before):
        raise ContentReplaced("the repository holds other bytes than those to be signed")
    if content.length > before.stat().st_size and _verifies(place, target):
        return shown, content
    make(target)
    checked_in = place.repository.check_in(shown, target, comment=comment)
    return checked_in, place.repository.download(checked_in.object_id, target)


def _begins_with(longer: Path, shorter: Path) -> bool:
    with longer.open("rb") as left, shorter.open("rb") as right:
        while chunk := right.read(_CHUNK):
            if left.read(len(chunk)) != chunk:
                return False
    return True


def _verifies(place: Workplace, file: Path) -> bool:
    reports = place.signer.verify(file)
    return bool(reports) and all(report.intact for report in reports)
