"""Asking another store that speaks our contract: the portal's, or another agency's."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests
import zeep
from requests.auth import HTTPBasicAuth
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault, TransportError

from connector.domain.errors import PortalError, PortalUnavailable
from connector.domain.other_stores import PaperElsewhere
from connector.soap.breaker import Breaker
from connector.soap.faults import FaultName

_PURPOSE = "Kiểm tra giấy tờ điện tử đã có trước khi tiếp nhận hồ sơ (điểm b khoản 3 Điều 13 Quyết định 1333/QĐ-BHXH)"
_PAGE = 100
_PASSING = frozenset({FaultName.UNAVAILABLE, FaultName.TOO_MANY_REQUESTS})


class KhoClient:
    """The port ``OtherStore`` over SOAP; an official waits for it, so it gives up after ``seconds``."""

    def __init__(
        self,
        name: str,
        wsdl: str,
        *,
        username: str,
        password: str,
        ca_file: Path | None = None,
        seconds: float = 5.0,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self._wsdl = wsdl
        self._seconds = seconds
        self._breaker = breaker or Breaker()
        self._session = requests.Session()
        self._session.trust_env = False  # the environment's CA bundle would win over ours
        self._session.verify = str(ca_file) if ca_file else True
        self._session.auth = HTTPBasicAuth(username.encode(), password.encode())
        self._lock = threading.Lock()
        self._loaded: Any = None

    def in_force_of(self, owner_id: str) -> Sequence[PaperElsewhere]:
        """An owner's papers in force, over all pages. Raises PortalUnavailable, or PortalError for a refusal."""
        self._breaker.check()
        try:
            found = [_paper(item) for item in self._listed(owner_id)]
        except Fault as fault:
            raise self._told(fault) from fault
        except (requests.RequestException, TransportError) as error:
            self._breaker.failed()
            raise PortalUnavailable(f"{self.name}: {type(error).__name__}") from error
        except ZeepError as error:
            raise PortalError(f"{self.name} does not speak our contract: {type(error).__name__}") from error
        self._breaker.answered()
        return found

    def _listed(self, owner_id: str) -> Iterator[Any]:
        service, token = self._service(), None
        while True:
            page = service.ListOwnerDocuments(
                MucDich=_PURPOSE, MaChuGiayTo=owner_id, ChiConHieuLuc=True, SoLuong=_PAGE, MaTrang=token
            )
            yield from page.TaiLieu
            token = page.MaTrangTiep
            if token is None:
                return

    def _service(self) -> Any:
        """The WSDL is loaded at the first call: a store that is away must not keep us from starting."""
        with self._lock:
            if self._loaded is None:
                transport: Any = zeep.Transport  # zeep is typed by halves
                client: Any = zeep.Client
                self._loaded = client(
                    self._wsdl,
                    transport=transport(session=self._session, timeout=self._seconds, operation_timeout=self._seconds),
                    settings=zeep.Settings(strict=True, forbid_dtd=True),
                ).service
            return self._loaded

    def _told(self, fault: Fault) -> PortalError:
        """The error for a fault; its name only, for a sentence may hold what was asked for."""
        name = _name_of(fault)
        if name in _PASSING:
            self._breaker.failed()
            return PortalUnavailable(f"{self.name}: {name}")
        self._breaker.answered()
        return PortalError(f"{self.name}: {name}")


def _name_of(fault: Fault) -> str:
    detail = fault.detail
    if detail is None or len(detail) == 0:
        return "an untyped fault"
    return str(detail[0].tag).rsplit("}", 1)[-1]


def _paper(item: Any) -> PaperElsewhere:
    return PaperElsewhere(
        digitization_code=item.MaSoHoa,
        document_type_code=item.MaLoaiGiayTo,
        document_name=item.TenGiayTo,
        document_number=item.SoKyHieu,
        issue_date=item.NgayCap.isoformat() if item.NgayCap else None,
        issuing_authority=item.CoQuanCap,
    )
