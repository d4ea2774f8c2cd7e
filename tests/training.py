"""Fit the matcher's weights: `python -m tests.training [--write]`.

Learned from the questions of `tests/data/questions/train/`; those of `held-out/` are never trained on and only
reported. Two steps, both logistic regressions:

1. ranking: of two items that one question may mean, which one answers (a pairwise fit, so what all items of a question
   share has no say);
2. confidence: whether the first item answers, from its features, its score and its lead. Questions that the documents
   don't answer count here too, and each answerable one a second time with all its answers taken out.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from knowledge import matching
from knowledge.answers import answer
from knowledge.index import Index, Item, build
from knowledge.pack import Fact, Gap, load_pack
from knowledge.questions import Context, Question, understand

QUESTIONS = Path(__file__).parent / "data" / "questions"
PACK = Path("knowledge/packs/stalin")
WEIGHTS = Path("knowledge/language/weights.yaml")
GAP_LIKENESS = 0.45  # F-measure with a gap's ask from which on the gap is taken to be meant
AGAINST = frozenset(  # features that speak against an answer; all others speak for it
    "missed missed_rarest unknown entities_missed person_missed meant_missed focus_missed focus_unknown slot_missing "
    "intent_other asked_for_other gap again dates_disagree numbers_missed ordinal_missed too_coarse negated "
    "summary".split()
)


@dataclass(frozen=True)
class Candidate:
    """One item for one question. `right` is None where it cites the right place without holding the answer."""

    item: Item
    features: dict[str, float]
    right: bool | None


@dataclass(frozen=True)
class Case:
    """One question with its candidates."""

    key: str
    category: str
    answerable: bool
    candidates: tuple[Candidate, ...]


def cases(index: Index, files: list[Path]) -> Iterator[Case]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            question = asked(index, record["turns"])
            found = [
                Candidate(item, matching.measure(index, question, item), verdict(item, record))
                for item in matching.candidates(index, question)
            ]
            yield Case(record["id"], record["category"], record["expect"] == "answer", _with_gap(record, found))


def _with_gap(record: Mapping[str, object], found: list[Candidate]) -> tuple[Candidate, ...]:
    """Where something is asked that the documents don't tell, the gap whose words are nearest is the right item."""
    gaps = [c for c in found if isinstance(c.item.entry, Gap) and c.features["asked"] >= GAP_LIKENESS]
    if record["expect"] == "answer" or not gaps:
        return tuple(found)
    nearest = max(gaps, key=lambda c: c.features["asked"])
    return tuple(replace(c, right=True) if c is nearest else c for c in found)


def asked(index: Index, turns: list[str]) -> Question:
    context = Context()
    for turn in turns[:-1]:
        context = answer(index, turn, context).context
    return understand(index, turns[-1], context)


def verdict(item: Item, record: Mapping[str, object]) -> bool | None:
    """Whether an item answers; None for one that might, as it cites the place."""
    gold, must, must_not = record["source"], record["must"], record.get("must_not") or []
    assert isinstance(gold, dict)
    assert isinstance(must, list)
    assert isinstance(must_not, list)
    cites = any(p.line in gold.get(p.document, []) for p in item.entry.source)
    if not cites or not isinstance(item.entry, Fact):
        return False
    says = item.entry.says
    holds = all(re.search(p, says, re.IGNORECASE) for p in must)
    return True if holds and not any(re.search(p, says, re.IGNORECASE) for p in must_not) else None


def fit_ranking(found: list[Case], names: list[str], ridge: float) -> dict[str, float]:
    """Weights by which right items come before wrong ones."""
    differences = []
    shares = []
    for case in found:
        right = [_row(c.features, names) for c in case.candidates if c.right]
        wrong = [_row(c.features, names) for c in case.candidates if c.right is False]
        for r in right[:4]:
            differences += [r - w for w in wrong]
            shares += [1 / (len(right[:4]) * len(wrong))] * len(wrong)
    # Every difference is a right answer; without a constant term its mirror image would add nothing.
    return logistic(np.array(differences), np.ones(len(differences)), np.array(shares), names, ridge)


def logistic(
    x: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64], names: list[str], ridge: float
) -> dict[str, float]:
    """Logistic regression with a ridge penalty, in which no weight may go against its feature's meaning.

    Rows of `x` count by `share`. Without that bound, features that go together (several kinds of missed words) trade
    large weights of opposite signs, which doesn't carry over to other questions.
    """

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = x @ w
        penalty = np.array([0.0 if n == "bias" else ridge for n in names])
        value = float(share @ (np.logaddexp(0, z) - y * z) + (penalty * w * w).sum() / 2)
        return value, x.T @ (share * (expit(z) - y)) + penalty * w

    bounds = [(None, None) if n == "bias" else (None, 0.0) if n in AGAINST else (0.0, None) for n in names]
    found = minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds, method="L-BFGS-B")
    return dict(zip(names, map(float, found.x), strict=True))


