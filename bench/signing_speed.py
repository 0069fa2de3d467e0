"""Processor time of signing, beside pyHanko as its manual shows it and beside the floor, in turns within one run.

    .venv/bin/python bench/signing_speed.py [--rounds 20] [--megabytes 0.5 10 150]

The same job for both: a visible signature at B-B, RSA-2048 from a key file, written as an incremental update to a new
file. pyHanko's manual draws a text box in its own font; ours draws the scanner's two lines in an embedded Vietnamese
font, on a place given beforehand. "with place" adds the search for blank paper. The floor reads, hashes and writes
the file once and makes one RSA signature. Milliseconds of this process's processor time, median of the rounds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import secrets
import statistics
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
from signing.keys import OpenKey, Pkcs12Key, open_key

_PASSWORD = "bench"
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
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as name:
        folder = Path(name)
        source, target, key_file = folder / "source.pdf", folder / "signed.pdf", folder / "key.p12"
        raw = make_key(key_file)
        key = open_key(Pkcs12Key(path=key_file, password=_PASSWORD))
        print(
            f"{'MB':>6} {'ours':>8} {'+place':>8} {'pyHanko':>8} {'floor':>8} {'pyHanko/ours':>13} {'ours/floor':>11}"
        )
        for megabytes in arguments.megabytes:
            make_pdf(source, megabytes)
            works = {
                "ours": ours(source, target, key),
                "place": ours_with_place(source, target, key),
                "pyhanko": pyhanko(source, target, key_file),
                "floor": floor(source, target, raw),
            }
            spent = measure(works, arguments.rounds if megabytes < 50 else max(3, arguments.rounds // 4))
            numbers = f"{spent['ours']:8.1f} {spent['place']:8.1f} {spent['pyhanko']:8.1f} {spent['floor']:8.1f}"
            ratios = f"{spent['pyhanko'] / spent['ours']:13.1f} {spent['ours'] / spent['floor']:11.1f}"
            print(f"{megabytes:6g} {numbers} {ratios}")
        make_pdf(source, 0.5)
        rates = [documents_per_second(folder, processes, 40) for processes in (1, 2)]
        print(f"documents/s at 0.5 MB: 1 process {rates[0]:.0f}, 2 processes {rates[1]:.0f}")


if __name__ == "__main__":
    main()
