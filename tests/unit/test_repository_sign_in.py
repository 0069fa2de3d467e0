"""From settings to a sign-in: what each way needs, and what never happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.app.connection import endpoint_of, endpoint_of_person
from connector.cmis.session import Endpoint, open_session
from connector.cmis.sign_in import AccessToken, CertificateAlone, KerberosTicket, Password
from connector.domain.errors import ConfigurationError, RepositoryError
from connector.sections import RepositorySettings


def entry(**settings: object) -> RepositorySettings:
    basis = {"id": "A1", "url": "https://ecm.example.vn/browser", "username": "sohoa", "mapping": "opencmis"}
    return RepositorySettings.model_validate({**basis, **settings})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "file"
    made.touch()
    return made


def test_each_way_takes_what_it_needs(file: Path) -> None:
    bearer = {"token_url": "https://idp/token", "client_id": "a", "client_secret": "b"}

    assert endpoint_of(entry(password="p")).sign_in == Password(username="sohoa", password="p")
    assert endpoint_of(entry(sign_in="bearer", refresh_token="r", **bearer)).sign_in == AccessToken(
        refresh_token="r", **bearer
    )
    assert endpoint_of(entry(sign_in="kerberos", principal="sohoa@VN", keytab=file)).sign_in == KerberosTicket(
        principal="sohoa@VN", keytab=file
    )
    with_certificate = endpoint_of(entry(sign_in="certificate", certificate=file, key=file))
    assert (with_certificate.sign_in, with_certificate.client_certificate) == (CertificateAlone(), (file, file))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "basic needs password"),
        ({"sign_in": "bearer", "client_id": "a"}, "bearer needs token_url, client_secret"),
        ({"sign_in": "kerberos"}, "kerberos needs principal, keytab"),
        ({"sign_in": "certificate"}, "needs certificate and key"),
        ({"password": "p", "certificate": "one.pem"}, "needs certificate and key"),
        ({"password": "p", "ca_file": "none.pem"}, "none.pem does not exist"),
    ],
)
def test_what_is_missing_is_named(settings: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        endpoint_of(entry(**settings))


def test_a_person_never_signs_in_with_what_the_service_account_has(file: Path) -> None:
    bearer = {"token_url": "https://idp/token", "client_id": "a", "client_secret": "b"}
    for ours in (
        {"password": "p"},
        {"sign_in": "bearer", **bearer},
        {"sign_in": "kerberos", "principal": "x", "keytab": file},
    ):
        theirs = endpoint_of_person(entry(**ours), "ha.ttt", "của Hà")
        assert (theirs.username, theirs.sign_in) == ("ha.ttt", Password(username="ha.ttt", password="của Hà"))

    with pytest.raises(ConfigurationError, match="by certificate"):
        endpoint_of_person(entry(sign_in="certificate", certificate=file, key=file), "ha.ttt", "của Hà")


def test_secrets_show_in_no_printed_form() -> None:
    settings = entry(
        sign_in="bearer", token_url="https://idp", client_id="a", client_secret="mật-1", refresh_token="mật-2"
    )

    shown = f"{settings!r} {settings.model_dump(mode='json')} {endpoint_of(settings)!r}"

    assert "mật" not in shown


def test_nothing_is_sent_in_the_clear_to_another_host_that_the_server_names() -> None:
    session = open_session(endpoint_of(entry(password="p")))

    with pytest.raises(RepositoryError, match="without TLS"):
        session.get("http://elsewhere.example.vn/browser")


def test_a_keytab_that_is_not_there_is_named() -> None:
    sign_in = KerberosTicket(principal="sohoa@VN", keytab=Path("none"))

    with pytest.raises(ConfigurationError, match=r"keytab|kerberos"):
        open_session(Endpoint(url="https://ecm/", repository_id="A1", username="sohoa", sign_in=sign_in))
