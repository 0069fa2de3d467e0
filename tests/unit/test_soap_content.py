"""A paper's content on its way to the wire."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.domain.errors import ContentReplaced, RepositoryUnavailable
from connector.domain.paper import Artifact, ArtifactKind
from connector.soap.content import ContentStream

CHUNKS = [bytes([number]) * 256 * 1024 for number in range(6)]


class Source:
    """A repository's stream that says how far it was read and whether it was closed."""

    def __init__(self, chunks: list[bytes], *, fails_after: int | None = None) -> None:
        self.chunks, self.fails_after = chunks, fails_after
        self.given, self.closed = 0, False

    def __call__(self) -> Iterator[bytes]:
        try:
            for chunk in self.chunks:
                if self.given == self.fails_after:
                    raise RepositoryUnavailable("test")
                self.given += 1
                yield chunk
        finally:
            self.closed = True


def artifact(content: bytes) -> Artifact:
    return Artifact(
        kind=ArtifactKind.AGENCY, object_id="o", sha256=hashlib.sha256(content).hexdigest(), length=len(content)
    )


async def take(stream: ContentStream, most: int = 100) -> list[bytes]:
    """The chunks that arrive, until ``most``."""
    taken: list[bytes] = []
    try:
        await stream.start()
        chunks = stream.chunks()
        try:
            async for chunk in chunks:
                taken.append(chunk)
                if len(taken) == most:
                    break
        finally:
            await chunks.aclose()
    finally:
        await stream.close()
    return taken


def stream_of(source: Source, promised: bytes) -> ContentStream:
    return ContentStream(artifact(promised), source, ThreadPoolExecutor(1))


@pytest.mark.parametrize("count", range(7))
def test_content_arrives_in_order_and_the_source_is_closed(count: int) -> None:
    source = Source(CHUNKS[:count])
    assert asyncio.run(take(stream_of(source, b"".join(CHUNKS[:count])))) == CHUNKS[:count]
    assert source.closed


def test_small_pieces_arrive_as_larger_ones() -> None:
    content = os.urandom(300_000)
    source = Source([content[start : start + 1000] for start in range(0, len(content), 1000)])
    arrived = asyncio.run(take(stream_of(source, content)))
    assert b"".join(arrived) == content
    assert len(arrived) == 2


def test_no_more_than_two_chunks_are_read_ahead() -> None:
    source = Source(CHUNKS)
    assert asyncio.run(take(stream_of(source, b"".join(CHUNKS)), most=1)) == CHUNKS[:1]
    assert source.given <= 3
    assert source.closed


@pytest.mark.parametrize("promised", [b"".join(CHUNKS)[:-1], b"".join(CHUNKS) + b"x", b"x" * 6 * 256 * 1024])
def test_content_that_is_not_the_registered_one_never_arrives_whole(promised: bytes) -> None:
    source, arrived = Source(CHUNKS), []

    async def collect() -> None:
        stream = stream_of(source, promised)
        await stream.start()
        try:
            async for chunk in stream.chunks():
                arrived.append(chunk)  # noqa: PERF401  what came before the error counts
        finally:
            await stream.close()

    with pytest.raises(ContentReplaced):
        asyncio.run(collect())
    assert len(arrived) < len(CHUNKS)
    assert source.closed


def test_a_short_content_that_is_wrong_is_refused_before_the_answer_begins() -> None:
    with pytest.raises(ContentReplaced):
        asyncio.run(stream_of(Source(CHUNKS[:1]), b"other").start())


@pytest.mark.parametrize("good", range(4))
def test_a_repository_that_fails_is_heard(good: int) -> None:
    source = Source(CHUNKS, fails_after=good)
    with pytest.raises(RepositoryUnavailable):
        asyncio.run(take(stream_of(source, b"".join(CHUNKS))))
    assert source.closed
