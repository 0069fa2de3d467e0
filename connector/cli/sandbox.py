"""The sandbox behind `sohoa serve --sandbox`."""

from __future__ import annotations

import threading

import click

from connector.cli.language import say
from connector.demo.sandbox import sandbox


def serve_sandbox(port: int, stop: threading.Event) -> None:
    """Serve made-up papers until ``stop``; prints what each code brings about."""
    with sandbox(port=port) as running:
        click.echo(say("Dữ liệu tổng hợp, không có giá trị pháp lý.", "Made-up papers, nothing of them is real."))
        click.echo(f"{running.url}?wsdl\n")
        click.echo(say("Bên gọi / mật khẩu", "Caller / password"))
        for name, what in running.clients.items():
            click.echo(f"  {name} / {running.password}\t{what}")
        click.echo(say("\nMaSoHoa, hoặc MaTaiLieu khi chưa có mã", "\nMaSoHoa, or MaTaiLieu where there is no code"))
        for code, what in running.codes.items():
            click.echo(f"  {code}\t{what}")
        stop.wait()
