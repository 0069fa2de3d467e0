"""Kerberos tickets for HTTP; the packages behind it are an optional extra."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import gssapi
import requests
from requests.auth import AuthBase
from requests_gssapi import OPTIONAL, HTTPSPNEGOAuth
from requests_gssapi.exceptions import SPNEGOExchangeError

from connector.domain.errors import PermissionDenied, RepositoryUnavailable

# krb5.h: KRB5_KDC_UNREACH and KRB5_REALM_CANT_RESOLVE, as the minor status of GSS-API
_DOMAIN_AWAY = frozenset({2529639068, 2529639066})


class TicketAuthentication(AuthBase):
    """Sends a ticket with the first request already, so that a streamed file is not sent twice.

    The library keeps the ticket in a cache of this process and fetches another when half its time is over.
    """

    def __init__(self, principal: str, keytab: Path) -> None:
        self._name = gssapi.Name(principal, gssapi.NameType.kerberos_principal)
        self._store = {"client_keytab": f"FILE:{keytab}", "ccache": f"MEMORY:sohoa-{uuid4().hex}"}

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        try:
            credentials = gssapi.Credentials(name=self._name, usage="initiate", store=self._store)
            spnego = HTTPSPNEGOAuth(creds=credentials, opportunistic_auth=True, mutual_authentication=OPTIONAL)
            signed: requests.PreparedRequest = spnego(request)
        except gssapi.exceptions.GSSError as error:
            raise _error_of(error) from error
        except SPNEGOExchangeError as error:
            cause = error.__context__
            raise (_error_of(cause) if isinstance(cause, gssapi.exceptions.GSSError) else _refused()) from error
        return signed


def _error_of(error: gssapi.exceptions.GSSError) -> RepositoryUnavailable | PermissionDenied:
    if error.min_code in _DOMAIN_AWAY:
        return RepositoryUnavailable("no domain controller answers")
    return _refused()


def _refused() -> PermissionDenied:
    return PermissionDenied("the domain gives no ticket: check principal, keytab, and the clock")
