from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import cards, players, polls
from bot.storage.cards import Answer, Card
from bot.storage.database import reading
from bot.storage.polls import Poll, Vote
from bot.storage.tables import game_votes

ANN, BOB, GROUP = 7_000_000_001, 7_000_000_002, -100_5
CARD = Card(ANN, "tower-height", "how_many", '{"card_id": 0}', due_at=2000.5, updated_at=1000.25)


async def put(engine: AsyncEngine, *kept: Card) -> None:
    async with engine.begin() as connection:
        await cards.put(connection, kept)


async def cards_of(engine: AsyncEngine, user_id: int) -> list[Card]:
    async with reading(engine) as connection:
        return await cards.cards_of(connection, user_id)


async def ask(engine: AsyncEngine, poll: Poll) -> int:
    async with engine.begin() as connection:
        kept = await polls.keep(connection, poll)
        if poll.state == "open":
            await polls.opened(connection, kept, f"poll {kept}", kept + 100, poll.asked_at, None)
    return kept


async def vote(engine: AsyncEngine, poll: int, user_id: int, *, is_right: bool, at: float) -> None:
    async with engine.begin() as connection:
        assert await polls.vote(connection, Vote(poll, user_id, 0, is_right, 4.0, at))


async def review_of(engine: AsyncEngine, user_id: int) -> list[cards.Asked]:
    async with reading(engine) as connection:
        return await cards.review_of(connection, user_id)


def of_review(number: int, state: polls.State = "open", user_id: int = ANN) -> Poll:
    return Poll(user_id, 0, "review", f"fact-{number}", "when", "{}", 100.0 + number, number=number, state=state)


async def test_a_card_is_found_as_it_was_last_kept(engine: AsyncEngine) -> None:
    changed = replace(CARD, card="{}", due_at=9000.0, updated_at=3000.0)
    await put(engine, CARD)
    await put(engine, changed)

    assert await cards_of(engine, ANN) == [changed]


async def test_each_has_cards_of_their_own_the_soonest_first(engine: AsyncEngine) -> None:
    sooner = replace(CARD, kind="when", due_at=1500.0)
    await put(engine, CARD, sooner, replace(CARD, user_id=BOB))

    assert await cards_of(engine, ANN) == [sooner, CARD]


async def test_nothing_at_all_is_kept_without_complaint(engine: AsyncEngine) -> None:
    await put(engine)

    assert await cards_of(engine, ANN) == []


async def test_a_card_that_is_put_off_is_not_due_before_and_none_comes_sooner(engine: AsyncEngine) -> None:
    later = replace(CARD, kind="when", due_at=5000.0)
    await put(engine, CARD, later)
    async with engine.begin() as connection:
        for card in (CARD, later):
            await cards.put_off(connection, ANN, card.key, 3000.0)

    assert await cards_of(engine, ANN) == [replace(CARD, due_at=3000.0), later]


async def test_only_the_dropped_card_of_that_person_is_gone(engine: AsyncEngine) -> None:
    other, bobs = replace(CARD, kind="when"), replace(CARD, user_id=BOB)
    await put(engine, CARD, other, bobs)
    async with engine.begin() as connection:
        await cards.drop(connection, ANN, [CARD.key])

    assert await cards_of(engine, ANN) == [other]
    assert await cards_of(engine, BOB) == [bobs]


async def test_what_tells_of_somebodys_memory_is_found_wherever_they_answered(engine: AsyncEngine) -> None:
    for purpose, is_right, at in (
        ("round", False, 500.0),
        ("round", True, 501.0),
        ("day", False, 400.0),
        ("review", True, 600.0),
        ("round", False, 99.0),
    ):
        poll = await ask(
            engine,
            Poll(GROUP, 0, purpose, f"{purpose}-{at:.0f}", "who", "{}", at - 4, state="open"),  # type: ignore[arg-type]
        )
        await vote(engine, poll, ANN, is_right=is_right, at=at)
        await vote(engine, poll, BOB, is_right=False, at=at)
    async with engine.begin() as connection:
        for number, is_right in ((1, False), (2, True)):
            played = {"inline_message_id": "game", "number": number, "user_id": ANN, "option": 0, "is_right": is_right}
            of = {"fact": f"game-{number}", "kind": "where", "seconds": 3.0, "answered_at": 450.0}
            await connection.execute(game_votes.insert().values(played | of))

    async with reading(engine) as connection:
        found = await cards.answers_since(connection, ANN, 100.0)

    assert found == [
        Answer("day-400", "who", "{}", is_right=False, seconds=4.0, asked_at=396.0, answered_at=400.0),
        Answer("game-1", "where", None, is_right=False, seconds=3.0, asked_at=447.0, answered_at=450.0),
        Answer("round-500", "who", "{}", is_right=False, seconds=4.0, asked_at=496.0, answered_at=500.0),
        Answer("review-600", "who", "{}", is_right=True, seconds=4.0, asked_at=596.0, answered_at=600.0),
    ]


async def test_a_review_is_what_was_asked_since_its_first_question(engine: AsyncEngine) -> None:
    for poll in (of_review(1), of_review(2), of_review(1, "failed"), of_review(1, user_id=BOB)):
        await ask(engine, poll)
    first = await ask(engine, of_review(1))
    await vote(engine, first, ANN, is_right=True, at=200.0)
    await ask(engine, of_review(2, "failed"))
    await ask(engine, of_review(2, "uncertain"))
    await ask(engine, replace(of_review(1), purpose="round"))
    last = await ask(engine, of_review(3))

    found = await review_of(engine, ANN)

    assert [(asked.fact, asked.is_right, asked.is_open) for asked in found] == [
        ("fact-1", True, False),
        ("fact-2", None, False),
        ("fact-3", None, True),
    ]
    assert (found[0].poll, found[-1].poll, found[-1].message_id) == (first, last, last + 100)
    assert await review_of(engine, 5) == []


@pytest.mark.parametrize("sign_of_life", ["none", "a vote", "another card"])
async def test_cards_go_when_their_person_has_long_been_away(engine: AsyncEngine, sign_of_life: str) -> None:
    await put(engine, CARD, replace(CARD, user_id=BOB, updated_at=5000.0))
    if sign_of_life == "another card":
        await put(engine, replace(CARD, kind="when", updated_at=5000.0))
    async with engine.begin() as connection:
        await players.note(connection, ANN, "Ann", 5000.0 if sign_of_life == "a vote" else 4999.0)
        await cards.forget_before(connection, 5000.0)

    assert (CARD in await cards_of(engine, ANN)) == (sign_of_life != "none")
    assert len(await cards_of(engine, BOB)) == 1
