"""Which syllables Vietnamese has: a lost mark often leaves one that it has not (`Lôc`, `Diem`, `Đơng`)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ocr_worker.recognition.text_lines import fold

# signs that stand before and after words
EDGES = "\"'“”().,;:!?"
# the tones as combining marks
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_SET = frozenset(_TONES)
_HOOK = "\u0309"
_STOPPED_TONES = {"\u0301", "\u0323"}
_ONSETS = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x".split()
_RHYMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu y yêm yên yêng yêt yêu ych ynh yt
    o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
    oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc ui um un ung up ut uê uêch uên uênh uêt uơ uôc uôi uôm uôn uông uôt
    uy uya uych uyên uyêt uynh uyp uyt uyu uao uang uanh uan
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    """.split()
)
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
# Old and new places of the tone mark: the old one is written in official names
_OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
    "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_END = re.compile(r"(?<![qQ])(oà|oá|oả|oã|oạ|oè|oé|oẻ|oẽ|oẹ|uỳ|uý|uỷ|uỹ|uỵ)(?![a-zà-ỹ])")


@cache
def is_syllable(word: str) -> bool:
    """Whether a word is one syllable that the language's spelling allows; case does not matter."""
    split = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in split if mark in _TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in split if mark not in _TONES))
    if len(tones) > 1 or (_STOPPED.search(bare) and not set(tones) & _STOPPED_TONES):
        return False
    if bare in _RHYMES:
        return True
    return any(bare.startswith(onset) and bare[len(onset) :] in _RHYMES for onset in _ONSETS) or (
        bare.startswith("gi") and bare[1:] in _RHYMES
    )


def is_name(word: str) -> bool:
    """Whether a word is written as names are: with a capital before small letters."""
    return word[:1].isupper() and word[1:2].islower()


def with_capital(word: str) -> str:
    """The word with a capital first letter and the others as they are."""
    return word[:1].upper() + word[1:]


def old_tones(text: str) -> str:
    """Tone marks where official names have them: `ủy`, `hòa` for `uỷ`, `hoà`."""
    return _TONE_END.sub(lambda match: _OLD_TONES[match.group().lower()], text)


def marks_between(one: str, other: str) -> int:
    """How many marks were lost, added or taken for another, by which one word becomes the other; letters are equal."""
    first, second = (unicodedata.normalize("NFD", word.lower().replace("đ", "d\u0335")) for word in (one, other))
    return sum(
        (mine & _TONE_SET != others & _TONE_SET) + (mine - _TONE_SET != others - _TONE_SET)
        for mine, others in zip(_by_letter(first), _by_letter(second), strict=False)
    )


def differ_in_marks(one: str, other: str) -> bool:
    """Whether two readings of one text have the same letters, word by word, and other marks somewhere."""
    first, second = ([old_tones(word.strip(EDGES).lower()) for word in text.split()] for text in (one, other))
    alike = [pair for pair in zip(first, second, strict=False) if fold(pair[0]) == fold(pair[1])]
    return any(mine != its for mine, its in alike)


def may_be_misread(read: str, meant: str) -> bool:
    """Whether recognisers make this reading of a text: they lose marks, and take the hook of `ể` for an acute."""
    first, second = (_by_letter(unicodedata.normalize("NFD", text.lower())) for text in (read, meant))
    return all(mine <= its or its - mine == {_HOOK} for mine, its in zip(first, second, strict=False))


def _by_letter(split: str) -> list[frozenset[str]]:
    found: list[set[str]] = []
    for sign in split:
        if unicodedata.combining(sign) and found:
            found[-1].add(sign)
        else:
            found.append(set())
    return [frozenset(marks) for marks in found]
