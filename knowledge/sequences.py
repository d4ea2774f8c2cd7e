"""What happened when, and what came before what: questions whose options are dated facts without their dates."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge import dates
from knowledge.events import tells_event
from knowledge.index import Item
from knowledge.material import Material, is_grave, is_playable
from knowledge.pack import LONGEST_OPTION, Fact
from knowledge.prompts import Prompt
from knowledge.telling import stands_alone
from knowledge.text import plain

SHORTEST_OPTION = 24
CLEAR = dt.timedelta(days=60)  # between what came before and after: more than any calendar or hedge amounts to
REPEATED = 0.75  # share of a sentence's weight from which on another fact may tell that it happened another time too
LONGEST_EVENT = dt.timedelta(days=370)

_MONTH = "|".join(dates.MONTHS)
_DATE = rf"(?:[Ii]n|[Oo]n) (?:(?:\d{{1,2}} )?(?:{_MONTH}) )?[12]\d{{3}}"
_LEADING = re.compile(rf"^{_DATE},? (?=[A-Z])")
_TRAILING = re.compile(rf",? {_DATE}(?=\.$)")
_INSIDE = re.compile(rf",? {_DATE}(?= (?:in|at|to|from|by|with|because|that|for|near|as|when|over|on|and|between)\b)")
_TIES = re.compile(
    r"\b(?:then|later|again|also|after|before|since|until|still|already|earlier|second|next|last|first|previous|"
    r"anniversary|that (?:year|month|day)|the same|this)\b|"
    r"\d(?:st|nd|rd|th)\b|\d{2}|^(?:It|He|She|They|His|Her|Their)\b"
)
_LASTS = re.compile(r"\b(?:war|campaign|struggle|uprisings|split|siege|battle)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Happening:
    """A dated fact in words that don't tell when it was."""

    fact: Fact
    when: dates.When
    text: str
    terms: frozenset[str] = field(repr=False)


def happenings(material: Material) -> tuple[Happening, ...]:
    """The facts that tell an event in few words once their date is left out, in the order of the packs."""
    items = [item for item in material.index.items if isinstance(item.entry, Fact)]
    return tuple(found for item in items if (found := _happening(material, item)))


def _happening(material: Material, item: Item) -> Happening | None:
    fact, when = material.index.facts[item.id], item.when
    if not when or not when.certain or not _is_point(when) or not is_playable(fact) or fact.according_to:
        return None
    if not tells_event(fact) or not stands_alone(material.index, fact) or len(dates.mentioned(plain(fact.says))) != 1:
        return None
    text = _INSIDE.sub("", _TRAILING.sub("", _LEADING.sub("", fact.says))).removesuffix(".")
    left = text == fact.says.removesuffix(".")
    if left or not SHORTEST_OPTION <= len(text) <= LONGEST_OPTION or _TIES.search(text) or ";" in text:
        return None
    terms = material.terms(text)
    again = [other.when for other in material.related(terms, REPEATED) if other.when]
    return Happening(fact, when, text, terms) if all(other.overlaps(when) for other in again) else None


def _is_point(when: dates.When) -> bool:
    return when.precision in ("day", "month", "year") and "/" not in when.edtf and "X" not in when.edtf


def dated_events(material: Material) -> Iterator[tuple[Fact, str, dates.When]]:
    """Events that have a name of their own and one date, with the fact that tells it."""
    index = material.index
    for entity in index.entities.values():
        described = index.facts.get(index.descriptions.get(entity.id, ""))
        own = [index.by_id[f].when for f in index.about.get(entity.id, ()) if index.facts[f].about[0] == entity.id]
        if entity.kind != "event" or described is None or described.about[0] != entity.id or is_grave(described.says):
            continue
        when = index.by_id[described.id].when
        if when is None or not when.certain or when.last - when.first > LONGEST_EVENT or described.disputed:
            continue
        if _LASTS.search(entity.name) and "/" not in when.edtf:
            continue  # its date is only when it began
        if described.solemn or re.search(r"\d|Front\b", entity.name) or not all(w.overlaps(when) for w in own if w):
            continue
        yield described, entity.name, when


def event_prompts(happening: Happening) -> Iterator[Prompt]:
    """“Which of these happened in June 1948?”"""
    when = happening.when
    shown = dates.parse(when.edtf[:7])  # the month, for a day is rarely known so well
    text = f"Which of these happened in {dates.say(shown.edtf)}?"
    yield Prompt("event", text, happening.fact.id, happening.text, happening.terms, when=shown)


def order_prompts(material: Material, happening: Happening, event: tuple[Fact, str, dates.When]) -> Iterator[Prompt]:
    """“Which of these came before the Yalta Conference?”; `when` is the event's date."""
    fact, name, when = event
    if fact.id == happening.fact.id or set(happening.fact.about) & {fact.about[0]}:
        return
    if happening.terms & material.terms(name):
        return
    for side, fits in (
        ("before", happening.when.last + CLEAR < when.first),
        ("after", when.last + CLEAR < happening.when.first),
    ):
        if fits and abs(happening.when.first.year - when.first.year) <= NEAR:
            text = f"Which of these came {side} {name}?"
            yield Prompt(
                "order", text, happening.fact.id, happening.text, material.terms(name), when=when, also=fact.id
            )


NEAR = 8  # years between an event and what is asked to have come before or after it
