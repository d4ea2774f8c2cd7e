"""Fit the matcher's weights: `python -m tests.training [--pack DIR] [--write]`.

Three kinds of examples, each question with the items that the matcher would look at:

- every ask of every fact, put to an index in which that fact lacks that ask (so that it is found by its other words);
- the same asks with the fact taken out altogether: nothing is right, the matcher should stay silent;
- the questions of `tests/data/questions/train/`, right where a fact cites the place and matches the pattern.

The result is a logistic regression, so the score is the log odds that a fact answers.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge import matching
from knowledge.answers import answer
from knowledge.index import Index, Item, build
from knowledge.pack import Fact, load_pack
from knowledge.questions import Context, Question, understand

QUESTIONS = Path(__file__).parent / "data" / "questions"
PACK = Path("knowledge/packs/stalin")
WEIGHTS = Path("knowledge/language/weights.yaml")
NEGATIVES = 6  # the best wrong items of a question; the others are easy
SILENT_SHARE = 0.5  # of the asks are put a second time with their fact taken out


@dataclass(frozen=True)
class Example:
    """One question with one item: the features, and whether it answers."""

    features: dict[str, float]
    right: bool
    weight: float
    question: str


def without_ask(item: Item, n: int) -> Item:
    """The item as if that ask had never been written."""
    asks = tuple(a for k, a in enumerate(item.asks) if k != n)
    order = (item.order[0], *(o for k, o in enumerate(item.order[1:]) if k != n))
    terms = frozenset(item.says).union(*asks)
    return replace(item, asks=asks, order=order, terms=terms)


def as_if_unsaid(index: Index, question: Question, item: Item, rest: frozenset[str]) -> Question:
    """The question with words unknown that only the removed text knew."""
    only = {
        t.term
        for t in question.terms
        if t.known and all(index.postings.get(m, ()) == (item.position,) and m not in rest for m in t.matches)
    }
    terms = tuple(
        replace(t, known=False, matches={}, weight=index.rarest) if t.term in only else t for t in question.terms
    )
    return replace(question, terms=terms)


def from_asks(index: Index, rng: random.Random) -> Iterator[Example]:
    for item in index.items:
        for n, ask in enumerate(item.entry.asks):
            bare = without_ask(item, n)
            question = as_if_unsaid(index, understand(index, ask, Context()), item, bare.terms)
            others = [m for m in matching.rank(index, question, NEGATIVES + 1) if m.item.id != item.id][:NEGATIVES]
            siblings = related(item)
            yield Example(matching.measure(index, question, bare), True, 1.0, ask)
            for match in others:
                if match.item.id not in siblings:
                    yield Example(match.features, False, 1.0, ask)
            if rng.random() < SILENT_SHARE:
                gone = as_if_unsaid(index, question, item, frozenset())
                for match in others[:2]:
                    if match.item.id not in siblings:
                        yield Example(matching.measure(index, gone, match.item), False, 1.0, ask)


def related(item: Item) -> set[str]:
    return {item.id, *(item.entry.versus if isinstance(item.entry, Fact) else ())}


def from_questions(index: Index, files: list[Path], weight: float) -> Iterator[Example]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            context = Context()
            for turn in record["turns"][:-1]:
                context = answer(index, turn, context).context
            question = understand(index, record["turns"][-1], context)
            ranked = matching.rank(index, question, matching.CANDIDATES)
            right = [m for m in ranked if answers(m.item, record)]
            wrong = [m for m in ranked if not answers(m.item, record) and not cites(m.item, record)]
            for match in right[:3]:
                yield Example(match.features, True, weight, record["id"])
            for match in wrong[: NEGATIVES + 2]:
                yield Example(match.features, False, weight, record["id"])


def answers(item: Item, record: dict[str, object]) -> bool:
    says = item.entry.says if isinstance(item.entry, Fact) else ""
    must, must_not = record["must"], record.get("must_not") or []
    assert isinstance(must, list)
    assert isinstance(must_not, list)
    return (
        record["expect"] == "answer"
        and cites(item, record)
        and bool(says)
        and all(re.search(p, says, re.IGNORECASE) for p in must)
        and not any(re.search(p, says, re.IGNORECASE) for p in must_not)
    )


def cites(item: Item, record: dict[str, object]) -> bool:
    gold = record["source"]
    assert isinstance(gold, dict)
    return any(p.line in gold.get(p.document, []) for p in item.entry.source)


def fit(examples: list[Example]) -> dict[str, float]:
    names = sorted({k for e in examples for k in e.features} - {"bias"})
    x = np.array([[e.features.get(k, 0.0) for k in names] for e in examples])
    y = np.array([e.right for e in examples])
    model = LogisticRegression(C=3.0, max_iter=5000).fit(x, y, sample_weight=[e.weight for e in examples])
    return {"bias": float(model.intercept_[0])} | dict(zip(names, map(float, model.coef_[0]), strict=True))


def reliability(examples: list[Example], weights: dict[str, float]) -> str:
    """A table of what was foretold against what was so."""
    rows = ["foretold  right  of"]
    scores = np.array([sum(weights.get(k, 0) * x for k, x in e.features.items()) for e in examples])
    chance = 1 / (1 + np.exp(-scores))
    right = np.array([e.right for e in examples])
    for low in np.arange(0, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1)
        if inside.any():
            rows.append(f"{low:.1f}-{low + 0.1:.1f}   {right[inside].mean():.2f}  {inside.sum()}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--questions", type=Path, nargs="*", default=sorted((QUESTIONS / "train").glob("*.jsonl")))
    parser.add_argument("--weight", type=float, default=4.0, help="of a question beside an ask")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS}")
    args = parser.parse_args()
    index = build([load_pack(args.pack)])
    examples = list(from_asks(index, random.Random(7)))  # noqa: S311
    examples += from_questions(index, args.questions, args.weight)
    learned = fit(examples)
    sys.stdout.write(f"{len(examples)} examples\n{reliability(examples, learned)}\n")
    lines = [f"  {name}: {value:.3f}" for name, value in learned.items()]
    text = "\n".join(lines)
    sys.stdout.write(text + "\n")
    if args.write:
        head, rest = WEIGHTS.read_text(encoding="utf-8").split("weights:\n")
        tail = rest[rest.index("# From") :]
        WEIGHTS.write_text(f"{head}weights:\n{text}\n{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
