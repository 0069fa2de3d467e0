"""Signing in with access tokens, certificates and Kerberos tickets: real services, and a real ECM behind them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.sign_in import AccessToken, CertificateAlone, SignIn
from connector.demo.ecm import DemoEcm
from connector.domain.errors import ConfigurationError, PermissionDenied, RepositoryError, RepositoryUnavailable
from connector.mapping.translate import Mapping
from tests.fixtures.authority import Authority
from tests.fixtures.guarded_ecm import TokenService, guarded

pytestmark = pytest.mark.integration


@pytest.fixture
def tokens() -> Iterator[TokenService]:
    with TokenService().running() as running:
        yield running


@pytest.fixture
def address(ecm: DemoEcm, tokens: TokenService, tmp_path: Path) -> Iterator[str]:
    with guarded(ecm, tmp_path, tokens.guard) as site:
        yield site.url


def as_client(tokens: TokenService, **changes: str) -> AccessToken:
    return AccessToken(**{"token_url": tokens.url, "client_id": "sổ hóa", "client_secret": "bí+mật", **changes})


def endpoint(url: str, sign_in: SignIn, folder: Path) -> Endpoint:
    return Endpoint(
        url=url, repository_id="A1", username="sohoa", sign_in=sign_in, ca_file=folder / "authority.pem",
        timeout_seconds=10,
    )  # fmt: skip


def test_one_token_serves_many_calls_and_large_uploads(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path
) -> None:
    repository = CmisRepository(endpoint(address, as_client(tokens, scope="ecm"), tmp_path), mapping)
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7" + bytes(3_000_000))
    folder = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, str(time.time()), kind="dossier")

    made = repository.create_document(
        folder.object_id, "giấy.pdf", content, content_type="application/pdf", kind="paper"
    )

    assert repository.get(made.object_id).content_length == content.stat().st_size
    assert tokens.forms == [{"grant_type": "client_credentials", "scope": "ecm"}]


def test_a_refused_token_is_renewed_and_the_call_repeated(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path
) -> None:
    repository = CmisRepository(endpoint(address, as_client(tokens), tmp_path), mapping)
    tokens.valid.clear()  # the service has started anew and knows its tokens no more

    made = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, str(time.time()), kind="dossier")
    tokens.valid.clear()
    repository.update(made, {"dossier_code": "HS-7"})

    assert repository.get(made.object_id).properties["dossier_code"] == "HS-7"
    assert len(tokens.forms) == 3


def test_an_upload_that_meets_a_refused_token_is_to_be_tried_again(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path
) -> None:
    repository = CmisRepository(endpoint(address, as_client(tokens), tmp_path), mapping)
    folder = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, str(time.time()), kind="dossier")
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7")

    def upload(name: str) -> None:
        repository.create_document(folder.object_id, name, content, content_type="application/pdf", kind="paper")

    upload("một.pdf")
    tokens.valid.clear()
    with pytest.raises(RepositoryUnavailable):
        upload("hai.pdf")
    upload("hai.pdf")

    assert len(list(repository.children(folder.object_id))) == 2


def test_a_token_is_renewed_before_it_lapses(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.cmis.sign_in._MARGIN", 3600.0)
    tokens.lifetime = 0.5
    repository = CmisRepository(endpoint(address, as_client(tokens), tmp_path), mapping)
    time.sleep(0.3)
    asked = len(tokens.forms)

    repository.folder_at("/")

    assert len(tokens.forms) == asked + 1


def test_a_refresh_token_that_changes_with_each_use_is_followed(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path
) -> None:
    tokens.refresh_tokens = {"refresh-0"}
    repository = CmisRepository(endpoint(address, as_client(tokens, refresh_token="refresh-0"), tmp_path), mapping)
    tokens.valid.clear()

    repository.folder_at("/")

    assert [form["refresh_token"] for form in tokens.forms] == ["refresh-0", "refresh-1"]


@pytest.mark.parametrize("changes", [{"client_secret": "sai"}, {"refresh_token": "old"}])
def test_a_refusal_of_the_token_service_is_no_passing_trouble_and_shows_no_secret(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path, changes: dict[str, str]
) -> None:
    with pytest.raises(PermissionDenied, match=r"invalid_(client|grant)") as raised:
        CmisRepository(endpoint(address, as_client(tokens, **changes), tmp_path), mapping)

    assert not any(secret in str(raised.value) for secret in ("sai", "old", "who is"))


def test_a_token_service_that_is_away_is_waited_for(
    address: str, tokens: TokenService, mapping: Mapping, tmp_path: Path
) -> None:
    tokens.broken = True
    with pytest.raises(RepositoryUnavailable, match="503"):
        CmisRepository(endpoint(address, as_client(tokens), tmp_path), mapping)
    with pytest.raises(RepositoryUnavailable, match="ConnectionError"):
        CmisRepository(endpoint(address, as_client(tokens, token_url="http://127.0.0.1:1/"), tmp_path), mapping)


def test_the_secret_never_travels_in_the_clear(address: str, mapping: Mapping, tmp_path: Path) -> None:
    sign_in = AccessToken(token_url="http://idp.example.vn/token", client_id="a", client_secret="b")

    with pytest.raises(ConfigurationError, match="https"):
        CmisRepository(endpoint(address, sign_in, tmp_path), mapping)


def test_a_client_certificate_alone_signs_in_and_without_one_nothing_opens(
    ecm: DemoEcm, mapping: Mapping, tmp_path: Path
) -> None:
    asked = []

    def guard(authorization: str) -> tuple[int, dict[str, str]]:
        asked.append(authorization)
        return 200, {}

    with guarded(ecm, tmp_path, guard, certificates=True) as site:
        identities = site.authority.issue("sohoa"), Authority(tmp_path, "elsewhere").issue("foreign")
        ours, foreign = ((each.certificate, each.key) for each in identities)
        bare = endpoint(site.url, CertificateAlone(), tmp_path)

        repository = CmisRepository(replace(bare, client_certificate=ours), mapping)

        assert repository.folder_at("/Hồ sơ").is_folder
        assert set(asked) == {""}  # no name, no password
        for shut_out in (bare, replace(bare, client_certificate=foreign)):
            with pytest.raises(RepositoryError):
                CmisRepository(shut_out, mapping)
