"""``sohoa``."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping

import click

import connector
from connector.cli.language import say

# command: its module; imported when it is asked for, so that reading a file does not load servers and signatures
_MODULES: Mapping[str, str] = {
    **dict.fromkeys(("audit", "backfill", "doctor", "rebuild", "retry", "status"), "operations"),
    **dict.fromkeys(("evaluate", "extract", "thresholds"), "reading"),
    **dict.fromkeys(("run", "serve", "watch", "web", "work"), "services"),
    **dict.fromkeys(("renew", "sign", "verify"), "signatures"),
    "report": "figures",
    **{name: name for name in ("config", "demo", "ecm", "export", "mapping", "token", "types")},
}


class _Commands(click.Group):
    """Commands by name, each loaded on its own."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, context: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        command: click.Command = getattr(importlib.import_module(f"connector.cli.{_MODULES[cmd_name]}"), cmd_name)
        return command


@click.group(
    cls=_Commands,
    help=say(
        "Số hóa giấy tờ thủ tục hành chính ngay trong hệ thống quản lý tài liệu sẵn có (QĐ 1333/QĐ-BHXH).",
        "Digitizes papers of administrative procedures inside the ECM an office already has (Decision 1333/QĐ-BHXH).",
    ),
)
@click.version_option(connector.__version__)
@click.option("--verbose", "-v", is_flag=True, help=say("Ghi nhật ký chi tiết.", "Log in detail."))
def main(verbose: bool) -> None:
    """Set logging up; everything else is a command."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )


if __name__ == "__main__":
    main()
