"""One paper beside what was read from it: what the page shows, and what a person sends back."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.domain.button_labels import BUTTON_LABELS, STATE_LABELS
from connector.domain.errors import ChangeConflict
from connector.domain.labels import INTEGERS, PAPER_LABELS
from connector.domain.metadata import ARTICLE_9_FIELDS, PAPER_PROPERTIES, Value
from connector.domain.page_view import PageView, PaperView
from connector.domain.paper import Paper, RepositoryObject
from connector.domain.roles import Staff
from connector.domain.states import Action, State, action_allowed
from connector.pipeline.proposals import SOURCE_LABELS

# what a person may type here; everything else they do in the ECM
EDITED = (*ARTICLE_9_FIELDS, "extra", "declared_pages")
_BUTTONS = (Action.XAC_NHAN, Action.NHAP_TAY, Action.THU_LAI)
# points around a value, so that the reader sees what stands beside it
_MARGIN = 8.0


# x, y, width and height on the page as it is seen, in points
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """A field: what stands in the ECM, what was read and where, whether somebody has to look."""

    name: str
    label: str
    standing: str
    proposed: str | None
    origin: str  # confidence, page, and how it was read
    flagged: bool
    page: int | None
    crop: Rectangle | None

    @property
    def view_box(self) -> str:
        """The place on its page, as SVG cuts it out."""
        return " ".join(map(str, self.crop or ()))


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button the reader may press now."""

    action: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    """All that the template needs."""

    paper_id: str
    name: str
    state: str
    error: str
    mark: str
    pages: int
    shown_page: int
    fields: Sequence[FieldRow]
    pictures: Mapping[int, PageView]
    buttons: Sequence[Button]

    def picture_data(self, number: int) -> str:
        """A page's picture as a data URI: it never has an address of its own."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.pictures[number].jpeg).decode()}"

    def marks(self, number: int) -> list[Rectangle]:
        """Where the fields of a page stand."""
        return [row.crop for row in self.fields if row.page == number and row.crop]


def pages_with_fields(proposals: Mapping[str, Any]) -> set[int]:
    """The pages that have to be drawn for the crops."""
    return {proposal["page"] for proposal in proposals.values() if proposal.get("box") and proposal.get("page")}


def page_of(
    paper: Paper,
    shown: RepositoryObject,
    proposals: Mapping[str, Any],
    view: PaperView,
    *,
    wanted: int,
    buttons: Sequence[Button],
) -> PaperPage:
    """What one reader sees of a paper; ``wanted`` is the page shown large."""
    pictures = {page.number: page for page in view.drawn}
    flagged = _names_to_check(shown)
    return PaperPage(
        paper_id=str(paper.paper_id),
        name=shown.name,
        state=STATE_LABELS[paper.state],
        error=str(shown.properties.get("error") or ""),
        mark=mark_of(shown),
        pages=view.pages,
        shown_page=min(wanted, view.pages),
        fields=[_row(name, shown, proposals.get(name) or {}, pictures, name in flagged) for name in EDITED],
        pictures=pictures,
        buttons=buttons,
    )


def buttons_for(paper: Paper, login: str, staff: Staff) -> list[Button]:
    """What this person may press now; the pipeline judges it once more by the version that carries it."""
    return [
        Button(action=str(action), label=BUTTON_LABELS[action])
        for action in _BUTTONS
        if action_allowed(action, paper.state, failed_stage=paper.failed_stage) and staff.may(login, action)
    ]


def _names_to_check(shown: RepositoryObject) -> set[str]:
    names = shown.properties.get("fields_to_check") or ()
    local = {PAPER_PROPERTIES[name]: name for name in EDITED}
    assert isinstance(names, tuple | list)
    return {local[name] for name in names if name in local}


def _row(
    name: str, shown: RepositoryObject, proposal: Mapping[str, Any], pictures: Mapping[int, PageView], flagged: bool
) -> FieldRow:
    standing, page, box = shown.properties.get(name), proposal.get("page"), proposal.get("box")
    picture = pictures.get(page) if page else None
    return FieldRow(
        name=name,
        label=PAPER_LABELS[name],
        standing="" if standing is None else str(standing),
        proposed=proposal.get("value"),
        origin=_origin(proposal),
        flagged=flagged,
        page=page,
        crop=_crop(picture, box) if picture and box else None,
    )


def _origin(proposal: Mapping[str, Any]) -> str:
    if proposal.get("value") is None:
        return ""
    parts = [f"{round(proposal['confidence'] * 100)} %"]
    if proposal.get("page"):
        parts.append(f"trang {proposal['page']}")
    parts.append(SOURCE_LABELS[proposal["source"]])
    return ", ".join(parts)


def _crop(picture: PageView, box: Sequence[float]) -> Rectangle:
    x0, y0, x1, y1 = picture.seen((box[0], box[1], box[2], box[3]))
    left, top = max(x0 - _MARGIN, 0.0), max(y0 - _MARGIN, 0.0)
    right, bottom = min(x1 + _MARGIN, picture.width), min(y1 + _MARGIN, picture.height)
    return round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)


def mark_of(shown: RepositoryObject) -> str:
    """What changes with every edit of the document: a form sent for an older state is refused."""
    return shown.change_token or shown.modified_at.isoformat()


def edits(
    form: Mapping[str, str], shown: RepositoryObject, proposals: Mapping[str, Any], *, offered: Sequence[Button]
) -> dict[str, Value]:
    """The properties to write: what differs from what stands, and the pressed button.

    A flagged proposal is taken only where its own box was ticked. Raises ChangeConflict when somebody has edited
    the document since the form was made; ValueError for a button that was not offered, and for a number of pages
    that is none.
    """
    if form.get("mark") != mark_of(shown):
        raise ChangeConflict("the form shows an older state")
    action = form.get("action", "")
    if action and action not in {button.action for button in offered}:
        raise ValueError("a button that was not offered")
    changed: dict[str, Value] = {}
    for name in EDITED:
        typed = form.get(name, "").strip()
        if not typed and form.get(f"take.{name}"):
            typed = str((proposals.get(name) or {}).get("value") or "")
        if typed != str(shown.properties.get(name) or ""):
            changed[name] = _value(name, typed)
    return {**changed, "action": action} if action else changed


def _value(name: str, typed: str) -> Value:
    if not typed:
        return None
    return int(typed) if name in INTEGERS else typed


def is_hidden(paper: Paper) -> bool:
    """Whether a secrecy stamp stopped it: then it is nobody's to see here (Art. 5.4)."""
    return paper.state is State.CACH_LY
