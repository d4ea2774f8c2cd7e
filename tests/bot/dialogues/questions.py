"""Questions that the bot asks: the daily one, a review, rounds."""

import asyncio
import contextlib
import signal
import sqlite3
import time
from pathlib import Path

from bot.storage.database import open_database
from tests.bot.broadcasts import Broadcast
from tests.bot.dialogues.speaking import A_PAGE, Telegram, pressed, running, vote
from tests.mistakes import in_a_round, until_recorded
from tests.packs import shipped


async def with_a_daily_question(telegram: Telegram, scratch: Path, settings: dict[str, str]) -> None:
    """A group's question comes after its post, in its topic; it is answered, shown on the board, and gone from it."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    forum = await telegram.group("Forum", ann, bob, topics=True)
    topic = await forum.topic("Questions")
    here, there = ann.at(forum, topic), bob.at(forum, topic)
    due = Broadcast(scratch)
    await due.prepare([forum.id])
    with contextlib.closing(sqlite3.connect(scratch / "footnote.db")) as connection, connection:
        connection.execute("UPDATE subscriptions SET daily_quiz = 1, thread_id = ?", (topic,))
    async with running(telegram, scratch, **settings):
        await here.expect(A_PAGE, timeout=10)
        poll = await here.expect_poll("Question of the day · ", timeout=10)
        assert poll["message_thread_id"] == topic
        await vote(ann, poll, is_right=True)
        await vote(bob, poll, is_right=False)
        await there.say("/anonymous")
        await there.expect("You are “a player”")
        await here.skip()
        await here.say("/top")
        board = await here.expect("1. Ann · 1 of 1 right\n2. a player · 0 of 1 right")
        for button in ("All time", "All time"):
            await pressed(bob, board, button)
        await here.expect_edit("all time")


async def through_a_review(telegram: Telegram, scratch: Path, settings: dict[str, str]) -> None:
    """What somebody got wrong comes back in private: answered, skipped, left open over a kill, summed up."""
    ann = await telegram.user("Ann")
    group, chat = await telegram.group("Friends", ann), ann.private()
    async with running(telegram, scratch, **settings) as bot:
        await ann.at(group).say("/review")
        link = (await ann.at(group).expect("between the two of us"))["reply_markup"]["inline_keyboard"][0][0]["url"]
        await chat.say(f"/start {link.partition('start=')[2]}")
        await chat.expect("Nothing to review yet")
        engine = open_database(f"sqlite+aiosqlite:///{scratch}/footnote.db")
        questions = shipped().quiz.questions(seed=3, n=4)
        await in_a_round(engine, ann.id, questions, time.time() - 24 * 3600)
        await chat.say("/review")
        await chat.expect("4 due now")
        poll = await chat.expect_poll("1/4 · ")
        await vote(ann, poll, is_right=False)
        await chat.expect_poll("2/4 · ")
        await chat.say("/review")
        await pressed(ann, await chat.expect("still waits"), "Skip it")
        poll = await chat.expect_poll("3/4 · ")
        await until_recorded(engine, poll["poll"]["id"])
        await engine.dispose()
        await asyncio.to_thread(bot.stop, signal.SIGKILL)
        await asyncio.to_thread(bot.start)
        await vote(ann, poll, is_right=True)
        poll = await chat.expect_poll("4/4 · ", timeout=10)
        await pressed(ann, poll, "Enough for now")
        summary = await chat.expect("1 of 2 right")
        assert summary["photo"], summary


async def through_rounds(telegram: Telegram, scratch: Path, settings: dict[str, str]) -> None:
    """A round in private and, at the same time, one in a topic: answered, skipped, flooded, stopped, played again."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    chat, forum = ann.private(), await telegram.group("Forum", ann, bob, topics=True)
    topic = await forum.topic("Quiz")
    here, there = ann.at(forum, topic), bob.at(forum, topic)
    async with running(telegram, scratch, **settings):
        await here.say("/quiz 3 easy")
        begun = await here.expect("Ann starts a quiz")
        await chat.say("/quiz 2 Zhukov")
        for number in (1, 2):
            poll = await chat.expect_poll(f"{number}/2 · ", timeout=10)
            await vote(ann, poll, is_right=True)
        shown = await chat.expect("2 of 2 right", timeout=10)
        await pressed(ann, shown, "Play again")
        poll = await chat.expect_poll("1/2 · ")
        await chat.say("/stop")
        await chat.expect("Nothing was answered")

        poll = await here.expect_poll("1/3 · ", timeout=10)
        assert poll["message_thread_id"] == topic
        await telegram.fault("flood", method="sendPoll", retry_after=1)
        await vote(ann, poll, is_right=True)
        await vote(bob, poll, is_right=False)
        press = await bob.press(begun, "Stop")
        assert (await press.answer())["show_alert"]
        poll = await here.expect_poll("2/3 · ", timeout=15)
        await pressed(ann, poll, "Skip")
        await here.expect_poll("3/3 · ", timeout=10)
        await there.say("/quiz")
        await there.expect("question 3 of 3|about to begin")
        await here.say("/stop")
        board = await here.expect(r"1\. Ann · 1 of 1(.|\n)*2\. Bob · 0 of 1", timeout=10)
        assert board["message_thread_id"] == topic
