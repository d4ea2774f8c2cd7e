"""Facts and gaps made ready to be asked: built once from packs, then never changed."""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TypeAlias

from knowledge import dates
from knowledge.documents import Place
from knowledge.entities import Mention, Names, Spelling
from knowledge.intents import ASKING_VERBS, COUNTS, PICKS, focus_noun, intents
from knowledge.lexicon import Lexicon, english, lexicon, places
from knowledge.pack import DocumentInfo, Entity, Fact, Gap, Mistake, Pack, PackError
from knowledge.retrieval import Retriever
from knowledge.roles import Deed, asked, told
from knowledge.text import NEGATION, ORDINALS, PASSIVE, numbers, owners, plain, words, written

_BECAUSE = re.compile(
    r"\b(because|since|due to|so that|in order to|so as to|owing to|out of|for fear|thanks to|as a result|in response|"
    r"to (?:avoid|secure|prevent|keep|help|win|make|gain|get|stop|ensure|let|see|find|determine)|reason|caused?|"
    r"hoped|hoping|wanted|wanting|believ\w+|fear\w+|for (?:invading|fail\w+|refus\w+)|forced|prompted|therefore|hence|"
    r"on the grounds?|held that|suspect\w+|worr(?:y|ied|ies)|afraid|anger\w*|angry|resent\w+)\b"
)
_DURATION = re.compile(
    r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|several|many|few|half)[ -](?:more )?"
    r"(hours?|days?|weeks?|months?|years?|decades?)\b|\buntil\b|\bthroughout\b|\brest of\b"
)
_AGE = re.compile(r"\b(?:aged?|years? old|year-old|at (?:the age of )?\d+|thirteen at|age of)\b")
BESIDE = 5  # words from a number within which stands what it counts
_COUNTS = frozenset(("one", "no", "half", "both", "pair"))
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\b")
_YEAR = re.compile(r"1\d{3}|20\d\d")
CALENDAR_SPAN = 12  # years: a longer span says little about any year in it
_NEVER = re.compile(
    r"\b(?:not|never|no|nobody|no one|didnt|wasnt|werent|hadnt|couldnt|wouldnt|"
    r"(?:refus|declin|fail)\w* to|(?:oppos|reject|prevent)\w*)((?: \w+){1,2})"
)  # what stands right behind these wasn't done
_CLAUSE_ENDS = frozenset(
    "but because and or since while who which whom when where after until before although though so by if".split()
)
_GIVES_REASON = frozenset("because since so".split())
_CAME_ABOUT = frozenset("succeeded succeeding success successful".split())
TO_DEED = 3  # words behind the first one after `did`, `was` and the like within which stands the deed
BEFORE_WISH = 4  # words before a wish within which stands what makes it the reason of something else
BEHIND_WISH = 12  # words behind a wish or an attempt within which stands what was wished


Text: TypeAlias = Mapping[str, int]  # the terms of a text, each with the place where it first stands


@dataclass(frozen=True)
class Correction:
    """The questions that a fact corrects: an entry of their own, which vies with the fact and with gaps."""

    fact: Fact

    @property
    def id(self) -> str:
        return f"{self.fact.id}, corrected"  # an id of a pack has no comma

    @property
    def about(self) -> tuple[str, ...]:
        return self.fact.about

    @property
    def intent(self) -> str:
        return self.fact.intent

    @property
    def asks(self) -> tuple[str, ...]:
        return self.fact.corrects

    @property
    def source(self) -> tuple[Place, ...]:
        return self.fact.source

    @property
    def reply(self) -> str:
        return self.fact.says


Entry: TypeAlias = Fact | Gap | Correction


