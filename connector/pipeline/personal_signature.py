"""Article 8.1: the scanning official's personal signature, before anything is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.domain.errors import NotAuthorised
from connector.domain.metadata import Value
from connector.domain.outcome import Outcome
from connector.domain.paper import Artifact, ArtifactKind, Paper, RepositoryObject
from connector.domain.roles import User
from connector.domain.signatures import ScannerStamp, SignatureReport, SignatureRole, SignedPrefix
from connector.domain.states import Stage, State
from connector.domain.token_signing import SigningTask
from connector.pipeline.check_in import check_in_once
from connector.pipeline.transition import kept_for_later
from connector.pipeline.workplace import Workplace

# A capture date older than this is a scanner whose clock was never set.
_OLDEST_PLAUSIBLE = dt.timedelta(days=366)
_CLOCK_SKEW = dt.timedelta(minutes=5)  # between scanner and repository


def sign(paper: Paper, place: Workplace) -> Outcome:
    """Sign the capture for the person who scanned it: name and time of scanning, top left of page 1.

    A valid signature of that person that came with the scan is theirs already: it is left alone.
    """
    shown = place.repository.get(paper.object_id)
    deposit = _deposit_of(paper, shown, place)
    scanner = _scanner(shown, deposit, place)
    with place.desk() as desk:
        original = place.fetch(paper.artifacts[ArtifactKind.ORIGINAL], desk / "original.pdf")
        scanned_at = _time_of_scanning(shown, deposit, original, place)
        if _has_signed(scanner, place.signer.verify(original)):
            kept = paper.artifacts[ArtifactKind.ORIGINAL]
            content = SignedPrefix(length=kept.length, sha256=kept.sha256)
            return _next(_signed(shown, content, scanner, scanned_at), place)

        def sign_as_scanner(source: Path, target: Path) -> None:
            stamp = ScannerStamp(full_name=scanner.full_name, scanned_at=scanned_at)
            task = SigningTask(paper_id=paper.paper_id, stage=Stage.PERSONAL_SIGNATURE, title=shown.name)
            place.signer.sign_scan(source, target, identity=str(scanner.identity), stamp=stamp, task=task)

        checked_in, content = check_in_once(
            place,
            shown,
            before=original,
            target=desk / "signed.pdf",
            role=SignatureRole.SCANNER,
            sign=sign_as_scanner,
            comment="Ký số cá nhân (khoản 1 Điều 8)",
        )
    return _next(_signed(checked_in, content, scanner, scanned_at), place)


def _has_signed(scanner: User, reports: Sequence[SignatureReport]) -> bool:
    """Whether the capture software has had the scan signed already, by this very official."""
    return any(report.is_valid and report.signer == scanner.full_name for report in reports)


def _next(signed: Outcome, place: Workplace) -> Outcome:
    return kept_for_later(signed) if place.office.transition else signed


@dataclass(frozen=True, kw_only=True)
class _HandedIn:
    """Who put the document into the ECM, and when: its later versions are ours."""

    login: str
    at: dt.datetime


def _deposit_of(paper: Paper, shown: RepositoryObject, place: Workplace) -> _HandedIn:
    kept = place.registry.result(paper.paper_id, Stage.SCOPE) or {}
    at = kept.get("deposited_at")
    return _HandedIn(
        login=str(kept.get("deposited_by") or shown.created_by),
        at=dt.datetime.fromisoformat(str(at)) if at else shown.created_at,
    )


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


def _scanner(shown: RepositoryObject, deposit: _HandedIn, place: Workplace) -> User:
    """Who deposited the scan; only a configured account of a capture software may name another official.

    Anybody with write access could otherwise have a colleague's signature made by typing that colleague's login.
    """
    named = str(shown.properties.get("scanned_by") or deposit.login)
    if named != deposit.login and deposit.login not in place.office.capture_accounts:
        raise NotAuthorised(
            "the scanning official named on the paper did not deposit it",
            sentence=(
                "nguoiSaoChup khác người nộp tệp: xóa nguoiSaoChup, hoặc người sao chụp tự nộp lại tệp bằng tài khoản "
                "của mình, rồi chọn THU_LAI."
            ),
        )
    user = place.staff.users.get(named)
    if user is None or user.identity is None:
        raise NotAuthorised(
            "no signing identity for the scanning official",
            sentence=(
                "Chưa xác định được người sao chụp có chứng thư số: nhờ quản trị khai báo người dùng, rồi chọn THU_LAI."
            ),
        )
    return user


def _time_of_scanning(shown: RepositoryObject, deposit: _HandedIn, original: Path, place: Workplace) -> dt.datetime:
    """From the property, the capture software's date, or the deposit's date: the first plausible one."""
    candidates = [shown.properties.get("scanned_at"), place.reader.capture_facts(original).created_at]
    latest = deposit.at + _CLOCK_SKEW
    for candidate in candidates:
        if isinstance(candidate, dt.datetime) and latest - _OLDEST_PLAUSIBLE <= candidate <= latest:
            return candidate
    return deposit.at
