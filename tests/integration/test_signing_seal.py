"""The agency's red seal on its own paper that was born digital."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from connector.demo.born_digital import sign_result
from connector.demo.pki import DemoPki
from connector.domain.errors import ConfigurationError, NoRoomForStamp
from connector.domain.signatures import Level
from connector.domain.states import State
from signing.keys import Pkcs12Key, open_key
from signing.pades import PERSON_FIELD, Mark, add_signature
from signing.pdf_file import update
from signing.seal import Seal
from signing.signer import PaperSigner, verify_file
from signing.stamp import Appearance, LinesStyle
from signing.trust import Trust
from signing.verify_record import verify_record
from tests.fixtures.pipelines import CLERK, PlayedOffice
from tests.fixtures.sheets import sheet

pytestmark = pytest.mark.integration

PERSON = (340, 100, 520, 170)  # where the director's signature is seen, in points
_SCALE = 2.0


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    picture = Image.new("RGBA", (425, 425), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((4, 4, 420, 420), outline=(220, 20, 30, 255), width=14)
    picture.save(tmp_path / "seal.png")
    return Seal(picture=tmp_path / "seal.png")


@pytest.fixture
def drafted(tmp_path: Path, key_file: Callable[[str], Pkcs12Key]) -> Path:
    """A paper that its director has signed where the name stands."""
    appearance = Appearance(0, PERSON, LinesStyle(lines=("Nguyễn Minh Đức",), size=14.0))
    with update(sheet(tmp_path / "blank.pdf"), tmp_path / "drafted.pdf") as file:
        mark = Mark(field=PERSON_FIELD, appearance=appearance)
        add_signature(file, open_key(key_file("director")), mark, stamper=None)
    return tmp_path / "drafted.pdf"


@pytest.fixture
def signed(drafted: Path, seal: Seal, office_of: Callable[..., PaperSigner], tmp_path: Path) -> Path:
    office_of(seal=seal).sign_result(drafted, tmp_path / "signed.pdf")
    return tmp_path / "signed.pdf"


def test_person_and_agency_verify_offline(signed: Path, offline: Trust) -> None:
    assert [(report.level, report.is_valid) for report in verify_file(signed, offline)] == [(Level.B_LTA, True)] * 2


def test_the_seal_is_red_at_real_size_over_the_left_third_of_the_person_s_signature(signed: Path) -> None:
    with pypdfium2.PdfDocument(signed) as document:
        document.init_forms()
        page = document[0].render(scale=_SCALE, may_draw_forms=True, draw_annots=True, rev_byteorder=True).to_numpy()

    colours = page[:, :, :3].astype(int)
    rows, columns = np.nonzero((colours[:, :, 0] > 200) & (colours[:, :, 1:] < 80).all(axis=2))

    assert (columns.max() - columns.min()) / _SCALE == pytest.approx(102 * 416 / 425, abs=2)  # 36 mm, less its margin
    assert columns.max() / _SCALE == pytest.approx(PERSON[0] + (PERSON[2] - PERSON[0]) / 3, abs=3)
    middle = 842 - (PERSON[1] + PERSON[3]) / 2
    assert (rows.max() + rows.min()) / 2 / _SCALE == pytest.approx(middle, abs=2)


def test_a_paper_that_nobody_has_signed_visibly_is_asked_about(
    seal: Seal, office_of: Callable[..., PaperSigner], tmp_path: Path
) -> None:
    with pytest.raises(NoRoomForStamp):
        office_of(seal=seal).sign_result(sheet(tmp_path / "blank.pdf"), tmp_path / "signed.pdf")


def test_a_seal_that_would_hide_the_signature_is_refused(
    drafted: Path, office_of: Callable[..., PaperSigner], tmp_path: Path
) -> None:
    Image.new("RGB", (100, 100), "red").save(tmp_path / "opaque.png")

    with pytest.raises(ConfigurationError):
        office_of(seal=Seal(picture=tmp_path / "opaque.png")).sign_result(drafted, tmp_path / "signed.pdf")


@pytest.fixture
def sealing(played: PlayedOffice, seal: Seal, office_of: Callable[..., PaperSigner], tmp_path: Path) -> PlayedOffice:
    """An office that has its seal as a picture."""
    office = PlayedOffice(played.register, played.database, tmp_path, signer=office_of(seal=seal))
    office.with_rules(seals_results=True)
    return office


@pytest.mark.parametrize("is_result", [True, False])
def test_an_own_result_that_only_a_person_signed_gets_the_seal(
    sealing: PlayedOffice, signer: PaperSigner, drafted: Path, tmp_path: Path, is_result: bool
) -> None:
    dossier = sealing.dossier()
    document = sealing.deposit(dossier, content=drafted, submission_form="DIEN_TU", is_result=is_result)
    sealing.work()
    sealing.press(document, "XAC_NHAN")
    sealing.succeed(dossier)
    sealing.press(dossier, "KY_CO_QUAN", CLERK)

    (tmp_path / "stored.pdf").write_bytes(sealing.content(document))
    (tmp_path / "metadata.xml").write_bytes(sealing.technical(dossier, ".metadata.xml")[0])
    reports = signer.verify(tmp_path / "stored.pdf")
    assert sealing.paper(document).state is State.DA_LUU
    assert [report.field for report in reports] == [PERSON_FIELD, *(["CoQuan"] if is_result else [])]
    assert all(report.is_valid for report in reports)
    assert sealing.content(document).startswith(drafted.read_bytes())
    assert verify_record(tmp_path / "metadata.xml", tmp_path / "stored.pdf", signer._trust).holds


def test_a_result_that_the_agency_has_signed_already_is_left_as_it_is(
    sealing: PlayedOffice, pki: DemoPki, tmp_path: Path
) -> None:
    complete = tmp_path / "complete.pdf"
    sign_result(sheet(tmp_path / "draft.pdf"), complete, pki)
    dossier = sealing.dossier()
    document = sealing.deposit(dossier, content=complete, submission_form="DIEN_TU", is_result=True)
    sealing.work()
    sealing.press(document, "XAC_NHAN")
    sealing.succeed(dossier)
    sealing.press(dossier, "KY_CO_QUAN", CLERK)

    assert sealing.paper(document).state is State.DA_LUU
    assert sealing.content(document) == complete.read_bytes()
