"""The pages on HTTP; whoever reads them signs in with their ECM's login, and the ECM decides what they see."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.domain.errors import NotAuthorised, ObjectNotFound, SohoaError
from connector.domain.page_view import PAPER_PATH
from connector.domain.paper import Paper
from connector.domain.report import Report
from connector.domain.states import Stage
from connector.web import paper_page
from connector.web.backing import Backing, Ecm
from connector.web.guard import UPLOAD_PATH, Guard, refuse_foreign_form
from connector.web.paper_page import PaperPage
from connector.web.rendering import ForeignForm, failure, page
from connector.web.report_page import READERS, period_of, spreadsheet
from connector.web.sign_in import SignInNeeded, credentials_of
from connector.web.uploads import one_upload

_STYLE = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
_MOST_FIELDS = 100


def create_application(backing: Backing) -> Starlette:
    """The ASGI application."""
    pages = _Pages(backing)
    return Starlette(
        routes=[
            Route("/", pages.home),
            Route("/style.css", pages.style),
            Route(PAPER_PATH + "/{paper_id:uuid}", pages.paper, methods=["GET"]),
            Route(PAPER_PATH + "/{paper_id:uuid}", pages.edit_paper, methods=["POST"]),
            Route("/bao-cao", pages.report),
            Route("/bao-cao.csv", pages.report_table),
            Route(UPLOAD_PATH, pages.verification, methods=["GET"]),
            Route(UPLOAD_PATH, pages.verify, methods=["POST"]),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers=dict.fromkeys((SignInNeeded, SohoaError, ForeignForm, ValueError), failure),
    )


class _Pages:
    """One method for each page; what waits for the ECM or a file runs in another thread."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing

    async def home(self, request: Request) -> Response:
        await run_in_threadpool(self._reader, request)
        return page("home.html")

    async def style(self, request: Request) -> Response:
        return Response(_STYLE, media_type="text/css")

    async def paper(self, request: Request) -> Response:
        return page("paper.html", page=await run_in_threadpool(self._paper_page, request))

    async def edit_paper(self, request: Request) -> Response:
        refuse_foreign_form(request.headers, self._backing.public_url)
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            typed = {name: value for name, value in form.items() if isinstance(value, str)}
        await run_in_threadpool(self._write, request, typed)
        return RedirectResponse(request.url.path, status_code=303)

    async def report(self, request: Request) -> Response:
        return page("report.html", report=await run_in_threadpool(self._figures, request))

    async def report_table(self, request: Request) -> Response:
        table = spreadsheet(await run_in_threadpool(self._figures, request))
        headers = {"content-disposition": 'attachment; filename="bao-cao.csv"'}
        return Response(table, media_type="text/csv; charset=utf-8", headers=headers)

    async def verification(self, request: Request) -> Response:
        await run_in_threadpool(self._reader, request)
        return page("verification.html", signatures=None, error="")

    async def verify(self, request: Request) -> Response:
        refuse_foreign_form(request.headers, self._backing.public_url)
        await run_in_threadpool(self._reader, request)
        with tempfile.TemporaryDirectory(prefix="verify-", dir=self._backing.folder) as desk:
            try:
                file = await one_upload(request, Path(desk))
                signatures = await run_in_threadpool(self._backing.verify, file)
            except SohoaError as error:
                return page("verification.html", signatures=None, error=error.vietnamese)
        return page("verification.html", signatures=signatures, error="")

    # in another thread

    def _reader(self, request: Request) -> str:
        credentials = credentials_of(request.headers.get("authorization"))
        self._backing.open_as(None, credentials)
        return credentials.login

    def _figures(self, request: Request) -> Report:
        period = period_of(request.query_params)
        if not self._backing.staff.has_role(self._reader(request), READERS):
            raise NotAuthorised("reports")
        return self._backing.report(period)

    def _paper_page(self, request: Request) -> PaperPage:
        login, paper, ecm = self._open(request)
        shown, proposals, wanted = ecm.get(paper.object_id), self._proposals(paper), _page_number(request)
        with tempfile.TemporaryDirectory(prefix="view-", dir=self._backing.folder) as desk:
            file = Path(desk) / "paper.pdf"
            ecm.download(shown.object_id, file)
            view = self._backing.view_paper(file, {wanted, *paper_page.pages_with_fields(proposals)})
        self._backing.note_view(paper.paper_id, login)
        buttons = paper_page.buttons_for(paper, login, self._backing.staff)
        return paper_page.page_of(paper, shown, proposals, view, wanted=wanted, buttons=buttons)

    def _write(self, request: Request, typed: Mapping[str, str]) -> None:
        login, paper, ecm = self._open(request)
        shown = ecm.get(paper.object_id)
        offered = paper_page.buttons_for(paper, login, self._backing.staff)
        if not offered:
            raise NotAuthorised("no button is offered")
        changed = paper_page.edits(typed, shown, self._proposals(paper), offered=offered)
        if changed:
            ecm.update(shown, changed)

    def _open(self, request: Request) -> tuple[str, Paper, Ecm]:
        """The reader's login, the paper, and its repository in their name; who is nobody learns of no paper."""
        credentials = credentials_of(request.headers.get("authorization"))
        try:
            paper = self._backing.papers.paper(UUID(str(request.path_params["paper_id"])))
        except ObjectNotFound:
            self._backing.open_as(None, credentials)
            raise
        ecm = self._backing.open_as(paper.repository_id, credentials)
        if paper_page.is_hidden(paper):
            raise ObjectNotFound("quarantined")
        return credentials.login, paper, ecm

    def _proposals(self, paper: Paper) -> Mapping[str, Any]:
        kept = (self._backing.papers.result(paper.paper_id, Stage.EXTRACTION) or {}).get("proposals")
        return kept if isinstance(kept, dict) else {}


def _page_number(request: Request) -> int:
    text = request.query_params.get("trang", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
