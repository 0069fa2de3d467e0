"""One PKCS#11 session for each token in this process; opened again when it is lost."""

from __future__ import annotations

from pathlib import Path

import pkcs11

from connector.domain.errors import ConfigurationError, KeyUnavailable, WrongPin

_sessions: dict[tuple[Path, str], pkcs11.Session] = {}


def open_session(module: Path, token: str, pin: str) -> pkcs11.Session:
    """The process's session on a token, signed in.

    Raises ConfigurationError where module or token are not there, WrongPin, KeyUnavailable.
    """
    known = _sessions.get((module, token))
    if known is not None:
        if _alive(known):
            return known
        close_session(module, token)
    if not module.is_file():
        raise ConfigurationError(f"there is no PKCS#11 module {module}")
    try:
        session = pkcs11.lib(str(module)).get_token(token_label=token).open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLocked, pkcs11.PinLenRange) as error:
        raise WrongPin(type(error).__name__) from error
    except pkcs11.NoSuchToken as error:
        raise KeyUnavailable(f"token {token} is not there") from error
    except pkcs11.PKCS11Error as error:
        raise KeyUnavailable(type(error).__name__) from error
    except (RuntimeError, OSError) as error:
        raise ConfigurationError(f"the PKCS#11 module {module} cannot be loaded") from error
    _sessions[module, token] = session
    return session


def close_session(module: Path, token: str) -> None:
    """Forget a session; the next signature opens another."""
    session = _sessions.pop((module, token), None)
    if session is None:
        return
    try:
        session.close()
    except pkcs11.PKCS11Error:
        return  # it was lost already


def _alive(session: pkcs11.Session) -> bool:
    """A lost login hides the private objects: it has to be asked for, no call says so."""
    try:
        session.generate_random(8)  # a search on a lost session would complain once more when it is thrown away
        keys = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
        return bool(list(keys))
    except pkcs11.PKCS11Error:
        return False
