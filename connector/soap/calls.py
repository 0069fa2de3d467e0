"""A SOAP call from its HTTP request to its HTTP answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from lxml import etree

from connector.domain.errors import SohoaError
from connector.soap import mtom
from connector.soap.answers import detail_of
from connector.soap.content import ContentStream
from connector.soap.doorkeeper import Doorkeeper
from connector.soap.envelope import as_bytes, check_understood, fault_envelope, parse_envelope, payload_of
from connector.soap.faults import Fault, FaultName, ProtocolFault, as_fault, invalid
from connector.soap.http import CallerGone, Receive, Reply, read_body
from connector.soap.metrics import Metrics
from connector.soap.operations import Answer
from connector.soap.rates import Rates
from connector.soap.refusals import UNKNOWN, Refusal, Refusals
from connector.soap.security import Client, HttpRequest
from connector.soap.service import KhoService
from connector.soap.wsdl import Contract
from connector.soap.wsse import SECURITY

ReadContent = Callable[[str, str], Iterator[bytes]]
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)
_CALL_THREADS = 16
_CONTENT_THREADS = 32
_SERVER_SIDE = frozenset({FaultName.UNAVAILABLE})


@dataclass(frozen=True, kw_only=True)
class _Call:
    """A call that was understood and answered; ``envelope`` still holds the place holder."""

    operation: str
    request: Any
    client: Client
    answer: Answer
    envelope: bytes


@dataclass
class _Trace:
    """What is known of a call as it goes on, for the figures and for the audit of refusals."""

    origin: str
    caller: str | None = None
    operation: str = UNKNOWN
    outcome: str = "OK"
    is_audited: bool = False


class SoapCalls:
    """Answers POSTs: who is it, what do they ask, what do they get. What blocks runs in threads."""

    def __init__(
        self,
        contract: Contract,
        service: KhoService,
        doorkeeper: Doorkeeper,
        rates: Rates,
        refusals: Refusals,
        read_content: ReadContent,
        metrics: Metrics,
    ) -> None:
        self._contract = contract
        self._service = service
        self._doorkeeper = doorkeeper
        self._rates = rates
        self._refusals = refusals
        self._read_content = read_content
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(_CALL_THREADS, "soap-call")
        self._content_threads = ThreadPoolExecutor(_CONTENT_THREADS, "soap-content")

    async def reply(self, request: HttpRequest, receive: Receive) -> Reply:
        """Always an answer, a fault if need be; nothing of an unexpected error but its number leaves the house."""
        trace = _Trace(self._doorkeeper.origin_of(request))
        with self._metrics.call():
            reply = await self._reply_or_fault(request, receive, trace)
        self._metrics.ended(trace.operation, trace.outcome)
        if trace.outcome != "OK" and not trace.is_audited:
            caller = trace.caller or UNKNOWN
            self._refusals.note(Refusal(caller, trace.operation, trace.origin, trace.outcome))
        return reply

    def close(self) -> None:
        """No call comes any more: write what is still to be audited."""
        self._refusals.close()

    async def _reply_or_fault(self, request: HttpRequest, receive: Receive, trace: _Trace) -> Reply:
        try:
            return await self._reply(request, receive, trace)
        except Fault as fault:
            trace.caller = trace.caller or fault.claimed
            return self._fault_reply(fault, trace)
        except ProtocolFault as protocol_fault:
            trace.outcome = protocol_fault.code
            return Reply(status=500, body=fault_envelope(protocol_fault.code, str(protocol_fault), None))
        except SohoaError as error:
            translated = as_fault(error)
            return self._fault_reply(translated, trace) if translated else _incident(trace)
        except CallerGone:
            raise
        except Exception:
            return _incident(trace)

    async def _reply(self, request: HttpRequest, receive: Receive, trace: _Trace) -> Reply:
        caller = await self._in_thread(lambda: self._connected(request, trace))  # before the body is read
        content_type = request.headers.get("content-type", "")
        received = mtom.read_request(content_type, await read_body(request, receive))
        call = await self._in_thread(lambda: self._answer(received, request, caller, trace))
        if call.answer.content is None:
            return Reply(status=200, body=call.envelope)
        stream = await self._open(call)
        as_mtom = mtom.wants_mtom(content_type, request.headers.get("accept", ""))
        body = (mtom.mtom_body if as_mtom else mtom.base64_body)(
            call.envelope, length=stream.length, content=self._handed_out(call, stream)
        )
        return Reply(status=200, body=body)

    def _connected(self, request: HttpRequest, trace: _Trace) -> Client | None:
        caller = self._doorkeeper.by_connection(request)
        if caller is not None:
            trace.caller = caller.name
            self._rates.take(caller)
        return caller

    def _answer(self, received: mtom.Received, http: HttpRequest, caller: Client | None, trace: _Trace) -> _Call:
        envelope = parse_envelope(received.xml)
        mtom.inline_parts(envelope, received.parts)
        check_understood(envelope, {SECURITY})
        payload = payload_of(envelope)
        client = self._doorkeeper.by_message(envelope, http, caller)
        trace.caller = client.name
        if caller is None:
            self._rates.take(client)
        operation = trace.operation = self._operation_of(payload)
        request = self._understood(payload)
        trace.is_audited = True  # by the service, whatever comes of it
        answer = self._service.answer(operation, request, client)
        written = self._written(operation, answer)
        return _Call(operation=operation, request=request, client=client, answer=answer, envelope=written)

    def _operation_of(self, payload: etree._Element) -> str:
        operation = self._contract.operation_of(payload)
        if operation is None:
            raise invalid(etree.QName(payload).localname, "không có thao tác này")
        return operation

    def _understood(self, payload: etree._Element) -> Any:
        findings = self._contract.schema.findings(payload)
        if findings:
            raise Fault(FaultName.INVALID_REQUEST, findings=findings)
        return self._contract.parse(payload)

    def _written(self, operation: str, answer: Answer) -> bytes:
        envelope = self._contract.answer(operation, answer.values)
        answered = payload_of(envelope)
        if not self._contract.schema.holds(answered):
            wrong = self._contract.schema.findings(answered)
            raise RuntimeError(f"our own answer breaks the contract: {wrong[0].element if wrong else operation}")
        return as_bytes(envelope)

    async def _open(self, call: _Call) -> ContentStream:
        """The content, begun: what cannot be read at all becomes a fault, not a broken answer."""
        place = call.answer.content
        assert place is not None
        stream = ContentStream(
            place.artifact,
            lambda: self._read_content(place.repository_id, place.artifact.object_id),
            self._content_threads,
        )
        try:
            await stream.start()
        except SohoaError as error:
            fault = as_fault(error)
            await self._note_unfinished(call, str(fault.name) if fault else "Error")
            raise
        return stream

    async def _handed_out(self, call: _Call, stream: ContentStream) -> AsyncGenerator[bytes, None]:
        finished = False
        try:
            async with aclosing(stream.chunks()) as chunks:
                async for chunk in chunks:
                    self._metrics.sent(len(chunk))
                    yield chunk
            finished = True
        finally:
            await stream.close()
            if not finished:
                await self._note_unfinished(call, "BrokenOff")

    async def _note_unfinished(self, call: _Call, result: str) -> None:
        _log.warning("content of %s not handed out whole: %s", call.answer.subject, result)
        await self._in_thread(
            lambda: self._service.note_unfinished(call.operation, call.request, call.client, call.answer, result=result)
        )

    def _fault_reply(self, fault: Fault, trace: _Trace) -> Reply:
        trace.outcome = fault.name
        detail = self._contract.fault_detail(fault.name, detail_of(fault))
        code = "Server" if fault.name in _SERVER_SIDE else "Client"
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        if fault.http_status == 401:
            headers["www-authenticate"] = 'Basic realm="sohoa", charset="UTF-8"'
        if fault.http_status in (408, 413):
            headers["connection"] = "close"  # what is still being sent is not read
        message = f"{fault.vietnamese} {fault.english}"
        return Reply(status=fault.http_status, body=fault_envelope(code, message, detail), headers=headers)

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _incident(trace: _Trace) -> Reply:
    """For an error nobody foresaw: a number here and in the log."""
    trace.outcome = "Incident"
    number = uuid4().hex[:12]
    _log.exception("incident %s", number)
    message = f"Lỗi hệ thống, mã sự cố {number}; báo cơ quan quản lý dịch vụ. Internal error, incident {number}."
    return Reply(status=500, body=fault_envelope("Server", message, None))
