"""``sohoa export``."""

from __future__ import annotations

import click

from connector.cli.language import say
from connector.cli.report import not_yet


@click.group(help=say("Kết xuất.", "Exports."))
def export() -> None:
    """Group."""


@export.command(help=say("Giấy tờ dạng edXML.", "A paper as edXML."))
@click.argument("paper_id")
def edxml(paper_id: str) -> None:
    """Not built yet."""
    not_yet("sohoa export edxml")


@export.command(help=say("Gói hồ sơ.", "A dossier as one package."))
@click.argument("dossier_id")
def dossier(dossier_id: str) -> None:
    """Not built yet."""
    not_yet("sohoa export dossier")
