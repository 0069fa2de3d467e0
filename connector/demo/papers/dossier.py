"""The dossier of the demo: five scanned papers, an own result born digital, a paper that is only shown."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from connector.demo.papers import dossier_papers as papers
from connector.demo.papers.civil_status import Birth, draw_birth
from connector.demo.papers.handwriting import BLACK, BLUE, Hand, some_hand
from connector.demo.papers.identity_card import draw_identity_card
from connector.demo.papers.medical import SickLeave, draw_sick_leave
from connector.demo.papers.official import Habits, Official, draw_official
from connector.demo.papers.paper import DemoDossier, DrawnPaper, write_truth
from connector.demo.papers.people import Person, some_person
from connector.demo.papers.scanner import Condition, scan, some_condition, write_born_digital, write_scan
from connector.demo.papers.sheet import Drawing
from connector.domain.metadata import VIETNAM, SubmissionForm, Value

PROCEDURE_CODE = "MAU-TTHC-01"
_OFFICIAL_FIELDS = ("document_type_code", "document_name", "document_number", "issue_date", "issuing_authority")


@dataclass(frozen=True)
class _Family:
    mother: Person
    father: Person
    child: Person


def draw_demo_dossier(folder: Path, *, seed: int = 1333, now: dt.datetime | None = None) -> DemoDossier:
    """Draw the dossier into ``folder`` (made if missing), with a truth.json of what the papers show.

    People, numbers, handwriting and wear depend on the seed alone; only the capture dates count back from
    ``now`` (aware; the clock's time when None), since an office scans on the day it receives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    family = _some_family(_dice(seed, "family"))
    bench = _Bench(folder, seed, (now or dt.datetime.now(VIETNAM)).replace(microsecond=0))
    drawn = (
        bench.official("01-quyet-dinh-om-dau", papers.sick_leave_decision(family.mother), family.mother),
        bench.official("02-cong-van-xac-minh", papers.verification_letter(family.mother), family.mother),
        bench.official("03-thong-bao-tiep-nhan", papers.payment_notice(family.mother), family.mother),
        bench.sick_leave("04-giay-nghi-viec", papers.sick_leave_form(family.mother)),
        bench.birth("05-giay-khai-sinh", papers.birth_certificate(family.mother, family.father, family.child)),
        bench.result("06-ket-qua-thai-san", papers.maternity_decision(family.mother, family.child), family.mother),
        bench.shown_only("07-can-cuoc-xuat-trinh", family.mother),
    )
    write_truth([paper for paper in drawn if paper.printed], folder / "truth.json")
    return DemoDossier(
        folder=folder,
        title=f"Hồ sơ hưởng chế độ thai sản - {family.mother.name}",
        dossier_code="000.00.34.G24-250205-0001",
        procedure_code=PROCEDURE_CODE,
        owner_id=family.mother.personal_id,
        owner_name=family.mother.name,
        owner_birth_date=family.mother.birth_date.isoformat(),
        papers=drawn,
    )


def _dice(seed: int, name: str) -> np.random.Generator:
    """Random numbers of one paper, whatever is drawn before it."""
    return np.random.default_rng((seed, zlib.crc32(name.encode())))


def _some_family(rng: np.random.Generator) -> _Family:
    mother = some_person(rng, born=(1988, 1998), female=True)
    father = some_person(rng, born=(1984, 1996), female=False)
    child = some_person(rng, family=father.name.split()[0], born_on=dt.date(2025, 1, 6))
    return _Family(mother, father, child)


class _Bench:
    """Draws, scans and files one paper after the other."""

    def __init__(self, folder: Path, seed: int, now: dt.datetime) -> None:
        self._folder, self._seed, self._now = folder, seed, now

    def official(self, slug: str, paper: Official, owner: Person) -> DrawnPaper:
        """A paper of Decree 30's layout; number and day are written by hand."""
        rng = _dice(self._seed, slug)
        hand = some_hand(rng, colour=BLUE if rng.uniform() < 0.5 else BLACK)
        drawing = draw_official(paper, Habits(number_hand=hand, day_hand=hand), rng).finish()
        code, name, title = {
            "QUYẾT ĐỊNH": ("MAU-QD", "Quyết định", "Quyết định hưởng trợ cấp ốm đau"),
            "THÔNG BÁO": ("MAU-TB", "Thông báo", "Thông báo tiếp nhận hồ sơ"),
            None: ("MAU-CV", "Công văn", "Công văn xác minh quá trình đóng"),
        }[paper.heading]
        truth = official_truth(paper, code, name) | _owner_truth(owner)
        # a decision names its owner; of a letter or notice the dossier knows
        printed = (*_OFFICIAL_FIELDS, "abstract", *(("owner_id",) if code == "MAU-QD" else ()))
        return self._scanned(slug, title, drawing, truth, printed, hand=hand)

    def sick_leave(self, slug: str, paper: SickLeave) -> DrawnPaper:
        """The hospital's form, numbered and dated by hand."""
        rng = _dice(self._seed, slug)
        hand = some_hand(rng, colour=BLUE)
        drawing = draw_sick_leave(paper, Habits(number_hand=hand, day_hand=hand), rng).finish()
        name = "Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội"
        truth = {
            "document_type_code": "MAU-C65HD",
            "document_name": name,
            "document_number": paper.document_number,
            "issue_date": paper.date.isoformat(),
            "issuing_authority": paper.agency.name,
            "abstract": f"{name} của {paper.patient.name}",
        } | _owner_truth(paper.patient)
        printed = (*_OFFICIAL_FIELDS, "owner_id", "owner_name", "owner_birth_date")
        return self._scanned(slug, f"{name} (C65-HD)", drawing, truth, printed, hand=hand)

    def birth(self, slug: str, paper: Birth) -> DrawnPaper:
        """The child's certificate; its owner is the child."""
        drawing = draw_birth(paper, Habits(top=23), _dice(self._seed, slug)).finish()
        truth = {
            "document_type_code": "MAU-GKS",
            "document_name": "Giấy khai sinh",
            "document_number": paper.document_number,
            "issue_date": paper.registered.isoformat(),
            "issuing_authority": paper.agency.name,
            "abstract": f"Giấy khai sinh của {paper.child.name}",
        } | _owner_truth(paper.child)
        printed = (*_OFFICIAL_FIELDS, "owner_id", "owner_name", "owner_birth_date")
        return self._scanned(slug, "Giấy khai sinh của con", drawing, truth, printed)

    def shown_only(self, slug: str, holder: Person) -> DrawnPaper:
        """The identity card that an official only looks at (Art. 5.3)."""
        drawing = draw_identity_card(holder, "Tịnh Giang, Sơn Tịnh, Quảng Ngãi", _dice(self._seed, slug)).finish()
        return self._scanned(slug, "Căn cước công dân (chỉ xuất trình)", drawing, {}, (), more={"show_only": True})

    def _scanned(
        self,
        slug: str,
        title: str,
        drawing: Drawing,
        truth: Mapping[str, str],
        printed: tuple[str, ...],
        *,
        hand: Hand | None = None,
        more: Mapping[str, Value] | None = None,
    ) -> DrawnPaper:
        rng = _dice(self._seed, f"scan of {slug}")
        condition: Condition = some_condition(rng, dpi=300 if rng.uniform() < 0.4 else 200)
        file = self._folder / f"{slug}.pdf"
        scanned_at = self._now - dt.timedelta(minutes=50 - 4 * int(slug[:2]))
        write_scan(scan(drawing, condition, rng), file, condition=condition, scanned_at=scanned_at)
        properties: dict[str, Value] = {
            "submission_form": SubmissionForm.BAN_CHINH.value,
            "declared_pages": drawing.pages,
            **(more or {}),
        }
        written = "" if not printed else "hand" if hand else "print"
        return DrawnPaper(
            slug=slug,
            title=title,
            file=file,
            truth=truth,
            properties=properties,
            printed=printed,
            number_written_by=written,
        )

    def result(self, slug: str, paper: Official, owner: Person) -> DrawnPaper:
        """The own decision as the drafting software prints it: text, no signature, no seal."""
        habits = Habits(sealed=False, signed=False)
        drawing = draw_official(paper, habits, _dice(self._seed, slug)).finish()
        file = self._folder / f"{slug}.pdf"
        write_born_digital(drawing.printed, file, created=self._now - dt.timedelta(minutes=15))
        return DrawnPaper(
            slug=slug,
            title="Quyết định hưởng chế độ thai sản (kết quả)",
            file=file,
            truth=official_truth(paper, "MAU-QD", "Quyết định") | _owner_truth(owner),
            properties={
                "submission_form": SubmissionForm.DIEN_TU.value,
                "declared_pages": drawing.pages,
                "is_result": True,
            },
            printed=(*_OFFICIAL_FIELDS, "abstract", "owner_id"),
            number_written_by="print",
        )


def official_truth(paper: Official, code: str, name: str) -> dict[str, str]:
    """What a person reads in the header of an official paper."""
    abstract = f"V/v {paper.abstract}" if paper.heading is None else paper.abstract
    return {
        "document_type_code": code,
        "document_name": name,
        "document_number": paper.document_number,
        "issue_date": paper.date.isoformat(),
        "issuing_authority": paper.agency.name,
        "abstract": abstract,
    }


def _owner_truth(owner: Person) -> dict[str, str]:
    return {
        "owner_id": owner.personal_id,
        "owner_id_kind": "CCCD",
        "owner_name": owner.name,
        "owner_birth_date": owner.birth_date.isoformat(),
    }
