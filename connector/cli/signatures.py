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
from connector.cli.report import json_option, not_yet, print_json, reports_errors
from connector.domain.errors import ExitCode
from connector.domain.metadata import CopyForm
from connector.domain.ports import AgencyStamp, ScannerStamp
from connector.domain.signatures import SignatureReport
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
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Chứng thư gốc tin cậy (PEM); mặc định theo cấu hình.", "Trusted roots (PEM); default from settings."),
)
@json_option
@config_option
@reports_errors
def verify(files: tuple[Path, ...], trust: tuple[Path, ...], as_json: bool, config_file: Path | None) -> None:
    """Exit code 5 when a signature is broken or not trusted, or when a file has none."""
    roots = list(trust) or list(load_settings(config_file).signing.trust)
    good = True
    for file in files:
        reports = files_at_hand.verify(file, roots)
        good = good and bool(reports) and all(report.intact and report.trusted for report in reports)
        if as_json:
            print_json({"file": str(file), "signatures": [report.as_dict() for report in reports]})
        else:
            _print_for_people(file, reports)
    if not good:
        sys.exit(ExitCode.INVALID_SIGNATURE)


def _print_for_people(file: Path, reports: Sequence[SignatureReport]) -> None:
    click.echo(f"{file}:")
    if not reports:
        click.echo(say("  không có chữ ký số", "  no signature"))
    for report in reports:
        verdict = say("hợp lệ", "valid") if report.intact and report.trusted else say("KHÔNG hợp lệ", "NOT valid")
        click.echo(f"  {report.field}: {report.signer}, {report.level}, {report.signed_at}, {verdict}")


@click.command(help=say("Gia hạn chữ ký trước khi dấu thời gian hết hạn.", "Renew before time stamps lapse."))
def renew() -> None:
    """Not built yet."""
    not_yet("sohoa renew")
