"""A pack held against its documents: places, support, coverage, wording, calendar and questions."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TypeAlias

from knowledge import dates, wording
from knowledge.answers import answer
from knowledge.documents import Document, Paragraph, Place
from knowledge.entities import Names
from knowledge.index import Index, build
from knowledge.lexicon import lexicon
from knowledge.pack import DocumentInfo, Entity, Fact, Gap, Pack
from knowledge.results import Answer
from knowledge.text import numbers, plain, words

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_][\w'’-]*")
_YEAR = re.compile(r"(?<![\d,.])(?:1\d|20)\d\d(?:[-–—/]\d\d(?:\d\d)?)?(?!,?\d)")  # or a span of years: 1932–33
_MONTH = "|".join(dates.MONTHS)
_NUMBER = r"(?:[0-3]?[0-9](?:st|nd|rd|th)?)"
_NUMBERS = rf"(?P<first>{_NUMBER})(?:\s?(?:[-–—/]|and|or|to)\s?(?P<last>{_NUMBER}))?"  # 4 February, 4 to 11 February
_DAYS = (
    re.compile(rf"\b{_NUMBERS}(?:\s+of)?\s+(?P<month>{_MONTH})\b"),
    re.compile(rf"(?<!\d\s)(?<!th\s)\b(?P<month>{_MONTH})\s+(?:the\s+)?{_NUMBERS}\b"),
)

Sentence = tuple[str, int, int]  # document, line, number of the sentence


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


Track: TypeAlias = Callable[[Sequence[Fact | Gap]], Iterable[Fact | Gap]]


def check(pack: Pack, documents: Mapping[str, Document], track: Track = iter) -> Report:
    """Hold a pack against its documents. `documents` by file name; a missing one is a finding, not an error.

    `track` is handed the entries whose asks are put to the matcher, which takes longest, and may show how far it is.
    """
    checker = _Checker(pack, documents)
    findings = [
        *checker.places(),
        *checker.support(),
        *checker.wording(),
        *checker.calendar(),
        *checker.questions(),
        *checker.answers(track),
        *checker.uncovered(),
    ]
    inferred = tuple(f"{f.id}: {', '.join(f.inferred)}" for f in pack.facts if f.inferred)
    return Report(tuple(findings), tuple(checker.coverage()), inferred)


class _Checker:
    def __init__(self, pack: Pack, documents: Mapping[str, Document]) -> None:
        self.pack = pack
        self.documents = {d.file: documents[d.file] for d in pack.info.documents if d.file in documents}
        self._vocabulary = _Vocabulary(pack.entities)
        self._read: dict[str, _Given] = {}

    def places(self) -> Iterator[Finding]:
        """Every document is the very text that the places count in, and every place exists."""
        for info in self.pack.info.documents:
            document = self.documents.get(info.file)
            where = self._where(info.file)
            if document is None:
                yield Finding("places", where, f"{info.file} is not among the documents")
            elif document.sha256 != info.sha256:
                yield Finding("places", where, f"{info.file} has the SHA-256 {document.sha256}, not {info.sha256}")
            if document is not None and info.sections:
                yield from self._sections(info, document)
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
            evidence = _Evidence(map(self._given, self._passages(fact)), self._ordinary, fact.inferred)
            where, cites = self._where(fact.id), ", ".join(map(str, fact.source))
            for claim in _claims(fact):
                for missing in evidence.unsupported(claim):
                    yield Finding("support", where, f"{fact.id}: {missing!r} is not in {cites}")
            for missing in evidence.undated(fact.date) if fact.date else ():
                yield Finding("support", where, f"{fact.id}: date: {missing} is not in {cites}")

    def wording(self) -> Iterator[Finding]:
        """No run of words is copied from a document."""
        documents = self.documents.values()
        source = wording.Runs(
            text for d in documents for text in (*d.headings.values(), *(p.text for p in d.paragraphs.values()))
        )
        told = [(fact.id, (*_claims(fact), *fact.asks, *fact.corrects)) for fact in self.pack.facts]
        told += [(gap.id, (gap.reply, *gap.asks)) for gap in self.pack.gaps]
        for item, texts in told:
            for run in (run for text in texts for run in source.copied(text)):
                yield Finding("wording", self._where(item), f"{item}: copied from a document: {run!r}")

    def calendar(self) -> Iterator[Finding]:
        """Every day that the text names has a fact of that day; no fact takes a date from a skipped passage.

        Where neither the paragraph nor a heading can tell the day's year, a gap that cites the sentence will do.
        """
        dated = self._dated
        for document, paragraph, number, sentence in self._sentences():
            key = (document.file, paragraph.line, number)
            if key in self._skipped or (key in self._in_gaps and not _tells_year(paragraph)):
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
        """No two facts share an ask, unless they are two views of one dispute; none is answered and corrected."""
        first: dict[str, Fact] = {}
        for fact in self.pack.facts:
            for ask in fact.asks:
                other = first.setdefault(" ".join(words(ask)), fact)
                if other is not fact and fact.id not in other.versus and other.id not in fact.versus:
                    yield Finding("questions", self._where(fact.id), f"{fact.id}: {other.id} has the same ask: {ask!r}")
        for fact in self.pack.facts:
            for ask in fact.corrects:
                if (key := " ".join(words(ask))) in first:
                    message = f"{fact.id}: {first[key].id} answers what it corrects: {ask!r}"
                    yield Finding("questions", self._where(fact.id), message)

    def answers(self, track: Track) -> Iterator[Finding]:
        """Every ask, put to the matcher, gets its own fact or gap, or another view of the same dispute.

        What a fact corrects is corrected, by this or by another fact.
        """
        index = build([self.pack])
        for entry in track([*self.pack.facts, *self.pack.gaps]):
            views = {entry.id, *(entry.versus if isinstance(entry, Fact) else ())}
            for ask in entry.asks:
                got = _got(answer(index, ask).answer)
                sharing = {index.items[p].id for p in index.by_ask[" ".join(words(ask))]}  # told by `questions` already
                if not (views | sharing) & set(got) and not any(entry.id in _versus(index, other) for other in got):
                    other = got[0] if got else "nothing"
                    yield Finding("answers", self._where(entry.id), f"{entry.id}: {ask!r} gets {other}")
            for ask in entry.corrects if isinstance(entry, Fact) else ():
                if (status := answer(index, ask).answer.status) != "corrected":
                    yield Finding("answers", self._where(entry.id), f"{entry.id}: {ask!r} is {status}, not corrected")

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

    def _sections(self, info: DocumentInfo, document: Document) -> Iterator[Finding]:
        """A document's headings are the pack's sections, by line."""
        for line in sorted(info.sections.keys() | document.headings.keys()):
            given, heading = info.sections.get(line), document.headings.get(line)
            if given != heading:
                what = f"is the heading {heading!r}" if heading else "is no heading"
                but = f"not {given!r}" if given else "which is missing"
                message = f"sections: {info.file}:{line} {what}, {but}"
                yield Finding("places", self._where(info.file), message)

    @cached_property
    def _dated(self) -> Mapping[tuple[str, int], set[tuple[int, int]]]:
        """The days (day, month) that facts are dated to, by the paragraph that they cite."""
        dated: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)
        for fact in self.pack.facts:
            if fact.date and (when := dates.parse(fact.date)).precision == "day":
                for place in fact.source:
                    dated[place.document, place.line] |= {(d.day, d.month) for d in (when.first, when.last)}
        return dated

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        """Words that stand in lower case somewhere: at the head of a sentence they are no names."""
        texts = [p.text for d in self.documents.values() for p in d.paragraphs.values()]
        texts += [f.says for f in self.pack.facts]
        lower = (token for text in texts for token in _WORD.findall(text) if token[0].islower())
        return lexicon().function.union(*map(_parts, lower))

    @cached_property
    def _sentences_cited(self) -> set[Sentence]:
        return {s for fact in self.pack.facts for place in fact.source for s in self._span(place)}

    @cached_property
    def _in_gaps(self) -> set[Sentence]:
        return {s for gap in self.pack.gaps for place in gap.source for s in self._span(place)}

    @cached_property
    def _skipped(self) -> set[Sentence]:
        return {s for skipped in self.pack.info.skipped for s in self._span(skipped.place)}

    def _span(self, place: Place) -> list[Sentence]:
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
            yield self._where(str(skipped.place)), skipped.place

    def _paragraph(self, place: Place) -> Paragraph | None:
        document = self.documents.get(place.document)
        return document.paragraphs.get(place.line) if document else None

    def _passages(self, fact: Fact) -> Iterator[str]:
        """What a fact may rest on: the sentences it cites, those before them, and the headings; nothing skipped."""
        for place in fact.source:
            if paragraph := self._paragraph(place):
                yield from (self.documents[place.document].title, *paragraph.headings)
                for number, sentence in enumerate(paragraph.sentences[: place.last], 1):
                    if (place.document, place.line, number) not in self._skipped:
                        yield sentence

    def _given(self, text: str) -> "_Given":
        if text not in self._read:
            self._read[text] = self._vocabulary.read(text)
        return self._read[text]

    def _where(self, item: str) -> str:
        return self.pack.where.get(item, "pack.yaml")


@dataclass(frozen=True)
class _Given:
    """What a text gives to a fact: its words, with all names of the entities in it; its numbers and its days."""

    words: frozenset[str]
    numbers: frozenset[float]
    days: frozenset[tuple[int, int]]


class _Vocabulary:
    """Reads texts, knowing the entities' names."""

    def __init__(self, entities: Collection[Entity]) -> None:
        self._names = Names.of(entities)
        self._words = {e.id: {w for name in (e.name, *e.aliases) for w in words(name)} for e in entities}

    def read(self, text: str) -> _Given:
        tokens = words(text)
        named = {entity for at in range(len(tokens)) for entity in self._named(tokens[at:])}
        known = set(tokens).union(*(self._words[entity] for entity in named))
        return _Given(frozenset(known), frozenset(numbers(text)), frozenset(_days(text)))

    def _named(self, tokens: Sequence[str]) -> Iterator[str]:
        """The entities with a name that begins here, also inside a longer one: Hungary in `Hungarian Workers' Party`.

        `Names.find` takes the longest name only, as a question means it.
        """
        for length in range(1, self._names.longest.get(tokens[0], 0) + 1):
            yield from self._names.phrases.get(tuple(tokens[:length]), ())


