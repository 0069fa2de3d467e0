"""What needs no installation: reading and verifying files at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connector.domain.errors import SohoaError
from connector.domain.extraction import Extraction
from connector.domain.signatures import SignatureReport
from ocr_worker.evaluate import Report
from ocr_worker.evaluate import evaluate as evaluate_folder
from ocr_worker.reader import read_paper
from signing.signer import verify_file
from signing.trust import load_trust


def extract(file: Path) -> Extraction | SohoaError:
    """The Article 9 fields of one file, or why it cannot be read."""
    try:
        return read_paper(file)
    except SohoaError as error:
        return error


def evaluate(folder: Path, *, jobs: int) -> Report:
    """How well a labelled folder is read."""
    return evaluate_folder(folder, jobs=jobs)


def verify(file: Path, roots: Sequence[Path]) -> Sequence[SignatureReport]:
    """The verdict on every signature of a file, as those who trust ``roots`` see it."""
    return verify_file(file, load_trust(roots))
