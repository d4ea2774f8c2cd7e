"""Which facts can be told without having been asked for, and how much each of them matters."""

import math
import re
from collections.abc import Mapping
from itertools import chain

from knowledge.index import Index
from knowledge.lexicon import lexicon
from knowledge.likeness import Likeness
from knowledge.pack import Fact
from knowledge.text import words

SHORTEST = 60  # characters; what is shorter is seldom worth a post, unless it tells an event

# A sentence that begins so leans on one before it; drafted packs have such sentences.
_LEANS = re.compile(
    r"(?:He|She|They|His|Her|Their|Its|It(?! (?:is|was)\b[^.]*\b(?:who|that)\b)|This|These|Those|"
    r"Then|There(?:fore|upon)|However|But|And|Later|Afterwards|Meanwhile|In response|As a result|"
    r"The (?:former|latter))\b"
)
_QUOTED = re.compile(r"[\"“«][^\"”»]+[\"”»]")
_SENTENCE = re.compile(r"[\"“'‘\[(]?[\w].*[.!?][\"”'’)\]]?", re.DOTALL)


def stands_alone(index: Index, fact: Fact) -> bool:
    """Whether somebody who asked nothing understands a fact and isn't misled by it.

    What is disputed is told only with its owner's name, or where it tells of several views itself; a claim always with
    its owner's name.
    """
    if _LEANS.match(fact.says) or not _SENTENCE.fullmatch(fact.says) or fact.says[0].islower():
        return False
    if fact.according_to:
        return _names_owner(index, fact)
    return not fact.disputed or len(fact.versus) > 1


def is_worth_knowing(fact: Fact) -> bool:
    """Whether a fact is more than a name explained or a few words."""
    return fact.intent != "description" and len(fact.says) >= SHORTEST


def importance(index: Index, alike: Likeness) -> Mapping[str, float]:
    """How much each fact is worth telling unasked, 0 to 1: half how much it matters, half how concrete it is.

    What matters is told more than once, and is about things that much else is about; the main person counts for
    nothing, as nearly everything is about him. Concrete are figures, quotations, names and years.
    """
    told = {fact: math.log1p(len(alike.get(fact, ()))) for fact in index.facts}
    about = {fact.id: _weight_of_topics(index, fact) for fact in index.facts.values()}
    most_told, most_about = (max(chain(values.values(), [0.0])) or 1.0 for values in (told, about))
    return {
        fact.id: (told[fact.id] / most_told + about[fact.id] / most_about + 2 * _concreteness(index, fact)) / 4
        for fact in index.facts.values()
    }


def _weight_of_topics(index: Index, fact: Fact) -> float:
    topics = [entity for entity in fact.about if entity != index.main_person]
    return sum(math.log1p(len(index.about[entity])) for entity in topics) / len(topics) if topics else 0.0


def _concreteness(index: Index, fact: Fact) -> float:
    """0 to 1. A name beyond the first says less than a figure."""
    item = index.by_id[fact.id]
    names = sum(entity != index.main_person for entity in fact.about)
    return (bool(item.numbers) + bool(_QUOTED.search(fact.says)) + min(names, 4) / 4 + bool(item.years)) / 4


def _names_owner(index: Index, fact: Fact) -> bool:
    owner = index.entities[fact.according_to] if fact.according_to else None
    names = (owner.name, *owner.aliases) if owner else ()
    said = set(words(fact.says)) - lexicon().function  # “the” of “the keeper” is no name
    return any(word in said for name in names for word in words(name))
