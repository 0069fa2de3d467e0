"""Who pressed a button: CMIS names the last editor of a document, its versions name the earlier ones."""

from __future__ import annotations

from itertools import takewhile

from connector.domain.errors import NotAuthorised, SohoaError
from connector.domain.paper import RepositoryObject
from connector.pipeline.workplace import Workplace


def refuse_unclear_presser(pressed: RepositoryObject, place: Workplace) -> None:
    """Raises NotAuthorised where somebody else saved a version that shows this button already.

    Else whoever set it would act under the name of who saves the document next. Where a change of properties makes no
    version there is nothing to compare, and the last editor counts.
    """
    action = pressed.properties.get("action")
    try:
        versions = place.repository.versions(pressed.object_id)
    except SohoaError as error:
        if error.transient:
            raise
        return  # its type has no versions
    carriers = takewhile(lambda version: version.properties.get("action") == action, versions)
    if any(version.modified_by != pressed.modified_by for version in carriers):
        raise NotAuthorised(
            "the button was set by one person and saved by another",
            sentence="Thao tác do một người chọn, người khác lưu sau đó; ai có thẩm quyền thì chọn lại.",
        )
