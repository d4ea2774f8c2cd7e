import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot
from telegram.error import TimedOut

from bot.delivery import Delivery
from bot.refereeing import SPACING_SECONDS, Referee
from bot.services.chats import Chats
from bot.services.feedback import Feedback
from bot.services.games import REVEAL_SECONDS, SLEEP_SECONDS, Done, Games
from bot.services.picking import Picker
from bot.services.polls import Polls
from bot.services.subscriptions import Place, Subscriptions
from knowledge.quiz_wish import Wish
from tests.fakes import Clock, FailingTelegram, refusal
from tests.packs import shipped

MESSAGE, ANN = "AQAAAHq1", 11


@dataclass
class Bench:
    """A referee with all that it needs, on a clock that is set by hand."""

    engine: AsyncEngine
    clock: Clock
    telegram: FailingTelegram
    games: Games
    delivery: Delivery
    referee: Referee

    async def begin(self, message: str = MESSAGE) -> None:
        assert await self.games.begin(message, ANN, Wish(n=3)) == Done()

    async def answer(self, user_id: int, message: str = MESSAGE) -> None:
        scene = await self.games.scene(message)
        assert scene is not None
        await self.games.answer(message, user_id, f"Player {user_id}", scene.press, 0)

    async def tick(self) -> float:
        """One tick, and all that it began."""
        pause = await self.referee.tick()
        await self.referee.finish()
        return pause

    @property
    def shown(self) -> list[str]:
        """What the edits said."""
        return [sent["text"] for sent in self.telegram.sent]


@pytest.fixture
async def bench(engine: AsyncEngine) -> AsyncIterator[Bench]:
    clock, telegram, feedback = Clock(), FailingTelegram(), Feedback(engine)

    async def today(place: Place) -> object:
        raise AssertionError(f"no poll was sent to {place}")

    games = Games(engine, shipped(), Picker(shipped(), Polls(engine, today, clock), feedback), clock)  # type: ignore[arg-type]
    chats = Chats(engine, Subscriptions(engine, clock=clock))
    delivery = Delivery(Bot("123456:no-real-token", request=telegram), chats, clock, clock.sleep)
    yield Bench(engine, clock, telegram, games, delivery, Referee(games, delivery, clock, clock.sleep))
    await delivery.close()


async def test_a_game_that_begins_shows_its_question(bench: Bench) -> None:
    await bench.begin()

    await bench.tick()

    assert "Question 1 of 3" in bench.shown[0]
    assert bench.telegram.sent[0]["inline_message_id"] == MESSAGE
    assert await bench.games.unshown() == []


async def test_many_answers_are_shown_by_one_edit(bench: Bench) -> None:
    await bench.begin()
    await bench.tick()
    for user in range(20, 40):
        await bench.answer(user)
        await bench.tick()
    bench.clock.now += SPACING_SECONDS
    await bench.tick()

    assert len(bench.shown) == 2
    assert "20 players have answered." in bench.shown[1]


async def test_edits_of_a_busy_game_keep_to_telegrams_limit(bench: Bench) -> None:
    await bench.begin()
    edited: list[float] = []
    for second in range(1500):
        if second % 2:
            await bench.answer(1000 + second)
        before = len(bench.shown)
        await bench.tick()
        edited += [bench.clock.now] * (len(bench.shown) - before)
        bench.clock.now += 0.1

    assert len(edited) > 30
    assert all(later - earlier >= 3 for earlier, later in pairwise(edited))
    assert max(sum(at <= other < at + 60 for other in edited) for at in edited) <= 20


async def test_a_flood_is_waited_out_and_then_the_newest_is_shown(bench: Bench) -> None:
    await bench.begin()
    bench.telegram.fail_next(refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    await bench.tick()
    for user in (21, 22):
        await bench.answer(user)
        bench.clock.now += 8
        await bench.tick()
    too_early = len(bench.shown)
    bench.clock.now += 2
    await bench.tick()

    assert too_early == 1
    assert len(bench.shown) == 2
    assert "2 players have answered." in bench.shown[1]


async def test_another_game_is_shown_while_one_waits(bench: Bench) -> None:
    await bench.begin()
    bench.telegram.fail_next(refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    await bench.tick()
    await bench.begin("another message")
    await bench.tick()

    assert [sent["inline_message_id"] for sent in bench.telegram.sent] == [MESSAGE, "another message"]


async def test_what_shows_the_same_is_not_edited(bench: Bench) -> None:
    await bench.begin()
    await bench.tick()
    bench.clock.now += SLEEP_SECONDS
    await bench.tick()
    scene = await bench.games.scene(MESSAGE)
    assert scene is not None
    await bench.games.wake(MESSAGE, scene.press)
    await bench.answer(21)
    bench.clock.now += SPACING_SECONDS
    await bench.tick()
    await bench.answer(21)
    bench.clock.now += SPACING_SECONDS
    await bench.tick()

    assert ["A break" in text for text in bench.shown] == [False, True, False]
    assert await bench.games.unshown() == []


@pytest.mark.parametrize("reason", ["Bad Request: MESSAGE_ID_INVALID", "Bad Request: message to edit not found"])
async def test_a_message_that_is_gone_is_let_alone(bench: Bench, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    bench.telegram.fail_next(refusal(400, reason))
    await bench.begin()
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            await bench.tick()
            bench.clock.now += SPACING_SECONDS

    assert len(bench.shown) == 1
    assert "was refused" in caplog.text


async def test_an_edit_that_may_have_got_lost_is_made_again(bench: Bench) -> None:
    bench.telegram.fail_next(TimedOut())
    await bench.begin()
    await bench.tick()
    bench.clock.now += SPACING_SECONDS
    await bench.tick()

    assert len(bench.shown) == 2
    assert await bench.games.unshown() == []


async def test_what_changes_during_an_edit_is_shown_by_the_next(bench: Bench) -> None:
    await bench.begin()
    held = asyncio.Event()
    bench.telegram.hold(held)
    await bench.referee.tick()
    await bench.telegram.until_sent(1)
    await bench.answer(21)
    held.set()
    await bench.referee.finish()
    bench.clock.now += SPACING_SECONDS
    await bench.tick()

    assert "1 player has answered." in bench.shown[1]


async def test_a_referee_sleeps_until_something_is_due(bench: Bench) -> None:
    await bench.begin()
    await bench.answer(21)
    await bench.tick()
    bench.clock.now += REVEAL_SECONDS - 2

    assert await bench.tick() == pytest.approx(2)
    bench.clock.now += 2
    await bench.tick()

    assert "got it right" in bench.shown[-1]
