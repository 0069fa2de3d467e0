"""``sohoa export``."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import reports_errors
from connector.settings import load_settings


@click.group(help=say("Kết xuất.", "Exports."))
def export() -> None:
    """Group."""


@export.command(help=say("Giấy tờ dạng edXML (QCVN 102:2016).", "A paper as edXML (QCVN 102:2016)."))
@click.argument("paper_id", type=click.UUID)
@click.option(
    "--out", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help=say("Tệp đích.", "The file."),
)  # fmt: skip
@click.option(
    "--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Mã đơn vị, nơi nhận, số loại văn bản (mẫu: mappings/edxml.yaml).",
             "Organization ids, receivers, type numbers (sample: mappings/edxml.yaml)."),
)  # fmt: skip
@config_option
@reports_errors
def edxml(paper_id: UUID, out: Path, rules: Path | None, config_file: Path | None) -> None:
    """A stored paper in force with its signed metadata, built from public implementations of the standard."""
    from connector.app.exporting import export_edxml

    export_edxml(load_settings(config_file), paper_id, out, rules_file=rules)
    click.echo(say(f"Đã ghi {out}.", f"Wrote {out}."))


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
