"""A few of the kills that `python -m tests.bot.kills` makes many of."""

import random
import signal
from pathlib import Path

import pytest

from bot.playground import Playground
from tests.bot.broadcasts import Broadcast, people, tally
from tests.bot.kills import run
from tests.bot.processes import BotProcess


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_broadcast_that_is_killed_again_and_again_reaches_everybody_once(
    seed: int, playground: Playground, tmp_path: Path
) -> None:
    done = await run(playground, tmp_path, chats=80, kills=2, chance=random.Random(seed))  # noqa: S311 - repeatable

    assert done.is_clean, done
    assert len(done.in_flight) == 2


async def test_a_bot_that_is_told_to_stop_leaves_no_attempt_without_an_outcome(
    playground: Playground, lighthouse: Path, tmp_path: Path
) -> None:
    readers = await people(playground, 40)
    broadcast = Broadcast(tmp_path)
    await broadcast.prepare([reader.id for reader in readers])
    await playground.fault("sendMessage", kind="slow", seconds=0.3, times=None)
    with BotProcess(tmp_path, playground.url, FOOTNOTE_PACKS=str(lighthouse)) as bot:
        await broadcast.until_settled(1)
        assert bot.stop(signal.SIGTERM) == 0
        stopped = await tally(playground, broadcast, readers)
        await playground.clear_faults()
        bot.start()
        await broadcast.until_settled(40)
        bot.stop()
    done = await tally(playground, broadcast, readers)

    assert set(stopped.states) == {"sent", "due"}
    assert stopped.states["sent"] == stopped.received
    assert (done.states, done.received, done.doubled) == ({"sent": 40}, 40, 0)
    assert "Traceback" not in bot.log


async def test_many_posts_at_once_stay_within_telegrams_limits_and_let_answers_pass(
    playground: Playground, lighthouse: Path, tmp_path: Path
) -> None:
    readers, asker = await people(playground, 90), await playground.user("Asker")
    broadcast = Broadcast(tmp_path)
    await broadcast.prepare([reader.id for reader in readers])
    await playground.enforce_limits()
    with BotProcess(tmp_path, playground.url, FOOTNOTE_PACKS=str(lighthouse)) as bot:
        await broadcast.until_settled(1)
        await asker.private.ask("When was Ada Merrow born?", "1862")
        meanwhile = broadcast.settled()
        await broadcast.until_settled(90)
        bot.stop()
    counted = await playground.limits()
    await playground.enforce_limits(False)
    done = await tally(playground, broadcast, readers)

    assert meanwhile < 60
    assert counted["refused"] == 0
    assert (done.states, done.received, done.doubled) == ({"sent": 90}, 90, 0)
