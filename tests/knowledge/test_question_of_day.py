"""A date's question is found from the date alone, whatever was put aside, and comes seldom enough."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from knowledge.index import Index
from knowledge.question_of_day import UNREPEATED_DAYS, question_of_day, reserved
from knowledge.quiz import Quiz

START, DAY = dt.date(2026, 1, 1), dt.timedelta(days=1)
THREE_YEARS = [START + n * DAY for n in range(3 * 365)]


@pytest.fixture(scope="module")
def quiz(shipped: Index) -> Quiz:
    return Quiz.of(shipped)


@pytest.fixture(scope="module")
def schedule(quiz: Quiz) -> dict[dt.date, str]:
    """The fact that each date asks about."""
    return {date: question.fact for date in THREE_YEARS if (question := question_of_day(quiz, date))}


def part(quiz: Quiz, number: int) -> Quiz:
    """The quiz of a pack with so many facts to ask about."""
    kept = {question.fact for question in quiz.questions(seed=1, n=number)}
    return replace(quiz, prompts={key: prompts for key, prompts in quiz.prompts.items() if key[0] in kept})


def distances(schedule: dict[dt.date, str]) -> list[int]:
    """Days between each question and the one about the same fact before it."""
    last: dict[str, dt.date] = {}
    found = []
    for date, fact in schedule.items():
        if fact in last:
            found.append((date - last[fact]).days)
        last[fact] = date
    return found


def test_every_date_has_a_question_and_always_the_same(quiz: Quiz, schedule: dict[dt.date, str]) -> None:
    assert list(schedule) == THREE_YEARS
    assert question_of_day(quiz, START) == question_of_day(quiz, START)


def test_none_comes_again_within_sixty_days_across_cycles_too(schedule: dict[dt.date, str]) -> None:
    assert min(distances(schedule)) > UNREPEATED_DAYS


def test_most_facts_have_their_day_and_few_questions_are_hard(quiz: Quiz, schedule: dict[dt.date, str]) -> None:
    questions = [question_of_day(quiz, date) for date in THREE_YEARS[:365]]
    difficulties = Counter(question.difficulty for question in questions if question)

    assert difficulties["hard"] < 20
    assert len({question.kind for question in questions if question}) >= 6
    assert len(set(schedule.values())) > 200


def test_another_one_comes_for_a_fact_that_is_put_aside_and_the_others_stay(
    quiz: Quiz, schedule: dict[dt.date, str]
) -> None:
    gone = {schedule[date] for date in THREE_YEARS[::7]}

    changed = {date: question.fact for date in THREE_YEARS if (question := question_of_day(quiz, date, gone))}

    assert not gone & set(changed.values())
    assert all(changed[date] == fact for date, fact in schedule.items() if fact not in gone)
    assert len(changed) == len(schedule)


def test_a_fact_that_is_to_be_avoided_comes_only_where_nothing_else_is_left(quiz: Quiz) -> None:
    first = question_of_day(quiz, START)
    assert first is not None
    facts = {fact for fact, _ in quiz.prompts}

    other = question_of_day(quiz, START, avoided={first.fact})
    only_that = question_of_day(quiz, START, avoided=facts)
    nothing = question_of_day(quiz, START, withheld=facts)

    assert other is not None
    assert other.fact != first.fact
    assert only_that == first
    assert nothing is None


def test_the_facts_of_the_coming_days_are_known(quiz: Quiz, schedule: dict[dt.date, str]) -> None:
    assert reserved(quiz, START, 10) == {schedule[START + n * DAY] for n in range(10)}
    assert len(reserved(quiz, START)) == UNREPEATED_DAYS


def test_a_small_pack_walks_through_all_of_its_facts_before_one_comes_again(quiz: Quiz) -> None:
    few = part(quiz, 20)
    asked = {date: question.fact for date in THREE_YEARS[:100] if (question := question_of_day(few, date))}

    assert len(asked) == 100
    assert len(set(asked.values())) == 20
    assert min(distances(asked)) == 20
    assert len(reserved(few, START)) <= 20 // 3


def test_a_pack_without_questions_has_none_of_a_day(quiz: Quiz) -> None:
    bare = part(quiz, 0)

    assert question_of_day(bare, START) is None
    assert reserved(bare, START) == frozenset()
