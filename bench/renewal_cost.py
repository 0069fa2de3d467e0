"""What renewing evidence costs: file by file, beside one hash tree for a day (RFC 4998), for docs/adr.

    .venv/bin/python bench/renewal_cost.py [--files 10] [--leaves 1000000]

File by file: processor milliseconds of the signing thread and bytes gained by one more archive time stamp over a signed
paper of half a megabyte, and over a signed XML. A tree: seconds to build it over random hashes, and the bytes that one
file's reduced tree adds to the one time stamp.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import secrets
import statistics
import tempfile
import time
from pathlib import Path

from signing_speed import make_pdf

from connector.demo.pki import AGENCY_NAME, SCANNER_NAME, SOFTHSM, TOKEN, DemoPki
from connector.domain.journal import Journal
from connector.domain.metadata import CopyForm
from connector.domain.signatures import AgencyStamp, ScannerStamp
from signing.keys import Pkcs11Key, Pkcs12Key
from signing.signer import PaperSigner, SigningConfiguration

NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)  # everything lapses before that


def sign(signer: PaperSigner, folder: Path) -> Path:
    """A scan of half a megabyte with both signatures."""
    scan, personal, paper = (folder / f"{name}.pdf" for name in ("scan", "personal", "paper"))
    make_pdf(scan, 0.5)
    stamp = ScannerStamp(full_name=SCANNER_NAME, scanned_at=dt.datetime.now(dt.UTC))
    signer.sign_scan(scan, personal, identity="hà", stamp=stamp)
    signer.sign_copy(personal, paper, stamp=AgencyStamp(copy_form=CopyForm.SAO_Y, agency_name=AGENCY_NAME))
    return paper


def renewals(signer: PaperSigner, file: Path, files: int) -> tuple[float, float]:
    """Median processor milliseconds and bytes gained of one renewal of a file renewed once already."""
    spent, gained = [], []
    source, target = file.with_name("source"), file.with_name("renewed")
    signer.renew(file, source, lapsing_before=NEVER)
    for _ in range(files):
        start = time.thread_time()
        signer.renew(source, target, lapsing_before=NEVER)
        spent.append((time.thread_time() - start) * 1000)
        gained.append(target.stat().st_size - source.stat().st_size)
    return statistics.median(spent), statistics.median(gained)


def tree(leaves: int) -> tuple[float, int]:
    """Seconds to hash a tree over so many files, and the bytes of one file's way to the root."""
    level = [secrets.token_bytes(32) for _ in range(leaves)]
    start, height = time.process_time(), 0
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [hashlib.sha256(min(pair) + max(pair)).digest() for pair in pairs]  # RFC 4998, 4.2
        height += 1
    return time.process_time() - start, height * 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name, DemoPki(Path(name) / "pki") as pki:
        scanner = pki.key("scanner")
        signer = PaperSigner(
            SigningConfiguration(
                identities={"hà": Pkcs12Key(path=scanner.path, password=scanner.password)},
                agency_key=Pkcs11Key(module=SOFTHSM, token=TOKEN, key="agency", certificate="agency", pin=pki.pin),
                timestamp_url=pki.timestamp_url,
                timestamp_seconds=30,
                trust=[pki.roots],
            )
        )
        journal = Path(name) / "journal.xml"
        day = dt.date(2026, 1, 1)
        signer.sign_journal(Journal(day=day, head_position=0, head_hash="0" * 64, rows=(), deliveries=()), journal)
        for what, file in (("PDF", sign(signer, Path(name))), ("XML", journal)):
            milliseconds, gained = renewals(signer, file, arguments.files)
            print(f"{what}, file by file: {milliseconds:.0f} ms, {gained:.0f} bytes, 1 time stamp each")
    seconds, path = tree(arguments.leaves)
    print(f"tree over {arguments.leaves}: {seconds:.2f} s, {path} bytes each, 1 time stamp for all")


if __name__ == "__main__":
    main()
