"""Which of two things came first: a question whose answer lies in two facts."""

import re
from dataclasses import dataclass

from knowledge.dates import When
from knowledge.index import Index, Item
from knowledge.matching import Match, rank
from knowledge.pack import Fact
from knowledge.questions import Context, understand

_ORDER = r"(?P<order>first|earlier|sooner|older|elder|later|last|younger)"
_ASKS = (
    re.compile(rf"\b(?:which|what|who)\b(?P<deed>.*?)\b{_ORDER}\b[\s,:;–—-]*(?P<things>.*\bor\b.*)$"),
    re.compile(rf"^(?P<things>.*\bor\b.*?)[\s,:;–—-]+(?:which|what|who)\b(?P<deed>.*)\b{_ORDER}\b"),
)
_PLAIN = re.compile(r"\b(of|the|two|these|them|one|is|was|were|came|come|comes|did|happened|took|place|event)\b")
_BORN = ("older", "elder", "younger")


@dataclass(frozen=True)
class Compared:
    """The facts that date two things, the earlier one first."""

    earlier: Item
    later: Item
    confidence: float  # of the less certain one


def compared(index: Index, plain_message: str, least: float) -> Compared | None:
    """What a question such as "which came first, A or B" needs; None for any other.

    None too where either thing is dated by no fact that is `least` likely to be meant, or their dates overlap.
    """
    asked = next((found for pattern in _ASKS if (found := pattern.search(plain_message))), None)
    if asked is None:
        return None
    deed = "born" if asked["order"] in _BORN else " ".join(_PLAIN.sub(" ", asked["deed"]).split())
    one, _, other = asked["things"].rstrip(" ?!.").rpartition(" or ")
    dated = [_dated(index, f"when was {thing.strip(' ,')} {deed}".strip(), least) for thing in (one, other)]
    (first, second), spans = [m for m, _ in dated], [when for _, when in dated]
    if first is None or second is None or spans[0] is None or spans[1] is None or spans[0].overlaps(spans[1]):
        return None
    earlier, later = (first, second) if spans[0].first < spans[1].first else (second, first)
    return Compared(earlier.item, later.item, min(first.confidence, second.confidence))


def _dated(index: Index, question: str, least: float) -> tuple[Match | None, When | None]:
    """The likeliest fact with a date that answers when something was."""
    asked = understand(index, question, Context())
    bare = {t.term for t in asked.terms} <= {f"@{e}" for e in asked.named}  # a name alone: its own date is meant
    for match in rank(index, asked):
        when, about = match.item.when, match.item.about
        if not isinstance(match.item.entry, Fact) or when is None or match.confidence < least:
            continue
        if not bare or about[0] in asked.named:
            return match, when
    return None, None
