"""An own result that was born digital: signed by the competent person, then by the agency, before it is deposited."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from connector.demo.pki import SOFTHSM, TOKEN, DemoPki
from signing.keys import Pkcs11Key, Pkcs12Key, open_key
from signing.pades import AGENCY_FIELD, PERSON_FIELD, sign_invisibly
from signing.timestamp import time_stamper
from signing.trust import load_trust

_SECONDS = 30.0  # for one time stamp


def sign_result(source: Path, target: Path, pki: DemoPki) -> None:
    """Two PAdES B-LTA signatures, the director's and the agency's.

    Raises what ``sign_invisibly`` raises.
    """
    director = pki.key("director")
    keys: dict[str, Pkcs12Key | Pkcs11Key] = {
        PERSON_FIELD: Pkcs12Key(path=director.path, password=director.password),
        AGENCY_FIELD: Pkcs11Key(module=SOFTHSM, token=TOKEN, key="agency", certificate="agency", pin=pki.pin),
    }
    trust = load_trust([pki.roots])
    timestamper = time_stamper(pki.timestamp_url, seconds=_SECONDS)
    with TemporaryDirectory(dir=target.parent) as folder:
        current = source
        for field, key in keys.items():
            signed = Path(folder) / f"{field}.pdf"
            sign_invisibly(current, signed, key=open_key(key), field=field, timestamper=timestamper, trust=trust)
            current = signed
        current.replace(target)
