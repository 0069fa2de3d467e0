"""Values that stand behind a printed label, as on forms: `Họ và tên: …`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ocr_worker.pages.clean import PixelBox
from ocr_worker.recognition.page_text import PageText
from ocr_worker.recognition.recognize import Word
from ocr_worker.recognition.text_lines import COLUMN_GAP, around, fold

# labels of other things, where a value on the same line ends
OTHERS = (
    "Giới tính", "Dân tộc", "Quốc tịch", "Tuổi", "Nghề nghiệp", "Địa chỉ", "Mã số BHXH", "Số thẻ BHYT", "Ngày sinh",
    "Sinh ngày", "Năm sinh", "Nơi sinh", "Quê quán", "ghi bằng chữ", "Đơn vị làm việc", "Ngày cấp", "Nơi cấp",
    "Số seri",
)  # fmt: skip
# a word that is surer than this was read, whatever it is
HARDLY_READ = 0.5
_DATE = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d\d)(?!\d)")
_SPELLED = re.compile(r"(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*((?:19|20)\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DOTS = re.compile(r"[.…_·]{2,}|\s[.…_](?=\s|$)")


@dataclass(frozen=True, kw_only=True)
class LabelledValue:
    """What stands behind a label, read by vote."""

    text: str
    confidence: float
    box: PixelBox
    page: PageText
    words: tuple[Word, ...]  # as the page's own reading has them


def find_value(pages: Sequence[PageText], labels: Iterable[str]) -> LabelledValue | None:
    """The first value behind the first label that stands on the paper."""
    for label in labels:
        for page in pages:
            for row in _rows(page.words):
                value = _behind(row, label)
                if value:
                    read = page.vote(around(word.box for word in value))
                    text = _DOTS.sub(" ", read.text).strip(" .,;:-_|…")
                    if len(fold(text)) > 1:
                        return LabelledValue(
                            text=" ".join(text.split()),
                            confidence=read.confidence,
                            box=around(word.box for word in value),
                            page=page,
                            words=tuple(value),
                        )
    return None


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words on one height, however far apart."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle[1]):
        for row in rows[-3:]:
            last = row[-1]
            if abs(last.middle[1] - word.middle[1]) < 0.45 * max(last.height, word.height):
                row.append(word)
                break
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.box[0]) for row in rows]


def _behind(row: Sequence[Word], label: str) -> list[Word]:
    end = _end_of(row, label, start_only=True)
    if end is None:
        return []
    rest = list(row[end:])
    stops = [place for other in OTHERS if (place := _start_of(rest, other)) is not None and place > 0]
    kept = rest[: min(stops, default=len(rest))]
    return _without_far_noise([word for word in kept if fold(word.text)])


def _without_far_noise(words: list[Word]) -> list[Word]:
    """The words of a value without what is hardly read far behind them: the form's frame, a stamp at its edge."""
    while len(words) > 1:
        before, last = words[-2:]
        if last.confidence >= HARDLY_READ or last.box[0] - before.box[2] < COLUMN_GAP * before.height:
            break
        words = words[:-1]
    return words


def _end_of(row: Sequence[Word], label: str, *, start_only: bool) -> int | None:
    """The place after a label; it begins the line or a part of it behind a wide gap."""
    wanted = fold(label)
    for start in range(len(row)):
        if start_only and start and row[start].box[0] - row[start - 1].box[2] < 0.35 * row[start].height:
            continue
        letters = ""
        for place in range(start, len(row)):
            letters += fold(row[place].text)
            if letters == wanted:
                # a label ends with a colon; without one, a longer label may go on
                ends = row[place].text.endswith(":") or (place + 1 < len(row) and row[place + 1].text[:1] in ":.…")
                return place + 1 if ends or place + 1 == len(row) or not row[place + 1].text[0].islower() else None
            if not wanted.startswith(letters):
                break
    return None


def _start_of(row: Sequence[Word], label: str) -> int | None:
    wanted = fold(label)
    for start in range(len(row)):
        letters = ""
        for word in row[start:]:
            letters += fold(word.text)
            if letters == wanted:
                return start
            if not wanted.startswith(letters):
                break
    return None


def date_in(text: str) -> str | None:
    """The ISO date of `06/01/2025` or `06 tháng 01 năm 2025` in a text; None when it holds none or several."""
    found = {match.groups() for pattern in (_DATE, _SPELLED) for match in pattern.finditer(text)}
    if len(found) != 1:
        return None
    day, month, year = (int(part) for part in found.pop())
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def year_in(text: str) -> str | None:
    """The only year in a text."""
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else None


def labels_of(rules: Mapping[str, Sequence[str]], name: str) -> Sequence[str]:
    """The labels of a field, none when the type has no rule for it."""
    return rules.get(name, ())
