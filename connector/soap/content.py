"""A paper's content on its way from the repository to the wire."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from typing import TypeVar

from connector.domain.errors import ContentReplaced
from connector.domain.paper import Artifact

_Result = TypeVar("_Result")
_CHUNK = 256 * 1024


class ContentStream:
    """Reads in a thread, two chunks ahead, and lets the last chunk go only when length and SHA-256 are right.

    So content that is not what was registered never arrives whole: a small one is refused before the answer
    begins, a large one breaks off. A repository's reads block, hence the threads.
    """

    def __init__(self, artifact: Artifact, source: Callable[[], Iterator[bytes]], threads: Executor) -> None:
        self.length = artifact.length
        self._expected = artifact.sha256
        self._open = source
        self._source: Iterator[bytes] | None = None
        self._threads = threads
        self._hash = hashlib.sha256()
        self._read = 0
        self._ahead: list[bytes | None] = []

    async def start(self) -> None:
        """Open and read the first two chunks. Raises what the repository raises, and ContentReplaced."""
        try:
            self._ahead = [await self._in_thread(self._take)]
            if self._ahead[0] is not None:
                self._ahead.append(await self._in_thread(self._take))
        except BaseException:
            await self.close()
            raise

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The content; ``start`` comes first."""
        current, following = [*self._ahead, None][:2]
        self._ahead = []
        while current is not None:
            if following is None:
                yield current
                return
            reading = asyncio.ensure_future(self._in_thread(self._take))
            try:
                yield current
            except BaseException:
                # nobody may close what the thread still reads
                with suppress(Exception):
                    await reading
                raise
            current, following = following, await reading

    async def close(self) -> None:
        """Give the connection to the repository back."""
        source, self._source = self._source, None
        close = getattr(source, "close", None)
        if close is not None:
            await self._in_thread(close)

    def _take(self) -> bytes | None:
        """About _CHUNK bytes at once: each change of thread costs, and repositories give small pieces."""
        if self._source is None:
            self._source = self._open()
        pieces: list[bytes] = []
        size = 0
        for piece in self._source:
            pieces.append(piece)
            size += len(piece)
            if size >= _CHUNK:
                break
        chunk = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self._read += size
        self._hash.update(chunk)
        ended_wrong = not pieces and (self._read != self.length or self._hash.hexdigest() != self._expected)
        if self._read > self.length or ended_wrong:
            raise ContentReplaced("the stored content is not the registered one")
        return chunk if pieces else None

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
