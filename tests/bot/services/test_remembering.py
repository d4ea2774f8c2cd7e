import pytest
from fsrs import Rating

from bot.services.remembering import AWAY_SECONDS, Memory, Schedule, rating, reading_seconds
from knowledge.quiz import Question
from tests.benchmarks.reviewing import Drawn, InReview, InRounds, Way, presses_to_learn

MINUTE, DAY = 60.0, 24 * 3600.0
NOW = 1_750_000_000.0
SHORT = Question("When did the lamp fail?", ("1891", "1902", "1911"), 0, "", "lamp", (), "when", "easy")
LONG = Question(f"When did the lamp {'really ' * 30}fail?", ("1891", "1902", "1911"), 0, "", "lamp", (), "when", "easy")


@pytest.mark.parametrize("question", [SHORT, LONG])
def test_a_right_answer_is_judged_by_the_time_that_reading_takes(question: Question) -> None:
    reading = reading_seconds(question)

    def rated(seconds: float) -> Rating:
        return rating(question, is_right=True, seconds=seconds)

    assert rated(reading) is Rating.Easy
    assert rated(2 * reading + 3) is Rating.Good
    assert rated(5 * reading + 3) is Rating.Hard


def test_the_same_time_tells_more_of_a_long_question() -> None:
    assert rating(LONG, is_right=True, seconds=11) is Rating.Easy
    assert rating(SHORT, is_right=True, seconds=11) is Rating.Hard


def test_a_pause_for_tea_tells_nothing() -> None:
    assert rating(SHORT, is_right=True, seconds=AWAY_SECONDS + 1) is Rating.Good


@pytest.mark.parametrize("seconds", [0.5, 10, 10_000])
def test_wrong_is_wrong_however_fast(seconds: float) -> None:
    assert rating(SHORT, is_right=False, seconds=seconds) is Rating.Again


def test_what_was_missed_comes_back_in_ten_minutes_and_then_ever_later() -> None:
    schedule = Schedule(fuzz=False)
    memory, at, waits, stages = schedule.missed(NOW), NOW, [], []
    for _ in range(7):
        waits.append(memory.due_at - at)
        stages.append(memory.stage)
        at = memory.due_at
        memory = schedule.answered(memory, Rating.Good, at)

    assert waits[0] == 10 * MINUTE
    assert waits[1] == DAY
    assert waits == sorted(waits)
    assert stages == ["learning", *["young"] * 5, "firm"]


def test_what_is_missed_again_comes_back_in_ten_minutes_and_is_still_to_be_learnt() -> None:
    schedule = Schedule(fuzz=False)
    memory = schedule.missed(NOW)
    for _ in range(5):
        memory = schedule.answered(memory, Rating.Good, memory.due_at)
    at = memory.due_at
    memory = schedule.answered(memory, Rating.Again, at)

    assert memory.due_at - at == 10 * MINUTE
    assert memory.stage == "learning"


def test_who_reads_slowly_learns_too() -> None:
    schedule = Schedule(fuzz=False)
    memory = schedule.missed(NOW)
    waits = []
    for _ in range(10):
        at = memory.due_at
        memory = schedule.answered(memory, Rating.Hard, at)
        waits.append(memory.due_at - at)

    assert waits == sorted(waits)
    assert waits[-1] > 7 * DAY


def test_nothing_is_taken_for_known_for_longer_than_a_year() -> None:
    schedule = Schedule()
    memory = schedule.missed(NOW)
    for _ in range(12):
        at = memory.due_at
        memory = schedule.answered(memory, Rating.Easy, at)

    assert 300 * DAY < memory.due_at - at <= 365 * DAY


def test_a_memory_is_read_as_it_was_written() -> None:
    memory = Schedule().answered(Schedule().missed(NOW), Rating.Good, NOW + DAY + 0.25)

    assert Memory.read(memory.text) == memory


@pytest.mark.parametrize("chance", [InRounds, Drawn])
def test_a_learner_who_forgets_needs_fewer_presses_than_in_random_order(chance: type[Way]) -> None:
    """The benchmark of that name in little: 30 questions, five a day, a few learners."""
    needed, by_chance = (
        [presses_to_learn(way, seed, questions=30, a_day=5) for seed in range(6)] for way in (InReview, chance)
    )

    assert None not in needed
    assert sum(filter(None, needed)) < 0.9 * sum(filter(None, by_chance))
