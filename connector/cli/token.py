"""``sohoa token``: sign at one's own desk what waits for one's USB token."""

from __future__ import annotations

import html
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from connector.cli.language import say
from connector.cli.report import json_option, print_json, reports_errors
from connector.domain.errors import ExitCode
from connector.domain.token_signing import SignedKind
from signing.token_agent import DeskLine, TokenAgent, Waiting

_LOOK_EVERY = 1.0  # seconds, while the office prepares or completes
_SUFFIXES = {SignedKind.PDF: ".jpg", SignedKind.XML: ".xml"}


@click.command(help=say("Ký số bằng thiết bị USB tại bàn làm việc.", "Sign with the USB token on a desk."))
@click.option("--url", required=True, help=say("Địa chỉ dịch vụ ký (https).", "The service's address (https)."))
@click.option("--identity", required=True, help=say("Định danh ký (văn thư: co-quan).", "The signing identity."))
@click.option(
    "--module",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=say("Thư viện PKCS#11 của thiết bị.", "The token's PKCS#11 library."),
)
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Chứng thư của dịch vụ, nếu là CA nội bộ.", "The service's CA, where it is a private one."),
)
@click.option("--patience", default=120.0, show_default=True, help=say("Số giây chờ giấy tờ.", "Seconds to wait."))
@click.option("--yes", is_flag=True, help=say("Không hỏi lại trước khi ký.", "Do not ask before signing."))
@click.option("--open/--no-open", "opens", default=True, help=say("Mở trang xem.", "Open the page to look at."))
@json_option
@reports_errors
def token(
    url: str,
    identity: str,
    module: Path,
    ca_file: Path | None,
    patience: float,
    yes: bool,
    opens: bool,
    as_json: bool,
) -> None:
    """Show what waits, ask once, take the PIN once, sign everything; exit code 4 when something was left unsigned."""
    line = DeskLine(url, identity, _secret("SOHOA_TOKEN_PASSWORD", "Mật khẩu", "Password"), ca_file=ca_file)
    session = _Session(TokenAgent(line, module), line, asks=not yes, opens=opens, quiet=as_json)
    session.run(patience)
    if as_json:
        print_json({"signed": session.signed, "left": session.left})
    else:
        click.echo(
            say(f"Đã ký {session.signed}, còn lại {session.left}.", f"{session.signed} signed, {session.left} left.")
        )
    if session.left:
        sys.exit(ExitCode.NEEDS_PERSON)


def _secret(variable: str, vietnamese: str, english: str) -> str:
    return os.environ.get(variable) or str(click.prompt(say(vietnamese, english), hide_input=True, err=True))


class _Session:
    """One sitting: the PIN is asked once, and metadata of papers that were agreed to follow without a question."""

    def __init__(self, agent: TokenAgent, line: DeskLine, *, asks: bool, opens: bool, quiet: bool) -> None:
        self._agent, self._line = agent, line
        self._asks, self._opens, self._quiet = asks, opens, quiet
        self._pin: str | None = None
        self._agreed: set[str] = set()
        self._refused: set[str] = set()
        self.signed = 0
        self.left = 0

    def run(self, patience: float) -> None:
        """Until nothing waits and nothing is being prepared, or nothing has moved for ``patience`` seconds."""
        moved = time.monotonic()
        while True:
            waiting, working = self._line.waiting()
            batch = [each for each in waiting if each.request_id not in self._refused]
            if batch and self._sign(batch):
                moved = time.monotonic()
            elif not working or time.monotonic() - moved > patience:
                break
            else:
                time.sleep(_LOOK_EVERY)
        self.left = len(self._line.waiting()[0])

    def _sign(self, batch: Sequence[Waiting]) -> bool:
        """Whether a batch was signed; what the person does not want to sign now is left."""
        new = [each for each in batch if each.paper not in self._agreed]
        if new and not self._agrees(new):
            self._refused.update(each.request_id for each in new)
            batch = [each for each in batch if each.paper in self._agreed]
        else:
            self._agreed.update(each.paper for each in new)
        if not batch:
            return False
        with click.progressbar(self._agent.sign(batch, self._asked_pin()), length=len(batch), file=sys.stderr) as done:
            self.signed += sum(done)
        return True

    def _agrees(self, batch: Sequence[Waiting]) -> bool:
        if not self._asks:
            return True
        with tempfile.TemporaryDirectory(prefix="sohoa-token-") as folder:
            page = self._page(batch, Path(folder))
            for number, each in enumerate(batch, start=1):
                click.echo(f"{number:3}. {each.title} ({each.kind})", err=True)
            click.echo(say(f"Xem trước: {page}", f"To look at: {page}"), err=True)
            if self._opens:
                click.launch(str(page))
            question = say(
                f"Ký {len(batch)} mục bằng chứng thư của {self._agent.signer}?",
                f"Sign {len(batch)} items with the certificate of {self._agent.signer}?",
            )
            return click.confirm(question, err=True)

    def _page(self, batch: Sequence[Waiting], folder: Path) -> Path:
        """One page with everything that will be signed; it is gone after the question."""
        parts = []
        for number, each in enumerate(batch, start=1):
            file = folder / f"{number}{_SUFFIXES[each.kind]}"
            content = self._line.preview(each)
            file.write_bytes(content)
            shown = (
                f'<img src="{file.name}" style="width:100%;border:1px solid #888">'
                if each.kind is SignedKind.PDF
                else f"<pre>{html.escape(content.decode())}</pre>"
            )
            parts.append(f"<h2>{number}. {html.escape(each.title)}</h2>{shown}")
        page = folder / "trang-ky.html"
        head = '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Giấy tờ chờ ký</title>'
        page.write_text(f'{head}<body style="max-width:60em;margin:auto">{"".join(parts)}</body></html>')
        return page

    def _asked_pin(self) -> str:
        if self._pin is None:
            pin = _secret("SOHOA_TOKEN_PIN", "Mã PIN", "PIN")
            self._agent.check_pin(pin)
            self._pin = pin
        return self._pin
