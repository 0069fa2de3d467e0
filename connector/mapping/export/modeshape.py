"""ModeShape: node types in CND (JCR 2.0, 25.2)."""

from __future__ import annotations

from collections.abc import Mapping

from connector.mapping.export.fields import Section, fields_of
from connector.mapping.model import MappingFile

_NAMESPACES = {
    "nt": "http://www.jcp.org/jcr/nt/1.0",
    "mix": "http://www.jcp.org/jcr/mix/1.0",
    "bhxh": "urn:vn:bhxh:sohoa:1",
}
_TYPES = {"string": "STRING", "boolean": "BOOLEAN", "integer": "LONG", "datetime": "DATE"}


def node_types(mapping: MappingFile) -> Mapping[str, bytes]:
    """One file with both types, for those who work over JCR: ModeShape's CMIS shows no node types of one's own."""
    papers = _node_type(mapping, "paper", "bhxh:giayTo", "nt:file, mix:versionable")
    dossiers = _node_type(mapping, "dossier", "bhxh:hoSo", "nt:folder")
    namespaces = "\n".join(f"<{prefix} = '{uri}'>" for prefix, uri in _NAMESPACES.items())
    return {"bhxh.cnd": f"{namespaces}\n\n{papers}\n\n{dossiers}\n".encode()}


def _node_type(mapping: MappingFile, section: Section, name: str, parents: str) -> str:
    lines = []
    for field in fields_of(mapping, section):
        # its choices are left open: a value that a later version adds would make old nodes invalid
        several = " multiple" if field.multi else ""
        lines.append(f"// {field.label}\n- {field.property_id} ({_TYPES[field.kind]}){several}")
    return f"[{name}] > {parents}\n" + "\n".join(lines)
