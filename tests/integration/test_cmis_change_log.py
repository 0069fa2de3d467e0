"""A change log and a lagging index, played at the HTTP transport before a real server: that server has neither."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from connector.cmis.atompub import AtomPubService
from connector.cmis.repository import CmisRepository
from connector.demo.ecm import DemoEcm
from connector.domain.paper import RepositoryObject
from connector.mapping.translate import Mapping
from tests.fixtures.ecm import repository_through

pytestmark = pytest.mark.integration

_ATOM = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:cmis="http://docs.oasis-open.org/ns/cmis/core/200908/" '
    'xmlns:cmisra="http://docs.oasis-open.org/ns/cmis/restatom/200908/"'
)

# object ids of one page, its next token, whether more follows
Page = tuple[list[str], str | None, bool]


@dataclass
class PlayedLog:
    """What the server answers for its log and its index; everything else is the server's own."""

    latest: str | None = "token-0"
    pages: dict[str, Page] = field(default_factory=dict)  # by the token asked for
    tells_of_probes: bool = True
    index_is_late: bool = False
    asked: list[str] = field(default_factory=list)
    says_tokens: bool = True  # AtomPub alone: a last page need not say where to go on
    _probes: list[str] = field(default_factory=list)

    def answer(self, request: requests.PreparedRequest) -> Any:
        """The played answer; None where the server is to answer."""
        url = str(request.url)
        if "/atom11" in url:
            return self._atom_answer(url)
        if "cmisselector=repositoryInfo" in url:
            return {"A1": {"repositoryId": "A1", "latestChangeLogToken": self.latest}}
        if "cmisselector=contentChanges" in url:
            token = url.partition("changeLogToken=")[2].partition("&")[0]
            self.asked.append(token)
            return self._page(token)
        if "cmisselector=query" in url and self.index_is_late:
            return {"results": [], "hasMoreItems": False}
        return None

    def _atom_answer(self, url: str) -> str | None:
        """The same as feeds; the service document is the server's own, with another token written into it."""
        if "/changes" in url:
            token = parse_qs(urlsplit(url).query).get("changeLogToken", [""])[0]
            self.asked.append(token)
            page = self._page(token)
            ids = [event["object"]["properties"]["cmis:objectId"]["value"] for event in page["objects"]]
            entries = "".join(
                '<entry><cmisra:object><cmis:properties><cmis:propertyId propertyDefinitionId="cmis:objectId">'
                f"<cmis:value>{each}</cmis:value></cmis:propertyId></cmis:properties></cmisra:object></entry>"
                for each in ids
            )
            onward = f"?changeLogToken={page['changeLogToken']}" if page["changeLogToken"] else ""
            more = f'<link rel="next" href="http://127.0.0.1/changes{onward}"/>' if page["hasMoreItems"] else ""
            said = page["changeLogToken"] if self.says_tokens and not more else None
            token_said = f'<c:changeLogToken xmlns:c="http://chemistry.apache.org/">{said}</c:changeLogToken>'
            return f"<feed {_ATOM}>{more}{token_said if said else ''}{entries}</feed>"
        if "/query" in url and self.index_is_late:
            return f"<feed {_ATOM}></feed>"
        return None

    def _page(self, token: str) -> Any:
        told = self._probes if token == "token-0" and self.tells_of_probes else []
        ids, next_token, more = self.pages.get(token, (told, token, False))
        events = [{"object": {"properties": {"cmis:objectId": {"type": "id", "value": each}}}} for each in ids]
        return {"objects": events, "hasMoreItems": more, "changeLogToken": next_token}

    def learn(self, answer: requests.Response) -> None:
        """A real log would tell of what is created; the service document names the played log's end."""
        if str(answer.url).rstrip("/").endswith("atom11"):
            own = f"<cmis:latestChangeLogToken>{self.latest}</cmis:latestChangeLogToken>" if self.latest else ""
            answer._content = re.sub(
                rb"<cmis:latestChangeLogToken>.*?</cmis:latestChangeLogToken>", own.encode(), answer.content
            )
        elif answer.status_code == 201 and "atom" in answer.headers.get("Content-Type", ""):
            self._probes += re.findall(r'"cmis:objectId"[^>]*><cmis:value>([^<]+)<', answer.text)[:1]
        elif answer.status_code == 201 and "json" in answer.headers.get("Content-Type", ""):
            made = answer.json().get("properties", {}).get("cmis:objectId", {}).get("value")
            self._probes.append(str(made))


class PlayedTransport(HTTPAdapter):
    def __init__(self, log: PlayedLog) -> None:
        self._log = log
        super().__init__()

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        played = self._log.answer(request)
        if played is None:
            answer = super().send(request, **options)
            if not options.get("stream"):
                self._log.learn(answer)
            return answer
        response = requests.Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        is_feed = isinstance(played, str)
        response.headers["Content-Type"] = "application/atom+xml" if is_feed else "application/json"
        response._content = (played if is_feed else json.dumps(played)).encode()
        return response


