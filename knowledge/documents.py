"""Documents as places: a text's lines are paragraphs, and paragraphs have numbered sentences."""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

SUFFIXES = (".txt", ".md")

# A heading is a short line of its own without closing punctuation; 100 characters hold every heading of the texts
# we looked at, and no paragraph of prose is that short without ending in a full stop.
LONGEST_HEADING = 100

_PLACE = re.compile(r"^(?P<document>[^:\s][^:]*):(?P<line>[1-9]\d*)(?:\.(?P<first>[1-9]\d*)(?:-(?P<last>[1-9]\d*))?)?$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st jr sr gen col lt capt sgt gov sen rep rev hon no nos vol vols pp p ch fig ed eds trans "
    "c ca cf approx est vs e.g i.e etc al inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[A-Z0-9À-ÖØ-ÞĀ-ſΑ-ΩА-Я])|[.!?…]+[\"'”’»)\]]*$")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a line of a document and, where given, a range of its sentences (all count from 1)."""

    document: str
    line: int
    first: int | None = None
    last: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read `document:line`, `document:line.sentence` or `document:line.first-last`, or raise ValueError."""
        found = _PLACE.match(text)
        if not found:
            raise ValueError(f"{text!r} is not a place; write document:line.sentence, such as joseph-stalin.txt:28.1-3")
        first = int(found["first"]) if found["first"] else None
        last = int(found["last"]) if found["last"] else first
        if first and last and last < first:
            raise ValueError(f"{text!r} runs backwards; the first sentence of a range comes first")
        return cls(found["document"], int(found["line"]), first, last)

    def __str__(self) -> str:
        if self.first is None:
            return f"{self.document}:{self.line}"
        span = f"{self.first}" if self.last == self.first else f"{self.first}-{self.last}"
        return f"{self.document}:{self.line}.{span}"


@dataclass(frozen=True)
class Paragraph:
    """One line of a document, with the headings above it, outermost first."""

    line: int
    text: str
    headings: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The nearest heading above, or an empty string."""
        return self.headings[-1] if self.headings else ""

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        return tuple(split_sentences(self.text))

    def passage(self, place: Place) -> str:
        """The sentences that a place names; the whole paragraph where it names none."""
        if place.first is None or place.last is None:
            return self.text
        return " ".join(self.sentences[place.first - 1 : place.last])


@dataclass(frozen=True)
class Document:
    """A text that the bot knows from."""

    file: str
    sha256: str
    title: str
    paragraphs: dict[int, Paragraph] = field(repr=False)  # by line

    def passage(self, place: Place) -> str | None:
        """The words at a place, or None where the document has no such place."""
        paragraph = self.paragraphs.get(place.line)
        if paragraph is None or (place.last or 0) > len(paragraph.sentences):
            return None
        return paragraph.passage(place)


def read_document(path: Path) -> Document:
    """Read a text file (UTF-8, one paragraph a line, headings as short lines).

    Raises ValueError with a sentence for people where the file is no such text, OSError where it can't be read.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: only {' and '.join(SUFFIXES)} can be read")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8 text") from None
    paragraphs = {p.line: p for p in _paragraphs(text.splitlines())}
    title = next((_bare(line) for line in text.splitlines() if line.strip()), path.stem)
    return Document(path.name, hashlib.sha256(raw).hexdigest(), title, paragraphs)


def read_documents(folder: Path) -> dict[str, Document]:
    """Every readable document of a folder by its file name."""
    files = sorted(f for f in folder.iterdir() if f.suffix in SUFFIXES)
    return {f.name: read_document(f) for f in files}


def is_heading(line: str) -> bool:
    """Whether a line stands as a heading: short, begun by a capital, a figure or `#`, and not ended like a sentence."""
    bare = line.strip()
    if not bare or len(bare) > LONGEST_HEADING:
        return False
    return bare.startswith("#") or ((bare[0].isupper() or bare[0].isdigit()) and bare[-1] not in ".!?:;,…”\"'")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph. Abbreviations, initials and decimals don't end one; closing quotes belong to it."""
    sentences, start = [], 0
    for end in _END.finditer(text):
        if _abbreviates(text, start, end.start()) and end.end() < len(text):
            continue
        sentences.append(text[start : end.end()].strip())
        start = end.end()
    if rest := text[start:].strip():
        sentences.append(rest)
    return sentences


def _abbreviates(text: str, start: int, stop: int) -> bool:
    if text[stop] != ".":
        return False
    word = re.split(r"[\s(\[“\"‘—–]", text[start:stop])[-1]
    initial = len(word) == 1 and word.isupper() and word != "I"
    initials = bool(re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word))
    return initial or initials or word.lower() in _ABBREVIATIONS


def _paragraphs(lines: list[str]) -> list[Paragraph]:
    """Headings that follow one another nest; one that follows a paragraph replaces the innermost."""
    found: list[Paragraph] = []
    headings: list[str] = []
    before_was_heading = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if is_heading(line):
            if not before_was_heading:
                del headings[-1:]
                if _parent(lines, number):
                    headings.clear()
            headings.append(_bare(line))
            before_was_heading = True
        else:
            found.append(Paragraph(number, line.strip(), tuple(headings[-2:])))
            before_was_heading = False
    return found


def _parent(lines: list[str], number: int) -> bool:
    """Whether the next line with text after this one is a heading too."""
    return next((is_heading(line) for line in lines[number:] if line.strip()), False)


def _bare(heading: str) -> str:
    return heading.strip().lstrip("#").replace("''", "").strip()
