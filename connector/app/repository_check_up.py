"""Checking one repository: what it is, whether it does what it says, and what the service account may do."""

from __future__ import annotations

from collections.abc import Iterator

from connector.app.connection import open_repository
from connector.app.finding import Finding
from connector.cmis.remedies import Topic, remedy
from connector.cmis.repository import CmisRepository
from connector.cmis.rights_probe import try_rights
from connector.cmis.self_test import SelfTest
from connector.domain.errors import RepositoryUnavailable, SohoaError
from connector.mapping.check import check_mapping
from connector.mapping.load import find_mapping
from connector.mapping.model import Filing
from connector.sections import RepositorySettings


def check_up_repository(entry: RepositorySettings) -> Iterator[Finding]:
    """Its findings; one that is not reached has a single one."""
    subject = f"repository {entry.id}"
    try:
        repository = open_repository(entry)
        info = repository.service.info
        product = f"{info.get('vendorName', '?')} {info.get('productName', '?')} {info.get('productVersion', '')}"
        yield Finding(subject=subject, ok=True, detail=f"{product.strip()}, {entry.binding}, {entry.sign_in}")
        yield _mapping(subject, entry, repository)
        yield _filing(subject, repository)
        yield from _rights(subject, repository)
        yield from _behaviour(subject, repository)
    except SohoaError as error:
        hint = (
            "url, ca_file and the proxy before it" if isinstance(error, RepositoryUnavailable) else "username, sign_in"
        )
        yield Finding(subject=subject, ok=False, detail=str(error), remedy=f"sohoa.toml: {hint} of this repository")


def _mapping(subject: str, entry: RepositorySettings, repository: CmisRepository) -> Finding:
    findings = check_mapping(find_mapping(entry.mapping), repository.service)
    return Finding(
        subject=f"{subject} mapping",
        ok=not findings,
        detail=f"{len(findings)} findings" if findings else "types and properties are as the mapping says",
        remedy="sohoa mapping check names file, line and remedy of each" if findings else "",
    )


def _filing(subject: str, repository: CmisRepository) -> Finding:
    wanted, way = repository.mapping.file.store.filing, repository.filing
    return Finding(
        subject=f"{subject} stores",
        ok=wanted is way,
        detail=f"filing {way}" if wanted is way else f"no multi-filing: {way} instead of {Filing.FOLDER}",
        remedy="" if wanted is way else remedy(Topic.MULTI_FILING, repository.service.info),
    )


def _rights(subject: str, repository: CmisRepository) -> Iterator[Finding]:
    done = []
    for trial in try_rights(repository):
        if trial.error is not None:
            yield Finding(
                subject=f"{subject} rights",
                ok=False,
                detail=f"cannot {trial.step}: {trial.error}",
                remedy=remedy(Topic.RIGHTS, repository.service.info),
            )
            return
        done.append(trial.step)
    yield Finding(subject=f"{subject} rights", ok=True, detail=f"the service account may {', '.join(done)}")


def _behaviour(subject: str, repository: CmisRepository) -> Iterator[Finding]:
    seen, info = repository.self_test(), repository.service.info
    yield _queries(subject, seen, info_remedies={topic: remedy(topic, info) for topic in Topic})
    yield Finding(
        subject=f"{subject} change log",
        ok=True,  # one that is made up, or none, costs speed and nothing else
        detail="tells of a probe" if seen.change_log else "told nothing of a probe: not used",
        remedy="" if seen.change_log else remedy(Topic.CHANGE_LOG, info),
    )
    yield Finding(
        subject=f"{subject} lock",
        ok=seen.lock is not False,
        detail=seen.lock_obstacle or ("stored papers can be locked" if seen.lock else "not tried (paper.lock)"),
        remedy=remedy(Topic.LOCK, info) if seen.lock is False else "",
    )


def _queries(subject: str, seen: SelfTest, *, info_remedies: dict[Topic, str]) -> Finding:
    if seen.true_queries:
        lag = seen.lag_seconds or 0.0
        detail = f"true, a new document showed after {lag:.1f} s"
        return Finding(subject=f"{subject} queries", ok=True, detail=detail)
    if seen.lies:
        # found out and lived with: no failure of the installation
        topic, detail = Topic.LYING_QUERIES, "answered wrongly or refused: folders are listed instead"
    else:
        topic, detail = Topic.INDEX, "a new document did not show while we waited"
    return Finding(subject=f"{subject} queries", ok=seen.lies, detail=detail, remedy=info_remedies[topic])
