"""Which questions a fact can be put as, so that its answer is known: the first half of making a quiz."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from knowledge import dates
from knowledge.index import Item
from knowledge.lexicon import lexicon
from knowledge.material import Material, is_grave, is_playable, sort_of
from knowledge.pack import Fact
from knowledge.text import numbers, plain, words

Kind: TypeAlias = Literal[
    "when", "who", "where", "how_many", "work", "office", "which", "order", "event", "said", "own"
]

LONGEST_ASK = 140  # characters: what is longer is hard to take in while the clock runs
LONGEST_TURNED = 150  # of a question made of what a fact says
SHORTEST_ASK = 20
OWN_WORDS = 0.5  # share of an ask's weight that its fact says itself; below it asks were often about a side of the fact
TELLING = 12.5  # weight (sum of idf) of what a question names; lighter ones fitted several facts when read
DATING = 10.5  # the same where it asks for a date, which few facts have
MIDDLING = 0.5  # how near the wrong options of editors are taken to be to the right one

_LEANS = re.compile(
    r"\b(?:he|him|himself|she|hers|herself|they|them|their|theirs|it|its|this|that one|these|those|there|then|"
    r"the (?:georgian|exile|dictator|tyrant|ruler|leader|(?:soviet|kremlin|young|future|old) \w+er|previous)\b|"
    r"that [a-z]+ed|with that|most(?=\?)|belong(?:ed|s)?|such|other|else|another|former|latter|i|you|we|us|our)\b"
)
_TWO_QUESTIONS = re.compile(
    r".{12}\bwhat\b|"
    r"\b(?:and|but)(?: [a-z]+){0,5} (?:what|which|whom|whose)\b|"
    r"\b(?:and|but)(?: [a-z]+)? (?:when|where|whose|who|whom|why|how|what|which|did|was|were)\b|[–—:;]| - |\bor\b"
)
_LONELY_NOUN = re.compile(r"\bthe [a-z]+\?$")
_CASUAL = re.compile(
    r"\b(?:get to|got to|put about|boss|bosses|lads?|gang|folks?|mates?|chap|bigwigs?|reds?|comrades)\b|"
    r"\w['’](?:d|ve|ll|re|t|m)\b|\b(?:what|who|where|when|how|that|it|he|she)['’]s\b|!"
)
_ASKS_WHEN = re.compile(r"(?:When (?:was|were|did|had)|(?:In|On) (?:which|what) (?:year|month|date|day)|What year)\b")
_LEFT_OPEN = re.compile(
    r"\b(?:spring|summer|autumn|winter|early|late|mid|decade|century|before|after|season|long|last|finally|still)\b"
)
_LASTING = re.compile(  # what goes on for longer than the fact's date
    r"\b(?:argue|believe|think|want|hope|live|work|rule|lead|serve|study|support|oppose|favou?r|like|know|own|run|see|realise|realize|quarrel|stop|turn)\b"
)
_ON_A_DATE = re.compile(
    rf"\b(?:in|on) (?:\d{{1,2}} )?(?:(?:{'|'.join(m.lower() for m in dates.MONTHS)}) )?[12]\d{{3}}\b(?!s| and|, [12]\d)"
)
_ASKS_FOR = re.compile(
    r"(?:(?P<before>In|At|By|For|From|With|To|Through|Under|On|Against|During|Of|Into) )?"
    r"(?:which|what|Which|What) (?!(?:was|were|is|are|did|do|does|had|has|made|came|else|kind|sort|type|form)\b)"
    r"(?P<words>(?:[\w'’-]+ ){1,3})"
)
_BESIDE = {"from": "from|of", "to": "to|for|in|into", "into": "to|into", "in": "in|at|on", "at": "at|in|on"}
_WHERE_NEAR = "in|at|to|from|on|near|into"
_BOUNDED = re.compile(
    r"\b(?:more|less|fewer|over|under|least|most|up to|almost|nearly|between|dozens|hundreds|thousands|millions|"
    r"half|third|quarter|several|many|few|or so|within|every|some|perhaps|possibly|to)\s+(?:\w+\s+)?(?:\d|FIG)|\d[–-]\d"
)
_ABOUT = re.compile(r"\b(?:about|around|roughly|approximately|an estimated)\b")
_UNIT = re.compile(
    r"^[ -](?P<unit>years?|months?|weeks?|days?|hours?|minutes?|kilometres?|km|metres?|rou?bles?|cm|kg|tonnes?|tons?|"
    r"per cent|percent|votes?|people|men)\b"
)
_ASKS_NUMBER = re.compile(
    r"How (?P<what>many|much|long|old|far|tall|often)\b|What number\b|For how (?P<for>many|long)\b"
)
_PREFIX = re.compile(r"(?P<when>(?:In|On|By|At|During|After|Before|Since|From|Until)\b[^,;.]{3,40}?),? (?=[A-Z])")
_NO_VERB = frozenset(
    "and or with in at of as on from to by who whom whose which himself herself alone both were are have nor then also "
    "too that than for but the a an is had could would seemed felt liked enjoyed preferred loved did do may might "
    "never not often always still".split()
)
_STATES = re.compile(r"(?:was|became) (?:a|an|one|in|at|not|among|born|the only)\b")
_WHO = re.compile(r"(?:Who|Whom|By whom|With whom|To whom|From whom|Against whom|Through whom)\b")
_COMMON = re.compile(  # what many have done, whether or not it is told of them
    r"Who (?:came|served|fought|obeyed|changed|met|belonged|lived|knew|studied|worked|attended|spent|arrived|visited)\b"
)
_PERSON_NOUNS = re.compile(
    r"(?:Which|What) (historian|biographer|general|poet|writer|leader|author|man|"
    r"politician|composer|president|marshal|commander|scholar|woman|person|Marxist|revolutionary)\b"
)


@dataclass(frozen=True)
class Figure:
    """A number as an option shows it."""

    value: float
    before: str = ""  # `about `
    after: str = ""  # ` years`

    def say(self) -> str:
        """`about 1.5 million`, `1,710`, `38%`, `7 years`."""
        value = self.value
        if value >= 1e6:
            size, name = (1e9, "billion") if value >= 1e9 else (1e6, "million")
            return f"{self.before}{value / size:.4g} {name}{self.after}"
        shown = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
        return self.before + shown + self.after


@dataclass(frozen=True)
class Wrong:
    """Wrong options, and how near they are to the right one, 0 to 1."""

    texts: tuple[str, ...]
    closeness: float


@dataclass(frozen=True)
class Prompt:
    """A question about one fact, and its right answer in the form that suits its kind."""

    kind: Kind
    text: str
    fact: str
    right: str  # as an option shows it
    terms: frozenset[str] = field(repr=False)  # what the question names
    entity: str | None = None
    when: dates.When | None = None
    months: bool = False  # whether the options are bare months of the year that the question names
    figure: Figure | None = None
    also: str | None = None  # another fact that the answer rests on
    wrong: Wrong | None = None  # where an editor wrote them


def prompts(material: Material, item: Item) -> Iterator[Prompt]:
    """All questions that a fact can be put as, the best of each kind first."""
    fact = material.index.facts[item.id]
    if not is_playable(fact):
        return
    if own := fact.quiz:
        yield Prompt("own", own.question, fact.id, own.right, frozenset(), wrong=Wrong(own.wrong, MIDDLING))
        return
    if fact.according_to:
        yield from _turned(material, fact, "said")
        return
    yield from _turned(material, fact, "who")
    for number in _sound_asks(material, item):
        ask = fact.asks[number]
        telling = material.weight(t for t in item.asks[number] if t not in lexicon().scaffold) >= TELLING
        for maker in (_when, _how_many, _person, _place, _thing) if telling else (_when,):
            yield from maker(material, item, fact, ask)


def reads_well(material: Material, ask: str) -> bool:
    """Whether a question is a whole one, in plain words, and names what it is about."""
    text = plain(ask)
    return (
        SHORTEST_ASK <= len(ask) <= LONGEST_ASK
        and ask[0].isupper()
        and ask.endswith("?")
        and not any(pattern.search(text) for pattern in (_LEANS, _TWO_QUESTIONS, _CASUAL))
        and not _lonely_possessive(material, ask)
        and not _lonely_given_name(material, ask)
        and not _lonely_noun(material, ask)
        and not is_grave(ask)
        and bool(material.named(ask))
    )


def _lonely_possessive(material: Material, ask: str) -> bool:
    """Whether `his` or `her` stands before anybody is named."""
    found = re.search(r"\b(?:his|her)\b", ask)
    if found is None:
        return False
    named = material.named(ask[: found.start()])
    return not any(material.index.entities[e].kind == "person" for e in named)


def _lonely_given_name(material: Material, ask: str) -> bool:
    """Whether somebody is called by no more than a given name that another has too: `Yakov`."""
    tokens = words(ask)
    alone = {tokens[m.start] for m in material.index.names.find(tokens) if m.stop - m.start == 1}
    return any(len(material.given_names.get(name, ())) > 1 for name in alone)


def _lonely_noun(material: Material, ask: str) -> bool:
    """Whether a question ends with a thing that it doesn't name, such as `at the refinery?`, and names no other."""
    return bool(_LONELY_NOUN.search(ask)) and material.named(ask) <= {material.index.main_person}


