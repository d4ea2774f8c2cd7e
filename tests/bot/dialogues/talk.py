"""Questions and what is answered: in private, in groups, in topics, under stress, and when it is reported."""

import asyncio
import signal

from handlers.buttons import TOO_OLD
from handlers.questions import ONLY_WORDS
from tests.bot.dialogues.speaking import Telegram, pressed
from tests.bot.processes import BotProcess
from tests.fakes import STICKER

BORN, DIED = "When was Ada Merrow born?", "and when did she die?"


async def in_private(telegram: Telegram, bot: BotProcess) -> None:
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
    assert told.buttons == ["Source", "More", "Why", "Report"], told.buttons
    for message, button, pattern in (
        (told, "Source", "She was born in Wick"),
        (told, "More", "Ada Merrow"),
        (told, "Why", "Asked for"),
        (unknown, "Why", "Asked for"),
    ):
        await pressed(ann, message, button)
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
    await pressed(ann, told, "Why")
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


async def in_a_group(telegram: Telegram) -> None:
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
    await pressed(bob, told, "Source")
    await there.expect("She was born in Wick")

    supergroup = await group.migrate()
    await ann.at(supergroup).say(f"/ask@{me} {DIED}")
    await ann.at(supergroup).expect("3 March 1931")


async def in_a_topic(telegram: Telegram) -> None:
    """Answers and what their buttons bring stay in the topic."""
    ann = await telegram.user("Ann")
    forum = await telegram.group("Forum", ann, topics=True)
    topic = await forum.topic("Keepers")
    here, general = ann.at(forum, topic), ann.at(forum)
    await here.say(f"/ask {BORN}")
    told = await here.expect("1862")
    await pressed(ann, told, "More")
    further = await here.expect("Ada Merrow")
    assert told["message_thread_id"] == further["message_thread_id"] == topic
    await general.skip()
    await general.say("/help")
    assert "message_thread_id" not in await general.expect("How to ask")


async def under_stress(telegram: Telegram) -> None:
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


async def through_reports(telegram: Telegram) -> None:
    """What three people report is put aside, and told with a word about that; a page can be reported too."""
    for name, pattern in (("Ann", "noted"), ("Bob", "noted"), ("Cat", "put aside")):
        person = await telegram.user(name)
        chat = person.private()
        await chat.say("How high is the tower?")
        press = await person.press(await chat.expect("31 metres"), "Report")
        answer = await press.answer()
        assert pattern in answer["text"], answer
        assert answer["show_alert"], answer
    await chat.say("How high is the tower?")
    await chat.expect("reported as mistaken")
    await chat.say("/onthisday 9 June")
    press = await person.press(await chat.expect("On this day"), "Report")
    assert "noted" in (await press.answer())["text"]
    await chat.say("/reports")
    await chat.expect("don't know that command")
