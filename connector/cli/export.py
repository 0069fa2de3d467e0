"""``sohoa export``."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import not_yet, reports_errors
from connector.settings import load_settings


@click.group(help=say("Kết xuất.", "Exports."))
def export() -> None:
    """Group."""


@export.command(help=say("Giấy tờ dạng edXML.", "A paper as edXML."))
@click.argument("paper_id")
def edxml(paper_id: str) -> None:
    """Not built yet."""
    not_yet("sohoa export edxml")


@export.command(help=say("Gói hồ sơ: tệp, PREMIS, bảng băm.", "A dossier as one package: files, PREMIS, hashes."))
@click.argument("dossier_id", type=click.UUID)
@click.option(
    "--out", "-o", type=click.Path(file_okay=False, path_type=Path), required=True,
    help=say("Thư mục trống.", "An empty folder."),
)  # fmt: skip
@config_option
@reports_errors
def dossier(dossier_id: UUID, out: Path, config_file: Path | None) -> None:
    """DOSSIER_ID may be the id of any paper in it, as the ECM and the portal show it."""
    from connector.app.exporting import export as write_package

    number = write_package(load_settings(config_file), dossier_id, out)
    click.echo(say(f"Đã ghi {number} giấy tờ vào {out}.", f"Wrote {number} papers to {out}."))
