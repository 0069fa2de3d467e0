"""Telling the portal of new papers, where the settings say so."""

from __future__ import annotations

import logging
from collections.abc import Callable

from connector.app.books import database
from connector.domain.errors import ConfigurationError, PortalError
from connector.domain.secret_transport import keeps_secrets
from connector.mapping.notice import load_notice
from connector.queue.retry import Retry, decide
from connector.registry.connection import Database
from connector.registry.notifications import NotificationRegister
from connector.sections import NotificationSettings
from connector.settings import Settings
from connector.soap.notifier import Notice, Notifier

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 200


def telling(entry: NotificationSettings, opened: Database) -> Callable[[], None]:
    """The chore: tell what is due until nothing is, or the portal fails. Raises ConfigurationError."""
    file = load_notice(entry.rules)
    if entry.username and not keeps_secrets(file.url):
        raise ConfigurationError(f"{entry.rules}: url: a password needs https")
    notice = Notice(
        url=file.url,
        namespace=file.namespace,
        element=file.element,
        fields=file.fields,
        kinds=tuple(file.kinds),
        soap_action=file.soap_action,
    )
    notifier = Notifier(
        notice,
        username=entry.username,
        password=entry.password.get_secret_value() if entry.password else "",
        ca_file=entry.ca_file,
        seconds=entry.timeout_seconds,
    )
    register = NotificationRegister(opened)

    def tell_due() -> None:
        register.enqueue(notice.kinds)
        for _ in range(_MOST_AT_ONCE):
            try:
                error = register.tell_next(notifier.tell, _wait)
            except LookupError:
                return
            if error is not None and error.transient:
                raise error  # the others would only wait for the same
            if error is not None:
                log.error("a notification was given up, see `sohoa retry --notifications`: %s", error)

    return tell_due


def _wait(attempt: int, error: PortalError) -> int | None:
    again = decide(attempt, error)
    return again.seconds if isinstance(again, Retry) else None


def replay(settings: Settings) -> int:
    """What was given up is told again; answers how many there are."""
    with database(settings) as dsn, Database(dsn) as opened:
        return NotificationRegister(opened).replay()
