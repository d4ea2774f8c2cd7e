"""Wrong answers that could be right by their look, and can't be by the pack: the second half of making a quiz."""

import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from knowledge import dates
from knowledge.index import Item
from knowledge.lexicon import lexicon
from knowledge.material import Material, is_grave
from knowledge.pack import Fact
from knowledge.prompts import Prompt, Wrong, shown_name
from knowledge.sequences import CLEAR, NEAR, Happening
from knowledge.text import words

T = TypeVar("T")

MOST = 3  # wrong options
LEAST = 2
UNCERTAINTY = 0.25  # of a figure: nearer ones might be meant by a rounded one
SAME_ERA = 18  # years between the medians of two persons' dates
SAME_TIME = 6  # years around a fact in which a wrong place, work or organisation has to be told of too
ERA_OF_YEARS = 6  # how far a wrong year lies from the right one at most
ERA_OF_MONTHS = 30  # months
FAMILIAR = 0.35  # closeness from which on a person or a country is no odd guess
NOT_FAR_OFF = 0.2  # and from which on another place or an office isn't one
ALIKE_IN_LENGTH = 1.7  # how many times longer an option of several words may be than another


def wrong_options(
    material: Material, happenings: Sequence[Happening], prompt: Prompt, rng: random.Random
) -> Wrong | None:
    """Two or three options that the pack shows to be wrong, or None where there are no two."""
    related = material.related(prompt.terms)
    if prompt.kind in ("order", "event"):
        wrong = _other_happenings(material, happenings, prompt, rng)
    elif prompt.when:
        wrong = _other_dates(material, related, prompt, prompt.when, rng)
    elif prompt.figure:
        wrong = _other_figures(related, prompt, rng)
    else:
        wrong = _other_entities(material, related, prompt, rng)
    if wrong is None or len(wrong.texts) < LEAST or gives_away(prompt.text, prompt.right, wrong.texts):
        return None
    return wrong


def gives_away(question: str, right: str, wrong: Sequence[str]) -> bool:
    """Whether the question has a word of the right option that isn't in all the wrong ones too."""
    function, term = lexicon().function, lexicon().term
    asked = {term(w) for w in words(question)}
    shared = {term(w) for w in words(right) if w not in function} & asked
    return any(not shared <= {term(w) for w in words(option)} for option in wrong)


def _other_dates(
    material: Material, related: Iterable[Item], prompt: Prompt, when: dates.When, rng: random.Random
) -> Wrong | None:
    """Dates of the same precision that no fact which the question may mean overlaps."""
    taken = [item.when for item in related if item.when]
    years = {year for item in related for year in item.years}
    persons = material.named(prompt.text)
    shown: list[str] = []
    distances: list[int] = []
    for text, away in _near_dates(prompt, when, rng):
        other = dates.parse(text)
        if any(other.overlaps(t) for t in taken) or (when.precision == "year" and other.first.year in years):
            continue
        if not material.alive(persons, other.first.year):
            continue
        said = dates.MONTHS[other.first.month - 1] if prompt.months else dates.say(text)
        if said not in (*shown, prompt.right):
            shown.append(said)
            distances.append(away)
        if len(shown) == MOST:
            break
    reach = ERA_OF_YEARS if when.precision == "year" else ERA_OF_MONTHS
    return Wrong(tuple(shown), 1 - sum(distances) / max(len(distances), 1) / reach)


def _near_dates(prompt: Prompt, when: dates.When, rng: random.Random) -> Iterator[tuple[str, int]]:
    """Dates around one, in no order, each with its distance in years or months."""
    first = when.first
    if when.precision == "year":
        for away in _shuffled(rng, [n for n in range(-ERA_OF_YEARS, ERA_OF_YEARS + 1) if n]):
            yield f"{first.year + away:04}", abs(away)
        return
    months = range(1, 13) if prompt.months else range(-ERA_OF_MONTHS, ERA_OF_MONTHS + 1)
    for n in _shuffled(rng, list(months)):
        at = first.year * 12 + n - 1 if prompt.months else first.year * 12 + first.month - 1 + n
        away = abs(at - first.year * 12 - first.month + 1)
        if away < (1 if prompt.months else 2):
            continue
        day = f"-{rng.randint(1, 28):02}" if when.precision == "day" and not prompt.months else ""
        yield f"{at // 12:04}-{at % 12 + 1:02}{day}", away


