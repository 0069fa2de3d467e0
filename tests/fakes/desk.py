"""A desk whose token signs at once: the store of requests and the real token, without the line between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from connector.domain.token_signing import PreparedSignature, SignedKind, SigningTask
from signing.token_key import TokenKey


@dataclass
class PromptDesk:
    """The port ``TokenRequests``; ``keys`` by identity."""

    keys: dict[str, TokenKey]
    prepared: dict[tuple[SignedKind, str], PreparedSignature] = field(default_factory=dict)

    def answer(self, task: SigningTask, kind: SignedKind, fingerprint: str) -> tuple[PreparedSignature, bytes] | None:
        kept = self.prepared.get((kind, fingerprint))
        return (kept, self.keys[kept.identity].sign(kept.to_be_signed)) if kept else None

    def is_asked(self, task: SigningTask, kind: SignedKind, fingerprint: str) -> bool:
        return (kind, fingerprint) in self.prepared

    def ask(self, task: SigningTask, prepared: PreparedSignature) -> None:
        self.prepared[prepared.kind, prepared.fingerprint] = prepared
