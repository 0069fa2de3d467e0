"""The HTTP side: time-outs on every call, retries only where a call may be repeated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from cmislib.browser.binding import BrowserBinding
from cmislib.model import CmisClient
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from connector.cmis.faults import CmisFault
from connector.cmis.sign_in import Password, SignIn
from connector.domain.errors import RepositoryError, RepositoryUnavailable

PAGE = 200  # objects asked for at once
CHUNK = 256 * 1024

_RETRIES = 3
_LONGEST_WAIT = 60  # seconds; a server that asks for more is away


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a repository is and how we sign in.

    ``username``: what the repository calls us, however we sign in. ``sign_in``: instead of name and password.
    ``client_certificate``: its file and its key's, shown where a server asks for one, beside any sign-in.
    """

    url: str
    repository_id: str
    username: str
    password: str = field(default="", repr=False)
    sign_in: SignIn | None = None
    client_certificate: tuple[Path, Path] | None = None
    ca_file: Path | None = None
    timeout_seconds: float = 30.0
    binding: str = "browser"  # or "atompub", for servers that speak CMIS 1.0


def open_session(endpoint: Endpoint) -> requests.Session:
    """A session that signs in, waits no longer than it may, and heeds no proxy of the environment.

    Raises ConfigurationError where the sign-in cannot work.
    """
    session = _plain_session(endpoint)
    sign_in = endpoint.sign_in or Password(username=endpoint.username, password=endpoint.password)
    session.auth = sign_in.authentication(_plain_session(endpoint))
    if endpoint.url.startswith("https:"):
        session.mount("http://", _NeverInTheClear(endpoint))
    return session


def _plain_session(endpoint: Endpoint) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = str(endpoint.ca_file) if endpoint.ca_file else True
    if endpoint.client_certificate:
        session.cert = (str(endpoint.client_certificate[0]), str(endpoint.client_certificate[1]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Transport(endpoint.timeout_seconds))
    return session


class _Transport(HTTPAdapter):
    """A default time-out, and retries of GET alone that honour Retry-After."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        retries = Retry(
            total=_RETRIES,
            backoff_factor=0.3,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET",),
            respect_retry_after_header=True,
            retry_after_max=_LONGEST_WAIT,
            raise_on_status=False,
        )
        super().__init__(max_retries=retries, pool_maxsize=16)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        if options.get("timeout") is None:
            options["timeout"] = self._timeout
        return super().send(request, **options)


class _NeverInTheClear(_Transport):
    """A server behind a TLS proxy may name its own addresses without TLS: they are asked over TLS all the same."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.timeout_seconds)
        self._ours = urlsplit(endpoint.url)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        named = urlsplit(str(request.url))
        if named.hostname != self._ours.hostname:
            raise RepositoryError("the server names an address without TLS on another host: mend its public address")
        request.url = named._replace(scheme=self._ours.scheme, netloc=self._ours.netloc).geturl()
        return super().send(request, **options)


class SafeBinding(BrowserBinding):  # type: ignore[misc]
    """cmislib's browser binding without its leak of keyword arguments, and with errors told apart."""

    def get(self, url: str, session: requests.Session, **parameters: Any) -> Any:
        """JSON of an answer; content is read by ``stream`` so that a JSON document is not taken for one."""
        return _json(self._answer(session.get, url, params=parameters))

    def post(self, url: str, session: requests.Session, payload: Any, contentType: str, **parameters: Any) -> Any:
        """JSON of an answer, None where there is none."""
        headers = {"Content-Type": contentType}
        # a redirected POST would become a GET: nothing written, and nobody the wiser
        options = {"params": parameters, "data": payload, "headers": headers, "allow_redirects": False}
        response = self._answer(session.post, url, **options)
        if response.is_redirect:
            raise RepositoryError("a POST was redirected: use the address the server names in its repository info")
        return _json(response) if response.content else None

    def stream(self, url: str, session: requests.Session, **parameters: Any) -> requests.Response:
        """An open answer whose body the caller reads and closes."""
        return self._answer(session.get, url, params=parameters, stream=True)

    def _answer(self, call: Any, url: str, **options: Any) -> requests.Response:
        try:
            response: requests.Response = call(url, **options)
        except CmisFault as fault:
            raise fault.error from fault
        except requests.RequestException as error:
            raise RepositoryUnavailable(type(error).__name__) from error
        return response

    def _processCommonErrors(self, response: requests.Response) -> None:
        raise CmisFault(response)


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        # a sign-in page or a proxy's excuse, with status 200
        raise RepositoryUnavailable("the answer is not JSON") from error


class SafeClient(CmisClient):  # type: ignore[misc]
    """cmislib's client over a session of ours."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.url, endpoint.username, endpoint.password, binding=SafeBinding())
        self.extArgs: dict[str, Any] = {}  # cmislib would send `binding=` with every call
        self.session = open_session(endpoint)
        self.session.hooks = {"response": self._check_response_status}

    def open_repository(self, repository_id: str) -> Any:
        """The repository's information. Raises RepositoryError where the service document has no such id."""
        try:
            return self.getRepository(repository_id)
        except CmisFault as fault:
            raise fault.error from fault
        except (KeyError, ValueError, AttributeError) as error:
            raise RepositoryError("the service document is not a browser binding's") from error
