"""Kills the real bot again and again while it posts, with Telegram failing in every way it can, and counts the damage.

`python -m tests.bot.kills --runs 50` prints the figures of each run; exit status 1 where a post was lost or doubled.
"""

import argparse
import asyncio
import random
import re
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.pacing import MOST_BROADCASTS
from bot.playground import Playground
from tests.bot.broadcasts import Broadcast, Tally, people, tally
from tests.bot.processes import BotProcess, PlaygroundProcess
from tests.packs import LIGHTHOUSE

CUT_SHORT = re.compile(r"the post of \S+ for chat \d+ was being sent when the bot stopped")
FAULTS: tuple[dict[str, object], ...] = (  # the share of the calls that each strikes, of those that the earlier spare
    {"kind": "flood", "retry_after": 1, "probability": 0.03},
    {"kind": "error", "code": 500, "probability": 0.03},
    {"kind": "error", "code": 502, "probability": 0.02},
    {"kind": "drop", "when": "before", "probability": 0.02},
    {"kind": "drop", "when": "after", "probability": 0.02},
    {"kind": "slow", "seconds": 6, "probability": 0.01},  # more than the bot waits for an answer
    {"kind": "slow", "seconds": 0.2, "probability": 0.5},  # as from afar: some calls are always under way
)


@dataclass(frozen=True)
class Run:
    """One broadcast that was killed into."""

    tally: Tally
    in_flight: list[int]  # at each kill, as the bot found when it started again
    struck: int  # uncertain for other reasons: the connection was cut, or Telegram too slow
    faultless: bool  # no traceback in the bot's log

    @property
    def is_clean(self) -> bool:
        """Nothing doubled, nothing lost, and no more cut short by a kill than calls can be under way."""
        damage = (self.tally.doubled, self.tally.lost, self.tally.unrecorded)
        return self.faultless and not any(damage) and all(number <= MOST_BROADCASTS for number in self.in_flight)

    def __str__(self) -> str:
        t = self.tally
        return (
            f"{t.chats} chats, {len(self.in_flight)} kills: {t.received} received, {t.states['sent']} sent, "
            f"{t.states['uncertain']} uncertain ({sum(self.in_flight)} in flight at a kill, {self.struck} by a fault), "
            f"{t.doubled} doubled, {t.lost} lost"
        )


async def run(playground: Playground, folder: Path, *, chats: int, kills: int, chance: random.Random) -> Run:
    """A broadcast to so many chats into which the bot is killed at random moments, until all of it is settled."""
    readers = await people(playground, chats)
    broadcast = Broadcast(folder)
    await broadcast.prepare([reader.id for reader in readers])
    for fault in FAULTS:
        await playground.fault("sendMessage", times=None, **fault)  # type: ignore[arg-type]
    with BotProcess(folder, playground.url, FOOTNOTE_PACKS=str(LIGHTHOUSE)) as bot:
        for _ in range(kills):
            await broadcast.until_settled(broadcast.settled() + chance.randrange(chats // (kills + 1)))
            await asyncio.sleep(chance.random() / 10)
            bot.stop(signal.SIGKILL)
            bot.start()
        await broadcast.until_settled(chats)
        bot.stop()
        await playground.clear_faults()
        log = bot.log
    counted = await tally(playground, broadcast, readers)
    _, _, *after_kills = log.split("answering as")
    in_flight = [len(CUT_SHORT.findall(part)) for part in after_kills]
    return Run(counted, in_flight, counted.states["uncertain"] - sum(in_flight), faultless="Traceback" not in log)


async def play(runs: int, chats: int, most_kills: int, seed: int) -> bool:
    """All runs, each told as it ends; whether they are clean."""
    chance, done = random.Random(seed), []  # noqa: S311 - repeatable
    for number in range(runs):
        with PlaygroundProcess() as process, tempfile.TemporaryDirectory() as folder:
            async with Playground.connect(process.url) as playground:
                kills = chance.randint(1, most_kills)
                done.append(await run(playground, Path(folder), chats=chats, kills=kills, chance=chance))
                await playground.assert_no_violations()
        sys.stdout.write(f"{number + 1:3}. {done[-1]}\n")
        sys.stdout.flush()
    kills = sum(len(r.in_flight) for r in done)
    sys.stdout.write(
        f"{runs} runs, {kills} kills, {sum(r.tally.chats for r in done)} posts: "
        f"{sum(r.tally.doubled for r in done)} doubled, {sum(r.tally.lost for r in done)} lost, "
        f"{sum(sum(r.in_flight) for r in done)} in flight at a kill (at most {max(max(r.in_flight) for r in done)}), "
        f"{sum(r.struck for r in done)} uncertain by a fault; "
        f"{sum(r.is_clean for r in done)} of {runs} runs clean\n"
    )
    return all(r.is_clean for r in done)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--chats", type=int, default=300)
    parser.add_argument("--kills", type=int, default=3, help="at most so many in a run")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    return 0 if asyncio.run(play(given.runs, given.chats, given.kills, given.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