def _sound_asks(material: Material, item: Item) -> list[int]:
    """The asks that read well by themselves, those nearest to the fact's own words first."""
    assert isinstance(item.entry, Fact)  # noqa: S101 - only facts come here
    scaffold, shares = lexicon().scaffold, {}
    for number, ask in enumerate(item.entry.asks):
        asked = [term for term in item.asks[number] if term not in scaffold]
        if material.said.issuperset(asked) and material.weight(asked) >= DATING and reads_well(material, ask):
            shares[number] = material.weight(t for t in asked if t in item.says) / material.weight(asked)
    return sorted((n for n, share in shares.items() if share >= OWN_WORDS), key=lambda n: (-shares[n], n))


def _when(material: Material, item: Item, fact: Fact, ask: str) -> Iterator[Prompt]:
    """A date that the fact gives once and exactly."""
    when, text = item.when, plain(fact.says)
    if not when or not _ASKS_WHEN.match(ask) or not when.certain or "/" in when.edtf or "X" in when.edtf:
        return
    told = dates.mentioned(text)
    if len(told) != 1 or not _ON_A_DATE.search(text) or told[0].year != when.first.year:
        return
    asked = dates.mentioned(plain(ask))
    if _LEFT_OPEN.search(plain(ask)) or _LASTING.search(ask) or when.precision not in ("day", "month", "year"):
        return
    terms = material.terms(ask)
    if [(d.year, d.month) for d in asked] == [(when.first.year, None)] and when.precision != "year":
        if "year" not in ask and " day" not in ask and "date" not in ask:
            yield Prompt("when", ask, fact.id, dates.MONTHS[when.first.month - 1], terms, when=when, months=True)
    elif not asked and not [n for n in numbers(ask) if n >= 1000]:
        if when.precision == "year" and re.search(r"\b(?:month|date|day)\b", ask):
            return
        shown = when
        if re.search(r"\byear\b", ask):
            shown = dates.parse(str(when.first.year))
        elif "month" in ask or (when.precision == "day" and when.first.year < 1919 and fact.calendar != "gregorian"):
            shown = dates.parse(f"{when.first.year}-{when.first.month:02}")
        yield Prompt("when", ask, fact.id, dates.say(shown.edtf), terms, when=shown)


