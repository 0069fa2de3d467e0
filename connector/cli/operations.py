"""``sohoa doctor``, ``status``, ``retry``, ``backfill``, ``rebuild``, ``audit``."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from connector.app import doctor as check_ups
from connector.app import journal as journals
from connector.app import notifying, operations
from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors
from connector.domain.errors import ExitCode
from connector.settings import load_settings


@click.command(help=say("Kiểm tra các thành phần kết nối.", "Check everything we depend on."))
@json_option
@config_option
@reports_errors
def doctor(as_json: bool, config_file: Path | None) -> None:
    """One line for each dependency; exit code 1 when one fails."""
    findings = check_ups.check_up(load_settings(config_file))
    for finding in findings:
        if as_json:
            print_json(asdict(finding))
        else:
            mark = say("tốt", "ok") if finding.ok else say("LỖI", "FAILS")
            click.echo(f"{finding.subject:28} {mark:6} {finding.detail}")
            if finding.remedy:
                click.echo(f"{'':35} -> {finding.remedy}")
    if not all(finding.ok for finding in findings):
        sys.exit(ExitCode.FAILED)


@click.command(help=say("Số giấy tờ theo trạng thái.", "How many papers are in which state."))
@json_option
@config_option
@reports_errors
def status(as_json: bool, config_file: Path | None) -> None:
    """Counts only: no names, no codes."""
    counts = operations.count_by_state(load_settings(config_file))
    if as_json:
        print_json(counts)
        return
    for state, count in counts.items():
        click.echo(f"{state:20} {count}")


@click.command(help=say("Thử lại giấy tờ đang lỗi.", "Retry a paper that failed."))
@click.argument("paper_id", type=click.UUID, required=False)
@click.option(
    "--notifications", is_flag=True,
    help=say("Báo lại Cổng những thông báo đã bỏ.", "Tell the portal again what was given up."),
)  # fmt: skip
@config_option
@reports_errors
def retry(paper_id: UUID | None, notifications: bool, config_file: Path | None) -> None:
    """As the button THU_LAI does."""
    if notifications == (paper_id is not None):
        raise click.UsageError(say("Cần ID hoặc --notifications.", "Give an ID or --notifications."))
    if paper_id is None:
        number = notifying.replay(load_settings(config_file))
        click.echo(say(f"{number} thông báo sẽ được gửi lại.", f"{number} notifications are sent again."))
        return
    from connector.app.retrying import retry_paper  # not loaded for the other commands: it brings reading and signing

    retry_paper(load_settings(config_file), paper_id)


@click.command(help=say("Số hóa tiếp hồ sơ chuyển tiếp (Điều 15).", "Resume transitional dossiers (Art. 15)."))
@click.option(
    "--at-most", type=click.IntRange(min=1), default=100, show_default=True,
    help=say("Số giấy tờ mỗi đợt.", "How many papers in this batch."),
)  # fmt: skip
@config_option
@reports_errors
def backfill(at_most: int, config_file: Path | None) -> None:
    """Stopping it is safe: what was not taken up yet stays kept, and the next run goes on from there."""
    from connector.app.lists import backfill as take_up

    number = 0
    for number, paper_id in enumerate(take_up(load_settings(config_file), at_most=at_most), start=1):
        click.echo(f"{number}/{at_most} {paper_id}")
    click.echo(say(f"Đã đưa {number} giấy tờ vào hàng đợi.", f"{number} papers queued."))


@click.command(help=say("Dựng lại sổ đăng ký từ tệp đã ký.", "Rebuild the register from signed files."))
@json_option
@config_option
@reports_errors
def rebuild(as_json: bool, config_file: Path | None) -> None:
    """Into an empty database only; exit code 4 when something in a repository was not believed."""
    from connector.app.rebuilding import Rebuilt
    from connector.app.rebuilding import rebuild as restore

    believed = True
    for each in restore(load_settings(config_file)):
        if isinstance(each, UUID):
            told: dict[str, object] = {"restored": str(each)}
        elif isinstance(each, Rebuilt):
            told = {"papers": each.papers, "journals": each.journals, "gap": each.gap}
        else:
            believed, told = False, {"not_believed": each.subject, "reason": each.reason}
        if as_json:
            print_json(told)
        else:
            click.echo("  ".join(f"{name}: {value}" for name, value in told.items()))
    if not believed:
        sys.exit(ExitCode.NEEDS_PERSON)


@click.group(help=say("Chuỗi nhật ký kiểm toán.", "The audit chain."))
def audit() -> None:
    """Group."""


@audit.command("verify", help=say("Tìm dòng nhật ký bị sửa hoặc mất.", "Find changed or missing rows."))
@click.option(
    "--journal",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Đối chiếu với một nhật ký ngày đã ký số.", "Compare with a day's signed journal."),
)
@json_option
@config_option
@reports_errors
def verify_audit(journal: Path | None, as_json: bool, config_file: Path | None) -> None:
    """Exit code 1 when the chain is broken."""
    settings = load_settings(config_file)
    verdict = journals.compare_with_journal(settings, journal) if journal else operations.verify_audit(settings)
    if as_json:
        print_json({"intact": verdict is None, "finding": verdict})
    else:
        click.echo(verdict or say("Chuỗi nhật ký nguyên vẹn.", "The audit chain is intact."))
    if verdict is not None:
        sys.exit(ExitCode.FAILED)


@audit.command("journal", help=say("Ký và lưu nhật ký của một ngày.", "Sign and keep the journal of a day."))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help=say("Mặc định: hôm qua.", "Yesterday by default."))
@config_option
@reports_errors
def keep_journal(day: dt.datetime | None, config_file: Path | None) -> None:
    """Once a day, after midnight; a second time does nothing."""
    click.echo(journals.keep_journal(load_settings(config_file), day.date() if day else journals.yesterday()))


@audit.command(help=say("Băm và kiểm tra lại giấy tờ đã lưu.", "Hash and verify stored papers again."))
@click.option(
    "--days", type=click.IntRange(min=1),
    help=say("Mọi giấy tờ trong số ngày này (1: tất cả).", "All papers within so many days (1: all now)."),
)  # fmt: skip
@json_option
@config_option
@reports_errors
def fixity(days: int | None, as_json: bool, config_file: Path | None) -> None:
    """Today's part, and deleted papers; exit code 1 when one is damaged."""
    from connector.app.care import check_fixity

    checked, damaged = 0, set()
    for each in check_fixity(load_settings(config_file), days=days):
        checked += 1
        if each.damage:
            damaged.add(each.paper_id)
            told = {"paper": str(each.paper_id), "damage": str(each.damage), "file": each.file}
            print_json(told) if as_json else click.echo("  ".join(told.values()))
    if as_json:
        print_json({"checked": checked, "damaged": len(damaged)})
    else:
        click.echo(say(f"{checked} giấy tờ, {len(damaged)} hỏng.", f"{checked} papers, {len(damaged)} damaged."))
    if damaged:
        sys.exit(ExitCode.FAILED)
