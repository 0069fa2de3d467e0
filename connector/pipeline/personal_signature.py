"""Article 8.1: the scanning official's personal signature, before anything is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from connector.domain.errors import NotAuthorised
from connector.domain.metadata import Value
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper, RepositoryObject
from connector.domain.ports import ScannerStamp
from connector.domain.roles import User
from connector.domain.signatures import SignedPrefix
from connector.domain.states import Stage, State
from connector.pipeline.check_in import check_in_once
from connector.pipeline.workplace import Workplace

# A capture date older than this is a scanner whose clock was never set.
_OLDEST_PLAUSIBLE = dt.timedelta(days=366)


def sign(paper: Paper, place: Workplace) -> Outcome:
    """Sign the capture for the person who scanned it: name and time of scanning, top left of page 1."""
    shown = place.repository.get(paper.object_id)
    scanner = _scanner(shown, place)
    with place.desk() as desk:
        original = place.fetch(paper.artifacts[ArtifactKind.ORIGINAL], desk / "original.pdf")
        scanned_at = _time_of_scanning(shown, original, place)
        signed = desk / "signed.pdf"

        def make(target: Path) -> None:
            stamp = ScannerStamp(full_name=scanner.full_name, scanned_at=scanned_at)
            place.signer.sign_scan(original, target, identity=str(scanner.identity), stamp=stamp)

        checked_in, content = check_in_once(
            place, shown, before=original, target=signed, make=make, comment="Ký số cá nhân (khoản 1 Điều 8)"
        )
    return _signed(checked_in, content, scanner, scanned_at)


def _signed(document: RepositoryObject, content: SignedPrefix, scanner: User, scanned_at: dt.datetime) -> Outcome:
    properties: dict[str, Value] = {
        "content_sha256": content.sha256,
        "scanned_by": scanner.login,
        "scanned_at": scanned_at,
        "error": None,
    }
    return Outcome(
        state=State.SAO_CHUP,
        next_stage=Stage.EXTRACTION,
        object_id=document.object_id,
        artifacts=(
            Artifact(
                kind=ArtifactKind.PERSONAL,
                object_id=document.object_id,
                sha256=content.sha256,
                length=content.length,
            ),
        ),
        properties=properties,
        result={"scanner": scanner.login, "scanned_at": scanned_at.isoformat()},
        actor=scanner.login,
    )


def _scanner(shown: RepositoryObject, place: Workplace) -> User:
    """The official named on the paper, else the one who deposited it."""
    login = str(shown.properties.get("scanned_by") or shown.created_by)
    user = place.staff.users.get(login)
    if user is None or user.identity is None:
        raise NotAuthorised(
            "no signing identity for the scanning official",
            sentence=(
                "Chưa xác định được người sao chụp có chứng thư số: điền nguoiSaoChup hoặc nhờ quản trị "
                "khai báo người dùng, rồi chọn THU_LAI."
            ),
        )
    return user


def _time_of_scanning(shown: RepositoryObject, original: Path, place: Workplace) -> dt.datetime:
    """From the property, the capture software's date, or the deposit's date: the first plausible one."""
    declared = shown.properties.get("scanned_at")
    candidates = [declared, place.reader.capture_facts(original).created_at]
    latest = shown.created_at + dt.timedelta(minutes=5)
    for candidate in candidates:
        plausible = isinstance(candidate, dt.datetime) and latest - _OLDEST_PLAUSIBLE <= candidate <= latest
        if isinstance(candidate, dt.datetime) and plausible:
            return candidate
    return shown.created_at
