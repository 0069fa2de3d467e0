"""Checking a signed file in exactly once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connector.domain.errors import ContentReplaced
from connector.domain.paper import RepositoryObject
from connector.domain.signatures import SignatureRole, SignedPrefix
from connector.pipeline.workplace import Workplace

_CHUNK = 1 << 20

# source, target: sign source; a source that this key has signed already is handed on as it is
Sign = Callable[[Path, Path], None]


def check_in_once(
    place: Workplace,
    shown: RepositoryObject,
    *,
    before: Path,
    target: Path,
    role: SignatureRole | None,
    sign: Sign,
    comment: str,
) -> tuple[RepositoryObject, SignedPrefix]:
    """Make a signed file out of ``before`` and check it in, or adopt the one that is checked in already.

    A signature is an incremental update: a job that was killed between check-in and commit finds a file that
    begins with the bytes it would have signed and goes on with exactly our signature. Signing again would leave two.
    ``role`` None: the evidence of signatures is extended, all of which have to be valid.

    Raises ContentReplaced when anything else stands there: a file is never overwritten unseen, and what somebody
    else added is never taken for ours.
    """
    content = place.repository.download(shown.object_id, target)
    if not _begins_with(target, before):
        raise ContentReplaced("the repository holds other bytes than those to be signed")
    if content.length > before.stat().st_size:
        _refuse_foreign(place, target, role, sign)
        return shown, content
    sign(before, target)
    checked_in = place.repository.check_in(shown, target, comment=comment)
    stored = place.repository.download(checked_in.object_id, target.with_name("stored"))
    if stored.length != target.stat().st_size or not _begins_with(target.with_name("stored"), target):
        raise ContentReplaced("the repository did not keep the signed bytes")
    return checked_in, stored


def _begins_with(longer: Path, shorter: Path) -> bool:
    with longer.open("rb") as left, shorter.open("rb") as right:
        while chunk := right.read(_CHUNK):
            if left.read(len(chunk)) != chunk:
                return False
    return True


def _refuse_foreign(place: Workplace, found: Path, role: SignatureRole | None, sign: Sign) -> None:
    """What follows the known bytes has to be a valid signature in our field, by the very key we would use."""
    reports = [report for report in place.signer.verify(found) if role in (None, report.role)]
    if not reports or not all(report.is_valid for report in reports):
        raise ContentReplaced("the repository holds a longer file that we did not sign")
    again = found.with_name("again.pdf")
    sign(found, again)  # raises SigningForbidden where the field holds somebody else's signature
    if again.stat().st_size != found.stat().st_size:
        raise ContentReplaced("the repository holds a longer file that we did not sign")
