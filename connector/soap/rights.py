"""What a client may do and see."""

from __future__ import annotations

from typing import Any

from connector.domain.publication import PublishedPaper, Rights
from connector.soap.answers import Values
from connector.soap.faults import Fault, FaultName
from connector.soap.security import Client

_GIVES_FILES = frozenset({"GetDocument", "GetMetadataSignature"})


def check_allowed(client: Client, operation: str) -> None:
    """Raises Fault when the operation is none of the client's."""
    allowed = client.operations is None or operation in client.operations
    if operation == "ReportDossierResult":
        allowed = allowed and client.may_report_results
    if operation in _GIVES_FILES:
        allowed = allowed and not client.hidden_fields
    if not allowed:
        raise Fault(FaultName.ACCESS_DENIED)


def sees_everything(client: Client) -> bool:
    """Whether no paper is kept from the client; to any other, what it may not read does not exist."""
    return client.document_types is None and client.owners is None


def may_read(client: Client, paper: PublishedPaper) -> bool:
    """Whether the paper's type and owner are among the client's."""
    metadata = paper.record.metadata
    type_fits = client.document_types is None or metadata.document_type_code in client.document_types
    return type_fits and (client.owners is None or metadata.owner_id in client.owners)


def search_limits(client: Client) -> dict[str, Any]:
    """The same as criteria of a search."""
    return {
        "document_types": None if client.document_types is None else tuple(sorted(client.document_types)),
        "owners": None if client.owners is None else tuple(sorted(client.owners)),
    }


def feed_rights(client: Client) -> Rights:
    """The same for the feed."""
    return Rights(**search_limits(client))


def visible(metadata: Values, client: Client) -> Values:
    """The metadata without what the client does not see."""
    return {name: value for name, value in metadata.items() if name not in client.hidden_fields}
