"""A dossier's package, checked by whoever got it: no network, no register, only trusted roots."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.domain.errors import InvalidFieldValue, SohoaError
from connector.pipeline.export import EVIDENCE, MANIFEST
from signing.signer import verify_file
from signing.trust import load_trust
from signing.verify import all_good
from signing.verify_record import verify_record


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """One file of a package; ``finding`` says in English what is wrong, None when nothing is."""

    name: str
    finding: str | None


def is_package(folder: Path) -> bool:
    """Whether a folder is what `sohoa export dossier` writes."""
    return (folder / MANIFEST).is_file()


def verify_package(folder: Path, roots: Sequence[Path]) -> Iterator[CheckedFile]:
    """Every file that the manifest names, and every file that it does not name.

    Hashes, the signatures of every PDF and XML that bears some, and whether metadata and paper belong together. Raises
    InvalidFieldValue for a folder that is no package.
    """
    if not is_package(folder):
        raise InvalidFieldValue("the folder has no manifest: it is no package of ours")
    listed = dict(_listed(folder))
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    for name in sorted(listed.keys() | present):
        yield CheckedFile(name=name, finding=_finding(folder, name, listed, present, roots))


def _listed(folder: Path) -> Iterator[tuple[str, str]]:
    for line in (folder / MANIFEST).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def _finding(folder: Path, name: str, listed: dict[str, str], present: set[str], roots: Sequence[Path]) -> str | None:
    if name not in present:
        return "is missing"
    if name not in listed:
        return "stands in no manifest"
    file = folder / name
    if hashlib.sha256(file.read_bytes()).hexdigest() != listed[name]:
        return "has been changed"
    if name.startswith(f"{EVIDENCE}/"):
        return None
    try:
        return _signature_finding(file, roots)
    except SohoaError as error:
        return str(error)


def _signature_finding(file: Path, roots: Sequence[Path]) -> str | None:
    trust = load_trust(roots, fetch=False)
    signed = file.with_name("signed.pdf")
    if file.name in ("original.pdf", "capture.pdf") and signed.is_file():
        # the evidence of the personal signature was completed in what the agency signed: it is judged there
        return None if signed.read_bytes().startswith(file.read_bytes()) else "is not what signed.pdf grew out of"
    if file.name == "signed.pdf":
        reports = verify_file(file, trust)
        return None if reports and all_good(reports) else "a signature does not hold"
    if file.name == "metadata.xml":
        if not all_good(verify_file(file, trust)):
            return "the signature does not hold"
        if not verify_record(file, signed, trust).holds:
            return "is not the metadata of signed.pdf"
    return None
