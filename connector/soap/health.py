"""Whether what the service depends on answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from connector.domain.errors import SohoaError

_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Dependencies:
    """Named checks that raise when theirs is down."""

    def __init__(self, checks: Mapping[str, Callable[[], object]]) -> None:
        self._checks = checks

    async def states(self) -> dict[str, str]:
        """Each dependency's state: ok, unavailable, no answer; all asked at once."""
        return dict(await asyncio.gather(*(_state_of(name, check) for name, check in self._checks.items())))


async def _state_of(name: str, check: Callable[[], object]) -> tuple[str, str]:
    try:
        await asyncio.wait_for(asyncio.to_thread(check), _SECONDS)
    except TimeoutError:
        return name, "no answer"
    except (SohoaError, OSError) as error:
        _log.warning("%s is not ready: %s", name, error)
        return name, "unavailable"
    return name, "ok"
