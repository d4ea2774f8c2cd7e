"""Who did something and to whom it was done, as far as plain word order and voice tell."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.entities import Mention
from knowledge.lexicon import Lexicon, lexicon

BE = frozenset("is are was were be been being got".split())
_HAVE = frozenset("had have has having".split())
_DO = frozenset("did does do".split())
_DETERMINERS = frozenset("the a an all both".split())
_BETWEEN = frozenset("also then both had has have at last never once again soon later finally first".split())
_ASKS_FOR = frozenset("who whom which".split())
_PREPOSITIONS = frozenset("of in on at to by with from for against between among under over near".split())
BETWEEN = 2  # words between a name and its deed
TO_AGENT = 6  # words from a deed in the passive to `by` and who did it


@dataclass(frozen=True)
class Deed:
    """One deed with the entities that did it and those to which it was done; either may be left open."""

    term: str
    doers: frozenset[str]
    done_to: frozenset[str]

    def agrees(self, other: "Deed") -> bool:
        """Whether another telling of the deed has some of the same entities in each role that this one names."""
        pairs = ((self.doers, other.doers), (self.done_to, other.done_to))
        return all(not mine or not mine.isdisjoint(theirs) for mine, theirs in pairs)

    def turns(self, other: "Deed") -> bool:
        """Whether another telling has an entity in the opposite role, in what two don't do to one another."""
        return self.term not in lexicon().mutual and not (
            self.doers.isdisjoint(other.done_to) and self.done_to.isdisjoint(other.doers)
        )

    def mistakes(self, other: "Deed", named: Container[str], kinds: Mapping[str, str]) -> bool:
        """Whether another telling has somebody else of the same kind in a role.

        `named` are the entities that the other text names at all: one of them has another role in it.
        """
        for mine, theirs, shared in (
            (self.doers, other.doers, not self.done_to or not self.done_to.isdisjoint(other.done_to)),
            (self.done_to, other.done_to, not self.doers and not other.doers),
        ):
            if mine and theirs and mine.isdisjoint(theirs) and {kinds[e] for e in mine} & {kinds[e] for e in theirs}:
                elsewhere = any(e in named for e in mine)
                return not elsewhere and not self.done_to if self.term in lexicon().mutual else shared or elsewhere
        return False


def told(tokens: Sequence[str], mentions: Sequence[Mention], owners: Container[int], lex: Lexicon) -> Iterator[Deed]:
    """The deeds that a statement tells. `owners` are the places of words in the possessive."""
    heads = [m for m in mentions if m.stop - 1 not in owners]
    for n, word in enumerate(tokens):
        if word in lex.function or any(m.start <= n < m.stop for m in mentions):
            continue
        term = lex.term(word)
        if passive := _in_passive(tokens, n, lex):
            if done_to := _before(tokens, heads, passive):
                yield Deed(term, _agent(tokens, heads, n, lex), done_to)
        elif done_to := _behind(tokens, heads, n + 1, lex):
            doers = _before(tokens, heads, n)
            yield Deed(term, doers, done_to)


def asked(tokens: Sequence[str], mentions: Sequence[Mention], owners: Container[int], lex: Lexicon) -> Iterator[Deed]:
    """The deeds that a question asks of: behind `did` or `was` and a name, behind `who`, and those joined by `and`."""
    heads = [m for m in mentions if m.stop - 1 not in owners]

    def deed(at: int) -> str | None:
        if at >= len(tokens) or tokens[at] in lex.function or any(m.start <= at < m.stop for m in mentions):
            return None
        return lex.term(tokens[at])

    for n, word in enumerate(tokens):
        if word == "who" and (term := deed(n + 1)) and (done_to := _behind(tokens, heads, n + 2, lex)):
            yield Deed(term, frozenset(), done_to)
        if word not in _DO and word not in BE:
            continue
        subject = next((m for m in heads if m.start == _skip(tokens, n + 1)), None)
        if subject is None or (term := deed(subject.stop)) is None:
            continue
        who = frozenset(subject.ids)
        if word in BE:
            if participle(tokens[subject.stop], lex):
                yield Deed(term, _agent(tokens, heads, subject.stop, lex), who)
            return
        done_to = _behind(tokens, heads, subject.stop + 1, lex)
        if done_to or _asks_whom(tokens, n, subject.stop):
            yield Deed(term, who, done_to)
        for k in range(subject.stop + 1, len(tokens) - 2):
            if tokens[k] == "and" and (term := deed(k + 1)) and (done_to := _behind(tokens, heads, k + 2, lex)):
                yield Deed(term, who, done_to)
        return


