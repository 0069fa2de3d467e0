"""What is handed in: dossiers with papers, drawn by us or scanned by the user, and what a person reads on them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connector.demo.born_digital import sign_result
from connector.demo.papers import draw_demo_dossier
from connector.demo.pki import DemoPki
from connector.domain.errors import ConfigurationError, SohoaError
from connector.domain.metadata import ARTICLE_9_FIELDS, SubmissionForm, Value
from connector.domain.states import State
from ocr_worker.pages.render import page_count

# made up: the agency's own list is not public
PROCEDURE_CODE = "MAU-TTHC-01"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One paper; ``truth`` is None where nobody told what stands on it."""

    name: str
    file: Path
    properties: Mapping[str, Value]
    truth: Mapping[str, str] | None
    expected: State = State.DA_LUU


@dataclass(frozen=True, kw_only=True)
class Handover:
    """One dossier folder with its papers."""

    name: str
    owner_id: str | None
    submissions: Sequence[Submission]
    properties: Mapping[str, Value] = field(default_factory=dict)

    def folder_properties(self) -> dict[str, Value]:
        """What the reception desk types on the folder."""
        return {
            "procedure_code": PROCEDURE_CODE,
            "dossier_owner": self.owner_id,
            "paper_count": len(self.submissions),
            **self.properties,
        }


def own_dossier(folder: Path, pki: DemoPki) -> list[Handover]:
    """The demo's own dossier: five scans, a signed result born digital, a paper that Art. 5 keeps out."""
    drawn = draw_demo_dossier(folder)
    submissions = []
    for paper in drawn.papers:
        file = paper.file
        if paper.properties.get("submission_form") == SubmissionForm.DIEN_TU:
            file = folder / f"signed-{file.name}"
            sign_result(paper.file, file, pki)
        expected = State.KHONG_SO_HOA if paper.properties.get("show_only") else State.DA_LUU
        submissions.append(
            Submission(
                name=f"{paper.title}.pdf", file=file, properties=paper.properties, truth=paper.truth, expected=expected
            )
        )
    return [
        Handover(
            name=drawn.title,
            owner_id=drawn.owner_id,
            submissions=submissions,
            properties={"dossier_code": drawn.dossier_code, "procedure_code": drawn.procedure_code},
        )
    ]


def users_dossiers(files: Sequence[Path], truth_file: Path | None, *, owner_id: str) -> list[Handover]:
    """A dossier for each of the user's own scans, so that one that waits does not hold the others back.

    The owner is made up: it is proposed as the dossier's, and flagged, where a scan names none.
    Raises ConfigurationError where the truth file cannot be read.
    """
    truths = _read_truth(truth_file) if truth_file else {}
    return [
        Handover(
            name=f"Hồ sơ {number:02d}",
            owner_id=owner_id,
            properties={"dossier_code": f"MAU-{number:05d}"},
            submissions=[
                Submission(
                    name=file.name,
                    file=file,
                    properties=_as_counted(file),
                    truth=truths.get(file.name),
                )
            ],
        )
        for number, file in enumerate(files, start=1)
    ]


def _as_counted(file: Path) -> dict[str, Value]:
    """The reception desk has the paper before it and counts its pages; a broken file is the product's to refuse."""
    form: dict[str, Value] = {"submission_form": str(SubmissionForm.BAN_CHINH)}
    try:
        return {**form, "declared_pages": page_count(file)}
    except SohoaError:
        return form


def _read_truth(file: Path) -> dict[str, dict[str, str]]:
    """``[{"file": …, "document_number": …}]``: keys that are no Article 9 field are left aside."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return {
            str(entry["file"]): {
                name: str(entry[name]) for name in ARTICLE_9_FIELDS if entry.get(name) not in (None, "")
            }
            for entry in entries
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{file} is no truth file: a list of objects with file and field values") from error
