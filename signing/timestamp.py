"""RFC 3161 time stamps: a service that is slow or down is a normal state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pkcs11
from asn1crypto import cms
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    CertificateFetchError,
    CRLFetchError,
    ExpiredError,
    InsufficientRevinfoError,
    OCSPFetchError,
    PathBuildingError,
    PathError,
    PathValidationError,
    RevokedError,
    ValidationError,
)

from connector.domain.errors import CertificateInvalid, KeyUnavailable, SigningForbidden, TimestampUnavailable

AT_ONCE = 3  # seconds that a person at the counter may wait for a time stamp


def time_stamper(url: str, *, seconds: float) -> HTTPTimeStamper:
    """A client of the service at ``url``."""
    return HTTPTimeStamper(url, timeout=seconds)


def time_of(token: cms.SignedData) -> dt.datetime:
    """What a time stamp token claims."""
    moment: dt.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


async def judge_token(
    token: cms.SignedData, imprint: bytes, context: ValidationContext
) -> TimestampSignatureStatus | None:
    """pyHanko's status of a time stamp that has to be over ``imprint``; None where it refuses to judge."""
    try:
        status = await validate_tst_signed_data(token, context, lambda algorithm: imprint)
    except (PathError, ValidationError, SignatureValidationError):
        return None
    return TimestampSignatureStatus(**status)


@contextmanager
def translated() -> Iterator[None]:
    """Errors of time stamps, revocation services, keys and of files that allow no further signature as ours."""
    try:
        yield
    except TimestampRequestError as error:
        raise TimestampUnavailable("time stamp") from error
    except (OCSPFetchError, CRLFetchError, CertificateFetchError, InsufficientRevinfoError) as error:
        raise TimestampUnavailable("revocation data") from error
    except (ExpiredError, RevokedError, PathBuildingError, PathValidationError) as error:
        raise CertificateInvalid(type(error).__name__) from error
    except pkcs11.PKCS11Error as error:
        raise KeyUnavailable(type(error).__name__) from error
    except PyhankoSigningError as error:
        cause = error.__cause__
        if isinstance(cause, InsufficientRevinfoError):
            raise TimestampUnavailable("revocation data") from error
        if "could not be validated" in str(error):
            raise CertificateInvalid(type(cause).__name__) from error
        raise SigningForbidden(str(error)) from error
