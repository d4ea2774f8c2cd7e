"""Facts for the list that opens while somebody types in any chat: found anew at each keystroke, so quick and simple."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.services.feedback import Feedback
from bot.services.library import Library
from knowledge import answers, dates
from knowledge.index import Index
from knowledge.matching import rank
from knowledge.pack import Fact
from knowledge.questions import Context, understand
from knowledge.results import Ambiguous, Answered, Corrected, Source
from knowledge.text import words

LONGEST = 256  # characters of a query; Telegram's own limit
PAGE = 25  # facts at a time; Telegram takes 50
MOST = 200  # facts of one query; nobody scrolls further
MOST_RANKED = 12  # facts that share words with a query
COVERED = 0.7  # share of a query's weight that such a fact must explain
TOPIC = 1.0  # weight from which on a word says what is meant
SHORTEST_BEGINNING = 3  # letters of a name that is still being typed
SUBJECT = 0.3  # what a fact gains whose subject is asked for; its importance is 0 to 1
WORTH_KNOWING = 8  # facts beside those of the day, where nothing is typed


@dataclass(frozen=True)
class Found:
    """Something to send: what it says, and where that stands."""

    key: str  # the same for the same content
    fact: str  # what it tells; the first where it tells several
    title: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Page:
    """What a query finds, best first; `following` is where the next page begins."""

    found: tuple[Found, ...]
    following: int | None = None


class Lookup:
    """Looks facts up. Only what can stand alone is found, since nobody sees what was asked for."""

    def __init__(self, library: Library, feedback: Feedback) -> None:
        self._library = library
        self._feedback = feedback
        self._names: tuple[Index | None, dict[str, int]] = (None, {})  # worked out once for each state of the library

    def find(self, text: str, offset: int = 0) -> Page:
        """The answer to a text where there is one, then facts about what it names. Never raises."""
        text = self._completed(" ".join(text[:LONGEST].split()))
        found = self._answers(text)
        told = {fact for facts, _ in found for fact in facts}
        listed = [each for _, each in found]
        listed += [self._fact(fact) for fact in self._distinct(self._facts(text), told)]
        return _page(listed[:MOST], offset)

    def today(self, date: dt.date) -> Page:
        """What is told on a date, then some facts worth knowing, other ones on other days."""
        anniversaries = self._library.anniversaries
        post = anniversaries.post(date, seen={}, seed="inline", without=self._feedback.withheld)
        listed = [
            Found(_key(str(date), item.fact), item.fact, self._title(item.fact, item.lead), item.text, item.sources)
            for item in post.items
        ]
        known = [c.fact.id for c in anniversaries.worth_knowing if not c.fact.solemn]
        random.Random(f"inline {date}").shuffle(known)  # noqa: S311 - for variety
        listed += [self._fact(fact) for fact in self._distinct(known, set(post.facts))][:WORTH_KNOWING]
        return Page(tuple(listed[:PAGE]))

    def _answers(self, text: str) -> list[tuple[tuple[str, ...], Found]]:
        """What answers a text, with the facts that this tells."""
        index = self._library.index
        answer = answers.answer(index, text).answer
        match answer:
            case Answered():
                told = [(answer.facts, answer.text)]
            case Corrected():  # whoever reads the message doesn't know what was corrected
                told = [self._told(answer.facts[0])]
            case Ambiguous():
                told = [self._told(choice.fact) for choice in answer.choices]
            case _:
                told = []
        return [
            (
                facts,
                Found(
                    _key(*facts),
                    facts[0],
                    self._title(facts[0]) if len(facts) == 1 else f"{text[:1].upper()}{text[1:]}",
                    says,
                    answers.sources_of(index, facts),
                ),
            )
            for facts, says in told
            if not self._feedback.withheld.intersection(facts)
        ]

    def _told(self, fact: str) -> tuple[tuple[str, ...], str]:
        answer = answers.tell(self._library.index, fact, Context()).answer
        assert isinstance(answer, Answered)  # noqa: S101 - as a fact always is
        return answer.facts, answer.text

    def _facts(self, text: str) -> Iterator[str]:
        """Facts that share much with a text, then those about what it names or the time that it names."""
        index = self._library.index
        question = understand(index, text, Context())
        if any(t.weight > TOPIC and t.known and not t.term.startswith("@") for t in question.terms):
            for match in rank(index, question, MOST_RANKED):
                of_it = not question.named or set(question.named) & set(match.item.about)
                if of_it and match.features["covered"] >= COVERED:
                    yield match.item.id
        if question.dates:
            yield from self._dated(question.dates[0], question.named)
        yield from self._about(question.named)

    def _dated(self, date: dates.Mentioned, entities: Sequence[str]) -> list[str]:
        index = self._library.index
        items = [index.items[place] for place in index.dated.near(date)]
        fitting = [i for i in items if i.when is not None and date.fits(i.when)]
        return self._ranked((i.id for i in fitting if not entities or set(entities) & set(i.about)), entities)

    def _about(self, entities: Sequence[str]) -> list[str]:
        index = self._library.index
        facts = dict.fromkeys(fact for entity in entities for fact in index.about.get(entity, ()))
        return self._ranked(facts, entities)

    def _ranked(self, facts: Iterable[str], entities: Sequence[str]) -> list[str]:
        """What matters most first."""
        tellable = self._library.anniversaries.tellable

        def merit(fact: str) -> float:
            about = tellable[fact].fact.about
            return tellable[fact].weight + SUBJECT * (about[0] in entities) + len(set(entities) & set(about))

        return sorted((fact for fact in facts if fact in tellable), key=merit, reverse=True)

    def _distinct(self, facts: Iterable[str], told: set[str]) -> Iterator[str]:
        """Those that can be told, without what is told already in the same or in other words."""
        anniversaries, told = self._library.anniversaries, set(told)
        for fact in facts:
            is_new = fact not in told and not told.intersection(anniversaries.alike.get(fact, ()))
            if is_new and fact in anniversaries.tellable and fact not in self._feedback.withheld:
                told.add(fact)
                yield fact

    def _completed(self, text: str) -> str:
        """A text whose last word may be the beginning of a name, with that name: of several the one best known."""
        index, typed = self._library.index, words(text)
        unfinished = typed[-1] if typed else ""
        if len(unfinished) < SHORTEST_BEGINNING or not unfinished.isalpha() or unfinished in index.spelling.told:
            return text
        if self._names[0] is not index:
            self._names = index, _names(index)
        found = [name for name in self._names[1] if name.startswith(unfinished)]
        known = max(found, key=self._names[1].__getitem__, default=None)
        return " ".join([*text.split()[:-1], f"{known[:1].upper()}{known[1:]}"]) if known else text

    def _fact(self, fact: str) -> Found:
        told: Fact = self._library.index.facts[fact]
        return Found(_key(fact), fact, self._title(fact), told.says, answers.sources_of(self._library.index, [fact]))

    def _title(self, fact: str, when: str = "") -> str:
        """Whom or what a fact is about, and when that was."""
        index = self._library.index
        told = index.facts[fact]
        name, when = index.entities[told.about[0]].name, when or (dates.say(told.date) if told.date else "")
        return f"{name[:1].upper()}{name[1:]}" + (f" · {when}" if when else "")


def _page(listed: Sequence[Found], offset: int) -> Page:
    offset = max(offset, 0)
    return Page(tuple(listed[offset : offset + PAGE]), offset + PAGE if offset + PAGE < len(listed) else None)


def _names(index: Index) -> dict[str, int]:
    """The words of all names, and how many facts there are about who bears them."""
    known: dict[str, int] = defaultdict(int)
    for entity, facts in index.about.items():
        names = (index.entities[entity].name, *index.entities[entity].aliases)
        for word in {word for name in names for word in words(name)}:
            known[word] = max(known[word], len(facts))
    return dict(known)


def _key(*parts: str) -> str:
    return blake2b("|".join(parts).encode(), digest_size=16).hexdigest()
