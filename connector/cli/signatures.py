"""``sohoa sign``, ``verify`` and ``renew``."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from connector.app import files as files_at_hand
from connector.app import wiring
from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors
from connector.domain.errors import ExitCode
from connector.domain.metadata import CopyForm
from connector.domain.signatures import AgencyStamp, ScannerStamp, SignatureReport
from connector.settings import load_settings


@click.command(help=say("Ký số một tệp PDF.", "Sign one PDF."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--role", type=click.Choice(["scanner", "agency"]), required=True)
@click.option("--identity", help=say("Định danh ký của người sao chụp.", "The scanner's signing identity."))
@click.option("--name", help=say("Họ và tên người sao chụp.", "The scanner's full name."))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@config_option
@reports_errors
def sign(file: Path, role: str, identity: str | None, name: str | None, output: Path, config_file: Path | None) -> None:
    """The same signatures as the pipeline makes, for a file at hand."""
    settings = load_settings(config_file)
    signer = wiring.signer(settings)
    if role == "agency":
        stamp = AgencyStamp(copy_form=CopyForm.SAO_Y, agency_name=settings.signing.agency_name)
        signer.sign_copy(file, output, stamp=stamp)
        return
    if not identity or not name:
        raise click.UsageError("--role scanner needs --identity and --name")
    scanned_at = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    signer.sign_scan(file, output, identity=identity, stamp=ScannerStamp(full_name=name, scanned_at=scanned_at))


@click.command(help=say("Kiểm tra chữ ký số của PDF, XML.", "Verify the signatures of PDF and XML files."))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Chứng thư gốc tin cậy (PEM); mặc định theo cấu hình.", "Trusted roots (PEM); default from settings."),
)
@click.option(
    "--paper",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Tệp PDF mà tệp XML dữ liệu đặc tả phải khớp.", "The PDF that the metadata XML has to belong to."),
)
@json_option
@config_option
@reports_errors
def verify(
    files: tuple[Path, ...], trust: tuple[Path, ...], paper: Path | None, as_json: bool, config_file: Path | None
) -> None:
    """Exit code 5 when a signature does not hold, when a file has none, or when metadata is another paper's.

    A folder is checked as a package of `sohoa export dossier`: manifest, signatures, pairs; without network.
    """
    roots = list(trust) or list(load_settings(config_file).signing.trust)
    good = True
    for file in files:
        if file.is_dir():
            good = _is_good_package(file, roots, as_json) and good
            continue
        reports = files_at_hand.verify(file, roots)
        good = good and bool(reports) and all(report.is_valid for report in reports)
        line: dict[str, object] = {"file": str(file), "signatures": [report.as_dict() for report in reports]}
        if not as_json:
            _print_for_people(file, reports)
        if paper is not None:
            belongs = files_at_hand.belongs(file, paper, roots)
            good, line["belongs_to_paper"] = good and belongs, belongs
            if not as_json:
                click.echo(say("  khớp với tệp PDF", "  of this PDF") if belongs else _not_of(paper))
        if as_json:
            print_json(line)
    if not good:
        sys.exit(ExitCode.INVALID_SIGNATURE)


def _is_good_package(folder: Path, roots: Sequence[Path], as_json: bool) -> bool:
    """The folder that `sohoa export dossier` wrote, checked without network."""
    from connector.app.package import verify_package

    good = True
    for checked in verify_package(folder, roots):
        good = good and checked.finding is None
        if as_json:
            print_json({"file": str(folder / checked.name), "finding": checked.finding})
        else:
            click.echo(f"{folder / checked.name}: {checked.finding or say('đúng', 'good')}")
    return good


def _not_of(paper: Path) -> str:
    return say(f"  KHÔNG khớp với {paper}", f"  NOT the metadata of {paper}")


def _print_for_people(file: Path, reports: Sequence[SignatureReport]) -> None:
    click.echo(f"{file}:")
    if not reports:
        click.echo(say("  không có chữ ký số", "  no signature"))
    for report in reports:
        verdict = say("hợp lệ", "valid") if report.is_valid else say("KHÔNG hợp lệ", "NOT valid")
        click.echo(f"  {report.field}: {report.signer}, {report.level}, {report.signed_at}, {verdict}")


@click.command(
    help=say(
        "Gia hạn bằng chứng của PDF, XML trước khi dấu thời gian hết hạn.",
        "Renew the evidence of PDF and XML files before their time stamps lapse.",
    )
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--within",
    type=click.IntRange(min=1),
    default=365,
    show_default=True,
    help=say("Gia hạn nếu hết hạn trong số ngày này.", "Renew what lapses within this many days."),
)
@json_option
@config_option
@reports_errors
def renew(files: tuple[Path, ...], within: int, as_json: bool, config_file: Path | None) -> None:
    """Each file is extended in place: what was signed stays, one time stamp is added."""
    signer = wiring.signer(load_settings(config_file))
    lapsing_before = dt.datetime.now(dt.UTC) + dt.timedelta(days=within)
    for file in files:
        renewed = signer.renew(file, file, lapsing_before=lapsing_before)
        if as_json:
            print_json({"file": str(file), "renewed": renewed})
        else:
            done = say("đã gia hạn", "renewed") if renewed else say("chưa cần gia hạn", "not due")
            click.echo(f"{file}: {done}")
