"""PREMIS 3.0: files, steps and responsible persons of one dossier, for whoever keeps them after us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

from connector.domain.history import Step
from connector.domain.paper import Artifact, Paper
from connector.domain.roles import Staff

NAMESPACE = "http://www.loc.gov/premis/v3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# our operations in the words of the Library of Congress's event types
_EVENT_TYPES: Mapping[str, str] = {
    "claim": "ingestion start",
    "scope": "appraisal",
    "capture": "validation",
    "personal_signature": "digital signature generation",
    "extraction": "metadata extraction",
    "confirmation": "metadata modification",
    "code": "identifier assignment",
    "approval": "policy assignment",
    "agency_signature": "digital signature generation",
    "filing": "ingestion end",
}


def premis(
    papers: Sequence[Paper],
    files: Mapping[Artifact, Path],
    steps: Mapping[UUID, Sequence[Step]],
    staff: Staff,
) -> bytes:
    """One document: an object for each file, an event for each step, an agent for each person."""
    ElementTree.register_namespace("premis", NAMESPACE)
    ElementTree.register_namespace("xsi", _XSI)
    root = ElementTree.Element(_tag("premis"), {"version": "3.0"})
    for artifact, file in files.items():
        _add_object(root, artifact, file)
    for paper in papers:
        its_files = [files[artifact] for artifact in paper.artifacts.values() if artifact in files]
        for number, step in enumerate(steps[paper.paper_id], start=1):
            _add_event(root, f"{paper.paper_id}-{number}", step, its_files)
    actors = sorted({step.actor for each in steps.values() for step in each})
    for actor in actors:
        _add_agent(root, actor, staff)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, _tag(name))
    element.text = text
    return element


def _identify(parent: ElementTree.Element, name: str, value: str) -> None:
    identifier = _add(parent, f"{name}Identifier")
    _add(identifier, f"{name}IdentifierType", "local")
    _add(identifier, f"{name}IdentifierValue", value)


def _add_object(root: ElementTree.Element, artifact: Artifact, file: Path) -> None:
    found = _add(root, "object")
    found.set(f"{{{_XSI}}}type", "premis:file")
    _identify(found, "object", file.as_posix())
    characteristics = _add(found, "objectCharacteristics")
    fixity = _add(characteristics, "fixity")
    _add(fixity, "messageDigestAlgorithm", "SHA-256")
    _add(fixity, "messageDigest", artifact.sha256)
    _add(characteristics, "size", str(artifact.length))
    designation = _add(_add(characteristics, "format"), "formatDesignation")
    _add(designation, "formatName", "application/pdf" if file.suffix == ".pdf" else "application/xml")
    _add(found, "originalName", file.as_posix())


def _add_event(root: ElementTree.Element, name: str, step: Step, files: Sequence[Path]) -> None:
    event = _add(root, "event")
    _identify(event, "event", name)
    _add(event, "eventType", _EVENT_TYPES.get(step.operation, step.operation))
    _add(event, "eventDateTime", step.at.isoformat())
    _add(_add(event, "eventDetailInformation"), "eventDetail", step.operation)
    _add(_add(event, "eventOutcomeInformation"), "eventOutcome", step.result)
    _link(event, "Agent", step.actor)
    for file in files:
        _link(event, "Object", file.as_posix())


def _link(event: ElementTree.Element, kind: str, value: str) -> None:
    link = _add(event, f"linking{kind}Identifier")
    _add(link, f"linking{kind}IdentifierType", "local")
    _add(link, f"linking{kind}IdentifierValue", value)


def _add_agent(root: ElementTree.Element, actor: str, staff: Staff) -> None:
    agent = _add(root, "agent")
    _identify(agent, "agent", actor)
    _add(agent, "agentName", staff.full_name(actor))
    _add(agent, "agentType", "person" if actor in staff.users else "software")
