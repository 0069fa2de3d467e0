"""What needs no installation: reading and verifying files at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connector.domain.errors import SohoaError
from connector.domain.extraction import Extraction
from connector.domain.signatures import SignatureReport
from ocr_worker.doubt.thresholds import thresholds_of, write_thresholds
from ocr_worker.evaluation.calibration_curve import draw_calibration
from ocr_worker.evaluation.evaluate import Report
from ocr_worker.evaluation.evaluate import evaluate as evaluate_folder
from ocr_worker.evaluation.threshold_fit import FittedThreshold, to_write
from ocr_worker.evaluation.threshold_fit import fit_thresholds as fit_to
from ocr_worker.reader import read_paper
from signing.signer import verify_file
from signing.trust import load_trust
from signing.verify_record import verify_record


def extract(file: Path, *, thresholds: Path | None = None) -> Extraction | SohoaError:
    """The Article 9 fields of one file, or why it cannot be read. Raises ConfigurationError."""
    with thresholds_of(thresholds):
        try:
            return read_paper(file)
        except SohoaError as error:
            return error


def evaluate(folder: Path, *, jobs: int, curve: Path | None = None, thresholds: Path | None = None) -> Report:
    """How well a labelled folder is read; ``curve`` gets a picture of the calibration."""
    report = evaluate_folder(folder, jobs=jobs, thresholds=thresholds)
    if curve is not None:
        draw_calibration(report, curve)
    return report


def fit_thresholds(folder: Path, *, jobs: int, silent: float, target: Path | None = None) -> Sequence[FittedThreshold]:
    """The lowest thresholds that let at most a share ``silent`` of a labelled folder's values be wrong unseen.

    ``target`` gets them as a file for ``thresholds``; fields that the folder does not label stay as shipped, and
    fields of which it holds too few values are never lowered.
    """
    fitted = fit_to(evaluate_folder(folder, jobs=jobs), silent=silent)
    if target is not None:
        write_thresholds(to_write(fitted, silent=silent), target)
    return fitted


def verify(file: Path, roots: Sequence[Path]) -> Sequence[SignatureReport]:
    """The verdict on every signature of a file, as those who trust ``roots`` see it."""
    return verify_file(file, load_trust(roots))


def belongs(metadata: Path, paper: Path, roots: Sequence[Path]) -> bool:
    """Whether signed metadata speaks of this very PDF, whatever validation data the PDF has gained since."""
    return verify_record(metadata, paper, load_trust(roots)).holds
