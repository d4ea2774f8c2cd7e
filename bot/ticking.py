"""What all clocks of the bot have in common: a loop that does what is due, and records that have to be written."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

LONGEST_SLEEP = 5.0  # seconds until something new, or a clock that was set, is noticed
FAULT_SECONDS = 60.0  # until it is tried again after a fault of our own
LONGEST_PAUSE = 30.0  # seconds between two attempts to write a record

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

log = logging.getLogger(__name__)


async def keep_ticking(
    what: str,
    tick: Callable[[], Awaitable[float]],
    changed: asyncio.Event,
    sleep: Sleep,
    recover: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Call `tick` for ever; it tells the seconds until there may be more, which end early when something has changed.

    `recover` is called before the first tick. What fails, such as a database, is logged and tried again.
    """
    while True:
        changed.clear()
        try:
            if recover is not None:
                await recover()
                recover = None
            pause = await tick()
        except SQLAlchemyError as error:
            _end_if_cancelled(error)
            log.error("%s wait for the database: %s", what, error)  # noqa: TRY400 - one line is enough
            pause = LONGEST_SLEEP
        except Exception:
            log.exception("%s wait for a fault of ours", what)
            pause = FAULT_SECONDS
        await _rest(pause, changed, sleep)


async def recorded(what: str, write: Callable[[], Awaitable[T]], sleep: Sleep) -> T:
    """Write what became of an attempt, as often as it takes: what isn't on record would be uncertain."""
    pause = 1.0
    while True:
        try:
            return await write()
        except SQLAlchemyError as error:
            _end_if_cancelled(error)
            log.error("what became of %s can't be recorded yet: %s", what, error)  # noqa: TRY400 - as above
            await sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _end_if_cancelled(error: SQLAlchemyError) -> None:
    """A cancellation in the middle of a statement may come out as an error of the database."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


async def _rest(seconds: float, changed: asyncio.Event, sleep: Sleep) -> None:
    asleep, woken = asyncio.ensure_future(sleep(seconds)), asyncio.create_task(changed.wait())
    try:
        await asyncio.wait((asleep, woken), return_when=asyncio.FIRST_COMPLETED)
    finally:
        asleep.cancel()
        woken.cancel()
