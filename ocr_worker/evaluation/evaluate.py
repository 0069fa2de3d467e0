"""How well papers are read: each field right, flagged or silently wrong, measured on a labelled folder."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from connector.domain.errors import ConfigurationError, SohoaError
from connector.domain.extraction import Extraction, FieldProposal, Source
from connector.domain.metadata import ARTICLE_9_FIELDS
from ocr_worker.doubt.likeness import same
from ocr_worker.doubt.thresholds import load_thresholds, thresholds_of
from ocr_worker.evaluation.character_errors import character_errors
from ocr_worker.reader import read_paper

TRUTH = "truth.json"
# edges of the calibration bins: narrow where a threshold may lie
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
_UNKNOWN = "-"

Labels = Mapping[str, str]


@dataclass(kw_only=True)
class Tally:
    """One field over all papers: 'right' counts the value offered, flagged or not."""

    total: int = 0
    right: int = 0
    flagged: int = 0
    silently_wrong: int = 0
    flagged_though_right: int = 0

    def count(self, proposal: FieldProposal, *, is_right: bool) -> None:
        """Add one paper."""
        self.total += 1
        self.right += is_right
        self.flagged += proposal.needs_review
        self.silently_wrong += not is_right and not proposal.needs_review
        self.flagged_though_right += is_right and proposal.needs_review

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(**{name: number + getattr(other, name) for name, number in vars(self).items()})


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A value that is not the truth; it names what stands on a paper, so it belongs to labelled sets only."""

    file: str
    field: str
    truth: str
    value: str | None
    confidence: float
    flagged: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Proposals whose confidence lies in [low, high): how sure they were on average, how many were right."""

    low: float
    high: float
    count: int
    mean_confidence: float
    share_right: float


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One value that was offered."""

    field: str
    confidence: float
    right: bool


@dataclass(kw_only=True)
class Report:
    """The measurement of one labelled folder."""

    papers: int = 0
    seconds: float = 0.0
    fields: dict[str, Tally] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[str, str] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    character_errors: int = 0
    characters: int = 0  # of the papers whose text is known

    @property
    def total(self) -> Tally:
        """All fields together."""
        everything = Tally()
        for tally in self.fields.values():
            everything = everything.plus(tally)
        return everything

    def calibration(self) -> list[Bin]:
        """What the confidences are worth; bins without a proposal are left out."""
        bins = []
        for low, high in itertools.pairwise(BINS):
            inside = [one for one in self.judged if low <= one.confidence < high or one.confidence == high == 1.0]
            if inside:
                mean = sum(one.confidence for one in inside) / len(inside)
                share = sum(one.right for one in inside) / len(inside)
                bins.append(Bin(low=low, high=high, count=len(inside), mean_confidence=mean, share_right=share))
        return bins

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "papers": self.papers,
            "seconds": round(self.seconds, 2),
            "fields": {name: vars(tally) for name, tally in self.fields.items()},
            "total": vars(self.total),
            "character_error_rate": round(self.character_errors / self.characters, 5) if self.characters else None,
            "types": [{"truth": truth, "read": read, "papers": n} for (truth, read), n in sorted(self.types.items())],
            "calibration": [vars(one) for one in self.calibration()],
            "misses": [vars(miss) for miss in self.misses],
            "errors": self.errors,
        }

    def as_text(self) -> str:
        """The report for people."""
        return "\n".join([*self._table(), "", *self._confusion(), "", *self._curve(), "", *self._misses()])

    def _table(self) -> list[str]:
        lines = [f"{self.papers} papers, {self.seconds / max(self.papers, 1):.2f} s each"]
        lines.append(f"{'field':24}{'papers':>7}{'right':>15}{'flagged':>9}{'silently wrong':>16}")
        for name, tally in [*self.fields.items(), ("all fields", self.total)]:
            share = 100 * tally.right / max(tally.total, 1)
            silent = 100 * tally.silently_wrong / max(tally.total, 1)
            lines.append(
                f"{name:24}{tally.total:7}{tally.right:7} {share:5.1f} %{tally.flagged:9}"
                f"{tally.silently_wrong:8} {silent:5.1f} %"
            )
        if self.characters:
            lines.append(f"character error rate {100 * self.character_errors / self.characters:.2f} %")
        return lines + [f"not read: {file}: {code}" for file, code in sorted(self.errors.items())]

    def _confusion(self) -> list[str]:
        wrong = [(truth, read, n) for (truth, read), n in sorted(self.types.items()) if truth != read]
        right = sum(n for (truth, read), n in self.types.items() if truth == read)
        return [f"types: {right} of {self.types.total()} right", *(f"  {t} read as {r}: {n}" for t, r, n in wrong)]

    def _curve(self) -> list[str]:
        return ["calibration: confidence, proposals, share right"] + [
            f"  {one.low:.2f}-{one.high:.2f} {one.count:6} {100 * one.share_right:6.1f} %" for one in self.calibration()
        ]

    def _misses(self) -> list[str]:
        return ["misses:"] + [
            f"  {miss.file} {miss.field}: {miss.value!r} for {miss.truth!r}, {miss.confidence:.2f} {miss.source}"
            f"{', flagged' if miss.flagged else ', SILENT'}"
            for miss in sorted(self.misses, key=lambda miss: (miss.flagged, miss.field, miss.file))
        ]


