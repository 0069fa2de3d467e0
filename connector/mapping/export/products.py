"""The products that something can be written for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector.domain.errors import ConfigurationError
from connector.mapping.export import alfresco_share
from connector.mapping.export.alfresco_model import content_model
from connector.mapping.export.marks import mark
from connector.mapping.export.modeshape import node_types
from connector.mapping.export.nuxeo import bundle
from connector.mapping.export.property_table import documentum_script, property_tables
from connector.mapping.export.steps import STEPS
from connector.mapping.model import MappingFile

# file name: what stands in it
Export = Mapping[str, bytes]


def _alfresco(mapping: MappingFile) -> Export:
    messages = alfresco_share.messages()
    return {
        "repository/bhxh-model.xml": content_model(mapping),
        "repository/messages/bhxh-danh-muc.properties": alfresco_share.list_messages(mapping),
        "repository/so-hoa-smart-folder.json": alfresco_share.smart_folders(mapping),
        "share/share-config-custom.xml": alfresco_share.share_config(mapping),
        "share/custom-slingshot-sohoa-context.xml": alfresco_share.share_context(mapping),
        "share/messages/sohoa.properties": messages,
        "share/messages/sohoa_vi.properties": messages,
        "share/components/sohoa/sohoa-actions.js": alfresco_share.SHARE_SCRIPT.encode(),
        **{
            f"share/components/documentlibrary/indicators/sohoa-{colour}.png": mark(colour)
            for colour in sorted(set(alfresco_share.INDICATED.values()))
        },
    }


def _documentum(mapping: MappingFile) -> Export:
    return {**property_tables(mapping), "tao-kieu.dql": documentum_script(mapping)}


PRODUCTS: Mapping[str, Callable[[MappingFile], Export]] = {
    "alfresco": _alfresco,
    "nuxeo": bundle,
    "filenet": property_tables,
    "cm8": property_tables,
    "sharepoint": property_tables,
    "documentum": _documentum,
    "opentext": property_tables,
    "modeshape": node_types,
}


def export(product: str, mapping: MappingFile) -> Export:
    """The files for a product's administrator, and the steps to install them.

    Raises ConfigurationError for a product that nothing is written for, and for a mapping of another one.
    """
    if product not in PRODUCTS:
        raise ConfigurationError(f"no export for {product}; there is one for {', '.join(PRODUCTS)}")
    if product in ("alfresco", "nuxeo") and not (mapping.paper.secondary_type and mapping.dossier.secondary_type):
        raise ConfigurationError(f"an export for {product} needs paper.secondary_type and dossier.secondary_type")
    return {**PRODUCTS[product](mapping), "HUONG-DAN.md": STEPS[product].encode()}
