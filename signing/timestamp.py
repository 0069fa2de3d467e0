"""RFC 3161 time stamps: a service that is slow or down is a normal state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pkcs11
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator.errors import (
    CertificateFetchError,
    CRLFetchError,
    ExpiredError,
    InsufficientRevinfoError,
    OCSPFetchError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from connector.domain.errors import CertificateInvalid, KeyUnavailable, TimestampUnavailable

AT_ONCE = 3  # seconds that a person at the counter may wait for a time stamp


def time_stamper(url: str, *, seconds: float) -> HTTPTimeStamper:
    """A client of the service at ``url``."""
    return HTTPTimeStamper(url, timeout=seconds)


@contextmanager
def translated() -> Iterator[None]:
    """Errors of time stamps, revocation services and keys as ours."""
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
        raise
