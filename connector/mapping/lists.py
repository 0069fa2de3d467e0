"""The office's lists as YAML files, and their import from XLSX or CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML

from connector.domain.errors import ConfigurationError, InvalidFieldValue
from connector.domain.identifiers import is_organisation_code, newer_organisation_code
from connector.domain.lists import (
    Entry,
    ListedOrganisation,
    ListedProcedure,
    ListedType,
    OrganisationList,
    ProcedureList,
    TypeList,
)
from connector.domain.metadata import clean, iso_date
from connector.mapping.load import read_yaml

Kind = Literal["types", "procedures", "organisations"]

# column heads that people write, in small letters
_HEADS: Mapping[str, str] = {
    "mã": "code",
    "mã loại giấy tờ": "code",
    "mã thủ tục": "code",
    "mã tthc": "code",
    "tên": "name",
    "tên giấy tờ": "name",
    "tên thủ tục": "name",
    "hiệu lực từ": "valid_from",
    "từ ngày": "valid_from",
    "hiệu lực đến": "valid_until",
    "đến ngày": "valid_until",
    "đọc như": "reads_as",
    "là kết quả": "is_result",
    "số năm lưu trữ": "retention_years",
    "thành phần": "components",
    "dữ liệu chuyên ngành": "sector_fields",
    "người được đọc": "readers",
    "mã định danh": "code",
    "mã cũ": "former_code",
    "tên cơ quan": "name",
    "tên tổ chức": "name",
}
_SEVERAL = ("components", "sector_fields", "readers")
_YES, _NO = ("x", "có", "1", "true", "yes"), ("", "không", "0", "false", "no")


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^\S+$", description="Mã / code")
    name: str = Field(min_length=1, description="Tên / name")
    valid_from: dt.date | None = Field(default=None, description="Hiệu lực từ / valid from")
    valid_until: dt.date | None = Field(default=None, description="Hiệu lực đến / valid until")

    @model_validator(mode="after")
    def _in_order(self) -> _Row:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("valid_from is after valid_until")
        return self


class _TypeRow(_Row):
    reads_as: str | None = Field(default=None, description="Loại mẫu được nhận dạng / shipped sample type")
    is_result: bool | None = Field(default=None, description="Là kết quả giải quyết / is a result")
    retention_years: int | None = Field(default=None, ge=1, description="Số năm lưu trữ / years of keeping")
    sector_fields: tuple[str, ...] = Field(default=(), description="Dữ liệu chuyên ngành bắt buộc / Art. 9.2.k")
    readers: tuple[str, ...] = Field(default=(), description="Người, nhóm được đọc trong ECM / ECM users and groups")


class _ProcedureRow(_Row):
    components: tuple[str, ...] = Field(default=(), description="Mã thành phần bắt buộc / required types")


class _OrganisationRow(_Row):
    former_code: str | None = Field(default=None, description="Mã theo trật tự QCVN 102 / code in the former order")

    @model_validator(mode="before")
    @classmethod
    def _in_todays_order(cls, row: Any) -> Any:
        """A code in the former order is turned round; both are kept."""
        if not isinstance(row, dict) or not (newer := newer_organisation_code(str(row.get("code", "")))):
            return row
        return {**row, "code": newer, "former_code": row.get("former_code") or row["code"]}

    @model_validator(mode="after")
    def _has_the_form(self) -> _OrganisationRow:
        if not is_organisation_code(self.code):
            raise ValueError("code is no organisation code of Decision 20/2020/QĐ-TTg")
        if self.former_code and newer_organisation_code(self.former_code) is None:
            raise ValueError("former_code is not in the order 000.00.00.X00")
        return self


_MODELS: Mapping[Kind, type[_Row]] = {
    "types": _TypeRow,
    "procedures": _ProcedureRow,
    "organisations": _OrganisationRow,
}


def load_types(path: Path) -> TypeList:
    """The document types of a YAML file. Raises ConfigurationError with one finding a line."""
    return TypeList([ListedType(**row.model_dump()) for row in _load(path, "types")])


def load_procedures(path: Path) -> ProcedureList:
    """The procedures of a YAML file. Raises ConfigurationError with one finding a line."""
    return ProcedureList([ListedProcedure(**row.model_dump()) for row in _load(path, "procedures")])


def load_organisations(path: Path) -> OrganisationList:
    """The organisations of a YAML file. Raises ConfigurationError with one finding a line."""
    return OrganisationList([ListedOrganisation(**row.model_dump()) for row in _load(path, "organisations")])


def _load(path: Path, kind: Kind) -> list[_Row]:
    data = read_yaml(path)
    entries: Any = data.get("entries") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise ConfigurationError(f"{path}:1: entries is missing")
    lines = [getattr(entries, "lc").item(number)[0] + 1 for number in range(len(entries))]  # noqa: B009
    return _checked(path, list(zip(lines, json.loads(json.dumps(entries, default=str)), strict=True)), kind)


def import_list(source: Path, target: Path, kind: Kind) -> int:
    """Write a spreadsheet as a YAML list; answers how many entries it has.

    Raises ConfigurationError with one finding a row; then nothing is written.
    """
    rows = _checked(source, list(_spreadsheet_rows(source)), kind)
    plain = [json.loads(row.model_dump_json(exclude_none=True, exclude_defaults=True)) for row in rows]
    text = io.StringIO()
    YAML().dump({"entries": plain}, text)
    target.write_text(text.getvalue(), encoding="utf-8")
    return len(rows)


def _checked(path: Path, rows: Sequence[tuple[int, Any]], kind: Kind) -> list[_Row]:
    found: list[tuple[int, _Row]] = []
    findings: list[tuple[int, str]] = []
    for line, row in rows:
        try:
            found.append((line, _MODELS[kind].model_validate(row)))
        except ValidationError as error:
            findings += [
                (line, f"{'.'.join(map(str, item['loc'])) or 'row'}: {item['msg']}") for item in error.errors()
            ]
    findings += _overlaps(found)
    if not rows:
        findings.append((1, "no entries"))
    if findings:
        raise ConfigurationError("\n".join(f"{path}:{line}: {message}" for line, message in sorted(findings)))
    return [row for _, row in found]


def _overlaps(rows: Sequence[tuple[int, _Row]]) -> Iterator[tuple[int, str]]:
    """One code must not mean two things on the same day."""
    by_code: dict[str, list[tuple[int, _Row]]] = {}
    for line, row in rows:
        by_code.setdefault(row.code, []).append((line, row))
    for same in by_code.values():
        for (first, one), (second, other) in combinations(same, 2):
            if _as_entry(one).overlaps(_as_entry(other)):
                yield second, f"code {other.code} is valid on the same days as in line {first}"


def _as_entry(row: _Row) -> Entry:
    return Entry(code=row.code, name=row.name, valid_from=row.valid_from, valid_until=row.valid_until)


def _spreadsheet_rows(source: Path) -> Iterator[tuple[int, dict[str, object]]]:
    lines = enumerate(_xlsx(source) if source.suffix.lower() == ".xlsx" else _csv(source), start=1)
    heads = [_head(cell) for cell in next(lines, (0, []))[1]]
    if "code" not in heads or "name" not in heads:
        raise ConfigurationError(f"{source}:1: the first row needs the columns Mã (code) and Tên (name)")
    for number, cells in lines:
        named = {head: cell for head, cell in zip(heads, cells, strict=False) if head and cell not in (None, "")}
        if named:
            yield number, {head: _value(source, number, head, cell) for head, cell in named.items()}


def _head(cell: object) -> str:
    text = clean(str(cell or "")).casefold()
    return _HEADS.get(text, text)


def _value(source: Path, line: int, head: str, cell: object) -> object:
    """A cell as the models want it; spreadsheets keep dates and numbers in their own way."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    text = clean(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell))
    if head in ("valid_from", "valid_until"):
        try:
            return iso_date(text)
        except InvalidFieldValue as error:
            raise ConfigurationError(f"{source}:{line}: {head}: {text} is no date") from error
    if head == "is_result":
        known = text.casefold()
        return True if known in _YES else False if known in _NO else text
    return tuple(part.strip() for part in text.split(";") if part.strip()) if head in _SEVERAL else text


def _csv(source: Path) -> Iterator[Sequence[object]]:
    try:
        text = source.read_text(encoding="utf-8-sig")
        yield from csv.reader(io.StringIO(text), csv.Sniffer().sniff(text.splitlines()[0], delimiters=",;\t"))
    except (OSError, UnicodeDecodeError, csv.Error, IndexError) as error:
        raise ConfigurationError(f"{source}: not a CSV file in UTF-8") from error


def _xlsx(source: Path) -> Iterator[Sequence[object]]:
    import openpyxl  # only an import of a workbook needs it, and it takes its time

    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise ConfigurationError(f"{source}: not an XLSX file") from error
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()
