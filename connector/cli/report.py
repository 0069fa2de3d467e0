"""How commands report: lines for people, JSON for programs, one exit code for each outcome."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import ParamSpec

import click

from connector.cli.language import say, speaks_vietnamese
from connector.domain.errors import SohoaError

Parameters = ParamSpec("Parameters")

json_option = click.option(
    "--json", "as_json", is_flag=True, help=say("In kết quả dạng JSON.", "Print the result as JSON.")
)


def print_json(value: object) -> None:
    """One object on one line, Vietnamese letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False))


def reports_errors(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Print an error of ours on standard error, in the shell's language, and end with its exit code."""

    @functools.wraps(command)
    def reporting(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except SohoaError as error:
            click.echo(error.vietnamese if speaks_vietnamese() else str(error), err=True)
            sys.exit(error.exit_code)

    return reporting
