"""Finding the one paper a request names, within the caller's rights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from connector.domain.metadata import clean
from connector.domain.publication import PublishedPaper
from connector.domain.published_papers import PublishedPapers
from connector.domain.states import State
from connector.soap.faults import Fault, FaultName, invalid
from connector.soap.rights import may_read, sees_everything
from connector.soap.security import Client

# ways that end elsewhere: waiting helps nobody
_NEVER_PUBLISHED = frozenset({State.CACH_LY, State.KHONG_SO_HOA, State.KHONG_GIAI_QUYET})


def find_paper(request: Any, papers: PublishedPapers, client: Client) -> PublishedPaper:
    """The paper of MaTaiLieu, or the only one of MaSoHoa that fits CoQuanCap, NgayCap and PhienBan.

    Raises Fault: InvalidRequest, NotFound, NotReady, Withheld, Conflict with the candidates. To a client that may not
    read every paper, whatever is kept from it is NotFound, as if there were nothing.
    """
    found = [
        paper
        for paper in _candidates(request, papers)
        if sees_everything(client) or may_read(client, _latest(paper, request, papers))
    ]
    if not found:
        raise _absence(request, papers) if sees_everything(client) else Fault(FaultName.NOT_FOUND)
    if len(found) > 1:
        raise Fault(FaultName.CONFLICT, candidates=found)
    return as_shown_to(client, found[0], papers)


def as_shown_to(client: Client, paper: PublishedPaper, papers: PublishedPapers) -> PublishedPaper:
    """Without the code that replaces it, where that is the code of a paper kept from the client."""
    if paper.replaced_by is None or sees_everything(client):
        return paper
    is_open = any(may_read(client, each) for each in papers.published_by_code(paper.replaced_by))
    return paper if is_open else replace(paper, replaced_by=None)


def _latest(paper: PublishedPaper, request: Any, papers: PublishedPapers) -> PublishedPaper:
    """What the paper says now decides, also on its older versions: an owner may have been corrected since."""
    return papers.published(paper.record.paper_id) or paper if request.PhienBan else paper


def _candidates(request: Any, papers: PublishedPapers) -> Sequence[PublishedPaper]:
    if request.MaTaiLieu:
        found = papers.published(UUID(request.MaTaiLieu), version=request.PhienBan)
        return [found] if found else []
    if not request.MaSoHoa:
        raise invalid("MaTaiLieu", "phải có MaTaiLieu hoặc MaSoHoa")
    return papers.published_by_code(
        clean(request.MaSoHoa),
        authority=clean(request.CoQuanCap) if request.CoQuanCap else None,
        issue_date=request.NgayCap,
        version=request.PhienBan,
    )


def _absence(request: Any, papers: PublishedPapers) -> Fault:
    paper_id = UUID(request.MaTaiLieu) if request.MaTaiLieu else None
    code = None if paper_id or not request.MaSoHoa else clean(request.MaSoHoa)
    state = papers.state_of(paper_id, code)
    if state in _NEVER_PUBLISHED:
        return Fault(FaultName.WITHHELD)
    asked_too_narrowly = request.PhienBan or request.CoQuanCap or request.NgayCap
    if state is None or (asked_too_narrowly and _is_published(paper_id, code, papers)):
        return Fault(FaultName.NOT_FOUND)
    return Fault(FaultName.NOT_READY)


def _is_published(paper_id: UUID | None, code: str | None, papers: PublishedPapers) -> bool:
    if paper_id:
        return papers.published(paper_id) is not None
    return bool(code and papers.published_by_code(code))


def subject_of(request: Any, keyed_hash: Callable[[str], str]) -> str:
    """What the audit chain names before a paper is found: an opaque id, or a hash of the code, owner or dossier."""
    for name in ("MaTaiLieu", "MaGiaoNhan"):
        if getattr(request, name, None):
            return str(getattr(request, name))
    for name in ("MaSoHoa", "MaChuGiayTo", "MaHoSo", "SoKyHieu"):
        if getattr(request, name, None):
            return keyed_hash(clean(getattr(request, name)))
    return "-"
