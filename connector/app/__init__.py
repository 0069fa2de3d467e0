"""Where adapters are joined to use cases; the command line calls nothing else."""

from __future__ import annotations

from connector.app.doctor import Finding, check_up
from connector.app.files import evaluate, extract, verify
from connector.app.operations import count_by_state, retry, verify_audit
from connector.app.services import hash_password, serve, watch, work
from connector.app.wiring import database, repositories, signer

__all__ = [
    "database",
    "repositories",
    "signer",
    "watch",
    "work",
    "serve",
    "hash_password",
    "count_by_state",
    "retry",
    "verify_audit",
    "extract",
    "evaluate",
    "verify",
    "Finding",
    "check_up",
]
