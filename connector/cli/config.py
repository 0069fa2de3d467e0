"""``sohoa config``: the settings in force."""

from __future__ import annotations

from pathlib import Path

import click

from connector.cli.language import say
from connector.cli.report import print_json, reports_errors
from connector.settings import load_settings

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Tệp cấu hình TOML (mặc định sohoa.toml).", "TOML settings file (default sohoa.toml)."),
)


@click.group(help=say("Cấu hình.", "The settings."))
def config() -> None:
    """Group."""


@config.command(help=say("In cấu hình đang dùng, che mật khẩu.", "Print the settings in force, secrets masked."))
@config_option
@reports_errors
def show(config_file: Path | None) -> None:
    """Secrets are masked by their type."""
    print_json(load_settings(config_file).model_dump(mode="json"))
