"""Plays a dialogue with the bot on another, stricter stand-in for the Bot API.

`python tests/bot/against_botapi.py DIR`, where DIR holds that stand-in: a package with a `driver` module, and an
`api.json`. It needs aiohttp. The bot runs as a process, is killed in between, and must break none of the rules that the
stand-in checks.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import importlib
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.services.library import Library
from bot.storage.database import open_database
from handlers.buttons import TOO_OLD
from handlers.questions import ONLY_WORDS
from tests.bot.broadcasts import Broadcast
from tests.bot.processes import BotProcess
from tests.fakes import STICKER
from tests.mistakes import in_a_round, until_recorded

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
SHIPPED = Path(__file__).parents[2] / "knowledge" / "packs" / "stalin"  # which has questions
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
    assert told.buttons == ["Source", "More", "Why", "Report"], told.buttons
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


async def through_days(telegram: Any) -> None:  # noqa: ANN401
    """Pages are turned, traced to their sources and shared; a week and a timeline are shown; nonsense is answered."""
    ann = await telegram.user("Ann")
    chat = ann.private()
    for typed in ("/today", "/onthisday tomorrow", "/thisweek", "/onthisday nonsense", "/timeline nonsense"):
        await chat.say(typed)
        await chat.expect("")
    await chat.say("/onthisday 3 March")
    page = await chat.expect("On this day · 3 March")
    share = page["reply_markup"]["inline_keyboard"][1][1]["url"]
    assert "start%3Dday_0303" in share, share
    for _ in range(2):
        press = await ann.press(page, "4 March ▶")
        assert await press.answer() == {}
    turned = await chat.expect_edit("4 March")
    press = await ann.press(turned, "◀ 3 March")
    assert await press.answer() == {}
    page = await chat.expect_edit("On this day · 3 March")
    press = await ann.press(page, "Source")
    assert await press.answer() == {}
    await chat.expect("sentence")
    press = await ann.press(page, "More about Ada Merrow")
    assert await press.answer() == {}
    await chat.expect("Ada Merrow")
    await chat.say("/start day_0303")
    await chat.expect("On this day · 3 March")
    await chat.say("/timeline Ada Merrow")
    picture = await chat.expect("Ada Merrow")
    press = await ann.press(picture, "As text")
    assert await press.answer() == {}
    await chat.expect("3 March 1931: ")


async def through_reports(telegram: Any) -> None:  # noqa: ANN401
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


async def through_settings(telegram: Any) -> None:  # noqa: ANN401
    """Hour and zone by buttons, a city in words, every setting, the end, and all of it again."""
    ann = await telegram.user("Ann", language_code="uk")
    chat = ann.private()
    await chat.say("/subscribe")
    hours = await chat.expect("At what time")
    press = await ann.press(hours, "09:00")
    assert await press.answer() == {}
    zones = await chat.expect_edit("Whose clock")
    press = await ann.press(zones, "Another city …")
    assert await press.answer() == {}
    await chat.expect("Which city")
    await chat.say("kathmandoo")
    which = await chat.expect("Which one")
    press = await ann.press(which, "Kathmandu (UTC+5:45)")
    assert await press.answer() == {}
    await chat.expect_edit("Done: a post comes here every day at 09:00")
    await chat.say("/settings")
    card = await chat.expect("The daily post")
    for button in ("✓ Sun", "Silent: off", "Daily question: off", "Time: 09:00"):
        press = await ann.press(card, button)
        await press.answer()
        card = await chat.expect_edit("")
    press = await ann.press(card, "‹ Back")
    assert await press.answer() == {}
    card = await chat.expect_edit("The daily post")
    press = await ann.press(card, "End the daily post")
    assert await press.answer() == {}
    await chat.expect_edit("ends here")
    await chat.say("/subscribe 08:30 Kyiv")
    await chat.expect("Here again")


async def with_rights(telegram: Any) -> None:  # noqa: ANN401
    """In groups and topics administrators decide, hidden ones too, also when the group has moved."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    group = await telegram.group("Friends", ann, bob, type="group")
    here, there = ann.at(group), bob.at(group)
    await here.say("/subscribe 08:30 Kyiv")
    await here.expect("Done")
    await there.skip()
    await there.say("/unsubscribe")
    await there.expect("Only administrators")
    await here.skip()
    await here.say("/settings")
    card = await here.expect("every day at 08:30")
    press = await bob.press(card, "Silent: off")
    assert (await press.answer())["show_alert"]
    supergroup = await group.migrate()
    await ann.at(supergroup).say("/settings")
    await ann.at(supergroup).expect("every day at 08:30")

    forum = await telegram.group("Forum", ann, bob, topics=True)
    await forum.member(bob, "administrator")
    topic = await forum.topic("Keepers")
    inside = bob.at(forum, topic)
    await inside.say("/subscribe", anonymous=True)
    hours = await inside.expect("At what time")
    press = await bob.press(hours, "07:00")
    assert await press.answer() == {}
    zones = await inside.expect_edit("Whose clock")
    press = await bob.press(zones, "Another city …")
    assert await press.answer() == {}
    question = await inside.expect("Which city")
    await inside.say("Tokyo", reply_to=question)
    done = await inside.expect("Done")
    assert done["message_thread_id"] == topic


