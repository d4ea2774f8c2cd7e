"""`footnote run` as a process, on a playground of its own."""

import asyncio
import contextlib
import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.playground import DEFAULT_TOKEN, Playground
from handlers.errors import SORRY
from tests.bot.processes import BotProcess, PlaygroundProcess, footnote, until_refused

BORN, DIED = "When was Ada Merrow born?", "and when did she die?"
START = Callable[..., BotProcess]


@pytest.fixture
def start(playground_process: PlaygroundProcess, lighthouse: Path, tmp_path: Path) -> Iterator[START]:
    """Starts the bot with the small pack; stops it when the test is over."""
    with contextlib.ExitStack() as running:

        def begin(**settings: str) -> BotProcess:
            packs = {"FOOTNOTE_PACKS": str(lighthouse)}
            return running.enter_context(BotProcess(tmp_path, playground_process.url, **(packs | settings)))

        yield begin


async def test_a_conversation_goes_on_after_kill_and_restart(playground: Playground, start: START) -> None:
    bot = start(FOOTNOTE_PACKS="knowledge/packs/stalin")
    ann = await playground.user("Ann")
    told = await ann.private.ask("Who was Kato Svanidze?", "Svanidze")

    assert bot.stop(signal.SIGKILL) == -signal.SIGKILL
    asked = await ann.private.say("and when did she die?")
    press = await ann.private.press(told, "Source")
    bot.start()

    await ann.private.expect("1907", after=asked)
    assert (await press.answer()).text == ""
    await ann.private.expect("paragraph")


async def test_what_came_while_the_bot_was_down_is_answered_once(playground: Playground, start: START) -> None:
    bot = start()
    ann = await playground.user("Ann")
    await ann.private.ask(BORN, "1862")
    bot.stop()
    await ann.private.say("How high is the tower?")
    bot.start()
    await ann.private.expect("31 metres")

    await playground.redeliver()
    await playground.redeliver()
    await ann.private.ask("/help", "How to ask")

    spoken = [m.text for m in await ann.private.transcript() if m.raw["from"]["is_bot"]]
    assert len(spoken) == 3


async def test_an_update_delivered_again_after_a_restart_is_not_answered_again(
    playground: Playground, start: START
) -> None:
    bot = start()
    ann = await playground.user("Ann")
    await ann.private.ask(BORN, "1862")
    await asyncio.sleep(0.1)
    bot.stop(signal.SIGKILL)

    await playground.redeliver()
    bot.start()
    await ann.private.ask("/help", "How to ask")

    spoken = [m.text for m in await ann.private.transcript() if m.raw["from"]["is_bot"]]
    assert len(spoken) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_bot_after_what_was_begun(
    number: signal.Signals, playground: Playground, start: START
) -> None:
    bot = start()
    ann = await playground.user("Ann")
    await playground.flood("sendMessage", retry_after=1)
    await ann.private.say(BORN)
    await ann.private.say("How high is the tower?")
    await until_refused(playground, ann)

    assert bot.stop(number) == 0
    await ann.private.expect("1862")
    await ann.private.expect("31 metres")
    assert "Traceback" not in bot.log


async def test_a_bot_that_must_wait_long_stops_all_the_same(playground: Playground, start: START) -> None:
    bot = start()
    ann = await playground.user("Ann")
    await playground.flood("sendMessage", retry_after=50)
    await ann.private.say(BORN)
    await until_refused(playground, ann)

    assert bot.stop() == 0
    assert "left unanswered" in bot.log
    assert "Traceback" not in bot.log


async def test_a_hang_up_signal_reads_the_packs_anew(
    playground: Playground, start: START, lighthouse: Path, tmp_path: Path
) -> None:
    pack = shutil.copytree(lighthouse, tmp_path / "pack")
    facts = pack / "facts" / "keepers.yaml"
    bot = start(FOOTNOTE_PACKS=str(pack))
    ann = await playground.user("Ann")
    await ann.private.ask(BORN, "born in Wick in 1862")

    facts.write_text(facts.read_text().replace("in Wick in 1862", "in the town of Wick in 1862"))
    bot.send(signal.SIGHUP)
    bot.wait_for_log("read 10 facts anew")
    await ann.private.ask(BORN, "in the town of Wick")

    facts.write_text(facts.read_text().replace("intent: birth", "intent: begin"))
    bot.send(signal.SIGHUP)
    bot.wait_for_log("the old one stays in use")
    await ann.private.ask(BORN, "in the town of Wick")
    assert re.search(r"keepers\.yaml:\d+: ", bot.log)


