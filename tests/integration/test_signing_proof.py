"""Whose signature on an XML counts: the agency's own, and that of no other certificate of the same authority."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from connector.demo.pki import AGENCY_NAME, SCANNER_NAME, DemoPki
from connector.domain.errors import SignatureInvalid, UnreadableFile
from connector.domain.journal import Journal
from connector.domain.publication import Record
from signing.keys import Pkcs12Key
from signing.proof import AgencyProof
from signing.signer import PaperSigner
from signing.trust import load_trust
from signing.verify import all_good
from tests.fixtures.register import a_publication

pytestmark = pytest.mark.integration
JOURNAL = Journal(day=dt.date(2026, 1, 1), head_position=0, head_hash="0" * 64, rows=[], deliveries=[])


@pytest.fixture
def impostor(office_of: Callable[..., PaperSigner], key_file: Callable[[str], Pkcs12Key]) -> PaperSigner:
    """A person whose certificate comes from the agency's authority."""
    return office_of(agency_key=key_file("scanner"))


def a_record() -> Record:
    return a_publication(uuid4()).paper.record


def test_the_agencys_xml_says_its_record_and_no_other(signer: PaperSigner, tmp_path: Path) -> None:
    record, file = a_record(), tmp_path / "record.xml"
    signer.sign_record(record, file)

    assert signer.says(file, record)
    assert not signer.says(file, replace(record, digitization_code="001090000012.QD.13/QĐ-BHXH"))


def test_a_persons_valid_signature_does_not_pass_for_the_agencys(
    signer: PaperSigner, impostor: PaperSigner, pki: DemoPki, tmp_path: Path
) -> None:
    record, file = a_record(), tmp_path / "record.xml"
    impostor.sign_record(record, file)
    proof = AgencyProof(load_trust([pki.roots]), {AGENCY_NAME})

    assert all_good(signer.verify(file))  # anybody would trust it as that person's
    assert not signer.says(file, record)
    with pytest.raises(SignatureInvalid, match="not the agency's"):
        proof.record_in(file)


def test_a_key_of_its_own_for_journals_signs_no_records(impostor: PaperSigner, pki: DemoPki, tmp_path: Path) -> None:
    proof = AgencyProof(load_trust([pki.roots]), {AGENCY_NAME}, journal_signers={SCANNER_NAME})
    impostor.sign_journal(JOURNAL, tmp_path / "journal.xml")
    impostor.sign_record(a_record(), tmp_path / "record.xml")

    assert proof.journal_in(tmp_path / "journal.xml") == JOURNAL
    with pytest.raises(SignatureInvalid):
        proof.record_in(tmp_path / "record.xml")


def test_what_is_no_xml_proves_nothing(pki: DemoPki, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"%PDF-1.7")

    with pytest.raises(UnreadableFile):
        AgencyProof(load_trust([pki.roots]), {AGENCY_NAME}).record_in(tmp_path / "x")
