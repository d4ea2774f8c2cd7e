"""What is learned from: questions with the items that they may mean, each right, wrong or undecided."""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge import matching
from knowledge.answers import answer
from knowledge.entities import Mention
from knowledge.index import Index, Item, build
from knowledge.pack import Entity, Fact, Pack
from knowledge.questions import Context, Question, understand
from knowledge.text import words

MEANT = 0.45  # F-measure with an ask of a gap or a correction from which on it is taken to be meant
FOLDS = 4  # indexes for rehearsing, each without every fourth ask
YEARS_OFF = (-9, -7, -5, -4, -3, 3, 4, 5, 7, 9)
STRANGERS = tuple(  # names that no pack of ours knows
    "Napoleon Einstein Columbus Mozart Gandhi Nelson Wellington Darwin Picasso Shakespeare Cortez Mandela Vietnam "
    "Brazil Canada Peru Nigeria Chicago Lisbon Melbourne Oslo Waterloo".split()
)


@dataclass(frozen=True)
class Candidate:
    """One item for one question. `right` is None where it may hold the answer as well."""

    item: Item
    features: dict[str, float]
    right: bool | None


@dataclass(frozen=True)
class Case:
    """One question with its candidates. `section` is where its answer stands; empty where nothing tells it."""

    key: str
    category: str
    answerable: bool
    section: str
    candidates: tuple[Candidate, ...]


def asked_by_people(index: Index, files: Sequence[Path]) -> Iterator[Case]:
    """The questions of files, each in the conversation that it stands in."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            question = _last_of(index, record["turns"])
            found = tuple(
                Candidate(item, matching.measure(index, question, item, retrieved), _verdict(item, record))
                for item, retrieved in matching.candidates(index, question)
            )
            answerable = record["expect"] == "answer"
            section = next((index.section(d, lines[0]) for d, lines in record["source"].items()), "")
            yield Case(record["id"], record["category"], answerable, section, found if answerable else _meant(found))


def rehearsed(pack: Pack, most: int) -> Iterator[Case]:
    """Asks, as they are and changed, put to an index that doesn't hold them; the same ones each time."""
    rng = random.Random(0)  # noqa: S311 - a sample, no secret
    asks = [(fact, n) for fact in pack.facts if len(fact.asks) > FOLDS for n in range(len(fact.asks))]
    chosen = rng.sample(asks, min(most, len(asks)))
    missing = rng.sample(pack.gaps, min(most // 4, len(pack.gaps)))
    for fold in range(FOLDS):
        left_out = [_without(fact, fold) if len(fact.asks) > FOLDS else fact for fact in pack.facts]
        gaps = tuple(gap for n, gap in enumerate(pack.gaps) if n % FOLDS != fold)
        index = build([replace(pack, facts=tuple(left_out), gaps=gaps)])
        for gap in missing:
            if gap not in gaps:
                for ask in gap.asks[:1]:
                    yield Case(f"{gap.id}: {ask}", "missing ask", False, "", _meant(_candidates(index, ask, None)))
        for fact, n in chosen:
            if n % FOLDS == fold:
                yield from _rehearse(index, fact, fact.asks[n], rng)


def _without(fact: Fact, fold: int) -> Fact:
    return fact.model_copy(update={"asks": tuple(a for n, a in enumerate(fact.asks) if n % FOLDS != fold)})


def _rehearse(index: Index, fact: Fact, ask: str, rng: random.Random) -> Iterator[Case]:
    section = index.section(fact.source[0].document, fact.source[0].line)
    yield Case(f"{fact.id}: {ask}", "ask", True, section, _candidates(index, ask, fact))
    if changed := _changed(index, ask, rng):
        found = _candidates(index, changed, None)
        if found and max(found, key=lambda c: c.features["retrieved"]).item.id == fact.id:
            yield Case(f"{fact.id}: {changed}", "changed ask", False, section, found)


def _candidates(index: Index, text: str, fact: Fact | None) -> tuple[Candidate, ...]:
    """The candidates for an ask of a fact; of None, for one that nothing answers."""
    question = understand(index, text, Context())
    return tuple(
        Candidate(item, matching.measure(index, question, item, retrieved), _is_of(item, fact))
        for item, retrieved in matching.candidates(index, question)
    )


def _is_of(item: Item, fact: Fact | None) -> bool | None:
    """Whether an item answers an ask of a fact; another one of its paragraph may do so too."""
    if fact is None:
        return False
    here = {(p.document, p.line) for p in fact.source}
    near = any((p.document, p.line) in here for p in item.entry.source)
    return item.id == fact.id or (None if near else False)


def _changed(index: Index, ask: str, rng: random.Random) -> str | None:
    """A question with another name or year in it; None where it has neither."""
    changes = [c for c in (_other_year(ask, rng), *_other_names(index, ask, rng)) if c]
    return rng.choice(changes) if changes else None


def _other_year(ask: str, rng: random.Random) -> str | None:
    year = re.search(r"\b1[89]\d\d\b", ask)
    return f"{ask[: year.start()]}{int(year[0]) + rng.choice(YEARS_OFF)}{ask[year.end() :]}" if year else None


def _other_names(index: Index, ask: str, rng: random.Random) -> Iterator[str]:
    tokens = words(ask)
    mentions = [m for m in index.names.find(tokens) if index.entities[m.ids[0]].kind in ("person", "place")]
    if not mentions:
        return
    mention = rng.choice(mentions)
    span = re.search(rf"\b{re.escape(' '.join(tokens[mention.start : mention.stop]))}\b", ask, re.IGNORECASE)
    if span is None:
        return
    for name in (_namesake(index, mention, rng).name, rng.choice(STRANGERS)):
        yield ask[: span.start()] + name + ask[span.end() :]


def _namesake(index: Index, mention: Mention, rng: random.Random) -> Entity:
    """Another entity of the same kind."""
    kind = index.entities[mention.ids[0]].kind
    return rng.choice([e for e in index.entities.values() if e.kind == kind and e.id not in mention.ids])


def _meant(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Where nothing answers a question, the right item is the gap or the correction whose words are nearest."""
    near = [c for c in found if not isinstance(c.item.entry, Fact) and c.features["asked"] >= MEANT]
    if not near:
        return found
    nearest = max(near, key=lambda c: c.features["asked"])
    return tuple(replace(c, right=True) if c is nearest else c for c in found)


def _last_of(index: Index, turns: list[str]) -> Question:
    context = Context()
    for turn in turns[:-1]:
        context = answer(index, turn, context).context
    return understand(index, turns[-1], context)


def _verdict(item: Item, record: Mapping[str, object]) -> bool | None:
    """Whether an item answers; None for one that might, as it cites the place."""
    gold = record["source"]
    assert isinstance(gold, dict)
    cites = any(p.line in gold.get(p.document, []) for p in item.entry.source)
    if not cites or not isinstance(item.entry, Fact):
        return False
    return True if is_right(item.entry.says, record) else None


def is_right(text: str, record: Mapping[str, object]) -> bool:
    """Whether a text holds what an answer must hold, and nothing that it must not."""
    must, must_not = record["must"], record.get("must_not") or []
    assert isinstance(must, list)
    assert isinstance(must_not, list)
    return all(re.search(p, text, re.IGNORECASE) for p in must) and not any(
        re.search(p, text, re.IGNORECASE) for p in must_not
    )