@dataclass(frozen=True)
class Item:
    """A fact, a gap or a correction as the matcher sees it. Terms are stems; an entity is the term `@id`."""

    entry: Entry
    position: int  # in the order of the packs
    wording: tuple[tuple[str, ...], ...] = field(repr=False)  # the words of what it says, then of each ask
    says: Text = field(repr=False)
    asks: tuple[Text, ...] = field(repr=False)
    terms: frozenset[str] = field(repr=False)  # of all fields
    entities: Mapping[str, frozenset[str]] = field(repr=False)  # by kind, those that it names or is about
    pronouns: frozenset[str]  # of the persons among them
    when: dates.When | None
    years: frozenset[int]
    numbers: frozenset[float]
    ordinals: frozenset[int]
    deeds: tuple[Deed, ...] = field(repr=False)  # that it tells
    slots: frozenset[str]
    precision: dates.Precision | None  # of the most exact date that it tells
    negated: bool

    @property
    def id(self) -> str:
        return self.entry.id

    @cached_property
    def holders(self) -> Mapping[str, int]:
        """The asks that hold a term, as the bits of a number: the first ask is the lowest bit."""
        found: dict[str, int] = defaultdict(int)
        for n, ask in enumerate(self.asks):
            for term in ask:
                found[term] |= 1 << n
        return dict(found)

    @cached_property
    def ask_slots(self) -> tuple[str | None, ...]:
        """What each ask asks for."""
        return tuple(intents().slot(" ".join(tokens)) for tokens in self.wording[1:])

    @cached_property
    def concerns(self) -> frozenset[str]:
        """The entities that it is about, and its place."""
        place = self.entry.place if isinstance(self.entry, Fact) else None
        return frozenset((*self.about, place) if place else self.about)

    @cached_property
    def foci(self) -> frozenset[str]:
        """The nouns that its asks count or pick one of."""
        asked = [" ".join(tokens) for tokens in self.wording[1:]]
        nouns = (noun for ask in asked for p in (COUNTS, PICKS) if (noun := focus_noun(ask, p)))
        return frozenset(map(lexicon().term, nouns))

    @cached_property
    def untrue(self) -> frozenset[str]:
        """The terms of what it says wasn't done."""
        lex = lexicon()
        denied = (w for m in _NEVER.finditer(self.joined) for w in m[1].split())
        return frozenset(lex.term(w) for w in denied if w not in lex.function)

    @cached_property
    def unfulfilled(self) -> frozenset[str]:
        """The terms of what it says was only wished, tried, offered or refused."""
        lex, said = lexicon(), self.wording[0]
        found: set[str] = set()
        if not _CAME_ABOUT.isdisjoint(said):
            return frozenset()
        for n in places(lex.irrealis, said):
            if _GIVES_REASON.isdisjoint(said[max(0, n - BEFORE_WISH) : n]):
                behind = takewhile(lambda w: w not in _CLAUSE_ENDS, said[n + 1 : n + 1 + BEHIND_WISH])
                found |= {lex.term(w) for w in behind if w not in lex.function and w not in lex.irrealis}
        return frozenset(found - self._done_in_asks) if found else frozenset()

    @cached_property
    def _done_in_asks(self) -> frozenset[str]:
        """The terms of what its asks speak of as done, none of them as wished or tried."""
        lex = lexicon()
        done: set[str] = set()
        for tokens, slot in zip(self.wording[1:], self.ask_slots, strict=True):
            asked = next((n for n, w in enumerate(tokens) if w in ASKING_VERBS), None)
            if asked is not None and slot not in (None, "truth") and next(places(lex.unreal, tokens), None) is None:
                done |= {lex.term(w) for w in tokens[asked + 2 : asked + 2 + TO_DEED]}
        return frozenset(done)

    @cached_property
    def joined(self) -> str:
        """The words of what it says."""
        return " ".join(self.wording[0])

    @cached_property
    def spelled(self) -> tuple[str, ...]:
        """Its asks with their words in alphabetical order, for comparing them letter by letter."""
        return tuple(" ".join(sorted(tokens)) for tokens in self.wording[1:])

    @cached_property
    def asked_years(self) -> frozenset[int]:
        """The years that its asks name."""
        return frozenset(int(w) for tokens in self.wording[1:] for w in tokens if _YEAR.fullmatch(w))

    @cached_property
    def passive(self) -> tuple[bool, ...]:
        """Whether what it says, then each ask, is in the passive voice."""
        return tuple(bool(PASSIVE.search(" ".join(tokens))) for tokens in self.wording)

    @cached_property
    def quotes(self) -> bool:
        """Whether it says something in quotation marks."""
        return isinstance(self.entry, Fact) and '"' in self.entry.says

    @cached_property
    def counted(self) -> frozenset[str]:
        """The terms within a few words of a number."""
        said = self.wording[0]
        counts = [n for n, word in enumerate(said) if numbers(word) or word in _COUNTS]
        near = {word for n in counts for word in said[max(0, n - BESIDE) : n + BESIDE + 1]}
        return frozenset(lexicon().term(word) for word in near)

    @property
    def about(self) -> tuple[str, ...]:
        return self.entry.about


