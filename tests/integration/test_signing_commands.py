"""`sohoa verify` and `sohoa renew` as a person and a script use them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.cli.signatures import renew, verify
from connector.demo.pki import DemoPki
from connector.domain.errors import ExitCode
from signing.signer import PaperSigner
from tests.integration.signed_paper import SignedPaper, sign_paper

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def signed(signer: PaperSigner, tmp_path_factory: pytest.TempPathFactory) -> SignedPaper:
    return sign_paper(signer, tmp_path_factory.mktemp("signed"))


def run(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])  # type: ignore[arg-type]


def test_verify_reports_one_object_a_file(signed: SignedPaper, pki: DemoPki) -> None:
    result = run(verify, "--json", "--trust", pki.roots, signed.paper, signed.metadata)

    paper, metadata = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == ExitCode.OK
    assert [each["field"] for each in paper["signatures"]] == ["NguoiSaoChup", "CoQuan"]
    assert set(metadata["signatures"][0]) == {
        "field", "signer", "role", "level", "signed_at", "intact", "trusted", "covers_whole_file", "modification",
    }  # fmt: skip


def test_verify_says_whether_metadata_belongs_to_a_paper(signed: SignedPaper, pki: DemoPki) -> None:
    own = run(verify, "--json", "--trust", pki.roots, "--paper", signed.paper, signed.metadata)
    other = run(verify, "--json", "--trust", pki.roots, "--paper", signed.personal, signed.metadata)

    assert (own.exit_code, json.loads(own.stdout)["belongs_to_paper"]) == (ExitCode.OK, True)
    assert (other.exit_code, json.loads(other.stdout)["belongs_to_paper"]) == (ExitCode.INVALID_SIGNATURE, False)


def test_verify_refuses_a_file_without_a_signature(signed: SignedPaper, pki: DemoPki) -> None:
    assert run(verify, "--trust", pki.roots, signed.scan).exit_code == ExitCode.INVALID_SIGNATURE


def test_renew_extends_a_file_in_place_once(
    signed: SignedPaper, pki: DemoPki, signer: PaperSigner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Path(shutil.copy(signed.personal, tmp_path))  # nothing of it outlives its certificates yet
    monkeypatch.setattr("connector.cli.signatures.load_settings", lambda file: None)
    monkeypatch.setattr("connector.cli.signatures.wiring.signer", lambda settings: signer)

    first, second = run(renew, "--json", paper), run(renew, "--json", paper)

    assert [json.loads(each.stdout)["renewed"] for each in (first, second)] == [True, False]
    assert run(verify, "--trust", pki.roots, paper).exit_code == ExitCode.OK
