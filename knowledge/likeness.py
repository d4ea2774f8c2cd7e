"""Which facts tell the same thing, so that no two of them stand side by side."""

from collections import defaultdict
from collections.abc import Mapping

from knowledge.index import Index
from knowledge.pack import Fact

# Shares of the shorter fact's words, chosen by reading some pairs of the shipped pack in steps of 0.05 to 0.1: from 0.6
# on most tell the same thing; from 0.45 on most do where they cite one sentence, and few where they don't. One pair too
# many only keeps two facts apart in time.
SAME = 0.6
SAME_OF_ONE_SENTENCE = 0.45

# A term that stands in more facts than this makes no two of them alike by itself; it keeps the pairs to compare few.
COMMON = 60

Likeness = Mapping[
    str, Mapping[str, float]
]  # fact -> the facts that tell the same, each with the share of words, 0 to 1


def likeness(index: Index) -> Likeness:
    """For each fact those that tell the same thing; a fact that nothing is like is left out.

    The share is the overlap coefficient of the facts' terms, weighted by rarity (Szymkiewicz–Simpson): a short fact
    that a longer one contains is wholly like it.
    """
    terms = {fact: frozenset(index.by_id[fact].says) for fact in index.facts}
    weight = {fact: _weight(index, of) for fact, of in terms.items()}
    cited = {fact.id: _sentences(fact) for fact in index.facts.values()}
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (one, other), at_least in _sharing(index, terms).items():
        least = min(weight[one], weight[other])
        enough = SAME_OF_ONE_SENTENCE if cited[one] & cited[other] else SAME
        # Common terms aren't in the sum yet: counting them all takes longer, so only where they can still decide.
        if not least or at_least < enough * least / 2:
            continue
        share = _weight(index, terms[one] & terms[other]) / least
        if share >= enough:
            found[one][other] = found[other][one] = share
    return dict(found)


def _weight(index: Index, terms: frozenset[str]) -> float:
    return sum(index.idf[term] for term in sorted(terms))


def _sharing(index: Index, terms: Mapping[str, frozenset[str]]) -> dict[tuple[str, str], float]:
    """The pairs of facts that share terms which aren't common, with the weight of these."""
    holders: dict[str, list[str]] = defaultdict(list)
    for fact, of in terms.items():
        for term in of:
            holders[term].append(fact)
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for term, facts in holders.items():
        if len(facts) <= COMMON:
            for n, one in enumerate(facts):
                for other in facts[n + 1 :]:
                    shared[one, other] += index.idf[term]
    return shared


def _sentences(fact: Fact) -> frozenset[tuple[str, int, int]]:
    return frozenset(
        (place.document, place.line, number)
        for place in fact.source
        for number in range(place.first or 0, (place.last or place.first or 0) + 1)
    )