async def through_posts(telegram: Any) -> None:  # noqa: ANN401
    """A post comes once, also after faults; where it can't come the subscription ends, and is offered again."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    group = await telegram.group("Friends", ann, type="group")
    forum = await telegram.group("Forum", ann, topics=True)
    muted = await telegram.group("Muted", ann, topics=True)
    open_topic, closed = await forum.topic("Open"), await forum.topic("Closed")
    places = [ann.private(), bob.private(), ann.at(group), ann.at(forum, open_topic), ann.at(forum, closed)]
    places.append(ann.at(muted))
    due = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=75)
    for place in places:
        await place.say(f"/subscribe {due:%H:%M} UTC")
        await place.expect("Done")
        await place.skip()
    supergroup = await group.migrate()
    await bob.block()
    await telegram.control("close_topic", chat_id=forum.id, thread_id=closed)
    await muted.member("bot", "restricted", rights={"can_send_messages": False})
    await telegram.fault("500", method="sendMessage", times=1)
    await telegram.fault("flood", method="sendMessage", times=1, retry_after=1)
    for place in (ann.private(), ann.at(supergroup), ann.at(forum, open_topic)):
        page = await place.expect("(this day|worth knowing|this month|years ago)", timeout=110)
        assert "Source" in page.buttons, page.buttons
        press = await ann.press(page, "Source")
        assert await press.answer() == {}
        await place.expect("¹|paragraph", timeout=10)
        await place.expect_silence(2)
    await muted.member("bot", "member")
    await ann.at(muted).expect("the daily post goes on", timeout=10)
    await bob.unblock()
    offer = await bob.private().expect("good to be here again", timeout=10)
    press = await bob.press(offer, "Yes, as it was")
    assert await press.answer() == {}
    await bob.private().expect_edit("Here again")


async def inline(telegram: Any, bot: BotProcess) -> None:  # noqa: ANN401
    """Facts are listed and sent; a game is played, killed into, and played again, within the limits of edits."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    await telegram.control("limits", enabled=True)
    facts = await ann.inline("zhukov")
    assert len(facts) == int(facts.answer["next_offset"]) == 25, facts.answer
    sent = await facts.choose(0)
    assert "¹" in sent.text, sent.text
    for typed in ("", "1941", "x" * 256, "quiz 10 hard 1941"):
        assert await ann.inline(typed) or typed.startswith("x"), typed
    assert (await bob.inline("zhukov")).cached
    game = await (await ann.inline("quiz 1")).choose(0)

    async def press(who: Any, button: str) -> dict[str, Any]:  # noqa: ANN401
        shown = await telegram.control("inline_message", id=game["inline_message_id"])
        pressed = await who.press(
            shown.get("message", shown) | {"inline_message_id": game["inline_message_id"]}, button
        )
        return dict(await pressed.answer(timeout=15))

    async def shows(pattern: str) -> None:
        told = {"inline_message_id": game["inline_message_id"], "regex": pattern, "timeout": 10}
        assert await telegram.control("wait_for", **told), pattern

    assert await press(ann, "Begin") == {}
    await shows("Question 1 of 1")
    first, second = await asyncio.gather(press(ann, "A"), press(bob, "A"))
    assert first["show_alert"], first
    assert first["text"] == second["text"], (first, second)
    await asyncio.to_thread(bot.stop, signal.SIGKILL)
    await asyncio.to_thread(bot.start)
    assert "already" in (await press(bob, "B"))["text"]
    await shows("2 players have answered")
    assert (await press(bob, "Reveal"))["show_alert"]
    assert await press(ann, "Reveal") == {}
    await shows("of 2 got it right")
    assert await press(ann, "Scores") == {}
    await shows("The scores")
    counted = await telegram.control("limits", enabled=False)
    assert counted["refused"] == 0, counted


