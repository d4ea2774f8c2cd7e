"""The question of a day: the same for everybody, found from the date alone, and none again within sixty days.

A cycle of days walks through all facts that can be asked. Each day has some candidates of its own, so that where the
first can't be asked another one comes, and no other day's question changes by it. From cycle to cycle days change their
places within blocks, which are short enough for the distance across the seam.
"""

import datetime as dt
import random
from collections.abc import Collection, Iterable, Iterator

from knowledge.quiz import Question, Quiz

UNREPEATED_DAYS = 60
SHORTEST_CYCLE = 90  # days, where a pack has so many facts; with less than this, days could hardly change places
MOST_CANDIDATES = 4  # of a day: of the shipped pack's facts one in seven finds no wrong options, one in three is hard
MOST_RESERVED = 3  # one fact in so many at most is kept for the days to come

NONE: frozenset[str] = frozenset()


def question_of_day(
    quiz: Quiz, date: dt.date, withheld: Collection[str] = NONE, avoided: Collection[str] = NONE
) -> Question | None:
    """The question of a date, of medium difficulty or easier where the day has one; None where there is none at all.

    Facts that are `withheld` are never asked, those `avoided` only where nothing else is left.
    """
    for without in (frozenset(withheld).union(avoided), frozenset(withheld)):
        for facts in _candidates(quiz, date.toordinal()):
            asked = (q for fact in facts if fact not in without for q in quiz.of_fact(fact, seed=f"{date}"))
            if found := _easier(asked):
                return found
    return None


def reserved(
    quiz: Quiz, date: dt.date, days: int = UNREPEATED_DAYS, withheld: Collection[str] = NONE
) -> frozenset[str]:
    """The facts that will be asked on a date and the days after it, or fewer days where that would be too many."""
    few = min(days, len(_facts(quiz)) // MOST_RESERVED)
    coming = (question_of_day(quiz, date + dt.timedelta(days=n), withheld) for n in range(few))
    return frozenset(question.fact for question in coming if question)


def _candidates(quiz: Quiz, day: int) -> Iterator[list[str]]:
    """The facts of a day, best first; then those of other days, beginning with the farthest away."""
    facts = _facts(quiz)
    if not facts:
        return
    random.Random("question of the day").shuffle(facts)  # noqa: S311 - for play
    each = min(max(len(facts) // SHORTEST_CYCLE, 1), MOST_CANDIDATES)
    length = len(facts) // each
    cycle, today = divmod(day, length)
    days = _order(length, cycle)
    yield _turned(facts[days[today] :: length], cycle)
    for n in range(1, length):
        other = days[(today + length // 2 + n) % length]
        yield _turned(facts[other::length], cycle)[::-1]  # its own day will hardly come to the last of them


def _order(length: int, cycle: int) -> list[int]:
    """The days of a cycle in their order: each stays in its block, which is as long as the distance allows."""
    rng = random.Random(f"question of the day {cycle}")  # noqa: S311 - for play
    block = max(length - UNREPEATED_DAYS, 1)
    blocks = (range(first, min(first + block, length)) for first in range(0, length, block))
    return [day for days in blocks for day in rng.sample(days, len(days))]


def _turned(facts: list[str], cycle: int) -> list[str]:
    """A day's facts, another one first in each cycle."""
    first = cycle % len(facts)
    return facts[first:] + facts[:first]


def _easier(asked: Iterable[Question]) -> Question | None:
    """The first that isn't hard, else the first."""
    hard = None
    for question in asked:
        if question.difficulty != "hard":
            return question
        hard = hard or question
    return hard


def _facts(quiz: Quiz) -> list[str]:
    return sorted({fact for fact, _ in quiz.prompts})
