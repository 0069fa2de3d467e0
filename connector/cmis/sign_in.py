"""How we sign in to a repository: password, access token, client certificate, Kerberos ticket."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote_plus

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from connector.domain.errors import ConfigurationError, PermissionDenied, RepositoryUnavailable
from connector.domain.secret_transport import keeps_secrets

_MARGIN = 30.0  # seconds: a token is renewed so long before it lapses
# RFC 6749, 5.2: what a token service may say of a refusal; anything else stays out of our texts
_REFUSALS = ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope")


class SignIn(Protocol):
    """One way to sign in."""

    def authentication(self, connections: requests.Session) -> AuthBase | None:
        """What signs each request; ``connections`` are those that the repository is reached by."""
        ...


@dataclass(frozen=True, kw_only=True)
class Password(SignIn):
    """HTTP Basic (RFC 7617), in UTF-8."""

    username: str
    password: str = field(repr=False)

    def authentication(self, connections: requests.Session) -> AuthBase | None:
        """The same header with every request."""
        return HTTPBasicAuth(self.username.encode(), self.password.encode())


@dataclass(frozen=True, kw_only=True)
class CertificateAlone(SignIn):
    """Nothing but the client certificate of the connection: who stands before the repository says who we are."""

    def authentication(self, connections: requests.Session) -> AuthBase | None:
        """None."""
        return None


@dataclass(frozen=True, kw_only=True)
class AccessToken(SignIn):
    """A bearer token (RFC 6750) from an OAuth service: by refresh token where there is one, else as a client.

    A service that hands out a new refresh token with each use invalidates the one of the settings: there, and where
    several processes sign in, the client's own credentials are the way.
    """

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    scope: str | None = None

    def authentication(self, connections: requests.Session) -> AuthBase | None:
        """Raises ConfigurationError where the secret would travel in the clear."""
        if not keeps_secrets(self.token_url):
            raise ConfigurationError("token_url: a token service is asked over https alone")
        return _Bearer(_Tokens(self, connections))


class _Tokens:
    """The access token of now, shared by all threads."""

    def __init__(self, sign_in: AccessToken, connections: requests.Session) -> None:
        self._sign_in = sign_in
        self._connections = connections
        self._refresh_token = sign_in.refresh_token
        self._token = ""
        self._lapses_at = 0.0
        self._lock = threading.Lock()

    def current(self) -> str:
        """A token that holds for a while yet."""
        with self._lock:
            if not self._token or time.monotonic() >= self._lapses_at:
                self._renew()
            return self._token

    def refused(self, token: str) -> None:
        """The repository does not take this token any more."""
        with self._lock:
            if token == self._token:
                self._token = ""

    def _renew(self) -> None:
        answer = self._ask()
        try:
            token, lifetime = str(answer["access_token"]), float(answer.get("expires_in") or 3600)
        except (KeyError, TypeError, ValueError) as error:
            raise RepositoryUnavailable("the token service answered without a token") from error
        self._token = token
        self._lapses_at = time.monotonic() + max(lifetime - _MARGIN, lifetime / 2)
        self._refresh_token = answer.get("refresh_token") or self._refresh_token

    def _ask(self) -> Any:
        form = {"grant_type": "client_credentials"}
        if self._refresh_token:
            form = {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        if self._sign_in.scope:
            form["scope"] = self._sign_in.scope
        # RFC 6749, 2.3.1: both parts are form-encoded before they are joined
        client = HTTPBasicAuth(quote_plus(self._sign_in.client_id), quote_plus(self._sign_in.client_secret))
        try:
            answer = self._connections.post(
                self._sign_in.token_url, data=form, auth=client, allow_redirects=False,
                headers={"Accept": "application/json"}, hooks={"response": []},
            )  # fmt: skip
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise RepositoryUnavailable(f"the token service: {type(error).__name__}") from error
        if answer.status_code in (400, 401, 403):
            named = said.get("error") if isinstance(said, dict) else None
            raise PermissionDenied(f"the token service refuses: {named if named in _REFUSALS else 'no reason given'}")
        if answer.status_code != 200:
            raise RepositoryUnavailable(f"the token service: HTTP {answer.status_code}")
        return said


class _Bearer(AuthBase):
    """Puts the token of now on each request; one that is refused is renewed and the request sent again, once."""

    def __init__(self, tokens: _Tokens) -> None:
        self._tokens = tokens

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._tokens.current()}"
        request.register_hook("response", self._renewed)  # type: ignore[no-untyped-call]
        return request

    def _renewed(self, response: requests.Response, **options: Any) -> requests.Response:
        if response.status_code != 401:
            return response
        request = response.request
        self._tokens.refused(str(request.headers["Authorization"]).removeprefix("Bearer "))
        if not isinstance(request.body, str | bytes | None):
            # a streamed file is read already: the whole step is done again, with another token
            raise RepositoryUnavailable("the access token was refused in the middle of an upload")
        _ = response.content  # else its connection is not free
        response.close()
        again = request.copy()
        again.headers["Authorization"] = f"Bearer {self._tokens.current()}"
        sent: requests.Response = response.connection.send(again, **options)
        sent.history.append(response)
        return sent


@dataclass(frozen=True, kw_only=True)
class KerberosTicket(SignIn):
    """SPNEGO (RFC 4559) with a keytab, for domains that give service accounts no password."""

    principal: str
    keytab: Path

    def authentication(self, connections: requests.Session) -> AuthBase | None:
        """Raises ConfigurationError where the optional packages or the keytab are missing."""
        try:
            from connector.cmis.kerberos import TicketAuthentication
        except ImportError as error:
            raise ConfigurationError(
                "sign_in = kerberos needs optional packages: pip install 'sohoa[kerberos]'"
            ) from error
        if not self.keytab.is_file():
            raise ConfigurationError(f"keytab: {self.keytab} does not exist")
        return TicketAuthentication(self.principal, self.keytab)
