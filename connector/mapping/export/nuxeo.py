"""Nuxeo: schemas, facets and page providers as one bundle."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from connector.domain.button_labels import STATE_LABELS
from connector.domain.states import State
from connector.mapping.export.fields import SECTIONS, Section, fields_of, local_name
from connector.mapping.model import MappingFile

_XSD = "http://www.w3.org/2001/XMLSchema"
_TYPES = {"string": "xs:string", "boolean": "xs:boolean", "integer": "xs:long", "datetime": "xs:date"}
_SEARCHES = (State.CHO_XAC_NHAN, State.LOI, State.CACH_LY, State.CHO_KY_CO_QUAN)
_MANIFEST = """Manifest-Version: 1.0
Bundle-ManifestVersion: 2
Bundle-Name: sohoa content model
Bundle-SymbolicName: vn.bhxh.sohoa.model;singleton:=true
Bundle-Version: 1.0.0
Nuxeo-Component: OSGI-INF/types.xml,OSGI-INF/searches.xml
"""


def bundle(mapping: MappingFile) -> Mapping[str, bytes]:
    """The files of a bundle: zip them to a JAR and put it into nxserver/bundles."""
    return {
        "META-INF/MANIFEST.MF": _MANIFEST.encode(),
        **{f"schemas/{_prefix(mapping, section)}.xsd": _schema(mapping, section) for section in SECTIONS},
        "OSGI-INF/types.xml": _types(mapping),
        "OSGI-INF/searches.xml": _searches(mapping),
    }


def _prefix(mapping: MappingFile, section: Section) -> str:
    return next(fields_of(mapping, section)).property_id.split(":")[0]


def _schema(mapping: MappingFile, section: Section) -> bytes:
    uri = f"urn:vn:bhxh:sohoa:{_prefix(mapping, section)}:1"
    root = etree.Element(f"{{{_XSD}}}schema", nsmap={"xs": _XSD, "own": uri}, targetNamespace=uri)
    several = etree.SubElement(root, f"{{{_XSD}}}simpleType", name="stringList")
    etree.SubElement(several, f"{{{_XSD}}}list", itemType="xs:string")
    for field in fields_of(mapping, section):
        kind = "own:stringList" if field.multi else _TYPES[field.kind]
        element = etree.SubElement(root, f"{{{_XSD}}}element", name=local_name(field.property_id), type=kind)
        note = etree.SubElement(element, f"{{{_XSD}}}annotation")
        choices = f" ({', '.join(field.choices)})" if field.choices else ""
        etree.SubElement(note, f"{{{_XSD}}}documentation").text = field.label + choices
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _types(mapping: MappingFile) -> bytes:
    root = etree.Element("component", name="vn.bhxh.sohoa.types")
    target = "org.nuxeo.ecm.core.schema.TypeService"
    schemas = etree.SubElement(root, "extension", target=target, point="schema")
    facets = etree.SubElement(root, "extension", target=target, point="doctype")
    carriers = (mapping.paper.secondary_type, mapping.dossier.secondary_type)
    for section, carrier in zip(SECTIONS, carriers, strict=True):
        prefix = _prefix(mapping, section)
        etree.SubElement(schemas, "schema", name=prefix, prefix=prefix, src=f"schemas/{prefix}.xsd")
        facet = etree.SubElement(facets, "facet", name=local_name(carrier or ""))
        etree.SubElement(facet, "schema", name=prefix)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _searches(mapping: MappingFile) -> bytes:
    root = etree.Element("component", name="vn.bhxh.sohoa.searches")
    target = "org.nuxeo.ecm.platform.query.api.PageProviderService"
    providers = etree.SubElement(root, "extension", target=target, point="providers")
    shown = mapping.paper.properties["state"]
    for state in _SEARCHES:
        provider = etree.SubElement(providers, "coreQueryPageProvider", name=f"sohoa_{state.lower()}")
        provider.append(etree.Comment(f" {STATE_LABELS[state]} "))
        value = (shown.choices or {}).get(state, state)
        condition = f"{shown.property} = '{value}' AND ecm:isVersion = 0 AND ecm:isTrashed = 0"
        etree.SubElement(provider, "pattern").text = f"SELECT * FROM Document WHERE {condition}"
        etree.SubElement(provider, "pageSize").text = "50"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
