"""Signing in."""

from __future__ import annotations

import base64

import pytest

from connector.soap.faults import Fault
from connector.soap.security import Client, HttpRequest, PasswordGate, hash_password, verify_password

PASSWORD = "mật:khẩu"
GATE = PasswordGate([Client(name="portal", password_hash=hash_password(PASSWORD)), Client(name="by-certificate")])


def request(authorization: str, *, peer: str | None = "127.0.0.1", scheme: str = "http") -> HttpRequest:
    return HttpRequest(
        method="POST", path="/", query="", scheme=scheme, peer=peer, headers={"authorization": authorization}
    )


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_hash_fits_its_password_only_and_is_salted() -> None:
    one, two = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != two
    assert verify_password(PASSWORD, one)
    assert not verify_password(PASSWORD + " ", one)


@pytest.mark.parametrize("broken", ["", "plain", "md5$a$b", "scrypt$a$b$c", "scrypt$$", "scrypt$****$****"])
def test_a_hash_that_is_none_of_ours_fits_nothing(broken: str) -> None:
    assert not verify_password("", broken)


@pytest.mark.parametrize(
    ("peer", "scheme"), [("127.0.0.1", "http"), ("::1", "http"), (None, "http"), ("10.0.0.1", "https")]
)
def test_a_password_is_taken_where_nobody_can_read_along(peer: str | None, scheme: str) -> None:
    for _ in range(2):  # the second time from memory
        assert GATE.knock(request(basic("portal", PASSWORD), peer=peer, scheme=scheme)).name == "portal"


def test_a_password_in_the_open_is_not_even_looked_at() -> None:
    with pytest.raises(Fault) as caught:
        GATE.knock(request(basic("portal", PASSWORD), peer="10.0.0.1"))
    assert caught.value.http_status == 403


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"portal").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        basic("", PASSWORD),
        basic("portal", "wrong"),
        basic("nobody", PASSWORD),
        basic("by-certificate", ""),
        "Bearer " + base64.b64encode(b"portal:x").decode(),
        basic("portal", PASSWORD) + ", " + basic("portal", PASSWORD),
    ],
)
def test_everyone_else_is_a_stranger(authorization: str) -> None:
    with pytest.raises(Fault) as caught:
        GATE.knock(request(authorization))
    assert caught.value.http_status == 401