@dataclass(frozen=True)
class Dated:
    """The places of dated facts by what of a date a question can name."""

    in_year: dict[int, list[int]]
    in_month: dict[int, list[int]]  # of any year; those dated to the month or the day
    on_day: dict[tuple[int, int], list[int]]  # month and day of any year; an interval by its two ends

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Dated":
        in_year: dict[int, list[int]] = defaultdict(list)
        in_month: dict[int, list[int]] = defaultdict(list)
        on_day: dict[tuple[int, int], list[int]] = defaultdict(list)
        for item in items:
            if (when := item.when) is None or when.precision in ("decade", "century"):
                continue
            for year in when.years:
                in_year[year].append(item.position)
            if when.precision in ("day", "month"):
                span = 12 * (when.last.year - when.first.year) + when.last.month - when.first.month
                for n in range(min(12, span + 1)):
                    in_month[(when.first.month - 1 + n) % 12 + 1].append(item.position)
            if when.precision == "day":
                for month, day in {(d.month, d.day) for d in (when.first, when.last)}:
                    on_day[month, day].append(item.position)
        return cls(dict(in_year), dict(in_month), dict(on_day))

    def near(self, date: dates.Mentioned) -> list[int]:
        """The places of all facts that a date may fit, and of few others: the shortest list that has them."""
        lists = []
        if date.year is not None:
            lists.append(self.in_year.get(date.year, []))
        if date.month is not None:
            lists.append(self.in_month.get(date.month, []))
        if date.month is not None and date.day is not None:
            lists.append(self.on_day.get((date.month, date.day), []))
        return min(lists, key=len, default=[])


@dataclass(frozen=True)
class Index:
    """All that the matcher needs, safe to share between threads."""

    packs: tuple[Pack, ...]
    entities: dict[str, Entity] = field(repr=False)
    facts: dict[str, Fact] = field(repr=False)
    items: tuple[Item, ...] = field(repr=False)
    by_id: dict[str, Item] = field(repr=False)
    about: dict[str, tuple[str, ...]] = field(repr=False)  # entity -> facts, those with it as subject first
    descriptions: dict[str, str] = field(repr=False)  # entity -> the fact that says what it is
    documents: dict[str, DocumentInfo] = field(repr=False)
    names: Names = field(repr=False)
    spelling: Spelling = field(repr=False)
    idf: dict[str, float] = field(repr=False)
    dated: Dated = field(repr=False)
    by_ask: dict[str, tuple[int, ...]] = field(repr=False)  # an ask's words -> the items that have it
    ask_weights: tuple[tuple[float, ...], ...] = field(repr=False)  # of each item's asks: the rarity of all their terms
    says_weights: tuple[float, ...] = field(repr=False)  # of what each item says: the rarity of all its terms
    retriever: Retriever = field(repr=False)  # over the items
    main_person: str | None  # whom `he` or `she` means when nothing was said before

    @cached_property
    def told(self) -> frozenset[str]:
        """The terms of facts; others stand only in what gaps and corrections are asked."""
        return frozenset(term for item in self.items if isinstance(item.entry, Fact) for term in item.terms)

    @cached_property
    def rarest(self) -> float:
        """The weight of a term that stands in one item only; of an unknown one too."""
        return math.log(1 + len(self.items) / 1.5)

    def akin(self, one: str, other: str) -> bool:
        """Whether two entities are one, or have names that begin alike: the Soviet troops, the Soviets."""
        mine, theirs = (
            {lexicon().term(w) for name in (e.name, *e.aliases) for w in words(name.removeprefix("the "))[:1]}
            for e in (self.entities[one], self.entities[other])
        )
        persons = "person" in (self.entities[one].kind, self.entities[other].kind)
        return one == other or not (persons or mine.isdisjoint(theirs))

    def asked_deeds(self, item: Item) -> Iterator[Deed]:
        """The deeds that the asks of an item ask of."""
        for tokens, ask in zip(item.wording[1:], item.entry.asks, strict=True):
            yield from asked(tokens, self.names.find(tokens), owners(written(ask)), lexicon())

    def section(self, document: str, line: int) -> str:
        """The heading above a line, or an empty string."""
        sections = self.documents[document].sections
        lines = sorted(sections)
        at = bisect_right(lines, line)
        return sections[lines[at - 1]] if at else ""


