"""The WS-Security UsernameToken with a password digest."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

from lxml import etree

from connector.soap.security import Client, not_signed_in
from connector.soap.wsse import WSSE, WSU, check_fresh, only

TOKEN = f"{{{WSSE}}}UsernameToken"
_DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
_SHORTEST_NONCE = 8


def verify_token(security: etree._Element, clients: Mapping[str, Client], now: dt.datetime) -> tuple[Client, str]:
    """The client whose shared secret the digest proves, and the nonce. Raises Fault.

    The digest is SHA-1 of nonce, time and secret: it proves who asks and binds nothing of the message, so it is
    taken only where nobody can read along, and each nonce once. A password in plain text is not taken.
    """
    token = only(security, TOKEN)
    password = token.find(f"{{{WSSE}}}Password")
    created = token.findtext(f"{{{WSU}}}Created", "")
    client = clients.get(token.findtext(f"{{{WSSE}}}Username", ""))
    if password is None or password.get("Type") != _DIGEST or client is None or client.shared_secret is None:
        raise not_signed_in(client.name if client else None)
    check_fresh(created, now)
    nonce = _decoded(token.findtext(f"{{{WSSE}}}Nonce", ""))
    proof = hashlib.sha1(nonce + created.encode() + client.shared_secret.encode(), usedforsecurity=False).digest()
    if len(nonce) < _SHORTEST_NONCE or not hmac.compare_digest(proof, _decoded(password.text or "")):
        raise not_signed_in(client.name)
    return client, base64.b64encode(nonce).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise not_signed_in() from error
