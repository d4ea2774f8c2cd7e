"""Who did how well in a round: places, speed, streaks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.storage.polls import Poll, Vote


@dataclass(frozen=True)
class Line:
    """How somebody did; `name` is None for one who hides, or is not known any more."""

    place: int  # shared by those who have equally many right
    name: str | None
    right: int
    seconds: float | None  # that a right answer took on average; None where there is none
    streak: int  # right answers on end, at most


def counted(asked: Iterable[Poll], votes: Iterable[Vote]) -> tuple[Poll, ...]:
    """The questions that count: those that arrived, but for skipped ones that nobody had answered yet."""
    answered = {vote.poll for vote in votes}
    return tuple(
        poll for poll in asked if poll.state in ("open", "closed") or (poll.state == "skipped" and poll.id in answered)
    )


def standings(asked: Sequence[Poll], votes: Sequence[Vote], names: Mapping[int, str | None]) -> tuple[Line, ...]:
    """All who answered any of these questions, the best first; who is quicker comes first at a place."""
    given = {(vote.user_id, vote.poll): vote for vote in votes}
    lines = []
    for user_id in {vote.user_id for vote in votes}:
        own = [given.get((user_id, poll.id)) for poll in asked]
        right = [vote.seconds for vote in own if vote and vote.is_right]
        seconds = sum(right) / len(right) if right else None
        lines.append(
            Line(0, names.get(user_id), len(right), seconds, _longest_run(bool(v and v.is_right) for v in own))
        )
    lines.sort(key=lambda line: (-line.right, line.seconds or 0.0, line.name or ""))
    better = {line.right: sum(other.right > line.right for other in lines) for line in lines}
    return tuple(Line(better[x.right] + 1, x.name, x.right, x.seconds, x.streak) for x in lines)


def _longest_run(rights: Iterable[bool]) -> int:
    return max((len(list(run)) for is_right, run in groupby(rights) if is_right), default=0)
