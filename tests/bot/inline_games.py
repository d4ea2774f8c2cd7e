"""A quiz game in an inline message, played by many at once, and what came of it."""

import asyncio
import contextlib
import random
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.playground import InlineMessage, Person, Playground
from handlers.render_games import LETTERS
from tests.bot.processes import BotProcess
from tests.packs import SHIPPED

MINUTE = 60.0
EDIT_SECONDS = 10.0  # for an edit to come: some times the pause between two


@dataclass(frozen=True)
class Played:
    """What many presses came to."""

    presses: int
    due: int  # players who pressed, summed over the questions
    counted: int  # as the database has it
    answers: Counter[str]  # what the presses were answered with, by their first words
    waits: tuple[float, ...]  # seconds from each press to its answer, sorted
    edits: tuple[float, ...]  # when the message was edited
    refused: int  # 429s

    @property
    def edits_a_minute(self) -> int:
        """The most edits in any minute."""
        return max((sum(at <= other < at + MINUTE for other in self.edits) for at in self.edits), default=0)

    @property
    def closest(self) -> float:
        """Seconds between the two edits that came closest together."""
        return min((later - earlier for earlier, later in pairwise(self.edits)), default=MINUTE)

    def wait(self, share: float) -> float:
        """Seconds within which this share of the presses was answered."""
        return self.waits[min(int(share * len(self.waits)), len(self.waits) - 1)]

    def __str__(self) -> str:
        return (
            f"{self.presses} presses, {len(self.waits)} answered, {self.counted} of {self.due} counted; "
            f"answered within {self.wait(0.5):.3f} s (half), {self.wait(0.99):.3f} s (99 of 100), "
            f"{self.waits[-1]:.3f} s (all); {len(self.edits)} edits, at most {self.edits_a_minute} a minute, "
            f"no two within {self.closest:.1f} s; {self.refused} refused with 429"
        )


async def begin(person: Person, query: str = "quiz", which: int = 0) -> InlineMessage:
    """Send a game and begin it; the message, once it shows the first question."""
    message = await (await person.inline(query)).choose(which)
    press = await person.press(message, "Begin")
    assert (await press.answer()).text == ""
    await message.expect("Question 1 of")
    return message


async def play(playground: Playground, folder: Path, *, players: int, presses: int, questions: int) -> Played:
    """Play a game in which all press at once, many of them more than once, under Telegram's limits."""
    await playground.inline_mode()
    people = [await playground.user(f"Player {n}") for n in range(players)]
    chance = random.Random(7)  # noqa: S311 - repeatable
    await playground.enforce_limits()
    told: list[tuple[str, float]] = []
    due = 0
    with BotProcess(folder, playground.url, FOOTNOTE_PACKS=str(SHIPPED)) as bot:
        message = await begin(people[0], f"quiz {questions}")
        shown = await message.now()
        for number in range(1, questions + 1):
            options = [button for button in shown.buttons if button in LETTERS]
            pressing = [people[n % players] for n in range(presses // questions)]
            due += len({person.id for person in pressing})
            told += await asyncio.gather(*(_press(person, message, chance.choice(options)) for person in pressing))
            await _press(people[0], message, "Reveal")
            await message.expect("got it right", timeout=EDIT_SECONDS)
            is_last = number == questions
            await _press(people[0], message, "Scores" if is_last else "Next")
            shown = await message.expect("The scores" if is_last else f"Question {number + 1} of", timeout=EDIT_SECONDS)
        bot.stop()
    edits = tuple(call["at"] for call in await playground.calls("editMessageText"))
    refused = int((await playground.limits())["refused"])
    await playground.enforce_limits(False)
    answers = Counter(text.split("\n")[0].split(":")[0].split(".")[0] for text, _ in told)
    waits = tuple(sorted(wait for _, wait in told))
    return Played(len(told), due, counted(folder), answers, waits, edits, refused)


def counted(folder: Path) -> int:
    """The answers that the bot has kept."""
    with contextlib.closing(sqlite3.connect(folder / "footnote.db", timeout=20)) as connection:
        return int(connection.execute("SELECT count(*) FROM game_votes").fetchone()[0])


async def _press(person: Person, message: InlineMessage, button: str) -> tuple[str, float]:
    """Press a button; what the press is answered with, and after how many seconds."""
    begun = time.monotonic()
    press = await person.press(message, button)
    answer = await press.answer()
    return answer.text, time.monotonic() - begun
