"""``sohoa ecm``: the embedded ECM for trying things out."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from connector.cli.language import say
from connector.cli.report import reports_errors
from connector.cli.services import stop_on_signals
from connector.demo.ecm import DemoEcm


@click.group(help=say("Hệ thống quản lý tài liệu dùng thử.", "An embedded ECM to try things out."))
def ecm() -> None:
    """Group."""


@ecm.command(help=say("Khởi động (dữ liệu mất khi dừng).", "Start it (nothing survives its end)."))
@reports_errors
def start() -> None:
    """Until SIGINT or SIGTERM."""
    stop = stop_on_signals()
    with tempfile.TemporaryDirectory(prefix="sohoa-ecm-") as folder, DemoEcm(Path(folder)) as running:
        click.echo(running.browser_url)
        stop.wait()
