"""``sohoa``."""

from __future__ import annotations

import logging

import click

import connector
from connector.cli.config import config
from connector.cli.demo import demo
from connector.cli.ecm import ecm
from connector.cli.export import export
from connector.cli.language import say
from connector.cli.mapping import mapping
from connector.cli.operations import audit, backfill, doctor, rebuild, retry, status
from connector.cli.reading import evaluate, extract, thresholds
from connector.cli.services import run, serve, token, watch, web, work
from connector.cli.signatures import renew, sign, verify
from connector.cli.types import types


@click.group(
    help=say(
        "Số hóa giấy tờ thủ tục hành chính ngay trong hệ thống quản lý tài liệu sẵn có (QĐ 1333/QĐ-BHXH).",
        "Digitizes papers of administrative procedures inside the ECM an office already has (Decision 1333/QĐ-BHXH).",
    )
)
@click.version_option(connector.__version__)
@click.option("--verbose", "-v", is_flag=True, help=say("Ghi nhật ký chi tiết.", "Log in detail."))
def main(verbose: bool) -> None:
    """Set logging up; everything else is a command."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )


for command in (
    audit, backfill, config, demo, doctor, ecm, evaluate, export, extract, mapping, rebuild, renew, retry, run,
    serve, sign, status, thresholds, token, types, verify, watch, web, work,
):  # fmt: skip
    main.add_command(command)


if __name__ == "__main__":
    main()
