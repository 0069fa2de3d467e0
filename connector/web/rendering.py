"""Templates to answers; what goes wrong as a sentence and a status."""

from __future__ import annotations

import datetime as dt
import logging

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from connector.domain.button_labels import STATE_LABELS
from connector.domain.errors import (
    ChangeConflict,
    NotAuthorised,
    ObjectNotFound,
    PermissionDenied,
    SohoaError,
)
from connector.domain.labels import PAPER_LABELS
from connector.domain.metadata import VIETNAM
from connector.domain.report import STAGE_LABELS
from connector.domain.signatures import SignatureRole
from connector.web.sign_in import SignInNeeded

_log = logging.getLogger(__name__)
_ROLES = {
    SignatureRole.SCANNER: "Người sao chụp",
    SignatureRole.AGENCY: "Cơ quan",
    SignatureRole.OTHER: "Khác",
}
_UNITS = ((86400, "ngày"), (3600, "giờ"), (60, "phút"))


def _duration(seconds: float) -> str:
    for length, unit in _UNITS:
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}".replace(".", ",")
    return f"{seconds:.1f} giây".replace(".", ",")


def _moment(at: dt.datetime | None) -> str:
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S %z") if at else "không rõ"


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("connector.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(duration=_duration, moment=_moment)
    environment.globals.update(labels=PAPER_LABELS, states=STATE_LABELS, stages=STAGE_LABELS, roles=_ROLES)
    return environment


_TEMPLATES = _templates()


class ForeignForm(Exception):
    """A form that another site sent in its reader's name."""


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """A rendered template; every value is escaped."""
    text = _TEMPLATES.get_template(template).render(**values)
    return Response(text, status_code=status, media_type="text/html; charset=utf-8")


async def failure(request: Request, error: Exception) -> Response:
    """What a reader is told; a paper they may not see is as one that does not exist."""
    if isinstance(error, SignInNeeded):
        answer = page("failed.html", status=401, sentence="Đăng nhập bằng tài khoản của kho tài liệu.")
        answer.headers["www-authenticate"] = 'Basic realm="sohoa", charset="UTF-8"'
        return answer
    status, sentence = _told(error)
    if status >= 500:
        _log.warning("a page failed with %s", type(error).__name__)
    return page("failed.html", status=status, sentence=sentence)


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, ObjectNotFound | PermissionDenied):
        return 404, "Không có giấy tờ này, hoặc tài khoản không có quyền xem."
    if isinstance(error, NotAuthorised):
        return 403, "Tài khoản không có vai trò được xem trang này."
    if isinstance(error, ForeignForm):
        return 403, "Biểu mẫu không gửi từ trang này."
    if isinstance(error, ChangeConflict):
        return 409, "Giấy tờ đã được sửa sau khi mở trang. Tải lại trang, xem lại rồi nhập."
    if isinstance(error, SohoaError):
        return 503, error.vietnamese
    return 400, "Giá trị gửi lên không hợp lệ."
