"""What a quiz is made of: an index with what questions and wrong options need to know besides."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from knowledge.index import Index, Item
from knowledge.lexicon import lexicon
from knowledge.pack import Fact
from knowledge.text import plain, words

RELATED = 0.4  # share of a question's weight from which on a fact may answer it too; low, to be on the safe side
VOTES = 2  # asks that must agree on what sort of thing an entity is
GRAVE_INTENTS = frozenset(
    "death burial suicide execution killing casualties famine repression deportation affair crime".split()
)

# Nouns that stand for one sort of thing; options of a question are of one sort.
_SORTS = {
    noun: line.split()[0]
    for line in (
        "city town port capital",
        "village hamlet",
        "country state nation republic",
        "region province peninsula governorate",
        "prison jail",
        "dacha",
        "theatre",
        "newspaper paper",
        "journal periodical magazine",
        "book novel memoirs pamphlet treatise",
        "film",
        "opera",
        "poem",
        "article essay",
        "party faction movement",
        "body committee council commissariat government institution agency organ parliament",
        "police service",
        "army",
        "conference summit meeting",
        "congress",
        "war",
        "battle offensive operation siege counteroffensive",
        "treaty pact agreement",
        "revolution uprising",
        "trial",
        "plan",
        "office post position rank title",
        "decree order",
        "testament document",
        "speech",
        "constitution",
    )
    for noun in line.split()
}
_OF_KIND = {
    "place": "city village country region prison dacha theatre".split(),
    "work": "newspaper journal book film opera poem article".split(),
    "organisation": "party body police newspaper journal".split(),
    "event": "conference congress war battle treaty revolution trial plan".split(),
    "office": "office".split(),
}
_IS_A = re.compile(r"\b(?:was|is|were|are)\b(?P<what>[^,;.]*)")
_GRAVE = re.compile(
    r"\b(?:kill|murder|execut|dead|death|die[ds]?\b|suicid|starv|famin|tortur|massacre|rape|shot|deport|genocid|"
    r"casualt|corpse|stillborn|victim|gulag|purge|terror|hang|behead|stroke|prisoners? of war|camps?\b|holocaust|"
    r"miscarr|beat(?:en|ing)?\b|perish|wounded|dying|anti-?semit|mistress|teenage|sexual|assassin|hostage|burial|"
    r"buried|funeral|embalm|lost their lives|losses|captured|repress|liquidat|exterminat|eliminat|catastroph|disaster|"
    r"debacle|coerc|scorched|dekulak|false imprison|falsely imprison|illegitimate|night of the long knives)"
)

_HEAD = re.compile(r" (?:of|on|in|at|with|between|for|from|against) ")
_PART = re.compile(r"\b(?:southern|northern|eastern|western|central|bloc|empire)\b", re.IGNORECASE)

_ROLES = (
    ("scholar", re.compile(r"\b(?:historian|biographer|scholar|sociologist|political scientist)\b")),
    (
        "kin",
        re.compile(
            r"\b(?:son|daughter|wife|mother|father|brother|sister|grand\w+) (?:of|was)\b|['’]s (?:\w+ )?"
            r"(?:son|daughter|wife|mother|father|brother|sister)\b"
        ),
    ),
    (
        "abroad",
        re.compile(
            r"\b(?:British|English|German\w*|U\.?S\.?|American|Nazi|Yugoslav\w*|Chin\w+|Polish|Poland|"
            r"Korean?|Israeli?|French|Finnish|Ital\w+|Japan\w*)(?!\w)"
        ),
    ),
)
# A death that only says when something was is no grave matter.
_AS_A_DATE = re.compile(r"\b(?:after|until|since|before|following|at) (?:[a-z]+(?:'s)? ){1,3}(?:death|died)\b")
_LIFE = ("birth", "death")


@dataclass(frozen=True)
class Material:
    """An index, and what is derived from it once for all questions."""

    index: Index
    said: frozenset[str] = field(repr=False)  # the terms that facts themselves use
    holders: Mapping[str, tuple[int, ...]] = field(repr=False)  # term -> the places of facts that have it
    mentions: Mapping[str, frozenset[int]] = field(repr=False)  # entity -> the places of facts that name it
    sorts: Mapping[str, str] = field(repr=False)  # entity -> its sort
    eras: Mapping[str, float] = field(repr=False)  # person -> the median year of the facts that name them
    roles: Mapping[str, str] = field(repr=False)  # person -> `scholar`, `kin`, `abroad` or nothing
    speakers: frozenset[str] = field(repr=False)  # whose views facts tell
    years: Mapping[str, frozenset[int]] = field(repr=False)  # entity -> those of the dated facts that name it
    given_names: Mapping[str, frozenset[str]] = field(repr=False)  # first word of a name -> the persons who have it
    lives: Mapping[str, Mapping[str, int]] = field(repr=False)  # `birth`, `death` -> person -> year

    @classmethod
    def of(cls, index: Index) -> "Material":
        items = [item for item in index.items if isinstance(item.entry, Fact)]
        holders: dict[str, list[int]] = defaultdict(list)
        mentions: dict[str, set[int]] = defaultdict(set)
        for item in items:
            for term in item.terms:
                holders[term].append(item.position)
                if term.startswith("@"):
                    mentions[term[1:]].add(item.position)
        return cls(
            index,
            frozenset(term for item in items for term in item.says),
            {term: tuple(places) for term, places in holders.items()},
            {entity: frozenset(places) for entity, places in mentions.items()},
            dict(_sorts(index, items)),
            dict(_eras(index)),
            dict(_roles(index)),
            frozenset(fact.according_to for fact in index.facts.values() if fact.according_to),
            _years(items),
            _given_names(index),
            {kind: dict(_ends(index, kind)) for kind in _LIFE},
        )

    def of_the_time(self, entity: str, year: int, reach: int) -> bool:
        """Whether a dated fact within so many years names an entity."""
        return any(abs(year - told) <= reach for told in self.years.get(entity, ()))

    def alive(self, persons: Iterable[str], year: int) -> bool:
        """Whether nothing known keeps any of some persons from having lived in a year."""
        born, died = self.lives["birth"], self.lives["death"]
        return all(born.get(p, year) <= year <= died.get(p, year) for p in persons)

    def terms(self, text: str) -> frozenset[str]:
        """The content terms of a text; a name counts as its words and as the entity."""
        tokens, lex = words(text), lexicon()
        named = {f"@{i}" for mention in self.index.names.find(tokens) for i in mention.ids}
        return frozenset(lex.term(word) for word in tokens if word not in lex.function) | named

    def named(self, text: str) -> frozenset[str]:
        """The entities that a text may name."""
        return frozenset(i for mention in self.index.names.find(words(text)) for i in mention.ids)

    def weight(self, terms: Iterable[str]) -> float:
        """The rarity of terms together; what stands nowhere counts as rarest."""
        return sum(self.index.idf.get(term, self.index.rarest) for term in sorted(terms))

    def related(self, terms: frozenset[str], share: float = RELATED) -> list[Item]:
        """The facts that have so much of these terms' weight, so that they may tell of the same."""
        asked = terms - lexicon().scaffold
        shares: dict[int, float] = defaultdict(float)
        for term in sorted(asked):
            value = self.index.idf.get(term, 0.0)
            for place in self.holders.get(term, ()):
                shares[place] += value
        least = share * self.weight(asked)
        return [self.index.items[place] for place, found in sorted(shares.items()) if found >= least]


