"""``sohoa types``: document types and procedures."""

from __future__ import annotations

import click

from connector.cli.language import say
from connector.cli.report import json_option, not_yet, print_json, reports_errors


@click.group(help=say("Danh mục loại giấy tờ.", "Document types."))
def types() -> None:
    """Group."""


@types.command("import", help=say("Nạp danh mục từ XLSX/CSV.", "Import a list from XLSX or CSV."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def import_types(file: str) -> None:
    """Not built yet."""
    not_yet("sohoa types import")


@types.command("list", help=say("Liệt kê loại giấy tờ đang dùng.", "List the types in use."))
@json_option
@reports_errors
def list_types(as_json: bool) -> None:
    """The shipped ones are a marked sample, not the list of Decision 2268."""
    from ocr_worker.document_type import load_document_types

    for kind in load_document_types():
        if as_json:
            print_json({"code": kind.code, "name": kind.name})
        else:
            click.echo(f"{kind.code}\t{kind.name}")
