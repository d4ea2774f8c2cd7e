"""How many presses a simulated learner needs to know 100 questions: as /review asks them, and in random order.

`python -m tests.benchmarks.reviewing` prints both for several learners and fails where the review needs as many.

The learner got all the questions wrong once, and answers up to ten a day, one a minute. The questions are learnt on the
first evening on which, without any more practice, 90% of them would be known a day later; for a harder goal, 80% a
month later. In random order they come in shuffled rounds, so that each comes as often as any other, or are drawn from
all of them each time. All ways have the same presses a day; on days on which less is due the review takes fewer.

So that the schedule doesn't meet its own beliefs, the learner is none of its making:

- They forget by the curve R(t, S) = (1 + 19/81 * t/S) ** -0.5 and their memories grow and break by the formulas of
  FSRS-5 with its published parameters (https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm; the
  numbers are those of py-fsrs 4.1.2). The formulas go back to J. Ye, J. Su and Y. Cao, "A Stochastic Shortest Path
  Algorithm for Optimizing Spaced Repetition Scheduling", KDD 2022. The bot's scheduler is FSRS-6: another curve, other
  parameters, whole days instead of moments.
- Each learner is better or worse than those parameters, each question is harder or easier, and each change of a memory
  is off by a random factor; the scheduler knows of none of it.
- Who doesn't remember guesses, and is right one time in four; the scheduler takes it for knowledge. How long an answer
  takes is random too, and a guess takes longer.

A review keeps what is known near nine in ten and no higher, so that learners much slower than FSRS expects may come
close to a goal and never there, where more presses would bring them: those are counted by themselves.
"""

import argparse
import math
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.services.remembering import Schedule, rating, reading_seconds
from knowledge.quiz import Question

QUESTIONS, LEARNERS = 100, 20
A_DAY = 10  # as many as one review has
MOST_DAYS = 730
OPTIONS = 4

DAY, MINUTE = 24 * 3600.0, 60.0
START = 1_750_000_000.0

DECAY, FACTOR = -0.5, 19 / 81
W = (
    0.40255, 1.18385, 3.173, 15.69105, 7.1949, 0.5345, 1.4604, 0.0046, 1.54575, 0.1192,
    1.01925, 1.9395, 0.11, 0.29605, 2.2698, 0.2315, 2.9898, 0.51655, 0.6621,
)  # fmt: skip
AGAIN, GOOD, EASY = 1, 3, 4
SPREAD = 0.3  # standard deviation of the logarithm of each random factor
HARDNESS = 1.5  # standard deviation of a question's difficulty

ASKED = Question(
    "When did the lamp of the lighthouse fail?", ("1891", "1902", "1911", "1923"), 0, "", "", (), "when", "easy"
)


@dataclass(frozen=True)
class Goal:
    """Which part of the questions shall be known so many days later, with no practice in between."""

    known: float
    days: float


TOMORROW, NEXT_MONTH = Goal(0.9, 1), Goal(0.8, 30)


@dataclass
class Trace:
    """A learner's memory of one question."""

    chance: random.Random
    talent: float
    at: float
    stability: float = field(init=False)
    difficulty: float = field(init=False)

    def __post_init__(self) -> None:
        self.stability = W[0] * self.talent * self._about_one()
        self.difficulty = _bounded(_first_difficulty(AGAIN) + self.chance.gauss(0, HARDNESS))

    def recall(self, at: float) -> float:
        """How likely it is remembered at a moment."""
        return float((1 + FACTOR * (at - self.at) / DAY / self.stability) ** DECAY)

    def meet(self, at: float) -> tuple[bool, float]:
        """See the question, answer, and see the right answer; whether it was right, and after how many seconds."""
        recall = self.recall(at)
        remembered = self.chance.random() < recall
        self._change(at, recall, GOOD if remembered else AGAIN)
        pace = (1.2 + 1.5 * (1 - recall) if remembered else 4.0) * self._about_one()
        return remembered or self.chance.random() < 1 / OPTIONS, pace * reading_seconds(ASKED)

    def _change(self, at: float, recall: float, grade: int) -> None:
        before, hardness = self.stability, self.difficulty
        if at - self.at < DAY:
            after = before * math.exp(W[17] * (grade - 3 + W[18]))
        elif grade == GOOD:
            gain = math.exp(W[8]) * (11 - hardness) * before ** -W[9] * (math.exp(W[10] * (1 - recall)) - 1)
            after = before * (1 + gain * self.talent * self._about_one())
        else:
            left = W[11] * hardness ** -W[12] * ((before + 1) ** W[13] - 1) * math.exp(W[14] * (1 - recall))
            after = min(left * self.talent * self._about_one(), before)
        self.stability = max(after, 0.01)
        step = -W[6] * (grade - 3) * (10 - hardness) / 9
        self.difficulty = _bounded(W[7] * _first_difficulty(EASY) + (1 - W[7]) * (hardness + step))
        self.at = at

    def _about_one(self) -> float:
        return math.exp(self.chance.gauss(0, SPREAD))


