"""The long-running commands: run, watch, work, serve, web."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType

import click

from connector.app import books
from connector.cli.config import config_option
from connector.cli.language import say
from connector.cli.report import reports_errors
from connector.cli.supervisor import Child, supervise
from connector.domain.states import Stage
from connector.settings import load_settings
from connector.soap.security import hash_password as password_hash


def stop_on_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set, also where a shell started us with SIGINT ignored."""
    stop = threading.Event()

    def set_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, set_stop)
    return stop


@click.command(help=say("Chạy tất cả: theo dõi, xử lý, dịch vụ SOAP.", "Everything in one: watch, work, serve."))
@config_option
@reports_errors
def run(config_file: Path | None) -> None:
    """One process for each duty, restarted when it dies; the embedded database lives as long as we do."""
    stop = stop_on_signals()
    settings = load_settings(config_file)
    with books.database(settings) as dsn:
        workers = [Child(f"work-{number}", ("work",)) for number in range(settings.work.processes)]
        pages = [Child("web", ("web",))] if settings.web else []
        desks = [Child("desks", ("serve", "--desks"))] if settings.token else []
        children = [Child("watch", ("watch",)), Child("serve", ("serve",)), *pages, *desks, *workers]
        supervise(children, config_file=config_file, dsn=dsn, stop=stop)


@click.command(help=say("Theo dõi kho tài liệu.", "Watch the repositories."))
@config_option
@reports_errors
def watch(config_file: Path | None) -> None:
    """Until SIGINT or SIGTERM."""
    stop = stop_on_signals()
    from connector.app import services

    services.watch(load_settings(config_file), stop)


@click.command(help=say("Xử lý giấy tờ trong hàng đợi.", "Work on queued papers."))
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice(list(Stage)),
    help=say("Chỉ các bước này (mặc định: tất cả).", "Only these stages (default: all)."),
)
@config_option
@reports_errors
def work(queues: tuple[str, ...], config_file: Path | None) -> None:
    """Until SIGINT or SIGTERM; the running stage is finished first."""
    from connector.app import services

    services.work(load_settings(config_file), [Stage(queue) for queue in queues] or list(Stage))


@click.command(help=say("Dịch vụ SOAP cho Cổng dịch vụ công.", "The SOAP service for the portal."))
@click.option("--sandbox", is_flag=True, help=say("Dữ liệu tổng hợp để thử.", "Synthetic papers to try."))
@click.option("--port", default=8080, help=say("Cổng của bản thử (--sandbox).", "The sandbox's port."))
@click.option("--desks", is_flag=True, help=say("Dịch vụ cho sohoa token.", "The service for sohoa token instead."))
@click.option("--hash", "hash_password", is_flag=True, help=say("In mã băm mật khẩu.", "Print a password's hash."))
@config_option
@reports_errors
def serve(sandbox: bool, port: int, desks: bool, hash_password: bool, config_file: Path | None) -> None:
    """Until SIGINT or SIGTERM; running answers are finished first."""
    if hash_password:
        click.echo(password_hash(click.prompt("Password", hide_input=True, confirmation_prompt=True)))
        return
    if sandbox:
        # the demo's parts load slowly, and production needs none of them
        from connector.cli.sandbox import serve_sandbox

        serve_sandbox(port, stop_on_signals())
        return
    if desks:
        from connector.app import desk_service

        desk_service.serve(load_settings(config_file), stop_on_signals())
        return
    from connector.app import serving  # each duty loads only what it needs: the service stays small

    serving.serve(load_settings(config_file), stop_on_signals())


@click.command(help=say("Trang đối chiếu, báo cáo, kiểm tra chữ ký.", "The pages: comparing, reports, verification."))
@config_option
@reports_errors
def web(config_file: Path | None) -> None:
    """Until SIGINT or SIGTERM."""
    from connector.app import pages

    pages.serve(load_settings(config_file), stop_on_signals())