class _Evidence:
    """What passages give to one fact, and what of it is `inferred`."""

    def __init__(self, passages: Iterable[_Given], ordinary: frozenset[str], inferred: Iterable[str]) -> None:
        given = list(passages)
        self.ordinary = ordinary
        self.exempt = {word for text in inferred for word in words(text)}
        self.words = self.exempt.union(*(g.words for g in given))
        self.numbers = {n for text in inferred for n in numbers(text)}.union(*(g.numbers for g in given))
        self.days = {day for g in given for day in g.days}

    def unsupported(self, claim: str) -> list[str]:
        """The numbers and names of a claim that the text doesn't give."""
        missing = [_figures(n) for n in numbers(claim) if n not in self.numbers and f"{n:.10g}" not in self.exempt]
        for match in _WORD.finditer(claim):
            if not match.group()[0].isupper():
                continue
            parts = _parts(match.group())
            is_ordinary = self.ordinary.issuperset(parts) or bool(numbers(match.group()))
            if is_ordinary and _begins_sentence(claim, match.start()):
                continue
            if any(len(w) > 1 and w not in self.words for w in parts):
                missing.append(match.group())
        return missing

    def undated(self, edtf: str) -> list[str]:
        """The parts of a date that the text doesn't give."""
        when = dates.parse(edtf)
        if when.precision in ("decade", "century"):
            given = any(when.first.year <= n <= when.last.year for n in self.numbers)
            return [] if given else [dates.say(edtf)]
        missing = []
        for end in dict.fromkeys((when.first, when.last)):
            month = dates.MONTHS[end.month - 1]
            if float(end.year) not in self.numbers:
                missing.append(str(end.year))
            if when.precision in ("day", "month") and plain(month) not in self.words:
                missing.append(month)
            if when.precision == "day" and (end.day, end.month) not in self.days:
                missing.append(f"{end.day} {month}")
        return [part for part in dict.fromkeys(missing) if not self.exempt.issuperset(words(part))]


