"""When a question that somebody got wrong shall come back: FSRS, fed with what an answer tells of their memory."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from fsrs import Card, Rating, Scheduler, State

from knowledge.quiz import Question

# The chance of a right answer at which a question comes back: nine in ten are remembered then, and of the others one in
# four is guessed. With 0.9, more learners stay below nine in ten for good (tests/benchmarks/reviewing.py).
RETENTION = 0.925
STEP = dt.timedelta(minutes=10)  # after which a question that was just got wrong comes back
MOST_DAYS = 365  # nothing is taken for known for longer than that

WORDS_A_MINUTE = 238  # read silently in English non-fiction (Brysbaert 2019, a mean over 190 studies)
TAP_SECONDS = 2.0  # to see that a question has come, and to tap
SLOW = 4.0  # times the reading, from which on an answer was searched for
AWAY_SECONDS = 300.0  # after which somebody was not thinking but elsewhere

FIRM_DAYS = 21  # from one time to the next: what is usually called a mature card

Stage = Literal["learning", "young", "firm"]


def rating(question: Question | None, *, is_right: bool, seconds: float) -> Rating:
    """What an answer tells.

    Wrong is `Again`. Right is judged by the time that reading takes, since a long question takes longer however well it
    is known: who answers within one reading of question and options plus a tap recognised the answer (`Easy`); who
    takes more than four readings searched for it, or guessed (`Hard`); between them it is `Good`. A time that is too
    long for thinking tells nothing, so that it is `Good` too.
    """
    if not is_right:
        return Rating.Again
    if question is None or seconds > AWAY_SECONDS:
        return Rating.Good
    reading = reading_seconds(question)
    if seconds <= reading + TAP_SECONDS:
        return Rating.Easy
    return Rating.Good if seconds <= SLOW * reading + TAP_SECONDS else Rating.Hard


def reading_seconds(question: Question) -> float:
    """How long it takes to read a question with its options."""
    words = sum(len(text.split()) for text in (question.question, *question.options))
    return words * 60 / WORDS_A_MINUTE


@dataclass(frozen=True)
class Memory:
    """What FSRS believes of somebody's memory of one question."""

    card: Card

    @classmethod
    def read(cls, text: str) -> "Memory":
        """Read what `text` wrote."""
        return cls(Card.from_json(text))

    @property
    def text(self) -> str:
        """As JSON."""
        return self.card.to_json()

    @property
    def due_at(self) -> float:
        """When the question shall come back."""
        return self.card.due.timestamp()

    @property
    def stage(self) -> Stage:
        """How well it is known: got wrong lately, coming back within three weeks, or later."""
        if self.card.state is not State.Review or self.card.last_review is None:
            return "learning"
        return "young" if self.card.due - self.card.last_review < dt.timedelta(days=FIRM_DAYS) else "firm"


class Schedule:
    """FSRS with its published parameters."""

    def __init__(self, *, fuzz: bool = True) -> None:
        """`fuzz` spreads questions that were got wrong together over some days."""
        self._scheduler = Scheduler(
            desired_retention=RETENTION,
            learning_steps=(STEP,),
            relearning_steps=(STEP,),
            maximum_interval=MOST_DAYS,
            enable_fuzzing=fuzz,
        )

    def missed(self, at: float) -> Memory:
        """Somebody got a question wrong for the first time."""
        return self.answered(Memory(Card(card_id=0, due=_utc(at))), Rating.Again, at)

    def answered(self, memory: Memory, rated: Rating, at: float) -> Memory:
        """Somebody answered it again.

        A slow right answer ends the learning like any other: FSRS would ask again every 15 minutes, and never let go
        of somebody who reads slowly.
        """
        if rated is Rating.Hard and memory.stage == "learning":
            rated = Rating.Good
        return Memory(self._scheduler.review_card(memory.card, rated, _utc(at))[0])


def _utc(moment: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment, dt.UTC)
