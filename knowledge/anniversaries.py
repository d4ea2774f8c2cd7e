"""What a chat is posted on a date: events of the day, else of the month, else of a year with a round anniversary,
else a fact worth knowing. Nothing here has a clock: the date, what the chat saw before and a seed are handed in.
"""

import calendar as months
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

from knowledge import dates, events
from knowledge.answers import sources_of
from knowledge.index import Index, Item
from knowledge.likeness import Likeness, likeness
from knowledge.pack import Fact
from knowledge.posts import Post, PostItem, Precision, Topic, lead, note, years_between
from knowledge.telling import importance, is_worth_knowing, stands_alone

_K = TypeVar("_K")
Chance = Callable[[str], float]
Trait = tuple[str, str]  # what may be the same in two facts: its kind and its value

A_YEAR = 365  # days for which a chat doesn't get a fact again while there are others
RECENT = 21  # days over which persons, sections and kinds of facts are varied
MOST_OF_MONTH = 3  # items of a post that tells of its month; more are no longer read
ROUND = 5  # years; an anniversary is round where it is a multiple of this, and the rounder the earlier it comes
ROUNDNESS = {100: 1.0, 50: 0.8, 25: 0.6, 10: 0.4, ROUND: 0.2}  # years, and what they add to an item's rank
LONGEST_MONTHS = 62  # days of a span that still counts as an event of its months

# What each thing that a fact shares with one of the day before takes from its rank, to which importance adds at most 1
# and chance at most the share below: chats differ, but none is told what hardly matters.
SAME_PERSON, SAME_YEAR, SAME_SECTION, SAME_INTENT, BOTH_SOLEMN = 0.4, 0.3, 0.3, 0.2, 0.2
CHANCE = 0.4
TOLD_BEFORE = 0.5  # what a fact loses that the chat saw more than a year ago


@dataclass(frozen=True)
class _Candidate:
    """A fact that can be told, with what its choice depends on."""

    fact: Fact
    when: dates.When | None
    weight: float  # importance, 0 to 1
    traits: Mapping[Trait, float]  # what two posts that follow each other had better not share, and how much it counts

    @property
    def dated(self) -> dates.When:
        if self.when is None:
            raise ValueError(f"{self.fact.id} has no date")
        return self.when


@dataclass(frozen=True)
class _Memory:
    """What a chat was told before a date."""

    facts: frozenset[str] = frozenset()  # within a year, and those that aren't told at all
    alike: frozenset[str] = frozenset()  # these, and what tells the same
    earlier: frozenset[str] = frozenset()  # more than a year ago
    lately: Mapping[Trait, float] = field(default_factory=dict)  # what to keep away from, and how much


