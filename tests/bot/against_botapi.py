"""Plays a dialogue with the bot on another, stricter stand-in for the Bot API.

`python tests/bot/against_botapi.py DIR`, where DIR holds that stand-in: a package with a `driver` module, and an
`api.json`. It needs aiohttp. The bot runs as a process, is killed in between, and must break none of the rules that the
stand-in checks.
"""

import argparse
import asyncio
import importlib
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from handlers.buttons import TOO_OLD
from handlers.questions import ONLY_WORDS
from tests.bot.processes import BotProcess
from tests.fakes import STICKER

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
BORN, DIED = "When was Ada Merrow born?", "and when did she die?"


async def in_private(telegram: Any, bot: BotProcess) -> None:  # noqa: ANN401 - the stand-in's driver has no types
    """Commands, a question with its buttons, odd messages, a kill between two turns."""
    ann = await telegram.user("Ann")
    chat = ann.private()
    for command, pattern in (("/start", "footnote"), ("/help", "How to ask"), ("/about", "Lighthouse on Skerry")):
        await chat.say(command)
        await chat.expect(pattern)
    await chat.say("Who won the Nobel Prize?")
    unknown = await chat.expect("don't tell")
    await chat.say(BORN)
    told = await chat.expect("1862")
    assert told.buttons == ["Source", "More", "Why"], told.buttons
    for message, button, pattern in (
        (told, "Source", "She was born in Wick"),
        (told, "More", "Ada Merrow"),
        (told, "Why", "Asked for"),
        (unknown, "Why", "Asked for"),
    ):
        press = await ann.press(message, button)
        assert await press.answer() == {}
        await chat.expect(pattern)
    await chat.say("<b>" + "&" * 4000)
    await chat.expect("")
    await chat.say(None, extra={"sticker": STICKER})
    await chat.expect(ONLY_WORDS)

    await asyncio.to_thread(bot.stop, signal.SIGKILL)
    await chat.say(DIED)
    press = await ann.press(told, "Source")
    await asyncio.to_thread(bot.start)
    await chat.expect("3 March 1931", timeout=15)
    assert await press.answer() == {}
    await chat.expect("She was born in Wick")

    await telegram.control("age", chat_id=ann.id, message_id=told.id, seconds=90 * 24 * 3600)
    press = await ann.press(told, "Why")
    assert await press.answer() == {}
    await chat.expect("Asked for")

    bob = await telegram.user("Bob")
    await bob.private().say("/start")
    await bob.private().expect("footnote")
    key = told["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    keyboard = {"inline_keyboard": [[{"text": "Press me", "callback_data": key}]]}
    sent = await telegram.api("sendMessage", chat_id=bob.id, text="Look", reply_markup=keyboard)
    press = await bob.press(sent["result"], "Press me")
    answer = await press.answer()
    assert (answer.get("text"), answer.get("show_alert")) == (TOO_OLD, True), answer


async def in_a_group(telegram: Any) -> None:  # noqa: ANN401
    """Plain talk is left alone; mentions, replies and /ask are answered, after the group's upgrade too."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    group = await telegram.group("Friends", ann, bob, type="group")
    me = (await telegram.api("getMe"))["result"]["username"]
    here, there = ann.at(group), bob.at(group)
    await here.say(BORN)
    await here.expect_silence(0.5)
    await here.say(f"@{me} {BORN}")
    told = await here.expect("1862")
    await there.skip()
    await there.say("When did Tom Merrow die?", reply_to=told)
    await there.expect("9 June 1940")
    press = await bob.press(told, "Source")
    assert await press.answer() == {}
    await there.expect("She was born in Wick")

    supergroup = await group.migrate()
    await ann.at(supergroup).say(f"/ask@{me} {DIED}")
    await ann.at(supergroup).expect("3 March 1931")


async def in_a_topic(telegram: Any) -> None:  # noqa: ANN401
    """Answers and what their buttons bring stay in the topic."""
    ann = await telegram.user("Ann")
    forum = await telegram.group("Forum", ann, topics=True)
    topic = await forum.topic("Keepers")
    here, general = ann.at(forum, topic), ann.at(forum)
    await here.say(f"/ask {BORN}")
    told = await here.expect("1862")
    press = await ann.press(told, "More")
    assert await press.answer() == {}
    further = await here.expect("Ada Merrow")
    assert told["message_thread_id"] == further["message_thread_id"] == topic
    await general.skip()
    await general.say("/help")
    assert "message_thread_id" not in await general.expect("How to ask")


async def under_stress(telegram: Any) -> None:  # noqa: ANN401
    """Floods are waited out, repeated updates passed over, lost answers not sent again."""
    ann = await telegram.user("Ann")
    chat = ann.private()
    await chat.say("/start")
    await chat.expect("footnote")
    await telegram.fault("flood", method="sendMessage", retry_after=1)
    await chat.say(BORN)
    await chat.expect("1862", timeout=10)
    await telegram.settings(duplicate_updates=2)
    await chat.say("/help")
    await chat.expect("How to ask")
    await chat.expect_silence(1)
    await telegram.settings(duplicate_updates=0)
    await telegram.fault("drop", method="sendMessage", when="after")
    await chat.say(DIED)
    await chat.expect("3 March 1931")
    await chat.expect_silence(1)


async def play(folder: Path) -> None:
    """All of it, then the verdict."""
    sys.path.insert(0, str(folder.parent))
    driver = importlib.import_module(f"{folder.name}.driver")
    async with driver.launch(str(folder / "api.json")) as telegram:
        with tempfile.TemporaryDirectory() as scratch:
            settings = {"FOOTNOTE_PACKS": str(LIGHTHOUSE), "FOOTNOTE_DOCUMENTS": str(LIGHTHOUSE / "documents")}
            with BotProcess(Path(scratch), telegram.url, TELEGRAM_BOT_TOKEN=telegram.token, **settings) as bot:
                await in_private(telegram, bot)
                await in_a_group(telegram)
                await in_a_topic(telegram)
                await under_stress(telegram)
                status = await asyncio.to_thread(bot.stop)
            assert status == 0, bot.log
            assert "Traceback" not in bot.log, bot.log
        await telegram.assert_clean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the stand-in")
    asyncio.run(play(parser.parse_args().folder.resolve()))
    sys.stdout.write("The bot broke no rule.\n")


if __name__ == "__main__":
    main()
