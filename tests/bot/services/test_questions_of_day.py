import datetime as dt

import pytest

from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.questions_of_day import QuestionsOfDay
from tests.packs import LIGHTHOUSE, SHIPPED

MAY_5 = dt.date(2026, 5, 5)


@pytest.fixture
def shown(shipped: Library, feedback: Feedback) -> QuestionsOfDay:
    return QuestionsOfDay(shipped, feedback)


def test_all_have_the_same_question_on_a_date(shown: QuestionsOfDay) -> None:
    first = shown.on(MAY_5)

    assert first is not None
    assert shown.on(MAY_5) is first
    assert shown.on(MAY_5 + dt.timedelta(days=1)) != first


def test_another_one_comes_where_its_fact_is_to_be_avoided(shown: QuestionsOfDay) -> None:
    first = shown.on(MAY_5)
    assert first is not None

    other = shown.on(MAY_5, {first.fact})

    assert other is not None
    assert other.fact != first.fact
    assert shown.on(MAY_5, {"another-fact"}) is first


def test_what_is_put_aside_is_not_asked_from_then_on(shown: QuestionsOfDay, feedback: Feedback) -> None:
    first = shown.on(MAY_5)
    assert first is not None
    assert first.fact in shown.reserved(MAY_5)

    feedback.withheld = frozenset({first.fact})

    other = shown.on(MAY_5)
    assert other is not None
    assert other.fact != first.fact
    assert first.fact not in shown.reserved(MAY_5)
    feedback.withheld = frozenset()
    assert shown.on(MAY_5) == first


async def test_a_pack_that_was_read_anew_is_asked_from(feedback: Feedback) -> None:
    library = Library([LIGHTHOUSE])
    shown = QuestionsOfDay(library, feedback)
    assert shown.on(MAY_5) is None
    assert shown.reserved(MAY_5) == frozenset()

    library._packs = [SHIPPED]
    await library.reload()

    assert shown.on(MAY_5) is not None
    assert shown.reserved(MAY_5)
