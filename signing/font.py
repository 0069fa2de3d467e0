"""The serif of visible signatures, embedded whole: making a subset at each signature would cost more than all the rest.

16 KB of a Times-metric font with every Vietnamese letter, compressed once in a process (ISO 32000-1, 9.7.4).
"""

from __future__ import annotations

import zlib
from importlib.resources import files
from pathlib import Path

from fontTools import ttLib
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from connector.domain.errors import NoRoomForStamp

FONT = Path(str(files("signing.fonts") / "tinos-vietnamese.ttf"))
_NAME = "/Tinos"
_SERIF, _NONSYMBOLIC = 1 << 1, 1 << 5


class SerifFont:
    """Measures in em, writes lines as glyph ids, and makes the font's resource in a file."""

    def __init__(self, path: Path = FONT) -> None:
        font = ttLib.TTFont(path)
        self._ids = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
        self._names = {chr(code): name for code, name in font.getBestCmap().items()}
        self._advances = {letter: font["hmtx"].metrics[name][0] for letter, name in self._names.items()}
        self._outlines = font["glyf"]
        head, vertical = font["head"], font["hhea"]
        self._box = (head.xMin, head.yMin, head.xMax, head.yMax)
        self._ascent, self._descent = vertical.ascent, vertical.descent
        raw = path.read_bytes()
        self._length, self._packed = len(raw), zlib.compress(raw, 9)

    def width(self, text: str) -> float:
        """Width in em; a letter that the font lacks would be an empty box, so it is refused."""
        missing = sorted(set(text) - self._ids.keys())
        if missing:
            raise NoRoomForStamp(f"the font has no glyph for U+{ord(missing[0]):04X}")
        advance: int = sum(self._advances[letter] for letter in text)
        return advance / 1000

    def reach(self, text: str) -> tuple[float, float]:
        """How far a line's letters reach below and above its base line, in em."""
        outlines = [self._outlines[self._names[letter]] for letter in text if letter != " "]
        return min(glyph.yMin for glyph in outlines) / 1000, max(glyph.yMax for glyph in outlines) / 1000

    def shown(self, text: str) -> bytes:
        """The operator that shows a line."""
        return b"<%s> Tj" % b"".join(b"%04x" % self._ids[letter] for letter in text)

    def resource(self, writer: BasePdfFileWriter, text: str) -> generic.IndirectObject:
        """The font in a file, with widths and Unicode values of the letters in ``text``."""
        letters = sorted(set(text), key=lambda letter: self._ids[letter])
        widths = [[self._ids[letter], [self._advances[letter]]] for letter in letters]
        descendant = _dictionary(
            Type=pdf_name("/Font"),
            Subtype=pdf_name("/CIDFontType2"),
            BaseFont=pdf_name(_NAME),
            CIDSystemInfo=_dictionary(
                Registry=generic.TextStringObject("Adobe"),
                Ordering=generic.TextStringObject("Identity"),
                Supplement=_number(0),
            ),
            CIDToGIDMap=pdf_name("/Identity"),
            FontDescriptor=writer.add_object(self._descriptor(writer)),
            DW=_number(1000),
            W=generic.ArrayObject([part for glyph, (width,) in widths for part in (_number(glyph), _array(width))]),
        )
        return writer.add_object(
            _dictionary(
                Type=pdf_name("/Font"),
                Subtype=pdf_name("/Type0"),
                BaseFont=pdf_name(_NAME),
                Encoding=pdf_name("/Identity-H"),
                DescendantFonts=generic.ArrayObject([writer.add_object(descendant)]),
                ToUnicode=writer.add_object(generic.StreamObject(stream_data=self._to_unicode(letters))),
            )
        )

    def _descriptor(self, writer: BasePdfFileWriter) -> generic.DictionaryObject:
        program = _dictionary(Length1=_number(self._length), Filter=pdf_name("/FlateDecode"))
        return _dictionary(
            Type=pdf_name("/FontDescriptor"),
            FontName=pdf_name(_NAME),
            Flags=_number(_SERIF | _NONSYMBOLIC),
            FontBBox=_array(*self._box),
            ItalicAngle=_number(0),
            Ascent=_number(self._ascent),
            Descent=_number(self._descent),
            CapHeight=_number(self._outlines[self._names["H"]].yMax),
            StemV=_number(80),
            FontFile2=writer.add_object(generic.StreamObject(program, encoded_data=self._packed)),
        )

    def _to_unicode(self, letters: list[str]) -> bytes:
        lines = b"".join(
            b"<%04x> <%s>\n" % (self._ids[each], each.encode("utf-16-be").hex().encode()) for each in letters
        )
        return (
            b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            b"%d beginbfchar\n%sendbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ) % (len(letters), lines)


def _dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    named = {pdf_name(f"/{name}"): value for name, value in entries.items()}
    return generic.DictionaryObject(named)  # type: ignore[no-untyped-call]


def _number(value: int) -> generic.NumberObject:
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]


def _array(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject(map(_number, values))
