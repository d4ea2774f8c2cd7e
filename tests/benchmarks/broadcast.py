"""A post to many subscribers at the same minute, under Telegram's limits, while somebody asks questions.

`python -m tests.benchmarks.broadcast --chats 1500` prints messages a second, refusals, and how long answers took.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from bot.playground import Person, Playground
from tests.bot.broadcasts import Broadcast, Tally, people, tally
from tests.bot.processes import BotProcess, PlaygroundProcess

LIGHTHOUSE = Path(__file__).parents[1] / "bot" / "lighthouse"
QUESTION, ANSWER = "When was Ada Merrow born?", "1862"
PAUSE_SECONDS = 1.5  # between two questions


@dataclass(frozen=True)
class Load:
    """What a broadcast came to."""

    tally: Tally
    per_second: float  # from the first post to the last
    refused: int  # 429s
    waits: tuple[float, ...]  # seconds from each question to its answer

    def __str__(self) -> str:
        waits = sorted(self.waits)
        return (
            f"{self.tally.states['sent']} of {self.tally.chats} sent, {self.per_second:.1f} a second, "
            f"{self.refused} refused with 429, {self.tally.doubled} doubled, {self.tally.lost} lost; "
            f"{len(waits)} questions answered within {waits[-1]:.2f} s (median {waits[len(waits) // 2]:.2f} s)"
        )


async def broadcast(playground: Playground, folder: Path, chats: int) -> Load:
    """Send a post to so many people, and meanwhile ask."""
    readers, asker = await people(playground, chats), await playground.user("Asker")
    due = Broadcast(folder)
    await due.prepare([reader.id for reader in readers])
    await playground.enforce_limits()
    with BotProcess(folder, playground.url, FOOTNOTE_PACKS=str(LIGHTHOUSE)) as bot:
        asking = asyncio.create_task(_ask_on(asker))
        await due.until_settled(chats)
        asking.cancel()
        waits = (await asyncio.gather(asking))[0]
        bot.stop()
    calls = await playground.calls("sendMessage")
    ids = {str(reader.id) for reader in readers}
    at = [c["at"] for c in calls if str(c["parameters"]["chat_id"]) in ids and c["code"] == HTTPStatus.OK]
    refused = int((await playground.limits())["refused"])
    return Load(await tally(playground, due, readers), (len(at) - 1) / (max(at) - min(at)), refused, tuple(waits))


async def _ask_on(asker: Person) -> list[float]:
    waits = []
    try:
        while True:
            began = time.monotonic()
            await asker.private.ask(QUESTION, ANSWER, timeout=30)
            waits.append(time.monotonic() - began)
            await asyncio.sleep(PAUSE_SECONDS)
    except asyncio.CancelledError:
        return waits


async def _main(chats: int) -> str:
    with PlaygroundProcess() as process, tempfile.TemporaryDirectory() as folder:
        async with Playground.connect(process.url) as playground:
            return str(await broadcast(playground, Path(folder), chats))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=1500)
    sys.stdout.write(asyncio.run(_main(parser.parse_args().chats)) + "\n")


if __name__ == "__main__":
    main()
