"""A signing service of the Cloud Signature Consortium's API that really signs, with a key of the test PKI."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from signing.keys import Pkcs12Key

CLIENT, SECRET, PIN = "sohoa", "client-secret", "246810"


class Service:
    """What the service knows: one credential, its tokens, and which hashes a PIN has allowed."""

    def __init__(self, key: Pkcs12Key) -> None:
        packed = pkcs12.load_key_and_certificates(key.path.read_bytes(), key.password.encode())
        self._private, self._certificate, self._others = packed
        self.tokens: set[str] = set()
        self._allowed: dict[str, list[str]] = {}
        self.requests: list[Mapping[str, Any]] = []

    def answer(self, operation: str, request: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        self.requests.append(request)
        answers = {
            "credentials/info": self._info,
            "credentials/authorize": self._authorize,
            "signatures/signHash": self._sign,
        }
        return answers[operation](request)

    def sign_in(self, form: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if (form.get("client_id"), form.get("client_secret")) != ([CLIENT], [SECRET]):
            return 401, {"error": "invalid_client"}
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    def _info(self, request: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if request["credentialID"] != "con-dau":
            return 400, {"error": "invalid_request", "error_description": "Invalid parameter credentialID"}
        assert self._certificate is not None
        chain = [self._certificate, *self._others]
        return 200, {"cert": {"certificates": [_text(each.public_bytes(Encoding.DER)) for each in chain]}}

    def _authorize(self, request: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if request["authData"] != [{"id": "PIN", "value": PIN}]:
            return 400, {"error": "invalid_pin"}
        sad = secrets.token_hex(8)
        self._allowed[sad] = request["hashes"]
        return 200, {"SAD": sad}

    def _sign(self, request: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if self._allowed.pop(request["SAD"], None) != request["hashes"]:
            return 400, {"error": "invalid_request", "error_description": "Invalid parameter SAD"}
        digest, algorithm = base64.b64decode(request["hashes"][0]), utils.Prehashed(hashes.SHA256())
        if isinstance(self._private, rsa.RSAPrivateKey):
            return 200, {"signatures": [_text(self._private.sign(digest, padding.PKCS1v15(), algorithm))]}
        assert isinstance(self._private, ec.EllipticCurvePrivateKey)
        r, s = utils.decode_dss_signature(self._private.sign(digest, ec.ECDSA(algorithm)))
        return 200, {"signatures": [_text(r.to_bytes(32) + s.to_bytes(32))]}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextmanager
def csc_service(key: Pkcs12Key) -> Iterator[tuple[str, Service]]:
    """Address and service."""
    service = Service(key)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            operation = self.path.removeprefix("/csc/v2/")
            if operation == "oauth2/token":
                status, content = service.sign_in(parse_qs(body))
            elif self.headers.get("Authorization", "").removeprefix("Bearer ") not in service.tokens:
                status, content = 401, {"error": "invalid_token"}
            else:
                status, content = service.answer(operation, json.loads(body))
            encoded = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, format: str, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