async def with_a_daily_question(telegram: Any, scratch: Path, settings: dict[str, str]) -> None:  # noqa: ANN401
    """A group's question comes after its post, in its topic; it is answered, shown on the board, and gone from it."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    forum = await telegram.group("Forum", ann, bob, topics=True)
    topic = await forum.topic("Questions")
    here, there = ann.at(forum, topic), bob.at(forum, topic)
    due = Broadcast(scratch)
    await due.prepare([forum.id])
    with contextlib.closing(sqlite3.connect(scratch / "footnote.db")) as connection, connection:
        connection.execute("UPDATE subscriptions SET daily_quiz = 1, thread_id = ?", (topic,))
    with BotProcess(scratch, telegram.url, **settings) as bot:
        await here.expect("(this day|worth knowing|this month|years ago)", timeout=10)
        poll = await here.expect_poll("Question of the day · ", timeout=10)
        assert poll["message_thread_id"] == topic
        await ann.vote(poll, poll["poll"]["correct_option_ids"][0])
        await bob.vote(poll, (poll["poll"]["correct_option_ids"][0] + 1) % len(poll["poll"]["options"]))
        await there.say("/anonymous")
        await there.expect("You are “a player”")
        await here.skip()
        await here.say("/top")
        board = await here.expect("1. Ann · 1 of 1 right\n2. a player · 0 of 1 right")
        for button in ("All time", "All time"):
            press = await bob.press(board, button)
            assert await press.answer() == {}
        await here.expect_edit("all time")
        assert await asyncio.to_thread(bot.stop) == 0, bot.log
        assert "Traceback" not in bot.log, bot.log


async def through_a_review(telegram: Any, scratch: Path, settings: dict[str, str]) -> None:  # noqa: ANN401
    """What somebody got wrong comes back in private: answered, skipped, left open over a kill, summed up."""
    ann = await telegram.user("Ann")
    group, chat = await telegram.group("Friends", ann), ann.private()
    with BotProcess(scratch, telegram.url, **settings) as bot:
        await ann.at(group).say("/review")
        link = (await ann.at(group).expect("between the two of us"))["reply_markup"]["inline_keyboard"][0][0]["url"]
        await chat.say(f"/start {link.partition('start=')[2]}")
        await chat.expect("Nothing to review yet")
        engine = open_database(f"sqlite+aiosqlite:///{scratch}/footnote.db")
        questions = Library([SHIPPED]).quiz.questions(seed=3, n=4)
        await in_a_round(engine, ann.id, questions, time.time() - 24 * 3600)
        await chat.say("/review")
        await chat.expect("4 due now")
        poll = await chat.expect_poll("1/4 · ")
        right = poll["poll"]["correct_option_ids"][0]
        await ann.vote(poll, (right + 1) % len(poll["poll"]["options"]))
        await chat.expect_poll("2/4 · ")
        await chat.say("/review")
        press = await ann.press(await chat.expect("still waits"), "Skip it")
        assert await press.answer() == {}
        poll = await chat.expect_poll("3/4 · ")
        await until_recorded(engine, poll["poll"]["id"])
        await engine.dispose()
        await asyncio.to_thread(bot.stop, signal.SIGKILL)
        await asyncio.to_thread(bot.start)
        await ann.vote(poll, poll["poll"]["correct_option_ids"][0])
        poll = await chat.expect_poll("4/4 · ", timeout=10)
        press = await ann.press(poll, "Enough for now")
        assert await press.answer() == {}
        summary = await chat.expect("1 of 2 right")
        assert summary["photo"], summary
        assert await asyncio.to_thread(bot.stop) == 0, bot.log
        assert "Traceback" not in bot.log, bot.log


async def through_rounds(telegram: Any, scratch: Path, settings: dict[str, str]) -> None:  # noqa: ANN401
    """A round in private and, at the same time, one in a topic: answered, skipped, flooded, stopped, played again."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    chat, forum = ann.private(), await telegram.group("Forum", ann, bob, topics=True)
    topic = await forum.topic("Quiz")
    here, there = ann.at(forum, topic), bob.at(forum, topic)
    with BotProcess(scratch, telegram.url, **settings) as bot:
        await here.say("/quiz 3 easy")
        begun = await here.expect("Ann starts a quiz")
        await chat.say("/quiz 2 Zhukov")
        for number in (1, 2):
            poll = await chat.expect_poll(f"{number}/2 · ", timeout=10)
            await ann.vote(poll, poll["poll"]["correct_option_ids"][0])
        shown = await chat.expect("2 of 2 right", timeout=10)
        press = await ann.press(shown, "Play again")
        assert await press.answer() == {}
        poll = await chat.expect_poll("1/2 · ")
        await chat.say("/stop")
        await chat.expect("Nothing was answered")

        poll = await here.expect_poll("1/3 · ", timeout=10)
        assert poll["message_thread_id"] == topic
        await telegram.fault("flood", method="sendPoll", retry_after=1)
        right = poll["poll"]["correct_option_ids"][0]
        await ann.vote(poll, right)
        await bob.vote(poll, (right + 1) % len(poll["poll"]["options"]))
        press = await bob.press(begun, "Stop")
        assert (await press.answer())["show_alert"]
        poll = await here.expect_poll("2/3 · ", timeout=15)
        press = await ann.press(poll, "Skip")
        assert await press.answer() == {}
        await here.expect_poll("3/3 · ", timeout=10)
        await there.say("/quiz")
        await there.expect("question 3 of 3|about to begin")
        await here.say("/stop")
        board = await here.expect(r"1\. Ann · 1 of 1(.|\n)*2\. Bob · 0 of 1", timeout=10)
        assert board["message_thread_id"] == topic
        assert await asyncio.to_thread(bot.stop) == 0, bot.log
        assert "Traceback" not in bot.log, bot.log


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
                await through_days(telegram)
                await through_reports(telegram)
                await through_settings(telegram)
                await with_rights(telegram)
                await through_posts(telegram)
                status = await asyncio.to_thread(bot.stop)
            assert status == 0, bot.log
            assert "Traceback" not in bot.log, bot.log
        with tempfile.TemporaryDirectory() as scratch:
            settings = {"FOOTNOTE_PACKS": str(SHIPPED), "TELEGRAM_BOT_TOKEN": telegram.token}
            await with_a_daily_question(telegram, Path(scratch), settings)
            await through_a_review(telegram, Path(scratch), settings)
        with tempfile.TemporaryDirectory() as scratch:
            await through_rounds(telegram, Path(scratch), settings)
        with tempfile.TemporaryDirectory() as scratch:
            with BotProcess(Path(scratch), telegram.url, **settings) as bot:
                await inline(telegram, bot)
                assert await asyncio.to_thread(bot.stop) == 0, bot.log
            assert "Traceback" not in bot.log, bot.log
        await telegram.assert_clean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the stand-in")
    asyncio.run(play(parser.parse_args().folder.resolve()))
    sys.stdout.write("The bot broke no rule.\n")


if __name__ == "__main__":
    main()
