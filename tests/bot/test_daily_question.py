"""The daily question over HTTP: it follows the post, answers count once, a stop in between loses nothing."""

import asyncio
import contextlib
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground import Message, Playground
from tests.bot.broadcasts import Broadcast
from tests.bot.processes import BotProcess, PlaygroundProcess
from tests.packs import SHIPPED

PATIENCE = 20.0


def wish_for_questions(folder: Path, *, channel: int) -> None:
    """Let all who are subscribed have questions too."""
    with contextlib.closing(sqlite3.connect(folder / "footnote.db")) as connection, connection:
        connection.execute("UPDATE subscriptions SET daily_quiz = 1, is_channel = chat_id = ?", (channel,))


@pytest.fixture
def bot(tmp_path: Path, playground_process: PlaygroundProcess) -> Iterator[BotProcess]:
    """The bot with the pack that ships; not running yet."""
    process = BotProcess(tmp_path, playground_process.url, FOOTNOTE_PACKS=str(SHIPPED))
    yield process
    if process._process is not None:
        process.stop(signal.SIGKILL)


def correct(poll: Message) -> int:
    return int(poll.raw["poll"]["correct_option_ids"][0])


def wrong(poll: Message) -> int:
    return (correct(poll) + 1) % len(poll.options)


async def until_counted(folder: Path, number: int) -> None:
    """Wait until so many answers are on record."""
    deadline = time.monotonic() + PATIENCE
    with contextlib.closing(sqlite3.connect(folder / "footnote.db", timeout=PATIENCE)) as connection:
        while (counted := connection.execute("SELECT count(*) FROM votes").fetchone()[0]) < number:
            assert time.monotonic() < deadline, f"{counted} of {number} answers are counted"
            await asyncio.sleep(0.05)


async def test_a_group_is_asked_each_day_and_sees_who_knew(
    playground: Playground, bot: BotProcess, tmp_path: Path
) -> None:
    ann, bob = await playground.user("Ann", started=True), await playground.user("Bob")
    eve = await playground.user("Eve")
    group, channel = await playground.supergroup("Readers", ann, bob), await playground.channel("News", ann)
    here = ann.at(group)
    due = Broadcast(tmp_path)
    await due.prepare([group.id, channel.id, ann.id])
    wish_for_questions(tmp_path, channel=channel.id)

    bot.start()
    post = await here.expect("(this day|worth knowing|this month|years ago)", timeout=PATIENCE)
    poll = await here.expect("Question of the day · ", timeout=PATIENCE)
    in_channel = await ann.at(channel).expect("Question of the day · ", timeout=PATIENCE)
    in_private = await ann.private.expect("Question of the day · ", timeout=PATIENCE)

    assert poll.id > post.id
    assert poll.buttons == ["Report"]
    assert poll.text == in_channel.text == in_private.text
    assert not poll.raw["poll"]["is_anonymous"]
    assert in_channel.raw["poll"]["is_anonymous"]
    assert 23 * 3600 < poll.raw["poll"]["open_period"] <= 24 * 3600
    await due.until_settled(6)

    await ann.vote(poll, correct(poll))
    await until_counted(tmp_path, 1)
    bot.stop(signal.SIGKILL)
    await bob.vote(poll, wrong(poll))
    await eve.vote(poll, correct(poll), through_a_forward=True)
    await ann.vote(in_private, correct(in_private))
    bot.start()
    await until_counted(tmp_path, 3)

    board = await here.ask("/top", "Who answers best", timeout=PATIENCE)
    assert board.text.splitlines()[2:] == ["1. Ann · 1 of 1 right", "2. Bob · 0 of 1 right"]
    await bob.private.ask("/anonymous", "a player", timeout=PATIENCE)
    await here.ask("/top", "1. Ann · 1 of 1 right\n2. a player · 0 of 1 right")
    press = await here.press(board, "All time")
    assert await press.answer() == ("", False, None)
    await here.expect("all time\n\n1. Ann · 1 of 1 right\n2. a player")
    await ann.private.ask("/top", "Today: 2 of 2 right(?s:.*)here: 1 right in a row")
    assert {state for states in due.states().values() for state in states} == {"sent"}
    assert len([m for m in await here.transcript() if m.poll_id]) == 1
    assert bot.stop() == 0
    assert "Traceback" not in bot.log
