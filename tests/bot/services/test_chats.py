import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.answering import Answering
from bot.services.chats import Chats
from bot.services.daily import Daily
from bot.services.subscriptions import Ended, Place, Subscriptions
from bot.storage import scores
from bot.storage.conversations import Conversation
from knowledge.results import Answered
from tests.fakes import Clock

GROUP, SUPERGROUP = -500, -100_500


@pytest.fixture
def chats(engine: AsyncEngine, subscriptions: Subscriptions) -> Chats:
    return Chats(engine, subscriptions)


async def test_a_group_moves_with_its_conversations_its_subscription_and_its_posts(
    chats: Chats, answering: Answering, subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(Place(GROUP))
    clock.now = await daily.next_moment() or 0
    await daily.plan()
    given = await answering.ask(Conversation(GROUP, 0, 7), "When was Ada Merrow born?")

    await chats.moved(GROUP, SUPERGROUP)
    await chats.moved(GROUP, SUPERGROUP)

    told = await answering.ask(Conversation(SUPERGROUP, 0, 7), "and when did she die?")
    assert isinstance(told.answer, Answered)
    assert given.key is not None
    assert await answering.why(SUPERGROUP, given.key)
    assert await subscriptions.get(Place(GROUP)) is None
    assert await subscriptions.get(Place(SUPERGROUP)) is not None
    assert [post.place for post in await daily.unsent(10)] == [Place(SUPERGROUP)]


async def test_a_group_moves_with_its_scores(chats: Chats, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await scores.add(connection, GROUP, 7, dt.date(2026, 5, 5), is_right=True, seconds=1)

    await chats.moved(GROUP, SUPERGROUP)

    async with engine.connect() as connection:
        assert [ranked.user_id for ranked in await scores.ranked(connection, SUPERGROUP, None, 10, None)] == [7]


async def test_a_chat_that_was_lost_and_returns_goes_on(chats: Chats, subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(Place(GROUP))

    await chats.lost(GROUP, Ended.REMOVED)
    lost = await subscriptions.get(Place(GROUP))
    interrupted = await subscriptions.interrupted(GROUP)
    returned = await chats.returned(GROUP)

    assert interrupted == (lost,)
    assert await subscriptions.interrupted(GROUP) == ()
    assert lost is not None
    assert not lost.is_active
    assert [s.place for s in returned] == [Place(GROUP)]


async def test_a_right_that_returns_brings_back_only_what_it_took(chats: Chats, subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(Place(GROUP))
    await chats.lost(GROUP, Ended.REMOVED)

    assert await chats.returned(GROUP, Ended.NO_RIGHTS) == ()
    assert len(await chats.returned(GROUP, Ended.NO_RIGHTS, Ended.REMOVED)) == 1