def _figures(number: float) -> str:
    """A number as people write it, years without a comma."""
    return f"{number:.10g}" if number < 10_000 else f"{number:,.10g}"


def _parts(token: str) -> list[str]:
    """The plain words of a token, which may be hyphenated."""
    return [word for part in token.split("-") for word in words(part)]


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:"


def _tells_year(paragraph: Paragraph) -> bool:
    """Whether a paragraph names a year, or a heading above a single one; `1878–1899` dates no day."""
    return bool(_YEAR.search(paragraph.text)) or any(
        [len(year) for year in _YEAR.findall(heading)] == [4] for heading in paragraph.headings
    )


def _claims(fact: Fact) -> list[str]:
    return [fact.says, *fact.values.values()]


def _days(text: str) -> list[tuple[int, int]]:
    """The (day, month) pairs that a text names."""
    return [
        (day, dates.MONTHS.index(match["month"]) + 1)
        for pattern in _DAYS
        for match in pattern.finditer(text)
        for number in (match["first"], match["last"])
        if number and 1 <= (day := int(number.rstrip("stndrh"))) <= 31
    ]


def _nearest(document: Document, place: Place) -> str:
    paragraph = document.paragraphs.get(place.line)
    if paragraph is None:
        return "; the line is empty, a heading or past the end"
    number = len(paragraph.sentences)
    return f"; the line has {number} sentence{'' if number == 1 else 's'}"


def as_json(report: Report) -> dict[str, object]:
    """The form that `footnote check --json` prints."""
    return {
        "findings": [asdict(f) for f in report.findings],
        "coverage": [asdict(c) | {"share": round(c.share, 4)} for c in report.coverage],
        "inferred": list(report.inferred),
    }


def _got(found: Answer) -> tuple[str, ...]:
    """The facts that an answer tells; where it tells none, what came nearest."""
    told: tuple[str, ...] = getattr(found, "facts", ())
    why = getattr(found, "why", None)
    return told or ((why.fact,) if why and why.fact else ())


def _versus(index: Index, fact: str) -> tuple[str, ...]:
    return index.facts[fact].versus if fact in index.facts else ()