def _how_many(material: Material, item: Item, fact: Fact, ask: str) -> Iterator[Prompt]:
    """The only figure that the fact gives, where the question counts what stands beside it."""
    asks, text = _ASKS_NUMBER.match(ask), plain(fact.says)
    figures = [f for f in numbers(fact.says) if not 1000 <= f <= 2100]
    days = {d.day for d in dates.mentioned(text)}
    figures = [f for f in figures if f not in days]
    if asks and (own := _named_figure(fact, ask[asks.end() :])):
        figures = [own]
    if not asks or len(figures) != 1 or numbers(re.sub(r"\b[12]\d{3}\b", "", ask)):
        return
    value = figures[0]
    if re.search(r"\blast\?", ask) and "last" not in text:
        return  # so long it took until something ended it
    if value in {n for said in fact.inferred for n in numbers(said)}:
        return  # the editor's own count
    if (
        value < 2
        or value in item.ordinals
        or _BOUNDED.search(_with_figures(text))
        or re.search(r"\btwice\b|\bboth\b", text)
    ):
        return
    written = _written(text, value)
    if written is None:
        return
    before, after = text[: written[0]], text[written[1] :]
    unit = _UNIT.match(after)
    figure = Figure(value, "about " if _ABOUT.search(before[-16:]) else "", "%" if after[:1] == "%" else "")
    if figure.after == "" and re.match(r" per ?cent", after):
        figure = Figure(value, figure.before, "%")
    match asks["what"] or asks["for"]:
        case "long" if unit and unit["unit"].rstrip("s") in ("year", "month", "week", "day", "hour", "minute"):
            figure = Figure(value, figure.before, f" {unit['unit'].rstrip('s')}s")
        case "far" | "tall" if unit:
            figure = Figure(value, figure.before, f" {unit['unit']}")
        case "old" if re.search(r"\bage[ds]?\b|years old|year-old", text):
            pass
        case "much" if unit and unit["unit"].startswith(("rou", "rub", "ton", "kg")):
            figure = Figure(value, figure.before, f" {unit['unit']}")
        case "many" | None:
            counted = words(ask[asks.end() :])
            if not any(lexicon().term(w) in item.counted for w in counted if w not in lexicon().function):
                return
        case _:
            return
    yield Prompt("how_many", ask, fact.id, figure.say(), material.terms(ask), figure=figure)


