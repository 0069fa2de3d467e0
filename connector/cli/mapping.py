"""``sohoa mapping``: from the product's fields to an ECM's own types and properties."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from connector.app import mappings
from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors
from connector.cmis.type_creation import TypeCreation
from connector.domain.errors import ConfigurationError, ExitCode
from connector.mapping.explain import REASONS
from connector.mapping.export.products import PRODUCTS
from connector.mapping.export.products import export as export_for
from connector.mapping.load import find_mapping, load_mapping
from connector.sections import RepositorySettings
from connector.settings import load_repositories, load_settings


@click.group(help=say("Ánh xạ trường sang kho tài liệu.", "How fields are mapped to a repository."))
def mapping() -> None:
    """Group."""


mapping_option = click.option(
    "--mapping",
    "name",
    help=say(
        "Tệp ánh xạ hoặc tên có sẵn, thay cho tệp trong cấu hình.",
        "A mapping file or the name of a shipped one, instead of the configured one.",
    ),
)


@mapping.command(help=say("Kiểm tra tệp ánh xạ với kho tài liệu thật.", "Check a mapping against the live repository."))
@mapping_option
@json_option
@config_option
@reports_errors
def check(name: str | None, as_json: bool, config_file: Path | None) -> None:
    """Each finding names file, line and remedy; exit code 1 when there is one."""
    found = 0
    for checked in mappings.check_mappings(_repositories(config_file, or_none=name is not None), name):
        found += len(checked.findings)
        _report(checked, as_json)
    if found:
        sys.exit(ExitCode.FAILED)


def _repositories(config_file: Path | None, *, or_none: bool) -> Sequence[RepositorySettings] | None:
    """The configured repositories; None where there are no settings and only a file is to be judged."""
    try:
        return load_repositories(config_file)
    except ConfigurationError:
        if or_none and config_file is None:
            return None
        raise


def _report(checked: mappings.CheckedMapping, as_json: bool) -> None:
    for finding in checked.findings:
        if as_json:
            where = {"repository": checked.repository_id, "file": str(finding.file), "line": finding.line}
            print_json({**where, "message": finding.message, "remedy": finding.remedy})
        else:
            click.echo(str(finding))
    if as_json or checked.findings:
        return
    if checked.repository_id is None:
        click.echo(
            say(
                f"{checked.file}: tệp đúng; chưa so với kho tài liệu nào (không có cấu hình).",
                f"{checked.file}: the file is right; not compared with a repository (no settings).",
            )
        )
    else:
        click.echo(say(f"{checked.repository_id}: ánh xạ đúng.", f"{checked.repository_id}: the mapping is right."))


@mapping.command(help=say("Tạo kiểu và thuộc tính nơi CMIS cho phép.", "Create types where CMIS lets us."))
@mapping_option
@json_option
@config_option
@reports_errors
def apply(name: str | None, as_json: bool, config_file: Path | None) -> None:
    """Types that are there stay as they are; exit code 1 when one is missing and cannot be created."""
    refused = False
    for repository_id, creation in mappings.apply_mappings(load_repositories(config_file), name):
        refused = refused or bool(creation.refusal)
        if as_json:
            print_json({"repository": repository_id, **asdict(creation)})
        else:
            click.echo(f"{repository_id}: {creation.type_id}: {_outcome(creation)}")
    if refused:
        click.echo(
            say(
                "Kho tài liệu không cho tạo kiểu qua CMIS: dùng sohoa mapping export, cài theo HUONG-DAN.md.",
                "The repository creates no types over CMIS: use sohoa mapping export and follow HUONG-DAN.md.",
            ),
            err=True,
        )
        sys.exit(ExitCode.FAILED)


def _outcome(creation: TypeCreation) -> str:
    if creation.created:
        return say("đã tạo", "created")
    return creation.refusal or say("đã có", "is there")


@mapping.command(help=say("Xuất mô hình nội dung cho sản phẩm.", "Write what a product's administrator installs."))
@click.argument("product", type=click.Choice(list(PRODUCTS)))
@click.option(
    "--mapping",
    "name",
    help=say("Tệp ánh xạ (mặc định: tệp có sẵn của sản phẩm).", "A mapping file (default: the product's shipped one)."),
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("Thư mục ghi ra (mặc định: tên sản phẩm).", "Folder to write to (default: the product's name)."),
)
@reports_errors
def export(product: str, name: str | None, out: Path | None) -> None:
    """The files, and HUONG-DAN.md with the steps to install them."""
    folder = out or Path(product)
    for file, content in export_for(product, load_mapping(find_mapping(name or product))).items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        click.echo(str(target))


@mapping.command(help=say("Giải thích từng trường của một giấy tờ.", "Explain each field of one paper."))
@click.argument("paper_id", type=click.UUID)
@json_option
@config_option
@reports_errors
def explain(paper_id: UUID, as_json: bool, config_file: Path | None) -> None:
    """Prints what stands on the paper: personal data, for the eyes of those who may see it."""
    from connector.app import explaining  # not loaded for the other commands: it brings reading and signing

    for field in explaining.explain_paper(load_settings(config_file), paper_id):
        if as_json:
            print_json(asdict(field))
            continue
        click.echo(f"{field.name} -> {field.property_id} ({field.write}): {say(*REASONS[field.decision])}")
        if field.proposed is not None:
            box = [round(edge) for edge in field.box or ()]
            where = f"{field.source}, {field.rule or '-'}, {field.confidence:.2f}, p. {field.page or '-'}, {box or '-'}"
            click.echo(f"    {say('đọc được', 'read')}: {field.proposed}  [{where}]")
        if field.text and field.text != field.proposed:
            click.echo(f"    {say('trên giấy', 'on paper')}: {field.text}")
        if field.shown is not None:
            click.echo(f"    {say('đang có', 'stands')}: {field.shown}")