def _other_figures(related: Iterable[Item], prompt: Prompt, rng: random.Random) -> Wrong | None:
    """Figures of the same form, clear of every one that the facts in question tell."""
    figure = prompt.figure
    if figure is None:
        return None
    taken = {figure.value} | {n for item in related for n in item.numbers}
    shown: dict[str, float] = {}
    below = rng.randint(0, MOST)
    if figure.value <= 12:
        several = [
            n
            for n in range(2, int(2 * figure.value) + 4)
            if abs(n - figure.value) >= UNCERTAINTY * max(n, figure.value)
        ]
        several.sort(key=lambda n: abs(n - figure.value))
        values = [float(n) for n in _shuffled(rng, several[:7])]
    else:
        values = [_rounded_like(figure.value * f, figure.value, rng) for f in _all_factors(rng, below)]
    for value in values:
        if value < 2 or (figure.after == "%" and value >= 100):
            continue
        clear = all(abs(value - t) >= UNCERTAINTY * max(value, t) for t in (figure.value, *shown.values()))
        if value in taken or (not clear and figure.value > 12):
            continue
        shown[type(figure)(value, figure.before, figure.after).say()] = value
        if len(shown) == MOST:
            break
    apart = [abs(math.log(v / figure.value)) for v in shown.values()]
    return Wrong(tuple(shown), max(0.0, 1 - sum(apart) / max(len(apart), 1) / 1.5))


def _all_factors(rng: random.Random, below: int) -> list[float]:
    """Factors of which some make less of a figure, the others more."""
    return [*_factors(rng, below, up=False), *_factors(rng, MOST - below, up=True), *_factors(rng, 6, up=True)]


def _factors(rng: random.Random, number: int, *, up: bool) -> list[float]:
    steps = [(1.4, 1.7), (2.0, 2.5), (2.8, 3.6), (4.0, 5.0), (5.5, 7), (8, 10)][:number]
    return [rng.uniform(*s) if up else 1 / rng.uniform(*s) for s in steps]


def _rounded_like(value: float, model: float, rng: random.Random) -> float:
    """A figure with as many digits before its zeros as another has."""
    if model < 20:
        return float(round(value)) if model == int(model) else round(value, 1)
    digits = len(f"{model:.0f}".rstrip("0"))
    size = 10 ** max(0, math.floor(math.log10(value)) + 1 - max(digits, 1 if value >= model else 2))
    rounded = round(value / size) * size
    if digits > 2 and rounded % 10 == 0 and model % 10:
        rounded += rng.randint(1, 9)
    return float(rounded)


def _other_entities(material: Material, related: Iterable[Item], prompt: Prompt, rng: random.Random) -> Wrong | None:
    """Entities of the right one's kind that no fact tells which the question may mean."""
    right = prompt.entity or ""
    index = material.index
    told = {e for item in related for ids in item.entities.values() for e in ids}
    told |= {item.entry.place for item in related if isinstance(item.entry, Fact) and item.entry.place}
    own = index.by_id[prompt.fact]
    year = own.when.first.year if own.when and index.entities[right].kind != "person" else None
    told |= {e for ids in own.entities.values() for e in ids}
    asked = {lexicon().term(w) for w in words(prompt.text)}
    places = [e for e in sorted(material.named(prompt.text)) if index.entities[e].kind == "place"]
    empty: frozenset[int] = frozenset()
    fit: list[tuple[float, str]] = []
    for other in _of_same_kind(material, right, prompt):
        name = shown_name(index.entities[other].name)
        if other in told or _shares_name(material, right, other) or not _alike(prompt.right, name):
            continue
        if year is not None and not material.of_the_time(other, year, SAME_TIME):
            continue
        if prompt.kind in ("who", "said") and asked & {lexicon().term(w) for w in words(name)}:
            continue
        if prompt.kind == "where" and any(_one_in_other(material, place, other) for place in (right, *places)):
            continue
        if prompt.kind == "which" and material.mentions.get(right, empty) & material.mentions.get(other, empty):
            continue
        close = _closeness(material, right, other)
        if close >= _least_closeness(material, prompt, other) and not is_grave(name):
            fit.append((close, other))
    fit.sort(key=lambda f: (-f[0], f[1]))
    nearest = fit[:7]
    chosen = rng.sample(nearest, min(MOST, len(nearest)))
    names = tuple(shown_name(index.entities[e].name) for _, e in chosen)
    return Wrong(names, sum(c for c, _ in chosen) / max(len(chosen), 1))


def _least_closeness(material: Material, prompt: Prompt, other: str) -> float:
    """How much a wrong option has to do with the right one at least, or it would be seen through at once."""
    if prompt.kind in ("where", "office"):
        return FAMILIAR if material.sorts.get(other) == "country" else NOT_FAR_OFF
    return FAMILIAR if prompt.kind in ("who", "said") and material.roles.get(other) != "scholar" else 0.0


