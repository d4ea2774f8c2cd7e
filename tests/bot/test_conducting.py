"""The conductor in this process, on a playground that fails on demand."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import compose
from bot.conducting import Conductor
from bot.config import Settings
from bot.playground import Message, Person, Playground
from bot.services.library import Library
from bot.services.rounds import Audience, Begun, Place
from bot.storage.tables import rounds as table
from handlers.context import Services, services_of
from handlers.render_quiz import TROUBLE
from knowledge.quiz_wish import Wish


@pytest.fixture(scope="module")
def library(shipped: Library) -> Library:
    return shipped


@pytest.fixture
async def services(playground: Playground, library: Library, engine: AsyncEngine) -> AsyncIterator[Services]:
    application = compose(
        Settings(TELEGRAM_BOT_TOKEN=playground.token, FOOTNOTE_TELEGRAM_API=playground.url), library, engine
    )
    await application.initialize()
    yield services_of(application)
    await services_of(application).delivery.close()
    await application.shutdown()


@pytest.fixture
async def conducted(services: Services) -> AsyncIterator[Conductor]:
    """A conductor at work."""
    conductor = Conductor(services)
    running = asyncio.create_task(conductor.run())
    yield conductor
    running.cancel()
    await conductor.close()


@pytest.fixture
async def ann(playground: Playground) -> Person:
    return await playground.user("Ann", started=True)


async def start(services: Services, place: Place, audience: Audience = "private", n: int = 2) -> int:
    begun = await services.rounds.start(place, audience, 1, Wish(n))
    assert isinstance(begun, Begun)
    return begun.id


async def until(condition: Callable[[], object]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


async def question(ann: Person, number: str) -> Message:
    return await ann.private.expect(f"^{number} · ", timeout=15)


@pytest.mark.usefixtures("conducted")
async def test_a_question_of_which_nobody_knows_whether_it_arrived_is_followed_by_another(
    playground: Playground, services: Services, ann: Person
) -> None:
    await playground.fault("sendPoll", kind="drop", when="after")
    await start(services, Place(ann.id))

    lost, first = await question(ann, "1/2"), await question(ann, "1/2")

    assert lost.text != first.text
    assert len(await playground.calls("sendPoll")) >= 2


@pytest.mark.usefixtures("conducted")
async def test_a_question_that_did_not_arrive_is_sent_again(
    playground: Playground, services: Services, ann: Person
) -> None:
    before = len(await playground.calls("sendPoll"))
    await playground.flood("sendPoll", retry_after=1)
    await start(services, Place(ann.id))

    await question(ann, "1/2")

    calls = (await playground.calls("sendPoll"))[before:]
    assert [call["code"] for call in calls] == [429, 200]
    assert calls[0]["parameters"] == calls[1]["parameters"]


@pytest.mark.usefixtures("conducted")
async def test_a_refused_question_ends_the_round_with_a_word(
    playground: Playground, services: Services, ann: Person
) -> None:
    await playground.fault("sendPoll", code=400, description="Bad Request: something new")
    await start(services, Place(ann.id))

    await ann.private.expect(TROUBLE)

    assert await services.rounds.running(Place(ann.id)) is None


@pytest.mark.usefixtures("conducted")
async def test_where_the_person_has_blocked_the_bot_it_ends_without_one(
    playground: Playground, services: Services, ann: Person
) -> None:
    await ann.block()
    round_id = await start(services, Place(ann.id))

    for _ in range(500):
        if not await services.rounds.running(Place(ann.id)):
            break
        await asyncio.sleep(0.02)

    assert await services.rounds.running(Place(ann.id)) is None
    assert await services.rounds.wish_of(round_id, Place(ann.id)) == Wish(2)
    assert await playground.transcript(ann.id) == []


@pytest.mark.usefixtures("conducted")
async def test_a_round_follows_its_group_of_whose_move_nobody_has_told(
    playground: Playground, services: Services, ann: Person
) -> None:
    group = await playground.group("Readers", ann)
    await start(services, Place(group.id), "group", 1)

    supergroup = await group.upgrade()

    asked = await ann.at(supergroup).expect("^1/1 · ", timeout=15)
    assert asked.chat_id == supergroup.id
    assert await services.rounds.running(Place(supergroup.id))


@pytest.mark.usefixtures("conducted")
async def test_a_board_that_did_not_arrive_is_sent_again(
    playground: Playground, services: Services, ann: Person
) -> None:
    round_id = await start(services, Place(ann.id))
    await question(ann, "1/2")
    await playground.flood("sendMessage", retry_after=1)
    await services.rounds.stop(round_id)

    await ann.private.expect("Nothing was answered", timeout=10)

    shown = [message for message in await playground.transcript(ann.id) if "Nothing was answered" in message.text]
    assert len(shown) == 1


async def test_a_fault_of_ours_in_one_round_holds_up_no_other(
    services: Services, ann: Person, playground: Playground, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0.05 if seconds < 10 else 3600)

    bob = await playground.user("Bob", started=True)
    broken = await start(services, Place(bob.id))
    async with engine.begin() as connection:
        await connection.execute(update(table).where(table.c.id == broken).values(wish="nonsense", step_at=1))
    conductor = Conductor(services, sleep=sleep)
    with caplog.at_level(logging.ERROR):
        running = asyncio.create_task(conductor.run())
        await until(lambda: f"round {broken} meets a fault of ours" in caplog.text)
        await start(services, Place(ann.id))

        await question(ann, "1/2")

    assert any(seconds >= 10 for seconds in slept)
    running.cancel()
    await conductor.close()


async def test_what_is_being_sent_is_finished_when_the_bot_stops(
    playground: Playground, services: Services, ann: Person
) -> None:
    await playground.fault("sendPoll", kind="slow", seconds=1)
    conductor = Conductor(services)
    await start(services, Place(ann.id))
    await conductor.tick()
    await question(ann, "1/2")

    await conductor.close()

    running = await services.rounds.running(Place(ann.id))
    assert running is not None
    assert running.number == 1
    assert running.message_id is not None
