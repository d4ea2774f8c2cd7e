"""What people type faster than it can be answered. No bot runs here beside the application of this process."""

import asyncio

from bot.playground import Playground
from tests.handlers.conftest import InProcess

BOT_SETTINGS = None  # only the application of this process answers


async def test_only_the_newest_query_of_somebody_is_answered(playground: Playground, in_process: InProcess) -> None:
    await playground.inline_mode()
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    for person, typed in ((ann, "mer"), (bob, "mer"), (ann, "merrow")):
        await person.type_inline(typed)
    of_ann, of_bob, newer = (await playground.updates())[-3:]

    await asyncio.gather(*map(in_process.handle, (of_ann, of_bob, newer)))

    answered = {call["parameters"]["inline_query_id"] for call in await playground.calls("answerInlineQuery")}
    assert answered == {of_bob["inline_query"]["id"], newer["inline_query"]["id"]}