def build(packs: Sequence[Pack]) -> Index:
    """Join packs into one index. Raises PackError where two of them use one id for different facts."""
    entities = _join_entities(packs)
    facts = {f.id: f for p in packs for f in p.facts}
    entries: list[Entry] = [*(f for p in packs for f in p.facts), *(g for p in packs for g in p.gaps)]
    _refuse_shared_ids(packs, [e.id for e in entries])
    entries += [Correction(f) for f in facts.values() if f.corrects]
    lex, names = lexicon(), Names.of(entities.values())
    items = tuple(_item(n, entry, entities, names, lex) for n, entry in enumerate(entries))
    holders = Counter(term for item in items for term in item.terms)
    n = len(items)
    idf = {t: math.log(1 + (n - held + 0.5) / (held + 0.5)) for t, held in holders.items()}
    subjects = Counter(f.about[0] for f in facts.values() if entities[f.about[0]].kind == "person")
    return Index(
        packs=tuple(packs),
        entities=entities,
        facts=facts,
        items=items,
        by_id={i.id: i for i in items},
        about=_facts_about(facts.values()),
        descriptions=_descriptions(entities, facts.values()),
        documents={d.file: d for p in packs for d in p.info.documents},
        names=names,
        spelling=_spelling(items, entities.values(), lex),
        idf=idf,
        dated=Dated.of(items),
        by_ask=_by_ask(items),
        ask_weights=tuple(tuple(sum(idf[t] for t in ask) for ask in item.asks) for item in items),
        says_weights=tuple(sum(idf[t] for t in item.says) for item in items),
        retriever=Retriever([[*i.says, *(t for ask in i.asks for t in ask)] for i in items]),
        main_person=subjects.most_common(1)[0][0] if subjects else None,
    )


def _terms(tokens: Sequence[str], names: Names, lex: Lexicon) -> list[str]:
    """The content terms of a text's words in order; behind a name's words stands its entity's term."""
    found = {m.stop: m for m in names.find(tokens)}
    terms: list[str] = []
    for n, word in enumerate(tokens, 1):
        if word not in lex.function or n in found:
            terms.append(lex.term(word))
        if n in found:
            terms += entity_terms(found[n])
    return terms


def entity_terms(mention: Mention) -> list[str]:
    return [f"@{i}" for i in mention.ids]


def _item(position: int, entry: Entry, entities: dict[str, Entity], names: Names, lex: Lexicon) -> Item:
    text = entry.says if isinstance(entry, Fact) else entry.reply
    fact = entry if isinstance(entry, Fact) else None
    wording = tuple(tuple(words(t)) for t in (text, *entry.asks))
    says, *asks = (_terms(tokens, names, lex) for tokens in wording)
    when = dates.parse(fact.date) if fact and fact.date else None
    own = {f"@{e}" for e in entry.about}
    years = set(when.years) if when and len(when.years) <= CALENDAR_SPAN else set()
    figures = numbers(text) if fact else []
    dated = dates.mentioned(plain(text))
    years |= {int(f) for f in figures if 1000 <= f <= 2100}
    if when and when.precision in ("day", "month"):
        says += [dates.MONTHS[when.first.month - 1].lower()]
    named: dict[str, set[str]] = defaultdict(set)
    for term in {*says, *own}:
        if term.startswith("@"):
            named[entities[term[1:]].kind].add(term[1:])
    extra = own | {str(y) for y in years} | ({f"@{fact.place}"} if fact and fact.place else set())
    return Item(
        entry=entry,
        position=position,
        wording=wording,
        says=_placed([*says, *sorted(extra)]),
        asks=tuple(_placed(a) for a in asks),
        terms=frozenset(says).union(*asks) | extra,
        entities={kind: frozenset(ids) for kind, ids in named.items()},
        pronouns=frozenset(entities[e].pronoun for e in named["person"]),
        when=when,
        years=frozenset(years),
        numbers=frozenset(f for f in figures if not 1000 <= f <= 2100),
        ordinals=frozenset(ORDINALS[w] for tokens in wording for w in tokens if w in ORDINALS),
        deeds=tuple(told(wording[0], names.find(wording[0]), owners(written(text)), lex)) if fact else (),
        slots=_slots(fact, dated, entities) if fact else frozenset(),
        precision=_precision(dated, when),
        negated=bool(NEGATION.search(plain(text))),
    )


