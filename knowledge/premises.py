"""What a fact has against a question that it seems to answer: a name left out, a deed denied, another outcome."""

import re
from collections.abc import Sequence

from knowledge.index import Index, Item
from knowledge.lexicon import lexicon
from knowledge.pack import Entity, Fact
from knowledge.questions import Question
from knowledge.text import words

SHORT = 2  # terms
BEHIND_OUTCOME = 4  # terms from an outcome to where it came about: "the Soviets won at Stalingrad"
_FULL_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+")


def unnamed(index: Index, question: Question, item: Item) -> bool:
    """Whether a question asks for the name of somebody or something that a fact has without a name.

    "Which keeper did she follow" isn't answered by "she followed the keeper of Skarholm".
    """
    if not isinstance(item.entry, Fact) or item.quotes or not question.nameless:
        return False
    given = _given(index, question)
    new = {kind for kind, ids in item.entities.items() if ids - given - {index.main_person}}
    wanted = frozenset[str]().union(*map(lexicon().kinds_of, question.nameless))
    if new.intersection(wanted) if wanted else new:
        return False
    return "person" not in wanted or not any(
        _is_new(index, question, m[0]) for m in _FULL_NAME.finditer(item.entry.says)
    )


def _given(index: Index, question: Question) -> frozenset[str]:
    """The entities that a question means, without those that it only describes: "the Abkhazian leader"."""
    said = frozenset(question.words)
    return question.entity_ids - {e for e in question.named if said.isdisjoint(_name_words(index.entities[e]))}


def _name_words(entity: Entity) -> frozenset[str]:
    """The words of an entity's names, without those of what only describes it."""
    names = (name for name in (entity.name, *entity.aliases) if name.title() == name)
    return frozenset(word for name in (entity.name, *names) for word in words(name)) - lexicon().function


def _is_new(index: Index, question: Question, name: str) -> bool:
    """Whether a full name is one that nothing known bears, and that a question doesn't say."""
    tokens = words(name)
    return not index.names.find(tokens) and not set(tokens) & set(question.words)


def is_bare(question: Question) -> bool:
    """Whether a question says nothing that a fact could be about: a mere "he", "what did he do"."""
    return not (question.topical or question.named or question.near)


def of_another(question: Question, item: Item) -> bool:
    """Whether a short question that names nothing known has a word which a fact doesn't explain.

    "When did Napoleon die" isn't answered by when somebody else died.
    """
    if question.entities or question.near or len(question.topical) > SHORT:
        return False
    return any(not t.found(item.terms) for t in question.topical)


def denied(question: Question, item: Item) -> bool:
    """Whether a fact says that something which a question takes for granted never was: "they never met"."""
    untrue = item.untrue
    if not untrue or question.slot in (None, "truth", "number") or question.denies:
        return False
    return any(t.term in untrue for t in question.topical)


def contrary(index: Index, question: Question, item: Item) -> Item | None:
    """A fact by which it came out the other way for whom a question speaks of, where an item leaves that open.

    "Why did the Red Army lose at Stalingrad" isn't answered by what led to that battle, if another fact has it win.
    """
    lex = lexicon()
    outcome = question.undertaken
    opposite = lex.opposites.get(outcome.term) if outcome else None
    subject = question.bearers[0] if question.bearers else ()
    if outcome is None or not opposite or outcome.found(item.terms):
        return None
    where = [e for e in question.named if e not in subject]
    for fact in dict.fromkeys(f for e in where for f in index.about.get(e, ())):
        other = index.by_id[fact]
        if not outcome.found(other.says) and any(_came_to(index, other, term, subject, where) for term in opposite):
            return other
    return None


def _came_to(index: Index, item: Item, outcome: str, subject: Sequence[str], where: Sequence[str]) -> bool:
    """Whether what an item says has an outcome between whose it was and where: "the Soviets won at Stalingrad"."""
    place = item.says.get(outcome)
    if place is None:
        return False
    near = {t[1:]: n - place for t, n in item.says.items() if t.startswith("@")}
    own = any(n == -1 and any(index.akin(e, other) for e in subject) for other, n in near.items())
    return own and any(index.akin(e, other) for e in where for other, n in near.items() if 0 < n <= BEHIND_OUTCOME)
