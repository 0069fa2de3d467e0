"""Which kind of paper this is: rules of mappings/document_types that an administrator reads and extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import mappings.document_types
from connector.domain.errors import ConfigurationError

FOLDER = Path(next(iter(mappings.document_types.__path__)))
AGENCIES, PHRASES, PEOPLE, PLACES = "agencies.yaml", "phrases.yaml", "people.yaml", "places.yaml"
Rules = TypeVar("Rules", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentType(_Strict):
    """One kind of paper; ``layout`` is ``named`` (title in capitals), ``letter`` (công văn) or ``form``."""

    code: str
    name: str
    layout: str = Field(default="named", pattern="^(named|letter|form)$")
    abbreviation: str | None = None
    titles: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    date_from: str = Field(default="header", pattern="^(header|signature|label)$")
    labels: Mapping[str, tuple[str, ...]] = {}
    validity_period: bool = False

    def all_titles(self) -> tuple[str, ...]:
        """How the type may be printed at the head of a paper."""
        return self.titles or (() if self.layout == "letter" else (self.name,))


class _TypeFile(_Strict):
    types: tuple[DocumentType, ...]


class Agencies(_Strict):
    """Words that agency names are made of; see agencies.yaml."""

    heads: tuple[str, ...]
    levels: tuple[str, ...]
    proper: tuple[str, ...]
    fields: tuple[str, ...]
    provinces: tuple[str, ...]
    abbreviations: Mapping[str, str]


class _PhraseFile(_Strict):
    phrases: str


class _PeopleFile(_Strict):
    surnames: str
    given: str


class _PlaceFile(_Strict):
    places: str


@dataclass(frozen=True, kw_only=True)
class KnownTypes:
    """All types, by code and by the abbreviation in a notation."""

    types: tuple[DocumentType, ...]

    def by_abbreviation(self, abbreviation: str) -> DocumentType | None:
        return next((kind for kind in self.types if kind.abbreviation == abbreviation), None)

    @property
    def letter(self) -> DocumentType | None:
        """The type of a paper that prints no type (công văn)."""
        return next((kind for kind in self.types if kind.layout == "letter"), None)


def load_document_types(folder: Path = FOLDER) -> Sequence[DocumentType]:
    """The types of all YAML files of a folder, in the order of file names; codes are unique.

    Raises ConfigurationError that names the file and the key.
    """
    return _known(folder).types


@cache
def _known(folder: Path) -> KnownTypes:
    types: list[DocumentType] = []
    for file in sorted(folder.glob("*.yaml")):
        if file.name not in (AGENCIES, PHRASES, PEOPLE, PLACES):
            types += _validated(file, _TypeFile).types
    codes = [kind.code for kind in types]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ConfigurationError(f"document type codes stand twice in {folder}: {', '.join(sorted(twice))}")
    return KnownTypes(types=tuple(types))


def known_types() -> KnownTypes:
    """The shipped types, loaded once."""
    return _known(FOLDER)


@cache
def agencies() -> Agencies:
    """The shipped words of agency names, loaded once."""
    return _validated(FOLDER / AGENCIES, Agencies)


@cache
def known_phrases() -> frozenset[str]:
    """The shipped words of two syllables that abstracts are made of, in small letters."""
    listed = _validated(FOLDER / PHRASES, _PhraseFile).phrases
    return frozenset(" ".join(phrase.split()) for phrase in listed.split(","))


@cache
def known_surnames() -> frozenset[str]:
    """The shipped family names."""
    return _names(_validated(FOLDER / PEOPLE, _PeopleFile).surnames)


@cache
def known_given_names() -> frozenset[str]:
    """The shipped syllables of middle and given names."""
    return _names(_validated(FOLDER / PEOPLE, _PeopleFile).given)


@cache
def known_places() -> frozenset[str]:
    """The shipped names of districts, communes, wards and towns."""
    return _names(_validated(FOLDER / PLACES, _PlaceFile).places)


def _names(listed: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in listed.split(","))


def _validated(file: Path, model: type[Rules]) -> Rules:
    try:
        return model.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
    except (YAMLError, OSError) as error:
        raise ConfigurationError(f"{file} is no readable YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{file}: {where}: {first['msg']}") from error