def _asks_whom(tokens: Sequence[str], auxiliary: int, deed: int) -> bool:
    """Whether a question asks to whom something was done: "which country did Finland invade in 1939"."""
    behind = tokens[deed + 1] if deed + 1 < len(tokens) else "in"
    return not _ASKS_FOR.isdisjoint(tokens[:auxiliary]) and behind in ("in", "on", "at", "during", "after", "before")


def _skip(tokens: Sequence[str], at: int) -> int:
    while at < len(tokens) and tokens[at] in _DETERMINERS:
        at += 1
    return at


def _in_passive(tokens: Sequence[str], at: int, lex: Lexicon) -> int:
    """The place of the `was` or the like that makes a deed a passive one, or 0."""
    if not lex.term(tokens[at]) or not participle(tokens[at], lex):
        return 0
    begin = at
    while begin > 0 and at - begin < BETWEEN and tokens[begin - 1] not in BE and tokens[begin - 1] in _BETWEEN:
        begin -= 1
    if begin == 0 or tokens[begin - 1] not in BE:
        return 0
    begin -= 1
    while begin > 0 and tokens[begin - 1] in _HAVE | BE | _BETWEEN:
        begin -= 1
    return begin


def participle(word: str, lex: Lexicon) -> bool:
    """Whether a word may be the participle of a verb."""
    return word.endswith(("ed", "en")) or word in lex.base


def _before(tokens: Sequence[str], heads: Sequence[Mention], at: int) -> frozenset[str]:
    """The entities of the names that end right before a place, joined by `and`."""
    for _ in range(BETWEEN):
        if at and tokens[at - 1] in _BETWEEN and not any(m.stop == at for m in heads):
            at -= 1
    found: set[str] = set()
    while mention := next((m for m in heads if m.stop == at), None):
        found |= set(mention.ids)
        at = mention.start
        while at and (tokens[at - 1] in _DETERMINERS or tokens[at - 1] == "and"):
            at -= 1
    caused = at and tokens[at - 1] in _HAVE  # "had Kirov arrested" doesn't tell that Kirov did it
    after_preposition = at and tokens[at - 1] in _PREPOSITIONS
    return frozenset() if caused or after_preposition else frozenset(found)


def _behind(tokens: Sequence[str], heads: Sequence[Mention], at: int, lex: Lexicon) -> frozenset[str]:
    """The entities of the names that begin at a place, joined by `and`; none where they only say more of a noun."""
    found: set[str] = set()
    at = _skip(tokens, at)
    while mention := next((m for m in heads if m.start == at), None):
        found |= set(mention.ids)
        at = mention.stop
        if at < len(tokens) and tokens[at] == "and":
            at += 1
        at = _skip(tokens, at)
    of_a_noun = at < len(tokens) and tokens[at].isalpha() and tokens[at] not in lex.function  # "Siberian village"
    return frozenset() if of_a_noun else frozenset(found)


def _agent(tokens: Sequence[str], heads: Sequence[Mention], deed: int, lex: Lexicon) -> frozenset[str]:
    """The entities behind the `by` that follows a deed in the passive."""
    for n in range(deed + 1, min(len(tokens), deed + 1 + TO_AGENT)):
        if tokens[n] == "by":
            return _behind(tokens, heads, n + 1, lex)
    return frozenset()