@pytest.fixture
def played() -> PlayedLog:
    return PlayedLog()


@pytest.fixture(params=["browser", "atompub"])
def repository(request: pytest.FixtureRequest, ecm: DemoEcm, mapping: Mapping, played: PlayedLog) -> CmisRepository:
    return repository_through(PlayedTransport(played), ecm, mapping, binding=request.param)


@pytest.fixture
def deposit(as_login: Callable[[str], CmisRepository], dossier_folder: str, tmp_path: Path) -> RepositoryObject:
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7")
    return as_login("ai").create_document(
        dossier_folder, "giấy.pdf", content, content_type="application/pdf", kind="paper"
    )


def ids(repository: CmisRepository, deposit: RepositoryObject) -> list[str]:
    return [found.object_id for found in repository.changed_since(deposit.modified_at)]


def test_the_embedded_servers_own_log_is_made_up_and_not_believed(cmis: CmisRepository) -> None:
    assert not cmis.self_test().change_log
    assert cmis.self_test().true_queries


def test_a_log_that_tells_of_the_canary_is_believed(repository: CmisRepository) -> None:
    assert repository.self_test().change_log


@pytest.mark.parametrize("latest", [None, "token-0"])
def test_a_log_without_a_token_or_without_the_canary_is_not(
    repository: CmisRepository, played: PlayedLog, latest: str | None
) -> None:
    played.latest, played.tells_of_probes = latest, False

    assert not repository.self_test().change_log


def test_what_the_index_does_not_show_yet_comes_from_the_log_until_it_does(
    repository: CmisRepository, played: PlayedLog, deposit: RepositoryObject
) -> None:
    assert repository.self_test().change_log
    played.pages["token-0"] = ([deposit.object_id], "token-1", False)
    played.index_is_late = True

    assert ids(repository, deposit) == [deposit.object_id]
    assert ids(repository, deposit) == [deposit.object_id]  # a document has to be seen twice before it is taken

    played.index_is_late = False
    assert ids(repository, deposit).count(deposit.object_id) == 1
    played.index_is_late = True
    assert ids(repository, deposit) == []


def test_overlapping_pages_repetitions_and_objects_that_are_gone_do_no_harm(
    repository: CmisRepository, played: PlayedLog, deposit: RepositoryObject
) -> None:
    repository.self_test()
    played.index_is_late = True
    played.pages["token-0"] = (["gone-1", deposit.object_id], "token-1", True)
    played.pages["token-1"] = (
        [deposit.object_id, "gone-2"],
        "token-2",
        True,
    )  # the first event again, as in the standard
    played.pages["token-2"] = ([deposit.object_id], "token-2", True)  # more of the same, for ever

    assert ids(repository, deposit) == [deposit.object_id]
    assert len(played.asked) < 10


def test_a_page_without_a_token_ends_the_reading(
    repository: CmisRepository, played: PlayedLog, deposit: RepositoryObject
) -> None:
    repository.self_test()
    played.index_is_late = True
    played.pages["token-0"] = ([deposit.object_id], None, True)

    assert ids(repository, deposit) == [deposit.object_id]
    assert played.asked[-1] == "token-0"


def test_folders_strays_and_technical_types_in_the_log_are_left_out(
    repository: CmisRepository, played: PlayedLog, deposit: RepositoryObject, dossier_folder: str
) -> None:
    repository.self_test()
    plain = repository.create_folder(dossier_folder, "_sohoa")
    played.pages["token-0"] = ([plain.object_id, dossier_folder], "token-1", False)
    played.index_is_late = True

    assert ids(repository, deposit) == [dossier_folder]


def test_an_index_that_shows_nothing_is_not_called_a_lie(
    repository: CmisRepository, played: PlayedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.cmis.repository._DATABASE_SECONDS", 0.5)
    played.index_is_late = True

    seen = repository.self_test()

    assert (seen.true_queries, seen.lies, seen.lag_seconds) == (False, False, None)


def test_folders_are_listed_until_the_index_has_caught_up(
    repository: CmisRepository, played: PlayedLog, deposit: RepositoryObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.cmis.repository._DATABASE_SECONDS", 0.5)
    monkeypatch.setattr("connector.cmis.repository._RETEST_SECONDS", 0.0)
    played.index_is_late = True
    assert deposit.object_id in ids(repository, deposit)

    played.index_is_late = False

    assert deposit.object_id in ids(repository, deposit)
    assert repository.self_test().true_queries


def test_a_feed_that_never_says_a_token_is_read_on_from_where_the_log_ended(
    repository: CmisRepository, played: PlayedLog, deposit: RepositoryObject
) -> None:
    repository.self_test()
    played.index_is_late, played.says_tokens = True, False
    played.pages["token-0"] = ([deposit.object_id], "token-0", False)
    assert ids(repository, deposit) == [deposit.object_id]

    played.latest = "token-7"
    ids(repository, deposit)
    ids(repository, deposit)

    assert played.asked[-1] == ("token-7" if isinstance(repository.service, AtomPubService) else "token-0")
