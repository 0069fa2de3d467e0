"""``sohoa demo``: from the reception desk to the portal, on real servers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connector.demo.followed import Followed
from connector.demo.handover import Handover, own_dossier, users_dossiers
from connector.demo.pull import pull
from connector.demo.results import OutFolder, table
from connector.demo.site import Site, running_site
from connector.demo.story import Office, Tell
from connector.domain.errors import ExitCode
from connector.domain.states import State

# a synthetic person, born 1990 in a province whose code exists
_USERS_OWNER = "001090000012"


@dataclass(frozen=True, kw_only=True)
class DemoWishes:
    """What the command line asks for; ``keep`` is called where everything shall go on running."""

    files: Sequence[Path] = ()
    truth: Path | None = None
    out: Path | None = None
    keep: Callable[[Site], None] | None = None
    tell: Tell = field(default=lambda vietnamese, english: None)
    show_table: Callable[[str], None] = field(default=lambda text: None)


def run_demo(wishes: DemoWishes) -> ExitCode:
    """Play the whole way and report; OK only if every paper ended as expected and was pulled unchanged.

    The user's own scans may wait for a person: NEEDS_PERSON then.
    """
    tell = wishes.tell
    with _out_folder(wishes.out) as out, tempfile.TemporaryDirectory(prefix="sohoa-demo-papers-") as drawn:
        tell(
            "Khởi động hệ thống quản lý tài liệu, cơ sở dữ liệu, chứng thực số, dịch vụ",
            "Starting ECM, database, PKI, services",
        )
        # a user's scans may be old ones that nobody can scan again
        with running_site(technical_defects="ask" if wishes.files else "reject") as site:
            papers = _play(site, _handovers(wishes, Path(drawn), site), tell)
            tell("Cổng dịch vụ công tra cứu, lấy giấy tờ, xác nhận đã nhận", "The portal searches, pulls, acknowledges")
            pull(papers, site, out)
            wishes.show_table(table(papers))
            out.write(papers, site)
            if wishes.keep:
                wishes.keep(site)
    return _verdict(papers, own_scans=bool(wishes.files))


def _handovers(wishes: DemoWishes, drawn: Path, site: Site) -> list[Handover]:
    if wishes.files:
        return users_dossiers(wishes.files, wishes.truth, owner_id=_USERS_OWNER)
    wishes.tell("Vẽ và quét bộ giấy tờ mẫu", "Drawing and scanning the sample papers")
    return own_dossier(drawn, site.pki)


def _play(site: Site, handovers: list[Handover], tell: Tell) -> list[Followed]:
    office = Office(site, tell)
    tell("Bộ phận tiếp nhận nộp hồ sơ vào hệ thống quản lý tài liệu", "The reception desk deposits the dossier")
    office.hand_in(handovers)
    tell("Phần mềm kiểm tra, ký số cá nhân, đọc; người giải quyết xác nhận", "Checked, signed, read; confirmed")
    office.confirm()
    tell("Phần mềm nghiệp vụ báo kết quả giải quyết thành công", "The procedure software reports success")
    office.tell_results()
    tell("Văn thư duyệt ký số cơ quan", "The clerk approves the agency signature")
    office.approve()
    return office.papers


@contextmanager
def _out_folder(folder: Path | None) -> Iterator[OutFolder]:
    """The wished folder, or one that is gone afterwards."""
    if folder is not None:
        yield OutFolder(folder)
        return
    with tempfile.TemporaryDirectory(prefix="sohoa-demo-out-") as temporary:
        yield OutFolder(Path(temporary))


def _verdict(papers: Sequence[Followed], *, own_scans: bool) -> ExitCode:
    if all(paper.as_expected for paper in papers):
        return ExitCode.OK
    waiting = (State.CHO_XAC_NHAN, State.LOI, State.CACH_LY, State.KHONG_SO_HOA)
    if own_scans and all(paper.as_expected or paper.state in waiting for paper in papers):
        return ExitCode.NEEDS_PERSON
    return ExitCode.FAILED