async def test_a_fault_is_told_and_the_bot_lives_on(playground: Playground, start: START, tmp_path: Path) -> None:
    bot = start()
    ann = await playground.user("Ann")
    with contextlib.closing(sqlite3.connect(tmp_path / "footnote.db", timeout=5)) as connection:
        connection.execute("ALTER TABLE conversations RENAME TO hidden")

        assert (await ann.private.ask(BORN)).text == SORRY
        await ann.private.ask("/help", "How to ask")

        connection.execute("ALTER TABLE hidden RENAME TO conversations")
    await ann.private.ask(BORN, "1862")
    assert "no such table: conversations" in bot.log


async def test_a_telegram_that_fails_for_a_while_is_asked_again(playground: Playground, start: START) -> None:
    bot = start()
    ann = await playground.user("Ann")
    await playground.fault("getUpdates", code=502, description="Bad Gateway")

    await ann.private.ask(BORN, "1862")
    await ann.private.ask("/help", "How to ask", timeout=10)

    assert "trying on" in bot.log
    assert "Traceback" not in bot.log


async def test_a_token_that_is_revoked_ends_the_bot_with_a_sentence(playground: Playground, start: START) -> None:
    bot = start()
    ann = await playground.user("Ann")
    await playground.fault("getUpdates", code=401, description="Unauthorized", times=None)

    await ann.private.say("/help")
    status = bot.wait()
    await playground.clear_faults()

    assert status == 1
    assert "Traceback" not in bot.log
    assert bot.log.rstrip().endswith("Telegram doesn't know this TELEGRAM_BOT_TOKEN; check it with @BotFather")


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_token_reaches_neither_log_nor_database(
    form: str, playground: Playground, start: START, tmp_path: Path
) -> None:
    bot = start(FOOTNOTE_LOG="debug", FOOTNOTE_LOG_FORMAT=form)
    ann = await playground.user("Ann")
    await playground.fault("sendMessage", kind="drop", times=1)
    await ann.private.say("/start")
    told = await ann.private.ask(BORN, "1862")
    await playground.fault("answerCallbackQuery", code=500, description="Internal Server Error")
    await ann.private.press(told, "Why")
    await ann.private.expect("Asked for")
    bot.stop()

    secret = DEFAULT_TOKEN.partition(":")[2]
    assert "bot.delivery" in bot.log
    assert secret not in bot.log
    for file in ("footnote.db", "footnote.db-wal"):
        assert secret.encode() not in ((tmp_path / file).read_bytes() if (tmp_path / file).exists() else b"")


def test_a_wrong_token_is_told_in_one_sentence(
    playground_process: PlaygroundProcess, lighthouse: Path, tmp_path: Path
) -> None:
    done = footnote(
        "run",
        cwd=tmp_path,
        TELEGRAM_BOT_TOKEN="4200000042:some-other-token-of-right-length",
        FOOTNOTE_TELEGRAM_API=playground_process.url,
        FOOTNOTE_PACKS=str(lighthouse),
    )

    assert done.returncode == 1
    assert done.stderr == "Telegram doesn't know this TELEGRAM_BOT_TOKEN; check it with @BotFather\n"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://nowhere.invalid"])
def test_a_server_that_cannot_be_reached_is_told_in_one_sentence(
    address: str, lighthouse: Path, tmp_path: Path
) -> None:
    done = footnote(
        "run",
        cwd=tmp_path,
        TELEGRAM_BOT_TOKEN=DEFAULT_TOKEN,
        FOOTNOTE_TELEGRAM_API=address,
        FOOTNOTE_PACKS=str(lighthouse),
    )

    assert done.returncode == 1
    assert re.fullmatch(rf"can't reach Telegram at {address}: .+\n", done.stderr)
    assert DEFAULT_TOKEN not in done.stderr
