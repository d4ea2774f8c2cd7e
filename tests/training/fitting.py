"""Two logistic regressions: the order of items, and the confidence in the first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from knowledge import matching
from knowledge.pack import Fact
from tests.training.cases import Case

RIDGE = 0.3  # penalty on large weights
MOST_RIGHT = 4  # right items of one question that count
PEOPLE = 3.0  # what a person's question counts beside a rehearsed one, in the order of items
BARE = 0.1  # weight of a person's question with all its answers taken out
REHEARSED = 0.05  # weight of a rehearsed ask in the confidence: there are many, and they are easier than people's
UNRANKED = frozenset(("only_main",))  # tells whether anything answers, not which item
AGAINST = frozenset(  # features that speak against an answer; all others speak for it
    "again asked_for_other dates_disagree denied entities_missed focus_missed foreign gap intent_other "
    "kind_missing meant_missed missed missed_rarest negated no_age no_date no_duration no_list no_number no_person "
    "no_place no_reason nothing_named opposed ordinal_missed other_pronoun person_missed personal "
    "replaced swapped stale_date missed_any missed_share focus_given "
    "head_missed deed_missed only_main untrue unfulfilled too_coarse uncounted unknown".split()
)

Weights = dict[str, float]
Row = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """Weights in log odds, by feature."""

    ranking: Weights
    confidence: Weights


@dataclass(frozen=True)
class First:
    """The item that a question ranks first, with all that its confidence is made of."""

    case: Case
    features: dict[str, float]
    right: bool
    weight: float = 1.0

    def chance(self, confidence: Mapping[str, float]) -> float:
        """The foretold probability that it answers."""
        return matching.probability(matching.weigh(confidence, self.features))


def fit(people: Sequence[Case], practice: Sequence[Case]) -> Learned:
    """Weights from people's questions and rehearsed asks."""
    seen = next(c for case in people for c in case.candidates)
    names = sorted(seen.features.keys() - matching.WORDED_SO.keys())
    ranking = fit_ranking(people, practice, [n for n in names if n not in UNRANKED])
    learned = [*firsts(people, ranking, bare=BARE)]
    learned += [replace(f, weight=REHEARSED) for f in firsts(practice, ranking)]
    return Learned(ranking, fit_confidence(learned, [*names, *matching.unrivalled(0.0)]))


def fit_ranking(people: Sequence[Case], practice: Sequence[Case], names: list[str]) -> Weights:
    """Weights by which right items come before wrong ones."""
    differences: list[Row] = []
    shares: list[float] = []
    for cases, weight in ((people, PEOPLE), (practice, 1.0)):
        for case in cases:
            right = [_row(c.features, names) for c in case.candidates if c.right][:MOST_RIGHT]
            wrong = [_row(c.features, names) for c in case.candidates if c.right is False]
            differences += [r - w for r in right for w in wrong]
            shares += [weight / max(1, len(right) * len(wrong))] * (len(right) * len(wrong))
    # Every difference is a right answer; without a constant term its mirror image would add nothing.
    return _logistic(np.array(differences), np.ones(len(differences)), np.array(shares), names)


def firsts(cases: Sequence[Case], ranking: Mapping[str, float], *, bare: float = 0.0) -> Iterator[First]:
    """The first items; with `bare`, each answerable question a second time, its answers taken out, at that weight."""
    for case in cases:
        scored = [matching.Scored(matching.weigh(ranking, c.features), c.item, c.features) for c in case.candidates]
        right = {c.item.id: c.right for c in case.candidates}
        scored.sort(key=matching.Scored.order, reverse=True)
        if not scored:
            continue
        undecided = case.category == "ask" and right[scored[0].item.id] is None
        # A gap's reply is no answer: nothing to foretell.
        if not undecided and (case.answerable or isinstance(scored[0].item.entry, Fact)):
            yield _first(case, scored, right)
        wrong = [s for s in scored if right[s.item.id] is False]
        if bare and case.answerable and wrong:
            yield replace(_first(case, wrong, right), weight=bare)


def _first(case: Case, scored: list[matching.Scored], right: Mapping[str, bool | None]) -> First:
    beside = matching.companion(scored)
    told = [scored[0], *([scored[beside]] if beside else [])]
    return First(case, scored[0].features | matching.standing(scored), any(right[s.item.id] for s in told))


def fit_confidence(found: Sequence[First], names: list[str]) -> Weights:
    """Weights, and a bias, that foretell whether the first item answers."""
    names = ["bias", *names]
    x = np.array([_row(f.features | {"bias": 1.0}, names) for f in found])
    y = np.array([float(f.right) for f in found])
    return _logistic(x, y, np.array([f.weight for f in found]), names)


def _logistic(x: NDArray[np.float64], y: Row, share: Row, names: list[str]) -> Weights:
    """Logistic regression with a ridge penalty, in which no weight may go against its feature's meaning.

    Rows of `x` count by `share`. Without that bound, features that go together (several kinds of missed words) trade
    large weights of opposite signs, which doesn't carry over to other questions.
    """

    def loss(w: Row) -> tuple[float, Row]:
        z = x @ w
        penalty = np.array([0.0 if n == "bias" else RIDGE for n in names])
        value = float(share @ (np.logaddexp(0, z) - y * z) + (penalty * w * w).sum() / 2)
        return value, x.T @ (share * (expit(z) - y)) + penalty * w

    bounds = [(None, None) if n == "bias" else (None, 0.0) if n in AGAINST else (0.0, None) for n in names]
    found = minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds, method="L-BFGS-B")
    return dict(zip(names, map(float, found.x), strict=True))


def _row(features: Mapping[str, float], names: list[str]) -> Row:
    return np.array([features.get(n, 0.0) for n in names])
