"""The clients of docs/soap.md, run as they stand there against the sandbox; and the WSDL under a foreign validator."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from connector.demo.sandbox import PASSWORD, Sandbox, sandbox
from tests.fixtures.soap import free_port
from tests.unit.test_soap_message_security import key_and_certificate

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PAGE = Path("docs/soap.md").read_text(encoding="utf-8")
CLIENTS = Path("tests/data/soap_clients")
FIFTY_MEGABYTES = "50 MB"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key and certificate of cong-dvc: key.pem, cert.pem, key.p12."""
    folder = tmp_path_factory.mktemp("identity")
    key, certificate, _ = key_and_certificate(folder)
    command = ["openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-name", "portal"]
    subprocess.run([*command, "-passout", f"pass:{PASSWORD}", "-out", str(folder / "key.p12")], check=True)
    return folder


@pytest.fixture(scope="module")
def running(identity: Path) -> Iterator[Sandbox]:
    certificate = x509.load_pem_x509_certificate((identity / "cert.pem").read_bytes())
    with sandbox(port=free_port(), certificates=[certificate.fingerprint(hashes.SHA256()).hex()]) as found:
        yield found


def snippet(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def code_that_shows(running: Sandbox, what: str) -> str:
    return next(code for code, shows in running.codes.items() if what in shows)


def pulled(command: list[str], running: Sandbox, code: str, folder: Path, **more: str) -> str:
    """What the client prints of one paper."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/tmp"),
        "LANG": "C.UTF-8",
        "KHO_WSDL": f"{running.url}?wsdl",
        "KHO_USER": "cong-dvc",
        "KHO_PASSWORD": PASSWORD,
        "KHO_CODE": code,
        **more,
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("what", ["in force", FIFTY_MEGABYTES])
def test_python_pulls(running: Sandbox, tmp_path: Path, what: str) -> None:
    (tmp_path / "pull.py").write_text(snippet("python"), encoding="utf-8")
    assert "OK" in pulled([sys.executable, "pull.py"], running, code_that_shows(running, what), tmp_path)


@pytest.mark.parametrize("what", ["in force", FIFTY_MEGABYTES])
def test_php_pulls(running: Sandbox, tmp_path: Path, what: str) -> None:
    (tmp_path / "pull.php").write_text(snippet("php"), encoding="utf-8")
    command = ["php", "-d", "memory_limit=512M", "pull.php"]
    assert "OK" in pulled(command, running, code_that_shows(running, what), tmp_path)


def test_node_pulls(running: Sandbox, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(CLIENTS / name, tmp_path)
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=tmp_path, check=True, timeout=250)
    (tmp_path / "pull.cjs").write_text(snippet("javascript"), encoding="utf-8")
    assert "OK" in pulled(["node", "pull.cjs"], running, code_that_shows(running, "in force"), tmp_path)


def test_node_signs(running: Sandbox, identity: Path, tmp_path: Path) -> None:
    for file in (*CLIENTS.glob("package*.json"), CLIENTS / "signed.cjs", identity / "key.pem", identity / "cert.pem"):
        shutil.copy(file, tmp_path)
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=tmp_path, check=True, timeout=250)
    told = pulled(["node", "signed.cjs"], running, "", tmp_path)
    assert told.splitlines() == ["signed: cong-dvc", "token: cong-dvc"]


def test_cxf_signs_and_pulls_by_mtom(running: Sandbox, identity: Path, tmp_path: Path) -> None:
    sources = tmp_path / "src" / "main" / "java"
    sources.mkdir(parents=True)
    shutil.copy(CLIENTS / "cxf" / "SignedPull.java", sources)
    shutil.copy(CLIENTS / "cxf" / "pom.xml", tmp_path)
    command = ["mvn", "-q", "-B", f"-Dwsdl={running.url}?wsdl", "compile", "exec:java"]
    keystore = {"KHO_KEYSTORE": str(identity / "key.p12"), "KHO_KEYSTORE_PASSWORD": PASSWORD}
    assert "OK" in pulled(command, running, code_that_shows(running, FIFTY_MEGABYTES), tmp_path, **keystore)


def test_java_pulls_with_classes_made_from_the_wsdl(running: Sandbox, tmp_path: Path) -> None:
    shutil.copy(CLIENTS / "pom.xml", tmp_path)
    sources = tmp_path / "src" / "main" / "java"
    sources.mkdir(parents=True)
    (sources / "Pull.java").write_text(snippet("java"), encoding="utf-8")
    command = ["mvn", "-q", "-B", f"-Dwsdl={running.url}?wsdl", "compile", "exec:java"]
    assert "OK" in pulled(command, running, code_that_shows(running, FIFTY_MEGABYTES), tmp_path)


def test_the_wsdl_passes_a_foreign_validator(tmp_path: Path) -> None:
    shutil.copy(CLIENTS / "validator.xml", tmp_path / "pom.xml")
    shutil.copytree("xsd/v1", tmp_path / "v1")
    done = subprocess.run(
        ["mvn", "-q", "-B", "exec:java", "-Dexec.args=-verbose v1/kho.wsdl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert "Passed Validation" in done.stdout, done.stdout[-1000:] + done.stderr[-1000:]