def _named_figure(fact: Fact, asked: str) -> float | None:
    """The value that a fact names as what a question counts: `towns: 1,710`."""
    counted = {lexicon().term(word) for word in words(asked)[:3]}
    fit = [value for name, value in fact.values.items() if counted.issuperset(map(lexicon().term, words(name)))]
    found = numbers(fit[0]) if len(fit) == 1 else []
    return found[0] if len(found) == 1 else None


def _with_figures(text: str) -> str:
    small = r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)\b"
    return re.sub(small, "FIG", text)


def _written(text: str, value: float) -> tuple[int, int] | None:
    """Where a number stands in a text: the shortest run of words with just that value."""
    spans = [m.span() for m in re.finditer(r"\d[\d,.]*\d|\d|[a-z]+(?:-[a-z]+)?", text)]
    for length in (1, 2, 3, 4, 5):
        for n in range(len(spans) - length + 1):
            start, stop = spans[n][0], spans[n + length - 1][1]
            longer = text[start : spans[n + length][1]] if n + length < len(spans) else ""
            if numbers(text[start:stop]) == [value] and numbers(longer) in ([], [value]):
                return start, stop
    return None


def _person(material: Material, item: Item, fact: Fact, ask: str) -> Iterator[Prompt]:
    """The one person of the fact that the question doesn't name, where the sentence has them where it asks."""
    if not _WHO.match(ask) and not _PERSON_NOUNS.match(ask):
        return
    named = material.named(ask)
    left = item.entities.get("person", frozenset()) - named
    if len(left) != 1:
        return
    (person,) = left
    if person == material.index.main_person or re.search(r"['’]s\b", material.index.entities[person].name):
        return
    passive = ask.startswith("By whom")
    subject = _subject(material, fact)
    if passive or _WHO.match(ask) is None or ask.startswith("Who "):
        fits = subject == person or _beside(material, fact, person, "by")
    else:
        fits = subject != person and _beside(material, fact, person, _after_whom(ask))
    if fits and not re.match(r"Who (?:were|are|(?:was|is) an?)\b", ask) and not _COMMON.match(ask):
        yield _of_entity(material, "who", ask, fact, person)


