"""Packs of any size, made up: the same seed makes the same pack.

Words follow Zipf's law over a list of English, so that few are common and most are rare, and new ones keep turning up
as a pack grows. Names are made of syllables; a few entities are what many facts are about.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from knowledge import dates
from knowledge.documents import Place
from knowledge.lexicon import english, lexicon
from knowledge.pack import DocumentInfo, Entity, Fact, Pack, PackInfo

FACTS_AN_ENTITY = 3
ASKS = 4
LINES = 2000  # of a document, one fact each
YEARS = range(1800, 2000)
SAID = (6, 12)  # content words of a fact, from and to
ASKED = (3, 6)
KINDS = ("person", "person", "person", "place", "organisation", "event")
INTENTS = ("event", "cause", "number", "office", "membership")
OPENINGS = ("When did", "Why did", "Who or what was", "Where was", "How many", "What happened when", "Which")
SYLLABLES = "ba chor del far gul hin jar kov lem mor nev pol quin ras tov ul vash wen yar zim".split()


@dataclass(frozen=True)
class Zipf:
    """Things of which the nth is drawn with a frequency of about 1/n to some power."""

    things: Sequence[str]
    weights: Sequence[float]  # accumulated

    @classmethod
    def of(cls, things: Sequence[str], power: float = 1.0) -> "Zipf":
        return cls(things, list(accumulate(1 / n**power for n in range(1, len(things) + 1))))

    def draw(self, rng: random.Random, n: int) -> list[str]:
        return rng.choices(self.things, cum_weights=self.weights, k=n)


def vocabulary() -> Zipf:
    """Content words of English, in an order that has nothing to do with their letters."""
    content = sorted(w for w in english() - lexicon().function if w.isalpha() and w.isascii() and len(w) > 3)
    random.Random(0).shuffle(content)  # noqa: S311
    return Zipf.of(content)


def made_up_pack(size: int, seed: int = 0) -> Pack:
    """A pack of so many facts, each with its date, place and asks; no file is read or written."""
    rng = random.Random(seed)  # noqa: S311
    content = vocabulary()
    entities = tuple(_entity(n, rng) for n in range(max(2, size // FACTS_AN_ENTITY)))
    names = {e.id: e.name for e in entities}
    subjects = Zipf.of([e.id for e in entities], 0.8)
    facts = tuple(_fact(n, rng, content, subjects, names) for n in range(size))
    documents = tuple(
        DocumentInfo(file=f"{n}.txt", title=f"Document {n}", sha256="0" * 64) for n in range((size - 1) // LINES + 1)
    )
    info = PackInfo(name="made-up", title="Made up", language="en", documents=documents)
    return Pack(Path("made-up"), info, entities, facts, (), {})


def _entity(n: int, rng: random.Random) -> Entity:
    first, last = ("".join(rng.choices(SYLLABLES, k=k)).capitalize() for k in (2, 3))
    return Entity(id=f"entity-{n}", kind=rng.choice(KINDS), name=f"{first} {last}", pronoun="it")


def _fact(n: int, rng: random.Random, content: Zipf, subjects: Zipf, names: dict[str, str]) -> Fact:
    one, other = subjects.draw(rng, 1)[0], rng.choice(subjects.things)
    date = _date(rng)
    said = content.draw(rng, rng.randint(*SAID))
    middle = len(said) // 2
    says = f"{names[one]} {' '.join(said[:middle])} the {names[other]} {' '.join(said[middle:])} in {dates.say(date)}."
    return Fact(
        id=f"fact-{n}",
        says=says[:279],
        about=tuple(dict.fromkeys((one, other))),
        intent=rng.choice(INTENTS),
        date=date,
        asks=tuple(_ask(rng, content, said, names[one]) for _ in range(ASKS)),
        source=(Place(f"{n // LINES}.txt", n % LINES + 1, 1, 1),),
    )


def _ask(rng: random.Random, content: Zipf, said: Sequence[str], name: str) -> str:
    """A question about a fact: most of its words are the fact's, one is not."""
    asked = rng.sample(list(said), min(len(said), rng.randint(*ASKED)))
    return f"{rng.choice(OPENINGS)} {name} {' '.join((*asked, *content.draw(rng, 1)))}?"


def _date(rng: random.Random) -> str:
    year, month, day = rng.choice(YEARS), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice((f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"))
