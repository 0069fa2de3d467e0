"""The change log over AtomPub: a feed that often does not say where to go on (CMIS 1.1, 3.9.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree

from connector.cmis.atom_reading import PropertyKinds, find_all, next_page, text_at
from connector.domain.errors import NotSupported

_CHANGES = "http://docs.oasis-open.org/ns/cmis/link/200908/changes"
_CHEMISTRY = "{http://chemistry.apache.org/}changeLogToken"  # what servers built with OpenCMIS add


class ChangeFeed:
    """One repository's feed; ``workspace`` asks for its part of the service document anew."""

    def __init__(
        self, workspace: Callable[[], etree._Element], get: Callable[[str], etree._Element], kinds: PropertyKinds
    ) -> None:
        self._workspace = workspace
        self._get = get
        self._kinds = kinds

    def latest_token(self) -> str | None:
        """Where the log ends now; None where there is none."""
        return text_at(self._workspace(), "cmisra:repositoryInfo/cmis:latestChangeLogToken")

    def page(self, token: str | None, size: int) -> tuple[Sequence[str], str | None, bool]:
        """The objects of one page of events, the token to go on from, and whether there is more now.

        A last page without a token ends where the log ended before it was asked for: what came meanwhile is read twice.
        Raises NotSupported where there is no such feed.
        """
        workspace = self._workspace()
        latest = text_at(workspace, "cmisra:repositoryInfo/cmis:latestChangeLogToken")
        links = {link.get("rel"): link.get("href", "") for link in find_all(workspace, "atom:link")}
        if not links.get(_CHANGES):
            raise NotSupported("the server has no feed of changes")
        arguments = {"maxItems": str(size), **({"changeLogToken": token} if token is not None else {})}
        joint = "&" if "?" in links[_CHANGES] else "?"
        feed = self._get(f"{links[_CHANGES]}{joint}{urlencode(arguments)}")
        events = [self._kinds.read_object(entry)["properties"] for entry in find_all(feed, "atom:entry")]
        ids = [str(event["cmis:objectId"]["value"]) for event in events if event.get("cmis:objectId", {}).get("value")]
        following = next_page(feed)
        return ids, feed.findtext(_CHEMISTRY) or _token_of(following) or latest, following is not None


def _token_of(address: str | None) -> str | None:
    found = parse_qs(urlsplit(address or "").query).get("changeLogToken")
    return found[0] if found else None