def _after_whom(ask: str) -> str:
    first = ask.split()[0].lower()
    return first if first in ("with", "to", "from", "against", "through") else r"[a-z]+"


def _place(material: Material, item: Item, fact: Fact, ask: str) -> Iterator[Prompt]:
    """The one place of the fact that the question doesn't name."""
    asks = _ASKS_FOR.match(ask)
    noun = next((s for w in words(asks["words"]) if (s := sort_of(w))), None) if asks else None
    if re.search(r"[Ww](?:hich|hat) (?:[A-Z][a-z]+|new|small|foreign|other) ", ask):
        return  # “which German city” tells too much
    if not ask.startswith(("Where ", "From where ")) and noun not in (
        "city",
        "village",
        "country",
        "region",
        "prison",
        "dacha",
    ):
        return
    left = item.entities.get("place", frozenset()) - material.named(ask)
    if len(left) != 1:
        return
    (place,) = left
    before = (asks["before"] or "").lower() if asks else ""
    preposition = _BESIDE.get(before, "from|of" if ask.endswith("from?") else _WHERE_NEAR)
    if asks and not before:
        preposition = r"[a-z]+"
    if noun is None and material.sorts.get(place) not in ("city", "village", "country", "region"):
        return
    if noun not in (None, material.sorts.get(place)) or not _beside(material, fact, place, preposition):
        return
    yield _of_entity(material, "where", ask, fact, place)


def _thing(material: Material, item: Item, fact: Fact, ask: str) -> Iterator[Prompt]:
    """The one work, office, organisation or event of the fact that the question doesn't name but asks for."""
    asks = _ASKS_FOR.match(ask)
    if not asks:
        return
    named, entities = material.named(ask), material.index.entities
    if asks["before"] == "By" and sort_of(words(asks["words"])[0]) not in ("body", "party", "police"):
        return  # a time, not a doer
    if len(item.years) > 1 and any(year in item.years for year in numbers(ask)):
        return  # of several times the fact names one thing only, which may be of another
    for word in words(asks["words"].removeprefix("party "))[:1]:
        sort = sort_of(word)
        kinds = {"office"} if sort == "office" else lexicon().kinds_of(word)
        for kind in ("work", "office", "organisation", "event"):
            if sort and kind in kinds:
                left = item.entities.get(kind, frozenset()) - named
                fit = {e for e in left if material.sorts.get(e) == sort}
                if len(fit) == len(left) == 1 and fit <= material.named(fact.says):
                    (entity,) = fit
                    shown: Kind = "work" if kind == "work" else "office" if kind == "office" else "which"
                    if entities[entity].kind == kind:
                        yield _of_entity(material, shown, ask, fact, entity)


def _turned(material: Material, fact: Fact, kind: Kind) -> Iterator[Prompt]:
    """What a fact says of the one it begins with, put as a question: “Trotsky left …” gives “Who left …?”."""
    lead = _PREFIX.match(fact.says)
    said = fact.says[lead.end() :] if lead else fact.says
    said = re.sub(r"^(?:The|As the) (?:historian|biographer|sociologist|scholar|writer|philosopher) ", "", said)
    according = re.match(r"According to (?:the (?:historian|biographer) )?(?P<who>[^,]{3,40}), (?P<rest>.*)", said)
    if according and kind == "said" and not lead:
        whom = material.named(according["who"])
        rest, verb = according["rest"], "According to whom"
    else:
        person = _leading(material, said)
        if person is None:
            return
        whom, rest, verb = person[0], person[1], "Who"
        if not _begins_with_verb(rest):
            return
    owner = fact.according_to if kind == "said" else next(iter(whom), None)
    if owner not in whom or owner is None or len(whom) != 1:
        return
    rest = re.split(r"[;:] |, (?:but|and|while) (?=[A-Z])", rest.rstrip("."))[0]
    if verb == "According to whom":
        quoted = rest[0].upper() + rest[1:]
        text = f"Whose view is this: {quoted}?"
    else:
        text = f"Who {rest}?"
        if lead and ("," in rest or len(rest) > 80):
            text = f"{lead['when']}, who {rest}?"
        elif lead:
            text = f"Who {rest} {lead['when'][0].lower()}{lead['when'][1:]}?"
    if _fits_turned(material, fact, kind, text, owner):
        yield _of_entity(material, kind, text, fact, owner)


