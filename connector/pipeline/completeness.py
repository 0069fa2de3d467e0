"""What keeps a dossier's papers from the agency's signature (Art. 8.2.a, 9.4, 13.3.a)."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.dossier import missing_components, missing_for_signature
from connector.domain.paper import Dossier, Paper
from connector.pipeline.workplace import Workplace


def what_is_missing(dossier: Dossier, papers: Sequence[Paper], place: Workplace) -> str | None:
    """A Vietnamese sentence that names it; None when the dossier is complete."""
    missing = missing_for_signature(dossier, papers)
    if missing:
        return missing
    procedure = place.office.procedures.named(dossier.procedure_code, place.today())
    absent = missing_components(papers, procedure.components if procedure else ())
    return f"Thiếu thành phần hồ sơ: {', '.join(absent)}." if absent else None
