"""Long polling as Telegram does it."""

import asyncio

from bot.playground import Person, Playground


async def poll(playground: Playground, **parameters: object) -> list[int]:
    answer = await playground.call("getUpdates", **parameters)
    return [update["update_id"] for update in answer["result"]]


async def test_an_offset_confirms_what_lies_before_it(playground: Playground, ann: Person) -> None:
    await ann.private.say("two")
    await ann.private.say("three")

    first, second, third = await poll(playground)

    assert (second, third) == (first + 1, first + 2)
    assert await poll(playground, limit=1) == [first]
    assert await poll(playground, offset=second) == [second, third]
    assert await poll(playground) == [second, third]
    assert await poll(playground, offset=-1) == [third]
    assert await poll(playground, offset=third + 1) == []


async def test_a_waiting_poll_wakes_as_soon_as_something_is_said(playground: Playground, ann: Person) -> None:
    (last,) = await poll(playground)
    waiting = asyncio.create_task(poll(playground, offset=last + 1, timeout=30))
    await asyncio.sleep(0.05)

    await ann.private.say("wake up")

    async with asyncio.timeout(10):  # the poll itself would wait for 30 s
        assert await waiting == [last + 1]


async def test_of_two_pollers_one_is_told_of_the_conflict(playground: Playground) -> None:
    answers = await asyncio.gather(*(playground.call("getUpdates", timeout=1) for _ in range(2)))

    (conflict,) = [answer for answer in answers if not answer["ok"]]
    assert conflict["error_code"] == 409
    assert conflict["description"].startswith("Conflict: terminated by other getUpdates request")
    await playground.assert_no_violations()


async def test_allowed_updates_persist_until_they_are_named_again(playground: Playground, ann: Person) -> None:
    await poll(playground, offset=-1, allowed_updates=["callback_query"])
    await ann.private.say("unheard")
    assert len(await poll(playground)) == 1  # the newest from before

    await poll(playground, allowed_updates=[])
    await ann.private.say("heard")

    assert len(await poll(playground)) == 2


async def test_member_updates_come_only_when_asked_for(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.group("Friends", ann, bot="administrator")
    await group.set_status(bob, "member")
    await poll(playground, allowed_updates=["chat_member"])
    await group.set_status(bob, "administrator")

    told = [set(update) - {"update_id"} for update in await playground.updates()]

    assert told.count({"chat_member"}) == 1


async def test_an_update_can_be_delivered_again_after_it_was_confirmed(playground: Playground, ann: Person) -> None:
    (first,) = await poll(playground)
    await ann.private.say("again")
    await poll(playground, offset=first + 2)

    assert await playground.redeliver() == first + 1
    assert await playground.redeliver(first) == first

    assert await poll(playground, offset=first + 2) == [first + 1, first]
    assert await poll(playground, offset=first + 2) == []


async def test_pending_updates_can_be_dropped(playground: Playground, ann: Person) -> None:
    await ann.private.say("never mind")
    info = await playground.call("getWebhookInfo")

    assert (await playground.call("deleteWebhook", drop_pending_updates=True))["ok"]

    assert info["result"]["pending_update_count"] == 2
    assert await poll(playground) == []
