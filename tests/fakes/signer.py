"""A signer whose signatures are lines at the end of a file: really appended, really verified, nothing cryptographic."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from connector.domain.errors import SigningForbidden
from connector.domain.publication import Record
from connector.domain.signatures import AgencyStamp, Level, ScannerStamp, SignatureReport, SignatureRole, SignedPrefix
from connector.domain.token_signing import SigningTask

_LINE = re.compile(rb"\n%SIGNED role=(\w+) key=([\w-]+) over=([0-9a-f]{64}) text=[^\n]*\n")
_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AGENCY_KEY = "agency"


def signed(content: bytes, role: SignatureRole, key: str, text: str) -> bytes:
    """The content with one more signature."""
    over = hashlib.sha256(content).hexdigest()
    return content + f"\n%SIGNED role={role} key={key} over={over} text={text}\n".encode()


def keys_of(content: bytes, role: SignatureRole) -> list[str]:
    """Who has signed in this role."""
    return [found[2].decode() for found in _LINE.finditer(content) if found[1] == str(role).encode()]


class FakeSigner:
    """The port; ``trusted`` are the keys that verification trusts."""

    def __init__(self, trusted: Sequence[str] = ("hà", "ha", "lan", AGENCY_KEY)) -> None:
        self._trusted = frozenset(trusted)
        self.scanners: list[ScannerStamp] = []

    def sign_scan(
        self, source: Path, target: Path, *, identity: str, stamp: ScannerStamp, task: SigningTask | None = None
    ) -> Sequence[SignatureReport]:
        self.scanners.append(stamp)
        self._sign(source, target, SignatureRole.SCANNER, identity, stamp.full_name)
        return self.verify(target)

    def sign_copy(
        self, source: Path, target: Path, *, stamp: AgencyStamp, task: SigningTask | None = None
    ) -> SignedPrefix:
        self._sign(source, target, SignatureRole.AGENCY, AGENCY_KEY, f"{stamp.copy_form} {stamp.agency_name}")
        return self.agency_prefix(target)

    def sign_result(self, source: Path, target: Path, *, task: SigningTask | None = None) -> SignedPrefix:
        self._sign(source, target, SignatureRole.AGENCY, AGENCY_KEY, "con dấu")
        return self.agency_prefix(target)

    def has_agency_signature(self, file: Path) -> bool:
        return bool(keys_of(file.read_bytes(), SignatureRole.AGENCY))

    def _sign(self, source: Path, target: Path, role: SignatureRole, key: str, text: str) -> None:
        content = source.read_bytes()
        signers = keys_of(content, role)
        if signers and signers != [key]:
            raise SigningForbidden("the field holds another signature")
        target.write_bytes(content if signers else signed(content, role, key, text))

    def sign_record(self, record: Record, target: Path, *, task: SigningTask | None = None) -> Level:
        # a real signature has its own time in it: the bytes differ each time
        content = f"<xml>{record.digitization_code} {secrets.token_hex(8)}</xml>".encode()
        target.write_bytes(signed(content, SignatureRole.AGENCY, AGENCY_KEY, "metadata"))
        return Level.B_LTA

    def verify(self, file: Path) -> Sequence[SignatureReport]:
        content = file.read_bytes()
        found = list(_LINE.finditer(content))
        end = found[-1].end() if found else 0
        return [
            SignatureReport(
                field=each[1].decode(),
                signer=each[2].decode(),
                role=SignatureRole(each[1].decode()),
                level=Level.B_LTA,
                signed_at=_MOMENT,
                intact=hashlib.sha256(content[: each.start()]).hexdigest().encode() == each[3],
                trusted=each[2].decode() in self._trusted,
                covers_whole_file=each.end() == len(content),
                modification="none" if end == len(content) else "other",
            )
            for each in found
        ]

    def says(self, file: Path, record: Record) -> bool:
        reports = self.verify(file)
        is_agency = bool(reports) and all(each.is_valid and each.signer == AGENCY_KEY for each in reports)
        return is_agency and f"<xml>{record.digitization_code} ".encode() in file.read_bytes()

    def carried_evidence(self, file: Path) -> Mapping[str, bytes]:
        return {}

    def lapses_at(self, file: Path) -> dt.datetime | None:
        return _MOMENT + dt.timedelta(days=3650)

    def renew(self, source: Path, target: Path, *, lapsing_before: dt.datetime) -> bool:
        return False

    def agency_prefix(self, file: Path) -> SignedPrefix:
        content = file.read_bytes()
        ends = [each.end() for each in _LINE.finditer(content) if each[1] == b"agency"]
        prefix = content[: ends[0]] if ends else content
        return SignedPrefix(length=len(prefix), sha256=hashlib.sha256(prefix).hexdigest())
