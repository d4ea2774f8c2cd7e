"""A pack held against its documents: places, support, coverage, wording, calendar and questions."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

from knowledge import dates, wording
from knowledge.documents import Document, Paragraph, Place
from knowledge.pack import Entity, Fact, Pack
from knowledge.text import numbers, plain, words

_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞĀ-ſ][\w'’-]*")
_MONTH = "|".join(dates.MONTHS)
_DAY = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{_MONTH})|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?!\d))\b"
)


@dataclass(frozen=True)
class Finding:
    """One thing that an editor has to mend. `check` is the rule; `where` a file and line of the pack or a place."""

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.check}: {self.message}"


@dataclass(frozen=True)
class Coverage:
    """How many sentences of a section are cited by a fact, skipped with a reason, or neither."""

    document: str
    section: str
    sentences: int
    cited: int
    skipped: int

    @property
    def share(self) -> float:
        """Cited sentences among those not skipped, 0 to 1."""
        due = self.sentences - self.skipped
        return self.cited / due if due else 1.0


@dataclass(frozen=True)
class Report:
    """What a check found."""

    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    inferred: tuple[str, ...] = field(repr=False)  # facts with inferred words, as `fact: words`


def check(pack: Pack, documents: Mapping[str, Document]) -> Report:
    """Hold a pack against its documents. `documents` by file name; a missing one is a finding, not an error."""
    checker = _Checker(pack, documents)
    findings = [
        *checker.places(),
        *checker.support(),
        *checker.wording(),
        *checker.calendar(),
        *checker.questions(),
        *checker.uncovered(),
    ]
    inferred = tuple(f"{f.id}: {', '.join(f.inferred)}" for f in pack.facts if f.inferred)
    return Report(tuple(findings), tuple(checker.coverage()), inferred)


class _Checker:
    def __init__(self, pack: Pack, documents: Mapping[str, Document]) -> None:
        self.pack = pack
        self.documents = {d.file: documents[d.file] for d in pack.info.documents if d.file in documents}

    def places(self) -> Iterator[Finding]:
        """Every document is the very text that the places count in, and every place exists."""
        for info in self.pack.info.documents:
            document = self.documents.get(info.file)
            if document is None:
                yield Finding("places", "pack.yaml", f"{info.file} is not among the documents")
            elif document.sha256 != info.sha256:
                yield Finding(
                    "places", "pack.yaml", f"{info.file} has the SHA-256 {document.sha256}, not {info.sha256}"
                )
        for where, place in self._cited():
            document = self.documents.get(place.document)
            if document is not None and document.passage(place) is None:
                yield Finding("places", where, f"{place} does not exist{_nearest(document, place)}")

    def support(self) -> Iterator[Finding]:
        """Every number, date and name of a fact stands in its passages, before them, or in the headings above."""
        for fact in self.pack.facts:
            paragraphs = [p for place in fact.source if (p := self._paragraph(place))]
            if len(paragraphs) < len(fact.source):
                continue
            evidence = _Evidence(self._evidence(fact), self.pack.entities, self._ordinary)
            exempt = {w for i in fact.inferred for w in words(i)}
            for claim in _claims(fact):
                for missing in evidence.unsupported(claim, exempt):
                    yield Finding("support", self._where(fact.id), f"{fact.id}: {missing!r} is not in {_cites(fact)}")
            if fact.date:
                for missing in evidence.undated(fact.date, exempt):
                    yield Finding(
                        "support", self._where(fact.id), f"{fact.id}: date: {missing} is not in {_cites(fact)}"
                    )

    def wording(self) -> Iterator[Finding]:
        """No run of words is copied from a document."""
        source = wording.Runs(p.text for d in self.documents.values() for p in d.paragraphs.values())
        for fact in self.pack.facts:
            for text in (fact.says, *fact.asks):
                for run in source.copied(text):
                    yield Finding("wording", self._where(fact.id), f"{fact.id}: copied from a document: {run!r}")
        for gap in self.pack.gaps:
            for text in (gap.reply, *gap.asks):
                for run in source.copied(text):
                    yield Finding("wording", self._where(gap.id), f"{gap.id}: copied from a document: {run!r}")

    def calendar(self) -> Iterator[Finding]:
        """Every day that the text names has a fact of that day; no fact takes a date from a skipped passage."""
        dated: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)
        for fact in self.pack.facts:
            if fact.date and dates.parse(fact.date).precision == "day":
                when = dates.parse(fact.date)
                for place in fact.source:
                    dated[place.document, place.line] |= {(d.day, d.month) for d in (when.first, when.last)}
        for document, paragraph, number, sentence in self._sentences():
            if (document.file, paragraph.line, number) in self._skipped:
                continue
            for day, month in _days(sentence):
                if (day, month) not in dated[document.file, paragraph.line]:
                    where = f"{document.file}:{paragraph.line}.{number}"
                    yield Finding("calendar", where, f"no fact is dated {day} {dates.MONTHS[month - 1]}")
        for fact in self.pack.facts:
            for place in fact.source:
                if any(s in self._skipped for s in self._span(place)):
                    yield Finding("calendar", self._where(fact.id), f"{fact.id}: cites {place}, which is skipped")

    def questions(self) -> Iterator[Finding]:
        """No two facts share an ask, unless they are two views of one dispute."""
        first: dict[str, Fact] = {}
        for fact in self.pack.facts:
            for ask in fact.asks:
                other = first.setdefault(" ".join(words(ask)), fact)
                if other is not fact and fact.id not in other.versus and other.id not in fact.versus:
                    yield Finding("questions", self._where(fact.id), f"{fact.id}: {other.id} has the same ask: {ask!r}")

    def uncovered(self) -> Iterator[Finding]:
        """Sentences that nothing cites and nobody skipped."""
        for document, paragraph, number, sentence in self._sentences():
            key = (document.file, paragraph.line, number)
            if key not in self._sentences_cited and key not in self._skipped:
                yield Finding(
                    "coverage", f"{document.file}:{paragraph.line}.{number}", f"cited by no fact: {sentence[:80]!r}"
                )

    def coverage(self) -> Iterator[Coverage]:
        """Coverage by section, in the order of the documents."""
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for document, paragraph, number, _ in self._sentences():
            count = counts[document.file, paragraph.section]
            key = (document.file, paragraph.line, number)
            count[0] += 1
            count[1] += key in self._sentences_cited and key not in self._skipped
            count[2] += key in self._skipped
        for (file, section), (sentences, cited, skipped) in counts.items():
            yield Coverage(file, section, sentences, cited, skipped)

    @cached_property
    def _ordinary(self) -> set[str]:
        """Words that stand in lower case somewhere: at the head of a sentence they are no names."""
        texts = [p.text for d in self.documents.values() for p in d.paragraphs.values()]
        texts += [f.says for f in self.pack.facts]
        return {plain(w) for text in texts for w in re.findall(r"(?<![\w'’-])[a-zà-ÿ][\w'’-]*", text)}

    @cached_property
    def _sentences_cited(self) -> set[tuple[str, int, int]]:
        return {s for fact in self.pack.facts for place in fact.source for s in self._span(place)}

    @cached_property
    def _skipped(self) -> set[tuple[str, int, int]]:
        return {s for skipped in self.pack.info.skipped for s in self._span(skipped.place)}

    def _span(self, place: Place) -> list[tuple[str, int, int]]:
        paragraph = self._paragraph(place)
        last = place.last or (len(paragraph.sentences) if paragraph else 0)
        return [(place.document, place.line, n) for n in range(place.first or 1, last + 1)]

    def _sentences(self) -> Iterator[tuple[Document, Paragraph, int, str]]:
        for document in self.documents.values():
            for paragraph in document.paragraphs.values():
                for number, sentence in enumerate(paragraph.sentences, 1):
                    yield document, paragraph, number, sentence

    def _cited(self) -> Iterator[tuple[str, Place]]:
        sources = [(i.id, i.source) for i in self.pack.facts] + [(i.id, i.source) for i in self.pack.gaps]
        for item, source in sources:
            for place in source:
                yield self._where(item), place
        for skipped in self.pack.info.skipped:
            yield "pack.yaml", skipped.place

    def _paragraph(self, place: Place) -> Paragraph | None:
        document = self.documents.get(place.document)
        return document.paragraphs.get(place.line) if document else None

    def _evidence(self, fact: Fact) -> str:
        parts = []
        for place in fact.source:
            if paragraph := self._paragraph(place):
                upto = paragraph.sentences[: place.last] if place.last else paragraph.sentences
                parts += [self.documents[place.document].title, *paragraph.headings, *upto]
        return "\n".join(parts)

    def _where(self, item: str) -> str:
        return self.pack.where[item]


class _Evidence:
    """What a passage gives to a fact: its numbers, its words, and the names of the entities in it."""

    def __init__(self, text: str, entities: tuple[Entity, ...], ordinary: set[str]) -> None:
        self.text = text
        self.ordinary = ordinary
        self.numbers = set(numbers(text))
        self.words = set(words(text))
        flat = f" {' '.join(words(text))} "
        named = (e for e in entities if any(f" {' '.join(words(n))} " in flat for n in (e.name, *e.aliases)))
        self.names = {w for e in named for name in (e.name, *e.aliases) for w in words(name)}

    def unsupported(self, claim: str, exempt: set[str]) -> list[str]:
        """The numbers and names of a claim that the text doesn't give."""
        missing = [f"{n:,.10g}" for n in numbers(claim) if n not in self.numbers and f"{n:.10g}" not in exempt]
        given = self.words | self.names | exempt
        for match in _NAME.finditer(claim):
            begins = (
                not claim[: match.start()].rstrip(" \"'“‘(") or claim[: match.start()].rstrip(" \"'“‘(")[-1] in ".!?:"
            )
            if begins and plain(match.group()) in self.ordinary:
                continue
            if any(len(w) > 1 and w not in given for part in match.group().split("-") for w in words(part)):
                missing.append(match.group())
        return missing

    def undated(self, edtf: str, exempt: set[str]) -> list[str]:
        """The parts of a date that the text doesn't give."""
        when = dates.parse(edtf)
        missing = []
        for end in {when.first, when.last}:
            if when.precision in ("day", "month", "season", "year") and float(end.year) not in self.numbers:
                missing.append(str(end.year))
            if when.precision in ("day", "month") and plain(month := dates.MONTHS[end.month - 1]) not in self.words:
                missing.append(month)
            if when.precision == "day" and (end.day, end.month) not in set(_days(self.text)):
                missing.append(f"{end.day} {dates.MONTHS[end.month - 1]}")
        return [m for m in missing if m.lower() not in exempt]


def _claims(fact: Fact) -> list[str]:
    return [fact.says, *fact.values.values()]


def _cites(fact: Fact) -> str:
    return ", ".join(map(str, fact.source))


def _days(text: str) -> list[tuple[int, int]]:
    """The (day, month) pairs that a text names."""
    return [
        (int(m["d1"] or m["d2"]), dates.MONTHS.index(m["m1"] or m["m2"]) + 1)
        for m in _DAY.finditer(text)
        if 1 <= int(m["d1"] or m["d2"]) <= 31
    ]


def _nearest(document: Document, place: Place) -> str:
    paragraph = document.paragraphs.get(place.line)
    if paragraph is None:
        return "; the line is empty, a heading or past the end"
    return f"; the line has {len(paragraph.sentences)} sentences"


def as_json(report: Report) -> dict[str, object]:
    """The form that `footnote check --json` prints."""
    return {
        "findings": [asdict(f) for f in report.findings],
        "coverage": [asdict(c) | {"share": round(c.share, 4)} for c in report.coverage],
        "inferred": list(report.inferred),
    }