def _begins_with_verb(rest: str) -> bool:
    first = re.match(r"[a-z]+\b", rest)
    return bool(first) and first[0] not in _NO_VERB and not _STATES.match(rest) if first else False


def _fits_turned(material: Material, fact: Fact, kind: Kind, text: str, owner: str) -> bool:
    """Whether a question made of a fact's own words reads well and tells enough."""
    index = material.index
    if index.entities[owner].kind != "person" or (kind == "who" and owner == index.main_person):
        return False
    persons = {e for e in material.named(fact.says) if index.entities[e].kind == "person"} - {owner}
    trails = re.search(r", (?:but|and|yet|so|for|because) (?:he|she)\b|\b(?:third|fourth|fifth|sixth|seventh)\b", text)
    leans = trails or (re.search(r"\b(?:he|she|him|they|them|their|it)\b", text) and persons - {index.main_person})
    return (
        SHORTEST_ASK <= len(text) <= LONGEST_TURNED
        and not leans
        and not _COMMON.match(text)
        and "\n" not in text
        and text.count('"') % 2 == 0
        and owner not in material.named(text)
        and material.weight(material.terms(text)) >= TELLING
    )


def _leading(material: Material, text: str) -> tuple[frozenset[str], str] | None:
    """The entity whose name a text begins with, and what follows it."""
    tokens = words(text)[:8]
    found = [m for m in material.index.names.find(tokens) if m.start == 0]
    if not found:
        return None
    match = re.match(rf"(?:[^\W_]+(?:['’][^\W_]+)*[^\w]+){{{found[0].stop}}}", text)
    if (
        match is None
        or not match[0].endswith(" ")
        or match[0].rstrip()[-1:] in ",;:"
        or re.search(r"['’]s? $", match[0])
    ):
        return None
    return frozenset(found[0].ids), text[match.end() :]


def _subject(material: Material, fact: Fact) -> str | None:
    """The entity that a fact's sentence begins with, a date aside."""
    lead = _PREFIX.match(fact.says)
    found = _leading(material, fact.says[lead.end() :] if lead else fact.says)
    return next(iter(found[0])) if found and len(found[0]) == 1 and _begins_loosely(found[1]) else None


def _begins_loosely(rest: str) -> bool:
    first = re.match(r"[a-z]+\b", rest)
    return bool(first and first[0] not in ("and", "or", "with", "of"))


def _beside(material: Material, fact: Fact, entity: str, before: str) -> bool:
    """Whether a fact's sentence has the entity's name behind one of these words."""
    of = material.index.entities[entity]
    names = "|".join(re.escape(plain(re.sub("^[Tt]he ", "", n))) for n in (of.name, *of.aliases))
    return bool(re.search(rf"\b(?:{before}) (?:the )?(?:{names})\b(?!['’]s| and | or |, [^,]* and )", plain(fact.says)))


def _of_entity(material: Material, kind: Kind, text: str, fact: Fact, entity: str) -> Prompt:
    name = material.index.entities[entity].name
    return Prompt(kind, text, fact.id, shown_name(name), material.terms(text), entity=entity)


def shown_name(name: str) -> str:
    """A name as an option shows it: without article, in capitals."""
    bare = re.sub(r"^(?:the|a|an) ", "", name)
    return bare[0].upper() + bare[1:]
