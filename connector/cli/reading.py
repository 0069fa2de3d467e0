"""``sohoa extract``, ``evaluate`` and ``thresholds``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import click

from connector.app import files
from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors
from connector.domain.extraction import Extraction

thresholds_option = click.option(
    "--thresholds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Tệp ngưỡng thay cho mappings/thresholds.yaml.", "Thresholds instead of mappings/thresholds.yaml."),
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), default=1, help=say("Số tiến trình.", "How many processes.")
)


@click.command(help=say("Đọc các trường Điều 9 từ tệp PDF.", "Read the Article 9 fields of PDF files."))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@jobs_option
@thresholds_option
@json_option
@reports_errors
def extract(files: tuple[Path, ...], jobs: int, thresholds: Path | None, as_json: bool) -> None:
    """One JSON object a line, in the order given; a file that cannot be read gives an error line."""
    for answer in _answers(files, jobs, thresholds):
        if as_json:
            print_json(answer)
        else:
            _print_for_people(answer)
        sys.stdout.flush()


def _answers(paths: Sequence[Path], jobs: int, thresholds: Path | None) -> Iterator[dict[str, object]]:
    extract_one = partial(_extract_one, thresholds=thresholds)
    if jobs == 1:
        yield from map(extract_one, paths)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(extract_one, paths)


def _extract_one(file: Path, thresholds: Path | None) -> dict[str, object]:
    result = files.extract(file, thresholds=thresholds)
    if isinstance(result, Extraction):
        return extraction_as_json(file, result)
    return {"file": str(file), "error": {"code": result.code, "message": result.message}, "fields": {}}


def extraction_as_json(file: Path, extraction: Extraction) -> dict[str, object]:
    """One file as the contract of ``extract --json`` says."""
    kind = extraction.document_type
    return {
        "file": str(file),
        "pages": extraction.pages,
        "seconds": round(extraction.seconds, 2),
        "document_type": {
            "code": kind.code,
            "name": kind.name,
            "confidence": round(kind.confidence, 4),
            "needs_review": kind.needs_review,
        },
        "fields": {
            name: {
                "value": found.value,
                "confidence": round(found.confidence, 4),
                "page": found.page,
                "box": [round(edge, 1) for edge in found.box] if found.box else None,
                "source": str(found.source),
                "needs_review": found.needs_review,
            }
            for name, found in extraction.fields.items()
        },
    }


def _print_for_people(answer: dict[str, object]) -> None:
    click.echo(f"{answer['file']}:")
    fields = answer["fields"]
    if "error" in answer:
        click.echo(f"  {answer['error']}")
    assert isinstance(fields, dict)
    for name, found in fields.items():
        flag = "?" if found["needs_review"] else " "
        click.echo(f" {flag} {name:22} {found['value']}  ({found['confidence']:.2f}, {found['source']})")


@click.command(help=say("Đo độ chính xác trên bộ đã gán nhãn.", "Measure on a labelled folder (truth.json)."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@jobs_option
@click.option(
    "--curve",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Vẽ đường hiệu chuẩn vào tệp PNG này.", "Draw the calibration curve into this PNG file."),
)
@thresholds_option
@json_option
@reports_errors
def evaluate(folder: Path, jobs: int, curve: Path | None, thresholds: Path | None, as_json: bool) -> None:
    """For each field: right, flagged, silently wrong."""
    report = files.evaluate(folder, jobs=jobs, curve=curve, thresholds=thresholds)
    if as_json:
        print_json(report.as_dict())
    else:
        click.echo(report.as_text())


@click.group(help=say("Ngưỡng nghi ngờ.", "Thresholds of doubt."))
def thresholds() -> None:
    """Group."""


@thresholds.command(help=say("Chọn ngưỡng từ bộ đã gán nhãn.", "Choose thresholds from a labelled folder."))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--silent",
    type=click.FloatRange(min=0, max=1),
    required=True,
    help=say("Tỷ lệ sai lọt tối đa, từ 0 đến 1.", "Silent error rate at most, from 0 to 1."),
)
@click.option(
    "--write",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Ghi ngưỡng vào tệp này (khóa cấu hình `thresholds`).", "Write them to this file (setting `thresholds`)."),
)
@jobs_option
@json_option
@reports_errors
def fit(folder: Path, silent: float, target: Path | None, jobs: int, as_json: bool) -> None:
    """The threshold of each field, and what it would do to the folder."""
    for fitted in files.fit_thresholds(folder, jobs=jobs, silent=silent, target=target):
        if as_json:
            print_json(asdict(fitted))
        else:
            click.echo(
                f"{fitted.field + ':':24}{fitted.threshold:.3f}  # {fitted.values} values:"
                f" {fitted.flagged} flagged, {fitted.silently_wrong} silently wrong"
            )
