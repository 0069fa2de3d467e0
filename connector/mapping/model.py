"""What a mapping file says; unknown keys are errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from connector.domain.metadata import DOSSIER_PROPERTIES, PAPER_PROPERTIES


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WriteMode(StrEnum):
    """What we may do to a property."""

    REPLACE = "replace"
    FILL_EMPTY = "fill-empty"
    NEVER = "never"


class PropertyMapping(_Part):
    """One logical field's property."""

    property: str = Field(description="Mã thuộc tính trong kho tài liệu / property id in the repository")
    write: WriteMode = Field(
        default=WriteMode.REPLACE,
        description="replace: luôn ghi / always; fill-empty: chỉ khi còn trống / only while empty; never: không ghi",
    )
    separator: str | None = Field(
        default=None,
        min_length=1,
        description="Nối nhiều giá trị vào một thuộc tính đơn trị / joins many values into a single-valued property",
    )
    choices: dict[str, str] | None = Field(
        default=None,
        description="Giá trị của phần mềm: giá trị trong kho tài liệu / our value: the repository's value",
    )


def _as_details(entry: object) -> object:
    return {"property": entry} if isinstance(entry, str) else entry


PropertyEntry = Annotated[
    PropertyMapping,
    BeforeValidator(_as_details, json_schema_input_type=str | PropertyMapping),
    Field(description="Mã thuộc tính / property id, or its details"),
]


def _every_name(names: Iterable[str]) -> Any:
    """The JSON Schema of a section that maps exactly these logical names."""
    listed: list[Any] = list(names)
    return Field(json_schema_extra={"propertyNames": {"enum": listed}, "required": listed})


class LockBy(StrEnum):
    """What keeps people from editing a stored paper."""

    ACL = "acl"  # the access list is narrowed to reading
    PROPERTY = "property"  # a property that the repository, or a rule in it, obeys
    NONE = "none"


class PaperLock(_Part):
    """How a stored paper is locked; the service account goes on showing its state."""

    by: LockBy = Field(
        default=LockBy.NONE,
        description="acl: thu hẹp quyền / narrow the access list; property: ghi thuộc tính / set a property; none",
    )
    keep: tuple[str, ...] = Field(
        default=(),
        description="Vẫn được ghi (văn thư: THU_HOI, THAY_THE) / who may still write, for the buttons of stored papers",
    )
    property: str | None = Field(default=None, description="Thuộc tính khóa / the property of `by: property`")
    value: bool | int | str = Field(default=True, description="Giá trị khi khóa / its value when locked")

    @model_validator(mode="after")
    def _names_its_property(self) -> PaperLock:
        if (self.by is LockBy.PROPERTY) is not (self.property is not None):
            raise ValueError("property belongs to by: property, and by: property needs it")
        return self


class PaperTypes(_Part):
    """Types of papers and technical files."""

    document_type: str = Field(description="Loại tài liệu có phiên bản / versionable document type of papers")
    deposit_type: str | None = Field(
        default=None,
        description="Loại (và loại con) của tài liệu nộp vào; mặc định document_type / type of deposits",
    )
    secondary_type: str | None = Field(default=None, description="Loại phụ mang thuộc tính / secondary type")
    technical_type: str = Field(default="cmis:document", description="Loại của tệp kỹ thuật / technical files")
    lock: PaperLock = Field(default=PaperLock(), description="Khóa giấy tờ đã lưu / how stored papers are locked")
    properties: Mapping[str, PropertyEntry] = _every_name(PAPER_PROPERTIES)


class DossierTypes(_Part):
    """Types of dossier folders."""

    folder_type: str = Field(default="cmis:folder", description="Loại thư mục hồ sơ / folder type of dossiers")
    secondary_type: str | None = Field(default=None, description="Loại phụ mang thuộc tính / secondary type")
    properties: Mapping[str, PropertyEntry] = _every_name(DOSSIER_PROPERTIES)


class Filing(StrEnum):
    """How papers are shown in their owner's store."""

    FOLDER = "folder"  # filed in the owner's folder as well: needs multi-filing
    LINK = "link"  # a link document in the owner's folder, where a document lies in one folder only
    SEARCH = "search"  # found by their owner alone


class StoreTypes(_Part):
    """How the owners' stores (Art. 11.2) are filed."""

    path: str = Field(pattern="^/", description="Thư mục gốc của Kho / root folder of the stores")
    filing: Filing = Field(
        default=Filing.FOLDER,
        description="folder: thư mục của chủ giấy tờ / the owner's folder; link: liên kết trong thư mục ấy / a link "
        "in it; search: tìm theo chủ / found by owner",
    )
    link_address: str | None = Field(
        default=None,
        pattern=r"^https?://\S*\{series_id\}\S*$",
        description="Địa chỉ mở tài liệu, có {series_id} / where a document opens in the repository's own pages",
    )
    secondary_type: str | None = Field(default=None, description="Loại phụ của Kho / secondary type of a store")
    owner_property: str | None = Field(default=None, description="Thuộc tính chủ Kho / property of the owner id")

    @model_validator(mode="after")
    def _links_lead_somewhere(self) -> StoreTypes:
        if self.filing is Filing.LINK and not self.link_address:
            raise ValueError("filing: link needs link_address")
        return self


class MappingFile(_Part):
    """One ECM's mapping; `verified` says honestly whether it ran against that product."""

    product: str = Field(description="Sản phẩm / the product")
    verified: str = Field(description="Đã chạy thật, hay chỉ theo tài liệu của hãng / run live, or from documentation")
    watched_path: str = Field(pattern="^/", description="Thư mục chứa hồ sơ / folder of the dossiers")
    technical_folder: str = Field(
        default="_sohoa", min_length=1, description="Thư mục con của tệp kỹ thuật / subfolder of technical files"
    )
    paper: PaperTypes
    dossier: DossierTypes
    store: StoreTypes