@dataclass(frozen=True)
class Anniversaries:
    """The facts of an index by day, month and year. Built once, then only read; safe to share between threads."""

    index: Index = field(repr=False)
    alike: Likeness = field(repr=False)
    calendar: tuple[events.DatedFact, ...] = field(repr=False)
    by_day: Mapping[tuple[int, int], Sequence[_Candidate]] = field(repr=False)  # month and day
    by_month: Mapping[int, Sequence[_Candidate]] = field(repr=False)
    by_year: Mapping[int, Sequence[_Candidate]] = field(repr=False)
    worth_knowing: Sequence[_Candidate] = field(repr=False)  # the better half, so that chance has only these to choose
    others: Sequence[_Candidate] = field(repr=False)  # all but the events of a day
    tellable: Mapping[str, _Candidate] = field(repr=False)

    @classmethod
    def of(cls, index: Index) -> "Anniversaries":
        """Sort an index's facts. Takes a fraction of a second for some thousand facts."""
        alike = likeness(index)
        weights = importance(index, alike)
        calendar = events.calendar(index)
        known = {i.id: _candidate(index, i, weights[i.id]) for i in index.items if isinstance(i.entry, Fact)}
        tellable = {key: c for key, c in known.items() if stands_alone(index, c.fact)}
        of_a_day = {fact.id: tellable[fact.id] for fact, _ in calendar if fact.id in tellable}
        kept = _with_alike(of_a_day, alike)  # for their day
        dated = [c for key, c in tellable.items() if key not in kept and events.tells_event(c.fact)]
        of_a_month = [c for c in dated if _months(c)]
        kept |= _with_alike((c.fact.id for c in of_a_month), alike)
        worth_knowing = [c for key, c in tellable.items() if key not in kept and is_worth_knowing(c.fact)]
        return cls(
            index,
            alike,
            calendar,
            by_day=_grouped((((c.dated.first.month, c.dated.first.day),), c) for c in of_a_day.values()),
            by_month=_grouped((_months(c), c) for c in of_a_month),
            by_year=_grouped(((year,), c) for c in dated if (year := _year(c)) is not None and c.fact.id not in kept),
            worth_knowing=_upper_half(worth_knowing),
            others=[c for key, c in tellable.items() if key not in of_a_day],
            tellable=tellable,
        )

    def post(
        self, date: dt.date, *, seen: Mapping[str, dt.date], seed: str, without: Collection[str] = frozenset()
    ) -> Post:
        """The post of a chat on a date.

        `seen` is the date on which the chat last saw each fact; what it saw on that very date, or after it, counts as
        not seen, so that a post can be made again. `seed` makes chats differ: the same date, `seen` and `seed` give
        the same post. `without` are facts that are told under no circumstances.
        """
        memory = self._memory(date, {fact: shown for fact, shown in seen.items() if shown < date}, frozenset(without))
        chance = _chance(seed)
        items = (
            self._of_day(date, memory)
            or self._of_month(date, memory, chance)
            or self._of_round_year(date, memory, chance)
            or self._worth_knowing(memory, chance)
            or self._of_day(date, _Memory(frozenset(without)))
            or self._longest_ago(date, seen, chance, without)
        )
        return Post(date, tuple(items))

    def posts(self, first: dt.date, days: int, *, seed: str) -> Iterator[Post]:
        """The posts of a chat that subscribes on a date, day after day."""
        seen: dict[str, dt.date] = {}
        for day in range(days):
            post = self.post(first + dt.timedelta(days=day), seen=seen, seed=seed)
            seen |= dict.fromkeys(post.facts, post.date)
            yield post

    def sample(self, date: dt.date) -> Post:
        """What a chat that knows nothing of this one would be posted: one that subscribed when the decade began.

        So the posts of all days tell a story in which no fact comes twice within a year, although each is made alone.
        """
        first = dt.date(max(dt.MINYEAR, date.year - date.year % 10), 1, 1)
        *_, post = self.posts(first, (date - first).days + 1, seed="sample")
        return post

    def events_of(self, date: dt.date) -> Sequence[tuple[Fact, dates.When]]:
        """The events that are told on a date, oldest first, whether a chat has seen them or not."""
        return [(c.fact, c.dated) for c in self._on_day(date)]

    def _on_day(self, date: dt.date) -> list[_Candidate]:
        """Events of a day. In a year without 29 February its events are told on the 28th, within their month."""
        found = list(self.by_day.get((date.month, date.day), ()))
        if (date.month, date.day) == (2, 28) and not months.isleap(date.year):
            found += self.by_day.get((2, 29), ())
        return sorted((c for c in found if c.dated.first <= date), key=lambda c: c.dated.first)

    def _of_day(self, date: dt.date, memory: _Memory) -> list[PostItem]:
        return [self._item(c, date, "day") for c in self._on_day(date) if c.fact.id not in memory.facts]

    def _of_month(self, date: dt.date, memory: _Memory, chance: Chance) -> list[PostItem]:
        """Events of the month, those of round anniversaries first, as many as it takes to tell all in its days."""
        past = [c for c in self.by_month.get(date.month, ()) if c.dated.first <= date]
        fresh = [c for c in past if c.fact.id not in memory.alike]
        days_left = months.monthrange(date.year, date.month)[1] - date.day + 1
        number = min(MOST_OF_MONTH, max(1, len(fresh) // days_left))
        ranked = self._ranked(fresh, memory, chance, date)
        ranked.sort(key=lambda c: not _roundness(years_between(c.dated, date)))
        return [self._item(c, date, "month") for c in self._together(ranked, number)]

    def _of_round_year(self, date: dt.date, memory: _Memory, chance: Chance) -> list[PostItem]:
        rounds = [year for year in self.by_year if year < date.year and (date.year - year) % ROUND == 0]
        fresh = [c for year in rounds for c in self.by_year[year] if c.fact.id not in memory.alike]
        return [self._item(c, date, "year") for c in self._ranked(fresh, memory, chance, date)[:1]]

    def _worth_knowing(self, memory: _Memory, chance: Chance) -> list[PostItem]:
        """A fact that the chat hasn't seen in a year: one that resembles none it has seen, if there is one left."""
        tiers = ((self.worth_knowing, memory.alike), (self.others, memory.alike), (self.others, memory.facts))
        for pool, avoided in tiers:
            fresh = [c for c in pool if c.fact.id not in avoided]
            if fresh:
                return [self._item(self._ranked(fresh, memory, chance)[0], None, "none")]
        return []

    def _longest_ago(
        self, date: dt.date, seen: Mapping[str, dt.date], chance: Chance, without: Collection[str]
    ) -> list[PostItem]:
        """The fact that was shown longest ago, where all were shown within a year."""
        shown = {fact: on for fact, on in seen.items() if on < date}
        left = (fact for fact in self.tellable if fact not in without)
        ranked = sorted(left, key=lambda fact: (shown.get(fact, dt.date.min), chance(fact)))
        return [self._item(self.tellable[fact], None, "none") for fact in ranked[:1]]

    def _memory(self, date: dt.date, seen: Mapping[str, dt.date], without: frozenset[str]) -> _Memory:
        told = {fact: (date - shown).days for fact, shown in seen.items() if (date - shown).days < A_YEAR}
        lately: dict[Trait, float] = defaultdict(float)
        for fact, days in told.items():
            if days < RECENT and fact in self.tellable:
                for trait, share in self.tellable[fact].traits.items():
                    lately[trait] += share * (1 - days / RECENT)
        facts, alike = without.union(told), without.union(_with_alike(told, self.alike))
        return _Memory(facts, alike, frozenset(seen.keys() - told.keys()), lately)

    def _ranked(
        self, candidates: Iterable[_Candidate], memory: _Memory, chance: Chance, date: dt.date | None = None
    ) -> list[_Candidate]:
        """Best first: what matters, varied by chance and by what the chat was told lately.

        With a date the candidates are anniversaries, and the rounder are better.
        """

        def rank(c: _Candidate) -> float:
            merit = c.weight + CHANCE * chance(c.fact.id)
            merit += _roundness(years_between(c.dated, date)) if date else 0.0
            told = TOLD_BEFORE if c.fact.id in memory.earlier else 0.0
            return merit - told - sum(memory.lately.get(trait, 0.0) for trait in c.traits)

        return sorted(candidates, key=rank, reverse=True)

    def _together(self, ranked: Sequence[_Candidate], number: int) -> list[_Candidate]:
        """The first candidates that go together: none like another, and what is solemn stands alone."""
        chosen: list[_Candidate] = []
        for c in ranked:
            if len(chosen) == number or (chosen and chosen[0].fact.solemn):
                break
            if not (chosen and c.fact.solemn) and not any(c.fact.id in self.alike.get(o.fact.id, ()) for o in chosen):
                chosen.append(c)
        return chosen

    def _item(self, c: _Candidate, date: dt.date | None, precision: Precision) -> PostItem:
        years_ago = years_between(c.dated, date) if date else None
        return PostItem(
            precision,
            years_ago,
            lead(c.fact, c.dated, date, precision) if date else "",
            c.fact.says,
            c.fact.id,
            sources_of(self.index, [c.fact.id]),
            c.fact.solemn,
            note(c.fact) if precision in ("day", "month") else None,
            self._topics(c.fact),
        )

    def _topics(self, fact: Fact) -> tuple[Topic, ...]:
        known = sorted(fact.about, key=lambda entity: entity == self.index.main_person)
        return tuple(Topic(entity, self.index.entities[entity].name) for entity in known)


def repeats(posts: Iterable[Post]) -> int:
    """How many times the posts tell a fact again that an earlier one told less than a year before."""
    last: dict[str, dt.date] = {}
    again = 0
    for post in posts:
        again += sum(fact in last and (post.date - last[fact]).days < A_YEAR for fact in post.facts)
        last |= dict.fromkeys(post.facts, post.date)
    return again


def _candidate(index: Index, item: Item, weight: float) -> _Candidate:
    fact, place = index.facts[item.id], index.facts[item.id].source[0]
    persons = [e for e in fact.about if index.entities[e].kind == "person" and e != index.main_person]
    traits = {("person", person): SAME_PERSON for person in persons}
    traits |= {("section", f"{place.document}: {index.section(place.document, place.line)}"): SAME_SECTION}
    traits |= {("intent", fact.intent): SAME_INTENT}
    if item.when is not None:
        traits |= {("year", str(item.when.first.year)): SAME_YEAR}
    if fact.solemn:
        traits |= {("solemn", ""): BOTH_SOLEMN}
    return _Candidate(fact, item.when, weight, traits)


def _months(c: _Candidate) -> tuple[int, ...]:
    """The months that a fact is an event of: the document dates it to one or two of them, neither less nor more."""
    when = c.when
    if when is None or when.precision != "month" or not when.certain:
        return ()
    if (when.last - when.first).days >= LONGEST_MONTHS:
        return ()
    return tuple(dict.fromkeys((when.first.month, when.last.month)))


def _year(c: _Candidate) -> int | None:
    """The one year that the document dates a fact to."""
    when = c.when
    if when is None or when.precision != "year" or not when.certain or len(when.years) > 1:
        return None
    return when.first.year


def _grouped(pairs: Iterable[tuple[Iterable[_K], _Candidate]]) -> dict[_K, list[_Candidate]]:
    groups: dict[_K, list[_Candidate]] = defaultdict(list)
    for keys, candidate in pairs:
        for key in keys:
            groups[key].append(candidate)
    return dict(groups)


def _upper_half(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda c: c.weight, reverse=True)[: (len(candidates) + 1) // 2]


def _with_alike(facts: Iterable[str], alike: Likeness) -> set[str]:
    told = set(facts)
    return told.union(*(alike.get(fact, ()) for fact in told))


def _roundness(years: int) -> float:
    """0 for an anniversary that isn't round, or none at all."""
    return next((worth for step, worth in ROUNDNESS.items() if years > 0 and years % step == 0), 0.0)


def _chance(seed: str) -> Chance:
    """A number from 0 to 1 for each fact, the same whenever and wherever it is asked for."""
    return lambda fact: _chance_of(seed, fact)


@lru_cache(maxsize=1 << 16)
def _chance_of(seed: str, fact: str) -> float:
    return int.from_bytes(blake2b(f"{seed}\0{fact}".encode(), digest_size=4).digest()) / 2**32
