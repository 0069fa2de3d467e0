"""The national portal, played with zeep: finds, pulls, compares, acknowledges."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from requests.auth import HTTPBasicAuth
from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.transports import Transport

_SECONDS = 120
_PURPOSE = "Giải quyết thủ tục hành chính trên Cổng dịch vụ công (dữ liệu thử)"


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """One paper as it arrived; ``unchanged`` when its bytes are those the service promised."""

    paper_id: str
    digitization_code: str
    content: bytes
    sha256: str
    promised_sha256: str
    metadata: Any
    acknowledged: bool

    @property
    def unchanged(self) -> bool:
        """Whether hash and acknowledgement agree."""
        return self.sha256 == self.promised_sha256 and self.acknowledged


class Portal:
    """A caller that knows nothing but the WSDL's address and its password."""

    def __init__(self, endpoint: str, *, username: str, password: str, purpose: str = _PURPOSE) -> None:
        self._purpose = purpose
        self._session = requests.Session()
        self._session.trust_env = False  # a CA bundle or proxy of the environment would override ours
        # as bytes: a str would go out in Latin-1
        self._session.auth = HTTPBasicAuth(username.encode(), password.encode())
        make_transport: Any = Transport  # zeep is typed by halves
        make_client: Any = Client
        self._client = make_client(
            f"{endpoint}?wsdl",
            transport=make_transport(session=self._session, timeout=_SECONDS, operation_timeout=_SECONDS),
            settings=Settings(strict=True, forbid_dtd=True),
        )

    @property
    def service(self) -> Any:
        """The operations as zeep offers them, for whoever wants to call one by hand."""
        service: Any = self._client.service
        return service

    def search(self, **criteria: object) -> Iterator[Any]:
        """Every paper that fits, over all pages; criteria by the names of the contract, MaSoHoa for one."""
        token = None
        while True:
            page = self.service.SearchDocuments(MucDich=self._purpose, MaTrang=token, **criteria)
            yield from page.TaiLieu
            token = page.MaTrangTiep
            if token is None:
                return

    def pull(self, paper_id: str) -> Pulled:
        """Get a paper with MTOM and its metadata, compare SHA-256, acknowledge what arrived."""
        metadata = self.service.GetMetadata(MucDich=self._purpose, MaTaiLieu=paper_id)
        self._session.headers["Accept"] = "multipart/related, text/xml"
        try:
            answer = self.service.GetDocument(MucDich=self._purpose, MaTaiLieu=paper_id)
        finally:
            del self._session.headers["Accept"]
        return self._received(metadata, answer)

    def _received(self, metadata: Any, answer: Any) -> Pulled:
        paper = answer.TaiLieu
        sha256 = hashlib.sha256(paper.NoiDung).hexdigest()
        receipt = self.service.AcknowledgeReceipt(MaGiaoNhan=answer.MaGiaoNhan, SHA256=sha256)
        return Pulled(
            paper_id=paper.MaTaiLieu,
            digitization_code=paper.MaSoHoa,
            content=paper.NoiDung,
            sha256=sha256,
            promised_sha256=metadata.TaiLieu.SHA256,
            metadata=metadata.DuLieuDacTa,
            acknowledged=receipt.KhopMaBam,
        )

    def changes(self) -> Iterator[Any]:
        """The whole feed from its beginning."""
        token = None
        while True:
            page = self.service.ListChanges(TuDau=token)
            yield from page.ThayDoi
            token = page.DauTiep
            if not page.ConNua:
                return

    def is_refused(self, paper_id: str) -> str | None:
        """The name of the fault that answers for a paper; None when it is given out."""
        try:
            self.service.GetMetadata(MucDich=self._purpose, MaTaiLieu=paper_id)
        except Fault as fault:
            return str(fault.detail[0].tag.rsplit("}", 1)[-1]) if len(fault.detail) else fault.code
        return None