def _of_same_kind(material: Material, right: str, prompt: Prompt) -> Iterator[str]:
    """Entities of one kind, sort, gender and era with another; persons of whom nothing is dated are a sort too."""
    entities, eras = material.index.entities, material.eras
    model = entities[right]
    for other in entities.values():
        if other.id == right or other.kind != model.kind or other.pronoun != model.pronoun:
            continue
        if re.search(r"\bson\b|granddaughter|daughter|['’]s\b", other.name) or other.id == material.index.main_person:
            continue
        if model.kind == "person":
            mine, theirs = eras.get(right), eras.get(other.id)
            role = material.roles.get(right, "")
            if role != material.roles.get(other.id, ""):
                continue
            if role != "scholar" and (not mine or not theirs or abs(mine - theirs) > SAME_ERA):
                continue
            if prompt.kind == "said" and other.id not in material.speakers:
                continue
        elif right not in material.sorts or material.sorts.get(other.id) != material.sorts[right]:
            continue
        yield other.id


def _shares_name(material: Material, one: str, other: str) -> bool:
    """Whether two entities have a name in common: a city and what it was called before, say."""
    a, b = (material.index.entities[e] for e in (one, other))
    mine, theirs = ({" ".join(words(n)) for n in (e.name, *e.aliases)} for e in (a, b))
    return bool(mine & theirs)


def _one_in_other(material: Material, one: str, other: str) -> bool:
    """Whether a fact names both of two places, so that one may lie in the other or be the other's later name."""
    together = material.mentions.get(one, frozenset()) & material.mentions.get(other, frozenset())
    described = {material.index.descriptions.get(one), material.index.descriptions.get(other)}
    facts = (material.index.items[n].entry for n in together)
    return any(fact.id in described or fact.intent in ("renaming", "description") for fact in facts)


def _alike(one: str, other: str) -> bool:
    """Whether two names are of similar form: neither much longer than the other, both with a year or neither."""
    lengths = sorted((len(one), len(other)))
    return lengths[1] <= 3.2 * lengths[0] and bool(re.search(r"\d", one)) == bool(re.search(r"\d", other))


def _closeness(material: Material, one: str, other: str) -> float:
    """How much two entities have to do with the same things, 0 to 1 (root of the cosine of the facts' entities)."""
    mine, theirs = _neighbours(material, one), _neighbours(material, other)
    if not mine or not theirs:
        return 0.0
    return math.sqrt(len(mine & theirs) / math.sqrt(len(mine) * len(theirs)))


def _neighbours(material: Material, entity: str) -> frozenset[str]:
    items = (material.index.items[n] for n in material.mentions.get(entity, ()))
    return frozenset(e for item in items for e in item.about) - {entity, material.index.main_person or ""}


def _other_happenings(
    material: Material, happenings: Sequence[Happening], prompt: Prompt, rng: random.Random
) -> Wrong | None:
    """Other happenings, clearly on the other side of the event or at another time."""
    when = prompt.when
    if when is None:
        return None
    right = next(h for h in happenings if h.fact.id == prompt.fact)
    before, after = right.when.first < when.first, when.last < right.when.last
    asked = {e for e in material.terms(prompt.text) if e.startswith("@")}
    near = [
        h
        for h in happenings
        if ((not before and h.when.last + CLEAR < when.first) or (not after and when.last + CLEAR < h.when.first))
        and h.fact.id != prompt.fact
        and abs(h.when.first.year - when.first.year) <= NEAR
        and max(len(h.text), len(right.text)) <= ALIKE_IN_LENGTH * min(len(h.text), len(right.text))
        and not asked & h.terms
    ]
    chosen: list[Happening] = []
    for happening in _shuffled(rng, near):
        if not any(_same_story(material, happening, other) for other in (right, *chosen)):
            chosen.append(happening)
        if len(chosen) == MOST:
            break
    away = [abs((h.when.first - when.first).days) / 365 for h in chosen]
    return Wrong(tuple(h.text for h in chosen), max(0.0, 1 - sum(away) / max(len(away), 1) / NEAR))


def _same_story(material: Material, one: Happening, other: Happening) -> bool:
    """Whether two happenings share most of their words, so that one might be taken for the other."""
    mine, theirs = one.terms, other.terms
    return material.weight(mine & theirs) > 0.4 * min(material.weight(mine), material.weight(theirs))


def _shuffled(rng: random.Random, of: Sequence[T]) -> list[T]:
    return rng.sample(of, len(of))
