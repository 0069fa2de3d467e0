"""Processor time of signing, beside pyHanko as its manual shows it, EU DSS, and the floor, within one run.

    .venv/bin/python bench/signing_speed.py [--rounds 20] [--megabytes 0.5 10 150] [--no-dss]

The same job for both: a visible signature at B-B, RSA-2048 from a key file, written as an incremental update to a new
file. pyHanko's manual draws a text box in its own font; ours draws the scanner's two lines in an embedded Vietnamese
font, on a place given beforehand. "with place" adds the search for blank paper. The floor reads, hashes and writes
the file once and makes one RSA signature. Milliseconds of processor time of the whole process, median of the rounds.

EU DSS 6.4 (Java 17, fetched by Maven the first time) signs the same files with the same key, its text in the same
font, after a warm-up of 60 signatures; its milliseconds are those of the Java process, its compiler and collector
included, as a mean, for its clock ticks in tens of milliseconds. It is given no search for blank paper, so it stands
beside "ours".
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import secrets
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko import stamp as pyhanko_stamp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from connector.domain.signatures import ScannerStamp
from signing import pades
from signing.font import FONT
from signing.keys import OpenKey, Pkcs12Key, open_key

_ROOT = Path(__file__).parents[1]
_PASSWORD = "bench"
_WARM_UP = 60
_STAMP = ScannerStamp(full_name="Trần Thị Thu Hà", scanned_at=dt.datetime(2026, 3, 5, 1, 2, 3, tzinfo=dt.UTC))


def make_key(path: Path) -> rsa.RSAPrivateKey:
    """A self-signed key file."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - dt.timedelta(1), now + dt.timedelta(1))
    certificate = builder.sign(key, hashes.SHA256())
    encryption = BestAvailableEncryption(_PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"bench", key, certificate, None, encryption))
    return key


def make_pdf(path: Path, megabytes: float) -> None:
    """Pages of incompressible content, half a megabyte each, as scans are."""
    with pikepdf.new() as document:
        for _ in range(max(1, round(megabytes * 2))):
            document.add_blank_page(page_size=(595, 842))
            document.pages[-1].obj.PieceInfo = document.make_stream(secrets.token_bytes(500_000))
        document.save(path)


def ours(source: Path, target: Path, key: OpenKey) -> Callable[[], None]:
    mark = pades.scanner_mark(source, _STAMP)

    def sign() -> None:
        with pades.update(source, target) as file:
            pades.add_signature(file, key, mark, stamper=None)

    return sign


def ours_with_place(source: Path, target: Path, key: OpenKey) -> Callable[[], None]:
    def sign() -> None:
        mark = pades.scanner_mark(source, _STAMP)
        with pades.update(source, target) as file:
            pades.add_signature(file, key, mark, stamper=None)

    return sign


def pyhanko(source: Path, target: Path, key_file: Path) -> Callable[[], None]:
    signer = SimpleSigner.load_pkcs12(str(key_file), passphrase=_PASSWORD.encode())

    def sign() -> None:
        with source.open("rb") as file, target.open("wb") as output:
            writer = IncrementalPdfFileWriter(file)
            spec = fields.SigFieldSpec("Signature", box=(10, 780, 210, 832))
            fields.append_signature_field(writer, sig_field_spec=spec)
            style = pyhanko_stamp.TextStampStyle(stamp_text="Signed by: %(signer)s\nTime: %(ts)s")
            subfilter = fields.SigSeedSubFilter.PADES
            details = PdfSignatureMetadata(field_name="Signature", md_algorithm="sha256", subfilter=subfilter)
            PdfSigner(details, signer, stamp_style=style).sign_pdf(writer, output=output)
            os.fsync(output.fileno())

    return sign


def floor(source: Path, target: Path, key: rsa.RSAPrivateKey) -> Callable[[], None]:
    def work() -> None:
        digest = hashlib.sha256()
        with source.open("rb") as file, target.open("wb") as output:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                output.write(chunk)
            output.flush()
            os.fsync(output.fileno())
        key.sign(digest.digest(), padding.PKCS1v15(), hashes.SHA256())

    return work


def dss(sources: list[Path], target: Path, key_file: Path, rounds: int) -> list[float]:
    """EU DSS's mean milliseconds for each source, in a Java process of its own."""
    parts = _ROOT / "build" / "dss-signer"
    if not parts.is_dir():
        subprocess.run(["mvn", "-q", "-B", "-f", str(_ROOT / "bench" / "dss" / "pom.xml"), "package"], check=True)
    command = [
        "java", "-cp", f"{parts}/*", "bench.SigningSpeed", str(key_file), _PASSWORD, str(FONT), str(target),
        str(_WARM_UP), str(rounds), *map(str, sources),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(line) for line in done.stdout.split()]


def measure(works: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Median milliseconds of processor time; the works take turns, so that load meets all of them."""
    for work in works.values():
        work()
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = time.process_time()
            work()
            spent[name].append((time.process_time() - start) * 1000)
    return {name: statistics.median(values) for name, values in spent.items()}


def sign_many(folder: str, number: int, count: int) -> int:
    """What one of several processes does."""
    source, target = Path(folder) / "source.pdf", Path(folder) / f"signed-{number}.pdf"
    sign = ours(source, target, open_key(Pkcs12Key(path=Path(folder) / "key.p12", password=_PASSWORD)))
    for _ in range(count):
        sign()
    return count


def documents_per_second(folder: Path, processes: int, count: int) -> float:
    with get_context("spawn").Pool(processes) as pool:
        pool.starmap(sign_many, [(str(folder), number, 3) for number in range(processes)])
        start = time.perf_counter()
        done = sum(pool.starmap(sign_many, [(str(folder), number, count) for number in range(processes)], chunksize=1))
        return done / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[0.5, 10, 150])
    parser.add_argument("--dss", action=argparse.BooleanOptionalAction, default=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        folder = Path(name)
        target, key_file = folder / "signed.pdf", folder / "key.p12"
        raw = make_key(key_file)
        key = open_key(Pkcs12Key(path=key_file, password=_PASSWORD))
        sources = [folder / f"{megabytes:g}.pdf" for megabytes in arguments.megabytes]
        for source, megabytes in zip(sources, arguments.megabytes, strict=True):
            make_pdf(source, megabytes)
        theirs = dss(sources, target, key_file, arguments.rounds) if arguments.dss else [float("nan")] * len(sources)
        names = ("MB", "ours", "+place", "pyHanko", "DSS", "floor", "pyHanko/ours", "DSS/ours", "ours/floor")
        print(" ".join(f"{each:>12}" for each in names))
        for source, megabytes, java in zip(sources, arguments.megabytes, theirs, strict=True):
            works = {
                "ours": ours(source, target, key),
                "place": ours_with_place(source, target, key),
                "pyhanko": pyhanko(source, target, key_file),
                "floor": floor(source, target, raw),
            }
            spent = measure(works, arguments.rounds if megabytes < 50 else max(3, arguments.rounds // 4))
            mine = spent["ours"]
            figures = (
                megabytes, mine, spent["place"], spent["pyhanko"], java, spent["floor"],
                spent["pyhanko"] / mine, java / mine, mine / spent["floor"],
            )  # fmt: skip
            print(" ".join(f"{each:12.1f}" for each in figures))
        make_pdf(folder / "source.pdf", 0.5)
        rates = [documents_per_second(folder, processes, 40) for processes in (1, 2)]
        print(f"documents/s at 0.5 MB: 1 process {rates[0]:.0f}, 2 processes {rates[1]:.0f}")


if __name__ == "__main__":
    main()
