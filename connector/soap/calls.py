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
from connector.soap.envelope import as_bytes, check_understood, fault_envelope, parse_envelope, payload_of
from connector.soap.faults import Fault, FaultName, ProtocolFault, as_fault, invalid
from connector.soap.http import CallerGone, Receive, Reply, read_body
from connector.soap.operations import Answer
from connector.soap.security import Client, HttpRequest, PasswordGate
from connector.soap.service import KhoService
from connector.soap.wsdl import Contract

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


class SoapCalls:
    """Answers POSTs: who is it, what do they ask, what do they get. What blocks runs in threads."""

    def __init__(self, contract: Contract, service: KhoService, gate: PasswordGate, read_content: ReadContent) -> None:
        self._contract = contract
        self._service = service
        self._gate = gate
        self._read_content = read_content
        self._threads = ThreadPoolExecutor(_CALL_THREADS, "soap-call")
        self._content_threads = ThreadPoolExecutor(_CONTENT_THREADS, "soap-content")

    async def reply(self, request: HttpRequest, receive: Receive) -> Reply:
        """Always an answer, a fault if need be; nothing of an unexpected error but its number leaves the house."""
        try:
            return await self._reply(request, receive)
        except Fault as fault:
            return self._fault_reply(fault)
        except ProtocolFault as protocol_fault:
            return Reply(status=500, body=fault_envelope(protocol_fault.code, str(protocol_fault), None))
        except SohoaError as error:
            translated = as_fault(error)
            return self._fault_reply(translated) if translated else _incident()
        except CallerGone:
            raise
        except Exception:
            return _incident()

    async def _reply(self, request: HttpRequest, receive: Receive) -> Reply:
        client = await self._in_thread(lambda: self._gate.knock(request))
        content_type = request.headers.get("content-type", "")
        received = mtom.read_request(content_type, await read_body(request, receive))
        call = await self._in_thread(lambda: self._answer(received, client))
        if call.answer.content is None:
            return Reply(status=200, body=call.envelope)
        stream = await self._open(call)
        as_mtom = mtom.wants_mtom(content_type, request.headers.get("accept", ""))
        body = (mtom.mtom_body if as_mtom else mtom.base64_body)(
            call.envelope, length=stream.length, content=self._handed_out(call, stream)
        )
        return Reply(status=200, body=body)

    def _answer(self, received: mtom.Received, client: Client) -> _Call:
        operation, request = self._understand(received)
        answer = self._service.answer(operation, request, client)
        envelope = self._contract.answer(operation, answer.values)
        wrong = self._contract.schema.findings(payload_of(envelope))
        if wrong:
            raise RuntimeError(f"our own answer breaks the contract at {wrong[0].element}: {wrong[0].sentence}")
        return _Call(operation=operation, request=request, client=client, answer=answer, envelope=as_bytes(envelope))

    def _understand(self, received: mtom.Received) -> tuple[str, Any]:
        envelope = parse_envelope(received.xml)
        mtom.inline_parts(envelope, received.parts)
        check_understood(envelope, ())
        payload = payload_of(envelope)
        operation = self._contract.operation_of(payload)
        if operation is None:
            raise invalid(etree.QName(payload).localname, "không có thao tác này")
        findings = self._contract.schema.findings(payload)
        if findings:
            raise Fault(FaultName.INVALID_REQUEST, findings=findings)
        return operation, self._contract.parse(payload)

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

    def _fault_reply(self, fault: Fault) -> Reply:
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


def _incident() -> Reply:
    """For an error nobody foresaw: a number here and in the log."""
    number = uuid4().hex[:12]
    _log.exception("incident %s", number)
    message = f"Lỗi hệ thống, mã sự cố {number}; báo cơ quan quản lý dịch vụ. Internal error, incident {number}."
    return Reply(status=500, body=fault_envelope("Server", message, None))
