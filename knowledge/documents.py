"""Documents as places: a text's lines are paragraphs, and paragraphs have numbered sentences."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

SUFFIXES = (".txt", ".md")

# A heading is a short line of its own without closing punctuation; 100 characters hold every heading of the texts
# we looked at, and no paragraph of prose is that short without ending in a full stop.
LONGEST_HEADING = 100

_LINE_BREAK = re.compile(r"\r\n|\r|\n")  # and none of str.splitlines' others, so that lines count as in an editor
_MARKDOWN_HEADING = re.compile(r"(?P<level>#{1,6})\s+(?P<words>\S.*?)(?:\s+#+)?")
_PLACE = re.compile(
    r"(?P<document>[^:\s][^:]*):(?P<line>[1-9][0-9]{0,6})"
    r"(?:\.(?P<first>[1-9][0-9]{0,6})(?:-(?P<last>[1-9][0-9]{0,6}))?)?"
)
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st jr sr gen col lt maj adm capt sgt gov sen rep rev hon vol vols pp p ch ed eds trans "
    "c ca cf approx est vs e.g i.e al inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_BEFORE_FIGURES = frozenset(("no", "nos", "fig", "art"))  # words of their own elsewhere: "He said no. Then …"
_LONGEST_ABBREVIATION = 20  # characters, long strings of initials included
_END = re.compile(
    r"(?<![.!?…।։؟۔])(?P<mark>[.!?…।։؟۔]+)[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*(?P<next>[^\W_]))|[。！？]+[”’」』）]*"
)
_OPEN_ENDED = ".!?:;,…”\"'。！？：；，।։؟۔"


@dataclass(frozen=True)
class Place:
    """Where something stands: a line of a document and, where given, a range of its sentences (all count from 1)."""

    document: str
    line: int
    first: int | None = None
    last: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read `document:line`, `document:line.sentence` or `document:line.first-last`, or raise ValueError."""
        found = _PLACE.fullmatch(text)
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
    headings: dict[int, str] = field(repr=False, default_factory=dict)  # by line, without their marks

    def passage(self, place: Place) -> str | None:
        """The words at a place, or None where the document has no such place."""
        paragraph = self.paragraphs.get(place.line)
        if paragraph is None or (place.last or 0) > len(paragraph.sentences):
            return None
        return paragraph.passage(place)


def read_document(path: Path) -> Document:
    """Read a text file (UTF-8, one paragraph a line, headings as short lines or with `#`).

    Raises ValueError with a sentence for people where the file is no such text, OSError where it can't be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path.name}: only {' and '.join(SUFFIXES)} can be read")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8 text") from None
    lines = {number: line.strip() for number, line in enumerate(_LINE_BREAK.split(text), 1) if line.strip()}
    headings = {number: _bare(line) for number, line in lines.items() if is_heading(line)}
    first = next(iter(lines), 0)
    return Document(
        file=path.name,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=headings.get(first, path.stem),
        paragraphs={p.line: p for p in _paragraphs(lines)},
        headings=headings,
    )


def read_documents(folder: Path) -> dict[str, Document]:
    """Every readable document of a folder by its file name. Raises as `read_document` does."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: no such folder; where are the documents?")
    files = sorted(f for f in folder.iterdir() if f.suffix.lower() in SUFFIXES and f.is_file())
    return {f.name: read_document(f) for f in files}


def is_heading(line: str) -> bool:
    """Whether a line stands as a heading: marked by `#`, or short, begun by a capital or a figure, and left open.

    Where a script has no capitals, any letter begins a heading.
    """
    bare = line.strip()
    if _MARKDOWN_HEADING.fullmatch(bare):
        return True
    return 0 < len(bare) <= LONGEST_HEADING and _may_begin(bare[0]) and bare[-1] not in _OPEN_ENDED


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph. Abbreviations, initials and decimals don't end one; closing quotes belong to it."""
    sentences, start = [], 0
    for end in _END.finditer(text):
        if end["mark"] and (not _may_begin(end["next"]) or _abbreviates(text, start, end)):
            continue
        sentences.append(text[start : end.end()].strip())
        start = end.end()
    if rest := text[start:].strip():
        sentences.append(rest)
    return sentences


def _may_begin(sign: str) -> bool:
    """Whether a sentence may begin with this sign: a capital, a figure, or a letter of a script without capitals."""
    return sign.isalnum() and sign.title() == sign


def _abbreviates(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether the full stop found belongs to an abbreviation or to initials."""
    if end["mark"] != ".":
        return False
    before = text[max(start, end.start() - _LONGEST_ABBREVIATION) : end.start()]
    word = re.split(r"[\s(\[“\"‘—–]", before)[-1]
    if word.lower() in _BEFORE_FIGURES:
        return end["next"].isdigit()
    initial = len(word) == 1 and word.isupper() and word != "I"
    initials = word.isupper() and bool(re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word))
    return initial or initials or word.lower() in _ABBREVIATIONS


def _paragraphs(lines: Mapping[int, str]) -> Iterator[Paragraph]:
    """The lines that are no headings, each with the headings above it.

    Markdown says how headings nest. Plain ones that follow one another nest too; one that follows a paragraph replaces
    the innermost, and begins anew where another follows it. Among plain headings, marked ones are the lower.
    """
    above: list[tuple[int, str]] = []  # level, 0 for plain; and words
    after_heading = False
    for (number, line), (_, following) in pairwise([*lines.items(), (0, "")]):
        if not is_heading(line):
            yield Paragraph(number, line, tuple(words for _, words in above))
            after_heading = False
            continue
        level = _level(line)
        if level:
            above = [heading for heading in above if heading[0] < level]
        elif not after_heading:
            opens_a_part = is_heading(following) and not _level(following)
            above = [] if opens_a_part else [heading for heading in above if not heading[0]][:-1]
        above.append((level, _bare(line)))
        after_heading = True


def _level(heading: str) -> int:
    """How many `#` a heading has."""
    marked = _MARKDOWN_HEADING.fullmatch(heading)
    return len(marked["level"]) if marked else 0


def _bare(heading: str) -> str:
    marked = _MARKDOWN_HEADING.fullmatch(heading)
    return (marked["words"] if marked else heading).replace("''", "").strip()
