"""Trying out what the service account may do, on a document that is taken away again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from connector.cmis.repository import CmisRepository
from connector.cmis.sidecar_repository import SidecarRepository
from connector.domain.errors import RepositoryError, RepositoryUnavailable
from connector.domain.paper import RepositoryObject


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One thing that was tried; ``error`` is what the repository said, None where it went well."""

    step: str
    error: RepositoryError | None = None


def try_rights(repository: CmisRepository) -> Iterator[Trial]:
    """Everything a paper's way needs, in its order; ends at the first refusal. Raises RepositoryUnavailable.

    The probe lies in a folder of technical files, which no watcher looks into.
    """
    file = repository.mapping.file
    probe = _Probe(repository)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("create folders", lambda: probe.place(f"{file.watched_path.rstrip('/')}/{file.technical_folder}")),
        ("create documents", probe.create),
        ("read content", probe.read),
        ("check out and in", probe.check_in),
    ]
    if not isinstance(repository, SidecarRepository):
        steps.insert(3, ("write properties", probe.write))
    if repository.has_store_folders:
        steps.append(("file papers in stores", lambda: probe.file(file.store.path)))
    try:
        for step, attempt in steps:
            trial = _attempt(step, attempt)
            yield trial
            if trial.error:
                return
    finally:
        probe.remove()
    yield Trial(step="delete what is ours", error=probe.remains)


def _attempt(step: str, attempt: Callable[[], object]) -> Trial:
    try:
        attempt()
    except RepositoryUnavailable:
        raise
    except RepositoryError as error:
        return Trial(step=step, error=error)
    return Trial(step=step)


class _Probe:
    def __init__(self, repository: CmisRepository) -> None:
        self._repository = repository
        self._folder: str | None = None
        self._made: RepositoryObject | None = None
        self.remains: RepositoryError | None = None

    @property
    def _document(self) -> RepositoryObject:
        assert self._made is not None  # the step before has made it
        return self._made

    def place(self, path: str) -> None:
        self._folder = self._repository.folder_at(path).object_id

    def create(self) -> None:
        assert self._folder is not None
        with _some_content() as file:
            self._made = self._repository.create_document(
                self._folder, f"probe-{uuid4().hex}.pdf", file, content_type="application/pdf", kind="paper"
            )

    def read(self) -> None:
        with _some_content() as file:
            self._repository.download(self._document.object_id, file)

    def write(self) -> None:
        self._made = self._repository.update(self._document, {"error": "probe"})

    def check_in(self) -> None:
        with _some_content() as file:
            self._made = self._repository.check_in(self._document, file, comment="probe")

    def file(self, path: str) -> None:
        store = self._repository.folder_at(path).object_id
        self._repository.add_to_folder(self._document.object_id, store)
        self._repository.remove_from_folder(self._document.object_id, store)

    def remove(self) -> None:
        if self._made is None:
            return
        try:
            self._repository.service.act("delete", {"objectId": self._made.object_id, "allVersions": "true"})
        except RepositoryError as error:
            self.remains = error


@contextmanager
def _some_content() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sohoa-probe-") as folder:
        file = Path(folder) / "probe.pdf"
        file.write_bytes(b"%PDF-1.7")
        yield file
