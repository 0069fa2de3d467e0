"""``sohoa types``: document types, procedures and organisations."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors

_kind_option = click.option(
    "--kind",
    type=click.Choice(["types", "procedures", "organisations"]),
    default="types",
    show_default=True,
    help=say("Loại giấy tờ, thủ tục hay tổ chức.", "Document types, procedures or organisations."),
)


@click.group(help=say("Danh mục loại giấy tờ, thủ tục, tổ chức.", "Document types, procedures, organisations."))
def types() -> None:
    """Group."""


@types.command("import", help=say("Nạp danh mục từ XLSX/CSV thành tệp YAML.", "Turn an XLSX or CSV list into YAML."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_kind_option
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help=say("Tệp YAML mà sohoa.toml trỏ tới.", "The YAML file that sohoa.toml names."),
)  # fmt: skip
@reports_errors
def import_types(file: Path, kind: Literal["types", "procedures", "organisations"], output: Path) -> None:
    """Nothing is written when a row is wrong."""
    from connector.app.lists import import_office_list

    number = import_office_list(file, output, kind)
    click.echo(say(f"Đã ghi {number} mục vào {output}.", f"Wrote {number} entries to {output}."))


@types.command("list", help=say("Liệt kê danh mục đang dùng.", "List what is in use."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@_kind_option
@json_option
@reports_errors
def list_types(file: Path | None, kind: Literal["types", "procedures", "organisations"], as_json: bool) -> None:
    """Without a file the shipped types: a marked sample, not the list of Decision 2268."""
    from connector.app.lists import listed

    for entry in listed(file, kind):
        if as_json:
            print_json(
                {
                    name: value.isoformat() if hasattr(value, "isoformat") else value
                    for name, value in vars(entry).items()
                    if value not in (None, ())
                }
            )
        else:
            click.echo(f"{entry.code}\t{entry.name}")
