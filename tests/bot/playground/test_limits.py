from bot.playground import Person, Playground


async def send(playground: Playground, chat_id: int, number: int = 1) -> list[int | None]:
    """Send so many messages; how long Telegram wants silence after each, None where it took it."""
    answers = [await playground.call("sendMessage", chat_id=chat_id, text="Hello") for _ in range(number)]
    return [answer.get("parameters", {}).get("retry_after") for answer in answers]


async def reader(playground: Playground) -> Person:
    return await playground.user("Ann", started=True)


async def test_limits_are_off_until_they_are_turned_on(playground: Playground) -> None:
    ann = await reader(playground)

    assert await send(playground, ann.id, 40) == [None] * 40
    assert (await playground.limits())["passed"] == 0


async def test_a_person_gets_three_at_once(playground: Playground) -> None:
    ann = await reader(playground)
    await playground.enforce_limits()

    assert await send(playground, ann.id, 4) == [None, None, None, 1]
    assert await playground.limits() == {"enforced": True, "passed": 3, "refused": 1}


async def test_a_group_gets_twenty_a_minute(playground: Playground) -> None:
    group = await playground.group("Friends", await playground.user("Ann"))
    await playground.enforce_limits()

    waits = await send(playground, group.id, 21)

    assert waits[:20] == [None] * 20
    assert waits[20] is not None
    assert 50 < waits[20] <= 60


async def test_no_second_takes_more_than_thirty(playground: Playground) -> None:
    readers = [await reader(playground) for _ in range(31)]
    await playground.enforce_limits()

    waits = [(await send(playground, ann.id))[0] for ann in readers]

    assert waits == [None] * 30 + [1]


async def test_what_is_no_message_is_not_counted(playground: Playground) -> None:
    ann = await reader(playground)
    await playground.enforce_limits()
    for _ in range(10):
        await playground.call("sendChatAction", chat_id=ann.id, action="typing")

    assert (await playground.limits())["passed"] == 0
    await playground.enforce_limits(False)
    assert await send(playground, ann.id, 5) == [None] * 5
