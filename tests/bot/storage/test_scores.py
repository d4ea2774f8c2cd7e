import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import players, scores
from bot.storage.database import reading
from bot.storage.scores import Ranked, Total
from bot.storage.tables import scores as table

GROUP, OTHER = -500, -100_500
ANN, BOB, CAT, DAN = 1, 2, 3, 4
MAY_4, MAY_5 = dt.date(2026, 5, 4), dt.date(2026, 5, 5)


async def add(engine: AsyncEngine, user_id: int, rights: str, *, chat_id: int = GROUP, date: dt.date = MAY_5) -> None:
    """Answers: `+` right within four seconds, `-` wrong, `~` right where no time counts."""
    async with engine.begin() as connection:
        for mark in rights:
            seconds = None if mark == "~" else 4.0
            await scores.add(connection, chat_id, user_id, date, is_right=mark != "-", seconds=seconds)


async def answer_of_day(engine: AsyncEngine, is_right: bool, *, chat_id: int = GROUP, date: dt.date = MAY_5) -> bool:
    async with engine.begin() as connection:
        return await scores.add_of_day(connection, chat_id, ANN, date, is_right=is_right)


async def ranked(
    engine: AsyncEngine, since: dt.date | None = None, most: int = 10, user_id: int | None = None
) -> list[Ranked]:
    async with reading(engine) as connection:
        return await scores.ranked(connection, GROUP, since, most, user_id)


async def total(engine: AsyncEngine, since: dt.date | None = None) -> Total:
    async with reading(engine) as connection:
        return await scores.total(connection, ANN, since)


async def days(engine: AsyncEngine, chat_id: int = GROUP) -> dict[dt.date, bool]:
    async with reading(engine) as connection:
        return dict((await scores.days_answered(connection, chat_id, [ANN]))[ANN])


async def test_answers_add_up_and_only_right_ones_take_time(engine: AsyncEngine) -> None:
    await add(engine, ANN, "++-~")

    assert await ranked(engine) == [Ranked(1, ANN, Total(4, 3, 4.0))]


async def test_where_no_time_counts_none_is_told(engine: AsyncEngine) -> None:
    await add(engine, ANN, "~-")

    assert await total(engine) == Total(2, 1, None)


async def test_equals_share_a_place_and_the_quicker_one_stands_first(engine: AsyncEngine) -> None:
    await add(engine, DAN, "++-")
    await add(engine, BOB, "~~")
    await add(engine, ANN, "++")
    await add(engine, CAT, "+")

    assert [(r.place, r.user_id) for r in await ranked(engine)] == [(1, ANN), (1, BOB), (3, DAN), (4, CAT)]


async def test_a_board_is_of_one_chat_and_from_one_date_on(engine: AsyncEngine) -> None:
    await add(engine, ANN, "+++", date=MAY_4)
    await add(engine, ANN, "+")
    await add(engine, BOB, "++")
    await add(engine, CAT, "++++", chat_id=OTHER)

    assert [r.user_id for r in await ranked(engine)] == [ANN, BOB]
    assert [r.user_id for r in await ranked(engine, MAY_5)] == [BOB, ANN]
    assert await ranked(engine, dt.date(2026, 5, 6)) == []


async def test_who_asks_is_found_below_the_best(engine: AsyncEngine) -> None:
    await add(engine, ANN, "---")
    await add(engine, BOB, "+")
    await add(engine, CAT, "++")

    assert [(r.place, r.user_id) for r in await ranked(engine, most=1, user_id=ANN)] == [(1, CAT), (3, ANN)]
    assert [r.user_id for r in await ranked(engine, most=1, user_id=CAT)] == [CAT]
    assert [r.user_id for r in await ranked(engine, most=1)] == [CAT]


async def test_figures_are_of_all_chats(engine: AsyncEngine) -> None:
    await add(engine, ANN, "+-")
    await add(engine, ANN, "+", chat_id=OTHER, date=MAY_4)

    assert await total(engine) == Total(3, 2, 4.0)
    assert await total(engine, MAY_5) == Total(2, 1, 4.0)
    assert await total(engine, dt.date(2026, 5, 6)) == Total(0, 0, None)


@pytest.mark.parametrize("is_right", [True, False])
async def test_a_dates_question_is_answered_once(engine: AsyncEngine, is_right: bool) -> None:
    await add(engine, ANN, "+")

    assert await answer_of_day(engine, is_right)
    assert not await answer_of_day(engine, not is_right)

    assert await days(engine) == {MAY_5: is_right}
    assert await total(engine) == Total(1, 1, 4.0)


async def test_an_answer_of_the_day_alone_is_no_line_of_its_own(engine: AsyncEngine) -> None:
    await answer_of_day(engine, True)

    assert await ranked(engine) == []
    assert await days(engine, OTHER) == {}


async def test_scores_move_with_the_chat_and_add_up_where_both_have_some(engine: AsyncEngine) -> None:
    await add(engine, ANN, "+-", chat_id=OTHER)
    await add(engine, ANN, "++")
    await add(engine, BOB, "+")
    await answer_of_day(engine, False)
    await answer_of_day(engine, True, chat_id=OTHER)
    await answer_of_day(engine, True, date=MAY_4)

    for _ in range(2):
        async with engine.begin() as connection:
            await scores.move_chat(connection, GROUP, OTHER)

    async with reading(engine) as connection:
        moved = await scores.ranked(connection, OTHER, None, 10, None)
        assert moved == [Ranked(1, ANN, Total(4, 3, 4.0)), Ranked(2, BOB, Total(1, 1, 4.0))]
    assert await days(engine, OTHER) == {MAY_4: True, MAY_5: True}
    assert await ranked(engine) == []


async def test_scores_go_with_those_who_play_no_more(engine: AsyncEngine) -> None:
    for user_id, seen_at in ((ANN, 100), (BOB, 200)):
        await add(engine, user_id, "+")
        async with engine.begin() as connection:
            await players.note(connection, user_id, "Name", seen_at)

    async with engine.begin() as connection:
        await scores.forget_of_players_before(connection, 200)

    async with reading(engine) as connection:
        assert (await connection.execute(select(table.c.user_id))).scalars().all() == [BOB]