def _placed(terms: list[str]) -> Text:
    return {term: n for n, term in reversed(list(enumerate(terms)))}


def _precision(told: Sequence[dates.Mentioned], when: dates.When | None) -> dates.Precision | None:
    if any(d.day for d in told):
        return "day"
    if any(d.month for d in told) or (when and when.precision == "month"):
        return "month"
    return when.precision if when else None


def _slots(fact: Fact, told: Sequence[dates.Mentioned], entities: dict[str, Entity]) -> frozenset[str]:
    """The kinds of questions whose answer a fact can hold."""
    text = plain(fact.says)
    days = {float(d.day) for d in told if d.day}
    counts = numbers(_ORDINAL.sub(" ", fact.says))
    figures = [f for f in counts if not 1000 <= f <= 2100 and f not in days]
    kinds = {entities[e].kind for e in fact.about}
    checks = {
        "date": bool(fact.date) or bool(re.search(r"\b[12]\d{3}\b", text)),
        "person": "person" in kinds,
        "place": "place" in kinds or fact.place is not None,
        "number": bool(figures) or bool(fact.values),
        "reason": fact.intent == "cause" or bool(_BECAUSE.search(text)),
        "list": fact.intent == "list" or text.count(",") >= 2 or " and " in text,
        "duration": bool(_DURATION.search(text)),
        "age": bool(_AGE.search(text)),
    }
    return frozenset(slot for slot, holds in checks.items() if holds)


def _join_entities(packs: Iterable[Pack]) -> dict[str, Entity]:
    """Entities by id; one that several packs know has the names of all."""
    joined: dict[str, Entity] = {}
    for pack in packs:
        for entity in pack.entities:
            if other := joined.get(entity.id):
                aliases = dict.fromkeys((*other.aliases, entity.name, *entity.aliases))
                entity = other.model_copy(update={"aliases": tuple(aliases)})
            joined[entity.id] = entity
    return joined


def _refuse_shared_ids(packs: Sequence[Pack], ids: Iterable[str]) -> None:
    twice = [i for i, n in Counter(ids).items() if n > 1]
    mistakes = []
    for key in twice:
        holders = [p for p in packs if key in p.where]
        file, line = holders[-1].where[key].rsplit(":", 1)
        mistakes.append(
            Mistake(file, int(line), f"id: {key!r} stands in the pack {holders[0].info.name!r} too; rename one of them")
        )
    if mistakes:
        raise PackError(packs[-1].folder, mistakes)


def _by_ask(items: Iterable[Item]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for item in items:
        for ask in item.wording[1:]:
            found[" ".join(ask)].append(item.position)
    return {ask: tuple(positions) for ask, positions in found.items()}


def _facts_about(facts: Iterable[Fact]) -> dict[str, tuple[str, ...]]:
    first: dict[str, list[str]] = defaultdict(list)
    also: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        first[fact.about[0]].append(fact.id)
        for entity in fact.about[1:]:
            also[entity].append(fact.id)
    return {e: (*first.get(e, ()), *also.get(e, ())) for e in first.keys() | also.keys()}


def _descriptions(entities: dict[str, Entity], facts: Iterable[Fact]) -> dict[str, str]:
    found = {e.id: e.description for e in entities.values() if e.description}
    for fact in facts:
        if fact.intent == "description":
            found.setdefault(fact.about[0], fact.id)
    return found


def _spelling(items: Iterable[Item], entities: Iterable[Entity], lex: Lexicon) -> Spelling:
    counts: Counter[str] = Counter()
    for item in items:
        for tokens in item.wording:
            counts.update(tokens)
    for entity in entities:
        for name in (entity.name, *entity.aliases):
            counts.update(words(name))
    return Spelling(dict(counts), lex.words, english())
