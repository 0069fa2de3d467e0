"""An edXML envelope read back, by namespace and never by prefix, in bounded memory."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from connector.domain.errors import UnreadableFile

_SEPARATOR = " "
_CONTENT = "ContentTransferEncoded"
_LONGEST_TEXT = 100_000


@dataclass(frozen=True, kw_only=True)
class ReadAttachment:
    """What arrived under a content id; ``sha256`` and ``length`` of the decoded bytes."""

    content_id: str
    name: str
    sha256: str
    length: int


@dataclass(frozen=True, kw_only=True)
class ReadEnvelope:
    """Values by their path below the envelope (``edXMLHeader/MessageHeader/Subject``), and the attachments."""

    values: Mapping[str, Sequence[str]]
    attachments: Sequence[ReadAttachment]


@dataclass
class _Content:
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    length: int = 0
    rest: str = ""

    def feed(self, text: str) -> None:
        letters = self.rest + "".join(text.split())
        whole = len(letters) - len(letters) % 4
        self.rest = letters[whole:]
        piece = binascii.a2b_base64(letters[:whole], strict_mode=True)
        self.digest.update(piece)
        self.length += len(piece)


class _Reader:
    """Collects while expat walks through the file."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._path: list[str] = []
        self._text = ""
        self._content = _Content()
        self._attachment: dict[str, str] = {}
        self.values: dict[str, list[str]] = {}
        self.attachments: list[ReadAttachment] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(_SEPARATOR)
        # one vendor leaves the attachments outside the namespace
        if namespace != self._namespace and (namespace or "AttachmentEncoded" not in [*self._path, name]):
            raise UnreadableFile("an element of another namespace")
        self._path.append(name)
        self._text = ""
        if name == "Attachment":
            self._attachment = {}
        if name == _CONTENT:
            self._content = _Content()

    def text(self, text: str) -> None:
        if self._path[-1] == _CONTENT:
            self._content.feed(text)
        elif len(self._text) + len(text) <= _LONGEST_TEXT:
            self._text += text
        else:
            raise UnreadableFile("a value that is too long")

    def end(self, tag: str) -> None:
        name = self._path[-1]
        if name == "Attachment":
            self._keep_attachment()
        elif "Attachment" in self._path:
            self._attachment[name] = self._text.strip()
        elif self._text.strip():
            self.values.setdefault("/".join(self._path[2:]), []).append(self._text.strip())
        self._text = ""
        self._path.pop()

    def _keep_attachment(self) -> None:
        if self._content.rest:
            raise UnreadableFile("content that is cut off")
        found = ReadAttachment(
            content_id=self._attachment.get("ContentId", "").removeprefix("cid:"),
            name=self._attachment.get("AttachmentName", ""),
            sha256=self._content.digest.hexdigest(),
            length=self._content.length,
        )
        self.attachments.append(found)


def read_envelope(file: Path, namespace: str) -> ReadEnvelope:
    """Read a file that we or others wrote. Raises UnreadableFile for anything else, DTDs included."""
    reader, parser = _Reader(namespace), expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with file.open("rb") as source:
            parser.ParseFile(source)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableFile("no edXML envelope") from error
    return ReadEnvelope(values=reader.values, attachments=reader.attachments)


def _refuse(*_: object) -> None:
    raise UnreadableFile("a document type declaration")