def is_playable(fact: Fact) -> bool:
    """Whether a fact may be played with: neither suffering and death, nor what sources differ about."""
    grave = fact.solemn or fact.intent in GRAVE_INTENTS or is_grave(fact.says)
    return not grave and not fact.disputed and not fact.versus


def is_grave(text: str) -> bool:
    """Whether a text speaks of what no game should be made of."""
    return bool(_GRAVE.search(_AS_A_DATE.sub(" ", plain(text))))


def sort_of(noun: str) -> str | None:
    """What sort of thing a noun names: `city` for a town."""
    return _SORTS.get(noun) or _SORTS.get(noun.removesuffix("s"))


def _sorts(index: Index, items: Iterable[Item]) -> Iterable[tuple[str, str]]:
    """Each entity's sort as its name, its description or else the asks that it answers tell."""
    asked = _sorts_asked(index, items)
    for entity in index.entities.values():
        if entity.kind == "person":
            continue
        if entity.kind == "office":
            yield entity.id, "office"
            continue
        named = [s for w in words(_HEAD.split(entity.name)[0])[-1:] if (s := sort_of(w))]
        described = index.descriptions.get(entity.id)
        told = _IS_A.search(plain(index.facts[described].says)) if described else None
        first = index.facts[described].about[0] == entity.id if described else False
        is_a = [s for w in words(told["what"]) if (s := sort_of(w))] if told and first else []
        if _PART.search(entity.name) and not named:
            continue
        found = [*named[:1], *is_a[:1], *asked.get(entity.id, [])[:1]]
        if found and found[0] in _OF_KIND.get(entity.kind, ()):
            yield entity.id, found[0]


