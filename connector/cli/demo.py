"""``sohoa demo``."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click

from connector.cli.language import say
from connector.cli.report import reports_errors
from connector.demo.run import DemoWishes, run_demo
from connector.demo.site import CLERK, SERVICE, Site


class _Stopped(BaseException):
    """SIGINT or SIGTERM: unwind, so that nothing is left behind."""


@click.command(
    help=say(
        "Chạy thử toàn bộ: nộp, ký, đọc, xác nhận, cấp mã, ký cơ quan, Cổng lấy về.",
        "The whole way: deposit, sign, read, confirm, code, agency signature, pulled by the portal.",
    )
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--truth",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Tệp JSON ghi giá trị đúng của các bản quét.", "JSON file with what stands on the scans."),
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("Thư mục nhận tệp đã ký và result.json.", "Folder for signed files and result.json."),
)
@click.option("--keep", is_flag=True, help=say("Chạy tiếp đến khi dừng (Ctrl-C).", "Go on running until stopped."))
@reports_errors
def demo(files: tuple[Path, ...], truth: Path | None, out: Path | None, keep: bool) -> None:
    """Exit code 0 when every paper ended as expected, 4 when own scans wait for a person."""
    begin = time.monotonic()

    def tell(vietnamese: str, english: str) -> None:
        click.echo(f"[{time.monotonic() - begin:6.1f} s] {say(vietnamese, english)}")
        sys.stdout.flush()

    def keep_running(site: Site) -> None:
        addresses = (
            f"ECM {site.ecm.browser_url} ({SERVICE}), SOAP {site.soap_url}?wsdl, {site.pages_url}/bao-cao ({CLERK})"
        )
        tell(f"Vẫn chạy: {addresses}. Ctrl-C để dừng.", f"Still running: {addresses}. Ctrl-C stops.")
        threading.Event().wait()

    wishes = DemoWishes(
        files=files,
        truth=truth,
        out=out,
        keep=keep_running if keep else None,
        tell=tell,
        show_table=lambda text: click.echo(f"\n{text}\n"),
    )
    _raise_on_signals()
    try:
        code = run_demo(wishes)
    except _Stopped:
        code = None
    if code is None:
        sys.exit(128 + signal.SIGTERM if not keep else 0)
    sys.exit(code)


def _raise_on_signals() -> None:
    """Also where a shell started us in the background with SIGINT ignored; a second signal does not disturb the end."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
