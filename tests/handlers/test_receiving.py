import asyncio

from telegram import CallbackQuery, PollAnswer, Update, User

from handlers.receiving import Inbox

ANN = User(7, "Ann", is_bot=False)


def vote(update_id: int) -> Update:
    return Update(update_id, poll_answer=PollAnswer("p", [0], user=ANN, option_persistent_ids=["a"]))


async def waits(inbox: Inbox) -> bool:
    """Whether nothing more would be asked for now."""
    waiting = asyncio.create_task(inbox.until_counted())
    done, _ = await asyncio.wait([waiting], timeout=0.05)
    waiting.cancel()
    return not done


async def test_nothing_more_is_asked_for_until_all_votes_are_counted() -> None:
    inbox = Inbox()
    assert not await waits(inbox)
    for update_id in (1, 2):
        await inbox.put(vote(update_id))
    inbox.handled(1)
    assert await waits(inbox)

    inbox.handled(2)

    assert not await waits(inbox)


async def test_nothing_waits_for_other_updates() -> None:
    inbox = Inbox()

    await inbox.put(Update(1))
    await inbox.put(Update(2, callback_query=CallbackQuery("q", ANN, "c", data="x")))

    assert not await waits(inbox)
