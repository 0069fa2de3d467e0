"""Many clients at once with mixed calls: errors, times, memory.

`python bench/soap_load.py [CLIENTS] [SECONDS]`; 200 and 120 unless given. The service is the sandbox in a process of
its own, on a real PostgreSQL; every client keeps one connection and calls again as soon as it is answered.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from connector.demo.ecm import free_port
from connector.demo.sandbox import PASSWORD

CODE = "001090000012.MAU-QD.10/QĐ-MAU"
BASIC = base64.b64encode(f"cong-dvc:{PASSWORD}".encode()).decode()
# what a portal does, by frequency
MIX = (
    ("GetMetadata", f"<MucDich>đo</MucDich><MaSoHoa>{CODE}</MaSoHoa>"),
    ("GetDocument", f"<MucDich>đo</MucDich><MaSoHoa>{CODE}</MaSoHoa>"),
    ("SearchDocuments", f"<MucDich>đo</MucDich><MaSoHoa>{CODE}</MaSoHoa>"),
    ("ListChanges", ""),
    ("GetMetadata", f"<MucDich>đo</MucDich><MaSoHoa>{CODE}</MaSoHoa>"),
    ("Ping", ""),
    ("ListOwnerDocuments", "<MucDich>đo</MucDich><MaChuGiayTo>001090000012</MaChuGiayTo><SoLuong>5</SoLuong>"),
    ("VerifyDocument", f"<MucDich>đo</MucDich><MaSoHoa>{CODE}</MaSoHoa>"),
)


def request(operation: str, content: str) -> bytes:
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation} xmlns="urn:vn:bhxh:sohoa:kho:1">{content}</{operation}></s:Body></s:Envelope>'
    ).encode()
    head = (
        f"POST /KhoGiayTo HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {BASIC}\r\n"
        "Accept: multipart/related\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def client(number: int, port: int, end: float, taken: list[float], ends: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    requests = [request(*call) for call in MIX]
    while time.perf_counter() < end:
        number += 1
        started = time.perf_counter()
        writer.write(requests[number % len(requests)])
        status = int((await reader.readline()).split()[1])
        length = 0
        while (line := await reader.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await reader.readexactly(length)
        taken.append(time.perf_counter() - started)
        ends[str(status)] += 1
    writer.close()


async def load(clients: int, seconds: float, port: int) -> tuple[list[float], Counter[str], list[BaseException]]:
    taken: list[float] = []
    ends: Counter[str] = Counter()
    end = time.perf_counter() + seconds
    running = [client(number, port, end, taken, ends) for number in range(clients)]
    results = await asyncio.gather(*running, return_exceptions=True)
    return sorted(taken), ends, [result for result in results if result is not None]


def memory(pid: int, name: str) -> int:
    return int(Path(f"/proc/{pid}/status").read_text().split(f"{name}:")[1].split()[0]) // 1024


def measure(clients: int, seconds: int) -> dict[str, object]:
    port = free_port()
    command = [Path(sys.executable).with_name("sohoa"), "serve", "--sandbox", "--port", str(port)]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    while "Withheld: quarantined" not in service.stdout.readline():
        pass
    time.sleep(1)
    try:
        before = memory(service.pid, "VmRSS")
        taken, ends, broken = asyncio.run(load(clients, seconds, port))
        return {
            "clients": clients,
            "calls": len(taken),
            "calls_per_second": round(len(taken) / seconds),
            "by_status": dict(ends),
            "broken_connections": len(broken),
            "p50_ms": round(taken[len(taken) // 2] * 1000),
            "p99_ms": round(taken[int(len(taken) * 0.99)] * 1000),
            "megabytes_before": before,
            "megabytes_after": memory(service.pid, "VmRSS"),
            "megabytes_peak": memory(service.pid, "VmHWM"),
        }
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    print(json.dumps(measure(*(numbers + [200, 120][len(numbers) :])), indent=2))
