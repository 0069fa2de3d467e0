"""Signing in with a Kerberos ticket: a real domain controller, and a guard that asks for tickets before a real ECM."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from connector.cmis.repository import CmisRepository
from connector.cmis.session import Endpoint
from connector.cmis.sign_in import KerberosTicket
from connector.demo.ecm import DemoEcm
from connector.domain.errors import PermissionDenied, RepositoryUnavailable
from connector.mapping.translate import Mapping
from tests.fixtures.domain_controller import REALM, Domain
from tests.fixtures.guarded_ecm import guarded

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture
def domain(tmp_path: Path) -> Iterator[Domain]:
    with Domain(tmp_path).running() as running:
        yield running


class Tickets:
    """Takes tickets for HTTP/localhost, and remembers whose they were."""

    def __init__(self, keytab: Path) -> None:
        self._store = {"keytab": f"FILE:{keytab}"}
        self.seen: list[str] = []

    def guard(self, authorization: str) -> tuple[int, dict[str, str]]:
        kind, _, ticket = authorization.partition(" ")
        if kind != "Negotiate":
            return 401, {"WWW-Authenticate": "Negotiate"}
        import gssapi  # from requirements-slow.lock: the quick tests collect this module without it

        context = gssapi.SecurityContext(creds=gssapi.Credentials(usage="accept", store=self._store), usage="accept")
        answer = context.step(base64.b64decode(ticket))
        self.seen.append(str(context.initiator_name))
        return 200, {"WWW-Authenticate": f"Negotiate {base64.b64encode(answer or b'').decode()}"}


def test_a_ticket_signs_in_for_every_call_and_a_file_is_sent_once(
    domain: Domain, ecm: DemoEcm, mapping: Mapping, tmp_path: Path
) -> None:
    keytab, tickets = domain.keytab("sohoa"), Tickets(domain.keytab("HTTP/localhost"))
    content = tmp_path / "x.pdf"
    content.write_bytes(b"%PDF-1.7" + bytes(2_000_000))

    with guarded(ecm, tmp_path, tickets.guard) as site:
        repository = CmisRepository(
            endpoint(site.url, KerberosTicket(principal=f"sohoa@{REALM}", keytab=keytab), tmp_path), mapping
        )
        folder = repository.create_folder(repository.folder_at("/Hồ sơ").object_id, uuid4().hex, kind="dossier")
        before = len(tickets.seen)
        made = repository.create_document(
            folder.object_id, "giấy.pdf", content, content_type="application/pdf", kind="technical"
        )
        assert len(tickets.seen) - before <= 2  # the type's definition, and the file

    assert made.content_length == content.stat().st_size
    assert set(tickets.seen) == {f"sohoa@{REALM}"}


def test_a_refusal_is_told_apart_from_a_domain_that_is_away(
    domain: Domain, ecm: DemoEcm, mapping: Mapping, tmp_path: Path
) -> None:
    keytab = domain.keytab("sohoa")
    ours = KerberosTicket(principal=f"sohoa@{REALM}", keytab=keytab)

    with guarded(ecm, tmp_path, lambda _: (401, {"WWW-Authenticate": "Negotiate"})) as site:
        with pytest.raises(PermissionDenied):  # the domain knows no HTTP/localhost
            CmisRepository(endpoint(site.url, ours, tmp_path), mapping)
        with pytest.raises(PermissionDenied):
            someone = KerberosTicket(principal=f"ai@{REALM}", keytab=keytab)
            CmisRepository(endpoint(site.url, someone, tmp_path), mapping)
        domain.stop()
        with pytest.raises(RepositoryUnavailable):
            CmisRepository(endpoint(site.url, ours, tmp_path), mapping)


def endpoint(url: str, sign_in: KerberosTicket, folder: Path) -> Endpoint:
    return Endpoint(
        url=url, repository_id="A1", username="sohoa", sign_in=sign_in, ca_file=folder / "authority.pem",
        timeout_seconds=10,
    )  # fmt: skip
