"""Many people pressing at once in a game that was sent inline.

`python -m tests.benchmarks.inline_game --players 30 --presses 200` prints how many presses were counted and answered,
how soon, and how often the message was edited; exit status 1 where a limit of Telegram's was broken or a press lost.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bot.playground import Playground
from tests.bot.inline_games import Played, play
from tests.bot.processes import PlaygroundProcess

MOST_EDITS = 20  # a minute; Telegram's own limit for a group
LONGEST_WAITS = {5: 1.0, 1: 2.0}  # seconds until a press is answered; all in one moment is the worst that can be


async def measure(players: int, presses: int, questions: int) -> Played:
    with PlaygroundProcess() as process, tempfile.TemporaryDirectory() as folder:
        async with Playground.connect(process.url) as playground:
            played = await play(playground, Path(folder), players=players, presses=presses, questions=questions)
            await playground.assert_no_violations()
            return played


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--players", type=int, default=30)
    parser.add_argument("--presses", type=int, default=200)
    given = parser.parse_args()
    failed = 0
    for questions, longest_wait in LONGEST_WAITS.items():
        played = asyncio.run(measure(given.players, given.presses, questions))
        sys.stdout.write(f"{questions} question{'s' if questions > 1 else ''}: {played}\n  {dict(played.answers)}\n")
        is_complete = played.counted == played.due and len(played.waits) == played.presses
        is_quick = played.waits[-1] <= longest_wait and played.edits_a_minute <= MOST_EDITS
        failed |= not (is_complete and is_quick and not played.refused)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
