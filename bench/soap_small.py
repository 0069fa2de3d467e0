"""Small calls of ours against an Apache CXF endpoint that does the same: a second, and for each second of a core.

`python bench/soap_small.py [SECONDS]`; 10 unless given, after as many to warm up. Both answer GetMetadata from one
PostgreSQL: Basic, schema validation both ways, the paper read, a row of the audit chain committed before the answer
(bench/soap_cxf/KhoEndpoint.java). Needs a JDK and Maven. The client is Python on the same cores, so calls a second are
those of the whole machine; processor time is that of the endpoint's process alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import soap_content
from soap_content import BASIC, small_calls
from soap_memory import served

from connector.demo.ecm import free_port

SOURCES = Path(__file__).parent / "soap_cxf"
WSDL = Path(__file__).parents[1] / "xsd" / "v1" / "kho.wsdl"


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """User and system time of a process and its threads."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def cxf_endpoint(database_folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The CXF endpoint, built and running on the same database."""
    with tempfile.TemporaryDirectory(prefix="soap-cxf-") as name:
        folder = Path(name)
        (folder / "src/main/java").mkdir(parents=True)
        shutil.copy(SOURCES / "pom.xml", folder)
        shutil.copy(SOURCES / "KhoEndpoint.java", folder / "src/main/java")
        subprocess.run(["mvn", "-q", "-B", f"-Dwsdl={WSDL}", "prepare-package"], cwd=folder, check=True)
        port = free_port()
        socket = database_folder / "run" / ".s.PGSQL.5432"
        classes = f"{folder}/target/classes:{folder}/target/dependency/*"
        process = subprocess.Popen(
            ["java", "-cp", classes, "KhoEndpoint", f"{port}", f"{socket}", BASIC],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            while process.stdout.readline().strip() != b"ready":
                assert process.poll() is None
            yield process, f"http://127.0.0.1:{port}/KhoGiayTo"
        finally:
            process.stdin.close()
            process.wait()


def rates(process: subprocess.Popen[bytes], url: str, paper_id: UUID) -> dict[str, float]:
    small_calls(url, paper_id)  # warms up: threads, connections, and Java's compiler
    before = processor_seconds(process)
    a_second, taken = small_calls(url, paper_id)
    spent = processor_seconds(process) - before
    return {
        "calls_per_second": round(a_second),
        "calls_per_core_second": round(len(taken) / spent),
        "p50_ms": round(taken[len(taken) // 2] * 1000, 1),
        "p99_ms": round(taken[int(len(taken) * 0.99)] * 1000, 1),
        "megabytes": soap_content.memory(process, "VmRSS"),
    }


def measure() -> dict[str, object]:
    with served([1]) as kho, cxf_endpoint(kho.folder / "pg") as (process, url):
        paper_id = kho.papers[1]
        return {"ours": rates(kho.process, kho.url, paper_id), "cxf": rates(process, url, paper_id)}


if __name__ == "__main__":
    soap_content.SMALL_SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print(json.dumps(measure(), indent=2))