def evaluate(folder: Path, *, jobs: int, thresholds: Path | None = None) -> Report:
    """Read every paper that ``folder``/truth.json names, on ``jobs`` processes, and compare.

    ``thresholds`` is a file like mappings/thresholds.yaml, which is used without it.

    Raises ConfigurationError when there is no truth.json of that form.
    """
    load_thresholds(thresholds)  # a mistake in the file is no fault of the papers
    rows = load_truth(folder / TRUTH)
    files = [folder / row["file"] for row in rows]
    read = partial(_read, thresholds=thresholds)
    if jobs == 1:
        return judge(rows, map(read, files))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return judge(rows, pool.map(read, files))


def load_truth(file: Path) -> Sequence[Labels]:
    """The rows of a truth.json. Raises ConfigurationError."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file.name} cannot be read") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "file" in row for row in rows):
        raise ConfigurationError(f'{file.name} is not a list of objects with "file"')
    return rows


def _read(file: Path, thresholds: Path | None) -> Extraction | str:
    """The extraction, or the code of the error."""
    try:
        with thresholds_of(thresholds):
            return read_paper(file)
    except SohoaError as error:
        return error.code


def judge(rows: Sequence[Labels], answers: Iterable[Extraction | str]) -> Report:
    """Compare answers with their truth; the fields of a paper that gave an error count as flagged."""
    report = Report()
    for row, answer in zip(rows, answers, strict=True):
        report.papers += 1
        if isinstance(answer, str):
            report.errors[row["file"]] = answer
        else:
            report.seconds += answer.seconds
            _judge_text(report, row, answer)
        for name in ARTICLE_9_FIELDS:
            if name in row:
                _judge_field(report, row, name, _proposal(answer, name))
        if "document_name" in row:
            read = _UNKNOWN if isinstance(answer, str) else answer.document_type.name or _UNKNOWN
            report.types[row["document_name"], read] += 1
    return report


def _proposal(answer: Extraction | str, name: str) -> FieldProposal:
    nothing = FieldProposal(value=None, confidence=0.0, source=Source.MANUAL, needs_review=True)
    if isinstance(answer, str):
        return nothing
    if name == "document_type_code":
        kind = answer.document_type
        return FieldProposal(
            value=kind.code,
            confidence=kind.confidence,
            source=Source.PRINT,
            needs_review=kind.needs_review or kind.code is None,
        )
    return answer.fields.get(name, nothing)


def _judge_text(report: Report, row: Labels, answer: Extraction) -> None:
    if row.get("text"):
        errors, characters = character_errors(answer.alto, row["text"])
        report.character_errors += errors
        report.characters += characters


def _judge_field(report: Report, row: Labels, name: str, proposal: FieldProposal) -> None:
    is_right = same(name, row[name], proposal.value)
    report.fields.setdefault(name, Tally()).count(proposal, is_right=is_right)
    if proposal.value is not None:
        report.judged.append(Judged(field=name, confidence=proposal.confidence, right=is_right))
    if not is_right:
        report.misses.append(
            Miss(
                file=row["file"],
                field=name,
                truth=row[name],
                value=proposal.value,
                confidence=round(proposal.confidence, 4),
                flagged=proposal.needs_review,
                source=str(proposal.source),
            )
        )