@dataclass(frozen=True)
class First:
    """The item that a question ranks first, with all that its confidence is made of."""

    case: Case
    features: dict[str, float]
    right: bool
    weight: float = 1.0


def firsts(found: list[Case], ranking: Mapping[str, float], *, bare: float = 0.0) -> Iterator[First]:
    for case in found:
        scored = [matching.Scored(matching.weigh(ranking, c.features), c.item, c.features) for c in case.candidates]
        right = {c.item.id: c.right for c in case.candidates}
        scored.sort(key=matching.Scored.order, reverse=True)
        if not scored:
            continue
        if case.answerable or isinstance(scored[0].item.entry, Fact):  # a gap's reply is no answer: nothing to foretell
            yield _first(case, scored, right)
        wrong = [s for s in scored if right[s.item.id] is False]
        if bare and case.answerable and wrong:
            yield replace(_first(case, wrong, right), weight=bare)


def _first(case: Case, scored: list[matching.Scored], right: Mapping[str, bool | None]) -> First:
    beside = matching.companion(scored)
    told = [scored[0], *([scored[beside]] if beside else [])]
    holds = any(right[s.item.id] for s in told)
    return First(case, scored[0].features | matching.standing(scored), holds)


def fit_confidence(found: list[First], names: list[str], ridge: float) -> dict[str, float]:
    names = ["bias", *names]
    x = np.array([_row(f.features | {"bias": 1.0}, names) for f in found])
    y = np.array([float(f.right) for f in found])
    return logistic(x, y, np.array([f.weight for f in found]), names, ridge)


def report(found: list[First], confidence: Mapping[str, float], threshold: float) -> str:
    """Right, wrong and silent at a threshold, and what was foretold against what was so."""
    chance = np.array([matching.probability(matching.weigh(confidence, f.features)) for f in found])
    right = np.array([f.right for f in found])
    answerable = np.array([f.case.answerable for f in found])
    told = chance >= threshold
    lines = [
        (
            f"first item right {right[answerable].mean():.3f}; at {threshold:.2f}: "
            f"right {(told & right)[answerable].mean():.3f} wrong {(told & ~right)[answerable].mean():.3f} "
            f"abstain {(~told)[~answerable].mean():.3f}  ({answerable.sum()} + {(~answerable).sum()} questions)"
        ),
        "  foretold  so    of",
    ]
    for low in np.arange(0, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1 + 1e-9 * (low > 0.85))
        if inside.any():
            lines.append(f"  {low:.1f}-{low + 0.1:.1f}   {right[inside].mean():.2f}  {inside.sum()}")
    return "\n".join(lines)


def best_threshold(found: list[First], confidence: Mapping[str, float], cost: float = 3.0) -> float:
    """The threshold of least cost where a wrong answer costs as much as `cost` silent ones."""
    chance = np.array([matching.probability(matching.weigh(confidence, f.features)) for f in found])
    right = np.array([f.right for f in found])
    candidates = np.arange(0.2, 0.95, 0.01)
    gains = [right[chance >= t].sum() - cost * (~right)[chance >= t].sum() for t in candidates]
    return float(candidates[int(np.argmax(gains))])


def _row(features: Mapping[str, float], names: list[str]) -> NDArray[np.float64]:
    return np.array([features.get(n, 0.0) for n in names])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--ridge", type=float, default=0.3, help="penalty on large weights (default: %(default)s)")
    parser.add_argument("--bare", type=float, default=0.1, help="weight of a question without its answers")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS}")
    args = parser.parse_args()
    index = build([load_pack(args.pack)])
    train = list(cases(index, sorted((QUESTIONS / "train").glob("*.jsonl"))))
    held_out = list(cases(index, sorted((QUESTIONS / "held-out").glob("*.jsonl"))))
    names = sorted(train[0].candidates[0].features)
    ranking = fit_ranking(train, names, ridge=args.ridge)
    learned = list(firsts(train, ranking, bare=args.bare))
    confidence = fit_confidence(learned, [*names, "score", "lead"], ridge=args.ridge)
    threshold = best_threshold(list(firsts(train, ranking)), confidence)
    for name, part in (("trained on", train), ("never trained on", held_out)):
        sys.stdout.write(f"{name}: {report(list(firsts(part, ranking)), confidence, threshold)}\n")
    text = _yaml("ranking", ranking) + _yaml("confidence", confidence)
    sys.stdout.write(f"{text}best threshold: {threshold:.2f}\n")
    if args.write:
        before = WEIGHTS.read_text(encoding="utf-8")
        head, tail = before[: before.index("ranking:")], before[before.index("# From which") :]
        WEIGHTS.write_text(head + text + tail, encoding="utf-8")


def _yaml(name: str, weights: Mapping[str, float]) -> str:
    return f"{name}:\n" + "".join(f"  {key}: {value:.3f}\n" for key, value in weights.items())


if __name__ == "__main__":
    main()
