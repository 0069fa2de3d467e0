"""The records office's day: hand in, confirm, tell the result, approve. All of it through CMIS alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from connector.demo.corrections import compare
from connector.demo.followed import Followed
from connector.demo.handover import Handover
from connector.demo.records_manager import HandedIn, RecordsManager
from connector.demo.site import CLERK, RECEPTION, REPORTER, SERVICE, SETTLING, Site
from connector.domain.paper import RepositoryObject
from connector.domain.states import State

# Vietnamese, English
Tell = Callable[[str, str], None]

_LOOK_EVERY = 0.5
_GRACE_SECONDS = 180.0
_SECONDS_A_PAPER = 60.0
# where a paper stays until somebody does something that the demo does not do
_STOPPED = frozenset({State.KHONG_SO_HOA, State.CACH_LY, State.LOI})


class Office:
    """The people of the office, each with their own login, and the papers they follow."""

    def __init__(self, site: Site, tell: Tell) -> None:
        self._site = site
        self._tell = tell
        self._eyes = RecordsManager(site.as_login(SETTLING))
        self._folders: list[tuple[Handover, RepositoryObject]] = []
        self.papers: list[Followed] = []

    def hand_in(self, handovers: Sequence[Handover]) -> None:
        """Deposit every dossier as the reception desk does: its login is the scanning official's."""
        desk = RecordsManager(self._site.as_login(RECEPTION))
        above = self._site.as_login(SERVICE).folder_at(self._site.mapping.file.watched_path).object_id
        for handover in handovers:
            papers = [
                HandedIn(file=each.file, name=each.name, properties=each.properties) for each in handover.submissions
            ]
            folder = desk.deposit(above, handover.name, handover.folder_properties(), papers)
            self._folders.append((handover, folder))
            by_name = {each.name: each for each in handover.submissions}
            self.papers += [
                Followed(handover=handover, submission=by_name[shown.name], shown=shown)
                for shown in desk.papers(folder)
            ]

    def confirm(self) -> None:
        """Look at each paper as soon as it waits, type what has to be typed, and confirm it (Art. 9.3)."""
        self._wait(lambda: all(self._settled(paper) for paper in self.papers), each_round=self._confirm_waiting)

    def _confirm_waiting(self) -> None:
        for paper in self.papers:
            if paper.state is State.CHO_XAC_NHAN and not paper.pressed and paper.submission.truth is not None:
                reading = self._eyes.reading(paper.shown)
                paper.comparison = compare(reading, paper.submission.truth, dossier_owner=paper.handover.owner_id)
                paper.shown = self._eyes.confirm(paper.shown, paper.comparison.typed)
                paper.pressed = True
                self._tell(
                    f"  {paper.submission.name}: đề xuất đúng {paper.comparison.right} trường, "
                    f"sửa {paper.comparison.corrected}, đã xác nhận",
                    f"  {paper.submission.name}: {paper.comparison.right} fields proposed right, "
                    f"{paper.comparison.corrected} corrected, confirmed",
                )

    def _settled(self, paper: Followed) -> bool:
        if paper.state is State.CHO_XAC_NHAN:
            # the button is cleared together with the state: cleared alone, it was refused
            refused = paper.pressed and not paper.shown.properties.get("action")
            return paper.submission.truth is None or refused
        return paper.state in _STOPPED or paper.state is State.DA_XAC_NHAN

    def tell_results(self) -> None:
        """The procedure software says that each dossier with a confirmed paper has succeeded (Art. 9.4)."""
        reporter = RecordsManager(self._site.as_login(REPORTER))
        for _, folder in self._folders_with(State.DA_XAC_NHAN):
            reporter.set_result(folder)
        moving = (State.DA_XAC_NHAN, State.DA_CAP_MA)
        self._wait(lambda: not any(paper.state in moving and self._complete(paper) for paper in self.papers))

    def _complete(self, paper: Followed) -> bool:
        """Whether nothing in the paper's dossier holds the others back."""
        together = [other for other in self.papers if other.handover is paper.handover]
        return not any(other.state in (State.LOI, State.CACH_LY, State.CHO_XAC_NHAN) for other in together)

    def approve(self) -> None:
        """The văn thư approves each dossier's agency signatures in one go."""
        clerk = RecordsManager(self._site.as_login(CLERK))
        for _, folder in self._folders_with(State.CHO_KY_CO_QUAN):
            clerk.approve(folder)
        moving = (State.CHO_KY_CO_QUAN, State.DA_KY)
        self._wait(lambda: not any(paper.state in moving for paper in self.papers))

    def _folders_with(self, state: State) -> Iterable[tuple[Handover, RepositoryObject]]:
        named = {id(paper.handover) for paper in self.papers if paper.state is state}
        return [(handover, folder) for handover, folder in self._folders if id(handover) in named]

    def _wait(self, done: Callable[[], bool], *, each_round: Callable[[], None] | None = None) -> None:
        """Look again and again until ``done``; whoever is late is reported in the end as they stand."""
        deadline = time.monotonic() + _GRACE_SECONDS + _SECONDS_A_PAPER * len(self.papers)
        while time.monotonic() < deadline:
            self._look()
            if each_round is not None:
                each_round()
            if done():
                return
            time.sleep(_LOOK_EVERY)

    def _look(self) -> None:
        now = {shown.name: shown for _, folder in self._folders for shown in self._eyes.papers(folder)}
        for paper in self.papers:
            before = paper.state
            paper.shown = now.get(paper.submission.name, paper.shown)
            if paper.state is not before:
                self._tell(f"  {paper.submission.name}: {paper.state}", f"  {paper.submission.name}: {paper.state}")
            if paper.state is State.DA_LUU and paper.seconds is None:
                paper.seconds = time.monotonic() - paper.deposited_at
