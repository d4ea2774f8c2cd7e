"""What a tick of the clock costs when nothing is due, with many subscriptions in the database.

`python -m tests.benchmarks.ticks --subscriptions 100000` prints milliseconds on SQLite; `--database URL` takes another.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from telegram import Bot

from bot.delivery import Delivery
from bot.scheduling import Scheduler
from bot.services.chats import Chats
from bot.services.daily import Daily
from bot.services.days import Days
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import Polls
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.subscriptions import Subscriptions
from bot.storage.database import migrate, open_database
from bot.storage.tables import metadata
from tests.fakes import one_fact_a_day

LIGHTHOUSE = Path(__file__).parents[1] / "bot" / "lighthouse"
TICKS = 200
DAY = 24 * 3600


async def measure(url: str, number: int) -> list[float]:
    """Milliseconds of each of some ticks."""
    engine = open_database(url)
    await migrate(engine)
    due = int(time.time()) + DAY
    rows = [
        {"chat_id": n + 1, "thread_id": 0, "zone": "Europe/Kyiv", "minute": n % 1440, "weekdays": 127}
        | {"silent": False, "daily_quiz": False, "next_due": due + n % DAY}
        for n in range(number)
    ]
    async with engine.begin() as connection:
        await connection.execute(metadata.tables["subscriptions"].insert(), rows)
    subscriptions = Subscriptions(engine)
    library = Library([LIGHTHOUSE])
    daily = Daily(engine, one_fact_a_day, QuestionsOfDay(library, Feedback(engine)))
    chats, polls = Chats(engine, subscriptions), Polls(engine, Days(engine, library).today)
    scheduler = Scheduler(daily, Delivery(Bot("123456:no-real-token"), chats), chats, polls)
    took = []
    for _ in range(TICKS):
        began = time.perf_counter()
        await scheduler.tick()
        took.append((time.perf_counter() - began) * 1000)
    await engine.dispose()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscriptions", type=int, default=100_000)
    parser.add_argument("--database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite+aiosqlite:///{folder}/footnote.db"
        took = asyncio.run(measure(url, given.subscriptions))
    sys.stdout.write(
        f"{given.subscriptions} subscriptions, {TICKS} ticks with nothing due: "
        f"{statistics.median(took):.2f} ms (median), {max(took):.2f} ms (longest)\n"
    )


if __name__ == "__main__":
    main()
