"""An agency whose key lies at a remote signing service (Cloud Signature Consortium API)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connector.domain.errors import ConfigurationError, KeyUnavailable, SigningError, WrongPin
from signing.csc import CscKey
from signing.keys import Pkcs12Key, open_key
from signing.signer import PaperSigner, verify_file
from signing.trust import Trust
from tests.fakes.csc_service import CLIENT, PIN, SECRET, csc_service
from tests.integration.signed_paper import sign_paper

pytestmark = pytest.mark.integration


def remote(url: str) -> CscKey:
    return CscKey(url=url, credential="con-dau", client_id=CLIENT, client_secret=SECRET, pin=PIN)


@pytest.mark.parametrize("holder", ["agency-file", "scanner-curve"], ids=["RSA", "P-256"])
def test_papers_and_metadata_are_signed_at_the_service(
    office_of: Callable[..., PaperSigner],
    key_file: Callable[[str], Pkcs12Key],
    holder: str,
    offline: Trust,
    tmp_path: Path,
) -> None:
    with csc_service(key_file(holder)) as (url, service):
        signed = sign_paper(office_of(agency_key=remote(url)), tmp_path)

    reports = [*verify_file(signed.paper, offline), *verify_file(signed.metadata, offline)]
    assert [report.is_valid for report in reports] == [True, True, True]
    assert "12/QĐ" not in json.dumps(service.requests, ensure_ascii=False), "only digests leave the house"


def test_a_token_that_has_lapsed_is_asked_for_again(key_file: Callable[[str], Pkcs12Key]) -> None:
    with csc_service(key_file("agency-file")) as (url, service):
        opened = open_key(remote(url))
        service.tokens.clear()

        assert opened.xml_key.sign(b"data")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pin": "1"}, WrongPin),
        ({"client_secret": "wrong"}, ConfigurationError),
        ({"credential": "nobody"}, SigningError),
        ({"url": "http://127.0.0.1:9"}, KeyUnavailable),
        ({"url": "http://example.invalid"}, ConfigurationError),
    ],
    ids=["PIN", "sign-in", "credential", "service down", "no TLS"],
)
def test_what_the_service_refuses_has_its_name_and_no_secret(
    key_file: Callable[[str], Pkcs12Key], change: dict[str, str], error: type[Exception]
) -> None:
    with csc_service(key_file("agency-file")) as (url, _), pytest.raises(error) as raised:
        open_key(replace(remote(url), **change)).xml_key.sign(b"data")

    assert not any(secret in str(raised.value) for secret in (SECRET, "wrong"))