def _sorts_asked(index: Index, items: Iterable[Item]) -> dict[str, list[str]]:
    """By entity, the sorts that asks tell whose answer it must be, the most frequent first."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        for tokens in item.wording[1:]:
            at = next((n for n, word in enumerate(tokens) if word in ("which", "what")), len(tokens))
            sort = next((s for w in tokens[at + 1 : at + 4] if (s := sort_of(w))), None)
            if sort is None:
                continue
            noun = next(w for w in tokens[at + 1 : at + 4] if sort_of(w) == sort)
            named = {i for mention in index.names.find(tokens) for i in mention.ids}
            fit = {e for kind in lexicon().kinds_of(noun) for e in item.entities.get(kind, ())} - named
            if len(fit) == 1:
                votes[fit.pop()][sort] += 1
    return {entity: [sort for sort, n in found.most_common() if n >= VOTES] for entity, found in votes.items()}


def _years(items: Iterable[Item]) -> dict[str, frozenset[int]]:
    years: dict[str, set[int]] = defaultdict(set)
    for item in items:
        if item.when:
            for entity in (e for ids in item.entities.values() for e in ids):
                years[entity].add(item.when.first.year)
    return {entity: frozenset(found) for entity, found in years.items()}


def _given_names(index: Index) -> dict[str, frozenset[str]]:
    """By the first word of a full name, the persons whose name begins so."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for entity in index.entities.values():
        if entity.kind == "person":
            for name in (entity.name, *entity.aliases):
                tokens = words(name)
                if len(tokens) > 1 and not re.search(r"['’]s\b", name):
                    bearers[tokens[0]].add(entity.id)
    return {name: frozenset(persons) for name, persons in bearers.items()}


def _eras(index: Index) -> Iterable[tuple[str, float]]:
    years: dict[str, list[int]] = defaultdict(list)
    for item in index.items:
        if isinstance(item.entry, Fact) and item.when and not item.entry.according_to:
            for person in item.entities.get("person", ()):
                years[person].append(item.when.first.year)
    return ((person, median(found)) for person, found in years.items())


def _roles(index: Index) -> Iterable[tuple[str, str]]:
    """What persons are in the story, as their description begins: who writes about it, kin, from abroad, or of it."""
    for entity in index.entities.values():
        described = index.facts.get(index.descriptions.get(entity.id, ""))
        if described is None or described.about[0] != entity.id or entity.kind != "person":
            continue
        found = [role for role, pattern in _ROLES if pattern.search(described.says)]
        yield entity.id, found[0] if found else ""


def _ends(index: Index, intent: str) -> Iterable[tuple[str, int]]:
    """The years in which persons were born or died."""
    for item in index.items:
        if isinstance(item.entry, Fact) and item.entry.intent == intent and item.when:
            yield item.entry.about[0], item.when.first.year
