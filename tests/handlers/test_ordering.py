import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Update

from bot.playground import Playground
from bot.services.updates import Updates
from handlers.ordering import AT_ONCE, ChatOrder
from tests.bot.processes import until_refused


def update(number: int, chat_id: int) -> Update:
    message = {"message_id": 1, "date": 0, "chat": {"id": chat_id, "type": "private"}}
    return Update.de_json({"update_id": number, "message": message})


@pytest.fixture
def order(engine: AsyncEngine) -> ChatOrder:
    return ChatOrder(Updates(engine))


async def test_updates_of_one_chat_are_handled_in_the_order_they_came(order: ChatOrder) -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.05 if number == 0 else 0)
        done.append(number)

    await asyncio.gather(*(order.process_update(update(n, chat_id=7), work(n)) for n in range(5)))

    assert done == [0, 1, 2, 3, 4]


async def test_updates_of_several_chats_are_handled_at_once(order: ChatOrder) -> None:
    together = asyncio.Barrier(5)

    async def work() -> None:
        await together.wait()

    async with asyncio.timeout(2):
        await asyncio.gather(*(order.process_update(update(n, chat_id=n), work()) for n in range(5)))


async def test_chats_that_all_wait_do_not_hold_up_what_belongs_to_no_chat(order: ChatOrder) -> None:
    free, begun = asyncio.Event(), asyncio.Barrier(AT_ONCE + 1)

    async def wait_for_telegram() -> None:
        await begun.wait()
        await free.wait()

    waiting = [
        asyncio.create_task(order.process_update(update(n, chat_id=n), wait_for_telegram())) for n in range(AT_ONCE)
    ]
    await begun.wait()
    done: list[int] = []

    async def press(number: int) -> None:
        done.append(number)

    ann = {"id": 7, "is_bot": False, "first_name": "Ann"}
    query = {"id": "1", "from": ann, "chat_instance": "1", "inline_message_id": "AQAA", "data": "g:a:1:0"}
    pressed = [Update.de_json({"update_id": 1000 + n, "callback_query": query}) for n in range(5)]
    async with asyncio.timeout(5):
        await asyncio.gather(*(order.process_update(each, press(each.update_id)) for each in pressed))

    assert sorted(done) == [1000, 1001, 1002, 1003, 1004]
    free.set()
    await asyncio.gather(*waiting)


async def test_a_busy_chat_does_not_hold_up_the_others(order: ChatOrder) -> None:
    free = asyncio.Event()
    waiting = [asyncio.create_task(order.process_update(update(n, chat_id=7), free.wait())) for n in range(3 * AT_ONCE)]
    await asyncio.sleep(0)
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async with asyncio.timeout(2):
        await order.process_update(update(1000, chat_id=8), work())

    assert done.is_set()
    free.set()
    await asyncio.gather(*waiting)


async def test_what_is_said_in_a_supergroup_waits_until_the_group_has_moved_there(order: ChatOrder) -> None:
    done: list[str] = []

    async def work(name: str, seconds: float = 0.0) -> None:
        await asyncio.sleep(seconds)
        done.append(name)

    group, supergroup = -7, -1007
    move = {"message_id": 2, "date": 0, "chat": {"id": group, "type": "group"}, "migrate_to_chat_id": supergroup}
    moving = Update.de_json({"update_id": 2, "message": move})
    async with asyncio.timeout(5):
        await asyncio.gather(
            order.process_update(update(1, chat_id=group), work("said in the group", 0.05)),
            order.process_update(moving, work("moved", 0.05)),
            order.process_update(update(3, chat_id=supergroup), work("said in the supergroup")),
        )

    assert done == ["said in the group", "moved", "said in the supergroup"]


async def test_an_update_that_comes_again_is_not_handled_again(order: ChatOrder, engine: AsyncEngine) -> None:
    done: list[str] = []

    async def work(name: str) -> None:
        await asyncio.sleep(0.01)
        done.append(name)

    again = update(5, chat_id=7)
    await asyncio.gather(order.process_update(again, work("first")), order.process_update(again, work("second")))
    await ChatOrder(Updates(engine)).process_update(again, work("after a restart"))

    assert done == ["first"]


async def test_what_is_no_update_is_handled_too(order: ChatOrder) -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    await order.process_update("something of the program's own", work())

    assert done.is_set()


@pytest.mark.usefixtures("bot")
async def test_while_one_chat_must_wait_the_others_are_answered_and_it_keeps_its_order(playground: Playground) -> None:
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    await playground.flood("sendMessage", retry_after=1)

    first = await ann.private.say("When was Ada Merrow born?")
    await ann.private.say("How high is the tower?")
    await until_refused(playground, ann)
    await bob.private.ask("When did Tom Merrow die?", "9 June 1940", timeout=0.9)
    await ann.private.expect("1862", after=first)
    await ann.private.expect("31 metres")

    told = [m.text.partition("\n")[0] for m in await ann.private.transcript() if m.raw["from"]["is_bot"]]
    assert len(told) == 2


@pytest.mark.usefixtures("bot")
async def test_many_people_are_answered_at_once(playground: Playground) -> None:
    people = [await playground.user(f"Ann {n}") for n in range(30)]

    await asyncio.gather(*(person.private.ask("When was Ada Merrow born?", "1862") for person in people))
