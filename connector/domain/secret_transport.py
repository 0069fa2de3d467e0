"""Where a password, a PIN or a token may travel."""

from __future__ import annotations

from urllib.parse import urlsplit

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def stays_here(host: str | None) -> bool:
    """Whether this host's name is the machine itself: what goes there crosses no line."""
    return host in _THIS_MACHINE


def keeps_secrets(url: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or the machine itself."""
    address = urlsplit(url)
    return address.scheme == "https" or stays_here(address.hostname)
