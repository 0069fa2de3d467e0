"""Objects as the port shows them: our properties under their logical names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.cmis.values import SECONDARY_TYPES, read_properties
from connector.domain.paper import RepositoryObject
from connector.mapping.translate import Mapping as PropertyMapping


def repository_object(data: Mapping[str, Any], mapping: PropertyMapping) -> RepositoryObject:
    """An object of CMIS JSON through a mapping."""
    properties = read_properties(data)
    kind, object_id = mapping.kind_of(properties), properties["cmis:objectId"]
    return RepositoryObject(
        object_id=object_id,
        version_series_id=properties.get("cmis:versionSeriesId") or object_id,
        name=properties.get("cmis:name") or "",
        is_folder=properties.get("cmis:baseTypeId") == "cmis:folder",
        type_id=properties.get("cmis:objectTypeId") or "",
        change_token=properties.get("cmis:changeToken"),
        created_at=properties["cmis:creationDate"],
        created_by=properties.get("cmis:createdBy") or "",
        modified_at=properties["cmis:lastModificationDate"],
        modified_by=properties.get("cmis:lastModifiedBy") or "",
        content_length=properties.get("cmis:contentStreamLength"),
        content_type=properties.get("cmis:contentStreamMimeType"),
        checked_out=bool(properties.get("cmis:isVersionSeriesCheckedOut")),
        secondary_types=properties.get(SECONDARY_TYPES) or (),
        properties=mapping.to_logical(kind, properties),
    )