class Way(Protocol):
    """A way to choose the next question."""

    def press(self, at: float) -> bool:
        """Answer one; False where none is to be answered now."""


class InReview:
    """As the bot does: what is due, the longest due first."""

    def __init__(self, traces: Sequence[Trace], _: random.Random) -> None:
        self._schedule = Schedule(fuzz=False)
        self._traces = traces
        self._memories = [self._schedule.missed(trace.at) for trace in traces]

    def press(self, at: float) -> bool:
        n = min(range(len(self._traces)), key=lambda n: self._memories[n].due_at)
        if self._memories[n].due_at > at:
            return False
        is_right, seconds = self._traces[n].meet(at)
        rated = rating(ASKED, is_right=is_right, seconds=seconds)
        self._memories[n] = self._schedule.answered(self._memories[n], rated, at)
        return True


class InRounds:
    """In random order, all of them before any comes again."""

    def __init__(self, traces: Sequence[Trace], chance: random.Random) -> None:
        self._traces, self._chance = traces, chance
        self._left: list[Trace] = []

    def press(self, at: float) -> bool:
        self._left = self._left or self._chance.sample(self._traces, len(self._traces))
        self._left.pop().meet(at)
        return True


class Drawn:
    """In random order, each drawn from all of them."""

    def __init__(self, traces: Sequence[Trace], chance: random.Random) -> None:
        self._traces, self._chance = traces, chance

    def press(self, at: float) -> bool:
        self._chance.choice(self._traces).meet(at)
        return True


def presses_to_learn(
    way: Callable[[Sequence[Trace], random.Random], Way],
    seed: int,
    goal: Goal = TOMORROW,
    *,
    questions: int = QUESTIONS,
    a_day: int = A_DAY,
) -> int | None:
    """How many presses a learner needs; None where they don't get there in two years."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    talent = math.exp(chance.gauss(0, SPREAD))
    traces = [Trace(chance, talent, START + n * MINUTE) for n in range(questions)]
    asking, presses = way(traces, chance), 0
    for day in range(1, MOST_DAYS + 1):
        morning = START + day * DAY
        for n in range(a_day):
            if not asking.press(morning + n * MINUTE):
                break
            presses += 1
        then = morning + a_day * MINUTE + goal.days * DAY
        if statistics.mean(trace.recall(then) for trace in traces) >= goal.known:
            return presses
    return None


def _first_difficulty(grade: int) -> float:
    return W[4] - math.exp(W[5] * (grade - 1)) + 1


def _bounded(difficulty: float) -> float:
    return min(max(difficulty, 1.0), 10.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--first", type=int, default=0, help="the first learner's seed")
    parser.add_argument("--a-day", type=int, default=A_DAY, help="presses, at most")
    given = parser.parse_args()
    won = True
    for goal in (TOMORROW, NEXT_MONTH):
        presses = [
            [presses_to_learn(way, seed, goal, a_day=given.a_day) for way in (InReview, InRounds, Drawn)]
            for seed in range(given.first, given.first + given.learners)
        ]
        there = [(mine, rounds, drawn) for mine, rounds, drawn in presses if mine and rounds and drawn]
        never = [sum(each is None for each in column) for column in zip(*presses, strict=True)]
        review, rounds, drawn = (statistics.mean(column) for column in zip(*there, strict=True))
        ratios = [statistics.median(mine / other[n] for mine, *other in there) for n in (0, 1)]
        worst = max(mine / other for mine, other, _ in there)
        sys.stdout.write(
            f"{goal.known:.0%} known {goal.days:g} days later, at most {given.a_day} presses a day, "
            f"{given.learners} learners of {QUESTIONS} questions\n"
            f"  presses on average: {review:.0f} in review, {rounds:.0f} in shuffled rounds, {drawn:.0f} drawn\n"
            f"  review beside shuffled rounds: {ratios[0]:.2f} times the presses (median), {worst:.2f} at worst; "
            f"beside drawn: {ratios[1]:.2f}\n"
            f"  never there: {never[0]}, {never[1]} and {never[2]} of {given.learners}\n"
        )
        won = won and max(ratios) < 1
    sys.exit(0 if won else "the review needs as many presses as chance")


if __name__ == "__main__":
    main()
