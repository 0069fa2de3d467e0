"""``sohoa report``."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path

import click

from connector.app import pages
from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors
from connector.domain.report import Period
from connector.settings import load_settings

_day = click.DateTime(["%Y-%m-%d"])


@click.command(help=say("Báo cáo số hóa của một thời gian (CSV).", "The figures of a period (CSV)."))
@click.option("--from", "first", type=_day, help=say("Từ ngày.", "The first day."))
@click.option("--to", "last", type=_day, help=say("Đến hết ngày.", "The last day."))
@json_option
@config_option
@reports_errors
def report(first: dt.datetime | None, last: dt.datetime | None, as_json: bool, config_file: Path | None) -> None:
    """Counts, accuracy and times: no names, no codes, no values."""
    period = Period(first=first.date() if first else None, last=last.date() if last else None)
    figures = pages.report(load_settings(config_file), period)
    if as_json:
        for table in ("counts", "accuracy", "steps"):
            print_json({table: [asdict(row) for row in getattr(figures, table)]})
    else:
        csv.writer(sys.stdout).writerows(figures.csv_rows())
