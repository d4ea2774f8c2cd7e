"""The games' clock and their messages: what is due happens, and many changes are shown by one edit."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import Content, Delivery, Later, Sent, Uncertain
from bot.services.games import Games, Scene
from bot.ticking import FAULT_SECONDS, LONGEST_SLEEP, keep_ticking
from handlers import render_games

SPACING_SECONDS = 3.1  # between two edits of one message: at most 20 in any minute, which is what Telegram allows
AT_WORK = 40  # edits under way at once
GATHER_SECONDS = 0.1  # after a change, for others to come with it: answering the presses comes first
MOST_REMEMBERED = 2000  # messages of which it is known what they show, a kilobyte each

log = logging.getLogger(__name__)


class Referee:
    """Lets games go on, and shows how they stand. Nothing is kept here that a restart could lose."""

    def __init__(
        self,
        games: Games,
        delivery: Delivery,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._games = games
        self._delivery = delivery
        self._clock = clock
        self._sleep = sleep
        self._work: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, float] = {}  # when a message may be edited again
        self._shows: dict[str, Content] = {}  # as far as it is known, newest last

    async def run(self) -> None:
        """Referee for ever."""
        await keep_ticking("games", self._gathered, self._games.changed, self._sleep)

    async def _gathered(self) -> float:
        """A tick shortly after something has changed, so that one edit shows all that changed with it."""
        await self._sleep(GATHER_SECONDS)
        return await self.tick()

    async def tick(self) -> float:
        """Do what is due, begin to show what has changed; seconds until there may be more."""
        moment = await self._games.step()
        now = self._clock()
        self._not_before = {message: until for message, until in self._not_before.items() if until > now}
        waits = [LONGEST_SLEEP] if moment is None else [LONGEST_SLEEP, moment - now]
        for message in await self._games.unshown():
            if message in self._work:
                continue
            if message in self._not_before:
                waits.append(self._not_before[message] - now)
            elif len(self._work) < AT_WORK:
                self._work[message] = asyncio.create_task(self._show(message))
        return max(0.0, min(waits))

    async def finish(self) -> None:
        """Wait for the edits under way."""
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    async def close(self) -> None:
        """Give up the edits under way: what isn't known to be shown is shown after the next start."""
        for task in self._work.values():
            task.cancel()
        await self.finish()

    async def _show(self, message: str) -> None:
        """Edit a message once; it may be looked at again after a while."""
        wait = FAULT_SECONDS
        try:
            wait = await self._edit(message)
        except SQLAlchemyError as error:
            log.error("a game's message waits for the database: %s", error)  # noqa: TRY400 - one line is enough
            wait = LONGEST_SLEEP
        except Exception:
            log.exception("a game's message meets a fault of ours")
        finally:
            self._not_before[message] = self._clock() + wait
            del self._work[message]
            self._games.changed.set()

    async def _edit(self, message: str) -> float:
        """Show a game as it stands; seconds until its message may be edited again."""
        scene: Scene | None = None
        wanted: Content | None = None

        async def newest() -> Content | None:
            nonlocal scene, wanted
            scene = await self._games.scene(message)
            wanted = render_games.scene(scene) if scene else None
            return None if wanted == self._shows.get(message) else wanted

        outcome = await self._delivery.edit_inline(message, newest)
        if isinstance(outcome, Later):
            return max(outcome.seconds, SPACING_SECONDS)
        if isinstance(outcome, Uncertain):  # showing the same twice does no harm
            return SPACING_SECONDS
        if isinstance(outcome, Sent) and wanted is not None:
            self._remember(message, wanted)
        if scene is not None:
            await self._games.shown(message, scene.edit_at)
        return SPACING_SECONDS if outcome is not None else 0.0

    def _remember(self, message: str, shown: Content) -> None:
        self._shows.pop(message, None)
        self._shows[message] = shown
        if len(self._shows) > MOST_REMEMBERED:
            del self._shows[next(iter(self._shows))]
