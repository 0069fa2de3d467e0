"""For products whose types are made by hand in their own tool: a table of what to create."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from connector.mapping.export.fields import Field, Section, fields_of, local_name
from connector.mapping.model import MappingFile

_HEAD = ("Tên / name", "Nhãn / label", "Kiểu / type", "Nhiều giá trị / multi", "Độ dài / length", "Danh mục / choices",
         "Người ghi / written by")  # fmt: skip
_SECTIONS: Mapping[Section, str] = {"paper": "giay-to.csv", "dossier": "ho-so.csv"}
_DQL = {"boolean": "BOOLEAN", "integer": "INTEGER", "datetime": "TIME"}


def property_tables(mapping: MappingFile) -> Mapping[str, bytes]:
    """One table for papers, one for dossiers; with a mark of UTF-8, so that spreadsheets show Vietnamese."""
    return {file: _table(mapping, section) for section, file in _SECTIONS.items()}


def _table(mapping: MappingFile, section: Section) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for field in fields_of(mapping, section):
        writer.writerow(
            (
                local_name(field.property_id),
                field.label,
                field.kind,
                "có / yes" if field.multi else "không / no",
                field.length or "",
                "; ".join(field.choices),
                "người dùng / people" if field.editable else "phần mềm / the product",
            )
        )
    return text.getvalue().encode("utf-8-sig")


def documentum_script(mapping: MappingFile) -> bytes:
    """DQL that creates both types; run it in Documentum Administrator or idql."""
    papers = _create_type(mapping, "paper", mapping.paper.document_type, "dm_document")
    dossiers = _create_type(mapping, "dossier", mapping.dossier.folder_type, "dm_folder")
    return f"{papers}\ngo\n{dossiers}\ngo\n".encode()


def _create_type(mapping: MappingFile, section: Section, type_name: str, parent: str) -> str:
    columns = ",\n  ".join(f"{field.property_id} {_dql_type(field)}" for field in fields_of(mapping, section))
    return f"CREATE TYPE {type_name} (\n  {columns}\n) WITH SUPERTYPE {parent} PUBLISH"


def _dql_type(field: Field) -> str:
    kind = _DQL.get(field.kind) or f"STRING({field.length})"
    return f"{kind} REPEATING" if field.multi else kind
