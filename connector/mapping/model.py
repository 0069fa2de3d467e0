"""What a mapping file says; unknown keys are errors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WriteMode(StrEnum):
    """What we may do to a property."""

    REPLACE = "replace"
    FILL_EMPTY = "fill-empty"
    NEVER = "never"


class PropertyMapping(_Part):
    """One logical field's property."""

    property: str = Field(description="Mã thuộc tính trong kho tài liệu / property id in the repository")
    write: WriteMode = Field(default=WriteMode.REPLACE, description="replace | fill-empty | never")


PropertyEntry = Annotated[str | PropertyMapping, Field(description="Mã thuộc tính / property id, or its details")]


class PaperTypes(_Part):
    """Types of papers and technical files."""

    document_type: str = Field(description="Loại tài liệu / document type of papers")
    secondary_type: str | None = Field(default=None, description="Loại phụ mang thuộc tính / secondary type")
    technical_type: str = Field(default="cmis:document", description="Loại của tệp kỹ thuật / technical files")
    properties: dict[str, PropertyEntry]


class DossierTypes(_Part):
    """Types of dossier folders."""

    folder_type: str = "cmis:folder"
    secondary_type: str | None = None
    properties: dict[str, PropertyEntry]


class StoreTypes(_Part):
    """How the owners' stores (Art. 11.2) are filed."""

    path: str = Field(description="Thư mục gốc của Kho / root folder of the stores")
    secondary_type: str | None = None
    owner_property: str | None = None


class MappingFile(_Part):
    """One ECM's mapping; `verified` says honestly whether it ran against that product."""

    product: str
    verified: str = Field(description="Đã chạy thật, hay chỉ theo tài liệu của hãng / run live, or from documentation")
    watched_path: str = Field(description="Thư mục chứa hồ sơ / folder of the dossiers")
    technical_folder: str = "_sohoa"
    paper: PaperTypes
    dossier: DossierTypes
    store: StoreTypes

    @model_validator(mode="after")
    def _knows_every_field(self) -> MappingFile:
        for section, wanted in ((self.paper, PAPER_PROPERTIES), (self.dossier, DOSSIER_PROPERTIES)):
            absent = sorted(set(wanted) - set(section.properties))
            foreign = sorted(set(section.properties) - set(wanted))
            if absent or foreign:
                raise ValueError(
                    f"missing fields: {', '.join(absent) or '-'}; unknown fields: {', '.join(foreign) or '-'}"
                )
        return self
