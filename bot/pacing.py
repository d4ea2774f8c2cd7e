"""Who may send when: within Telegram's limits, and answers to people before broadcasts."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

Key: TypeAlias = int | str  # a chat's id, or the id of a message that was sent inline

# Telegram's figures, which it calls approximate. In one chat it lets short bursts pass, as its FAQ says, so three calls
# in three seconds stand for one a second: who presses a button right under an answer isn't kept waiting.
OVERALL = (30, 1.0)
PER_CHAT = (3, 3.0)
PER_GROUP = (20, 60.0)
# Calls that set out a second apart may arrive closer together. With this much between, 28.8 a second leave at most.
UNEVEN_SECONDS = 0.04
BROADCAST_SECONDS = 1 / 28  # between two broadcasts: spread evenly, so that an answer finds a place at any moment
MOST_AT_ONCE = 20  # calls under way
MOST_BROADCASTS = 15  # of these, so that slow broadcasts leave room for answers
SWEEP_SECONDS = 60.0  # between two looks for chats in which nothing happens any more


class TooBusyError(Exception):
    """A chat's turn would come later than whoever asked has patience for."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the next turn comes in {seconds:.0f} s")
        self.seconds = seconds


class Turn:
    """Leave to make one call. `begin` right before it, `end` after it, or instead of it."""

    def __init__(self, windows: "tuple[_Window, ...]", clock: Callable[[], float], over: Callable[[], None]) -> None:
        self._windows = windows
        self._clock = clock
        self._over = over
        self._begun = False
        for window in windows:
            window.taken += 1

    def begin(self) -> None:
        """The call is made now: from now on it counts against the limits."""
        self._begun = True
        now = self._clock()
        for window in self._windows:
            window.count(now)

    def end(self) -> None:
        """The call is over, or wasn't made."""
        if not self._begun:
            for window in self._windows:
                window.taken -= 1
        self._over()


class Pacing:
    """Gives turns, urgent ones first, each line in its order but for chats that have to wait."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._overall = _Window(*OVERALL)
        self._chats: dict[Key, tuple[_Window, ...]] = {}
        self._paused_until: dict[Key | None, float] = {}  # None: all
        self._broadcasts_from = -math.inf
        self._urgent: list[_Waiter] = []
        self._broadcasts: list[_Waiter] = []
        self._under_way = {True: 0, False: 0}  # by urgency
        self._changed = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._swept_at = -math.inf

    async def turn(self, key: Key, *, urgent: bool, patience: float) -> Turn:
        """Wait for a turn in a chat.

        Raises TooBusyError as soon as the chat, or everything, is known to be held up for longer than `patience`
        seconds from then; the time that the others before it take doesn't count.
        """
        waiter = _Waiter(key, urgent, patience)
        self._line(urgent).append(waiter)
        self._wake()
        try:
            return await waiter.granted
        except asyncio.CancelledError:
            if waiter in self._line(urgent):
                self._line(urgent).remove(waiter)
            elif waiter.granted.done() and not waiter.granted.cancelled() and not waiter.granted.exception():
                waiter.granted.result().end()
            raise

    def pause(self, key: Key | None, seconds: float) -> None:
        """Give no turns in a chat, or at all, for some time."""
        self._paused_until[key] = max(self._clock() + seconds, self._paused_until.get(key, -math.inf))
        self._wake()

    def pause_broadcasts(self, seconds: float) -> None:
        """Give turns to answers only for some time."""
        self._broadcasts_from = max(self._clock() + seconds, self._broadcasts_from)

    def is_paused(self, key: Key | None) -> bool:
        """Whether a chat, or everything, is held up."""
        return self._paused_until.get(key, -math.inf) > self._clock()

    @property
    def chats(self) -> int:
        """Of how many chats something is kept."""
        return len(self._chats.keys() | self._paused_until.keys())

    async def close(self) -> None:
        """Give no more turns."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    def _line(self, urgent: bool) -> "list[_Waiter]":
        return self._urgent if urgent else self._broadcasts

    def _wake(self) -> None:
        self._changed.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._give_turns())

    async def _give_turns(self) -> None:
        while self._urgent or self._broadcasts:
            self._changed.clear()
            seconds = self._grant()
            if self._urgent or self._broadcasts:
                await self._rest(seconds)

    async def _rest(self, seconds: float) -> None:
        """Sleep until a turn may become free, or something has changed."""
        tasks: list[asyncio.Future[object]] = [asyncio.ensure_future(self._changed.wait())]
        if seconds < math.inf:
            tasks.append(asyncio.ensure_future(self._sleep(seconds)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    def _grant(self) -> float:
        """Give all turns that can be given now; seconds until more can be, as far as that is known."""
        now = self._clock()
        self._sweep(now)
        wait = math.inf
        for line in (self._urgent, self._broadcasts):
            for waiter in tuple(line):
                if (shared := self._wait_of_all(waiter.urgent, now)) > 0:
                    wait = min(wait, shared)
                    break
                own = self._wait_of_chat(waiter.key, now)
                if own > waiter.patience:
                    line.remove(waiter)
                    waiter.granted.set_exception(TooBusyError(own))
                elif own > 0:
                    wait = min(wait, own)
                else:
                    line.remove(waiter)
                    self._give(waiter, now)
        return wait

    def _give(self, waiter: "_Waiter", now: float) -> None:
        if not waiter.urgent:
            on_time = now - self._broadcasts_from < BROADCAST_SECONDS
            self._broadcasts_from = (self._broadcasts_from if on_time else now) + BROADCAST_SECONDS
        self._under_way[waiter.urgent] += 1
        windows = (self._overall, *self._windows(waiter.key))
        waiter.granted.set_result(Turn(windows, self._clock, lambda: self._over(waiter.urgent)))

    def _over(self, urgent: bool) -> None:
        self._under_way[urgent] -= 1
        self._wake()

    def _wait_of_all(self, urgent: bool, now: float) -> float:
        """Seconds for which nobody, or no broadcast, gets a turn."""
        full = sum(self._under_way.values()) >= MOST_AT_ONCE
        if full or (not urgent and self._under_way[False] >= MOST_BROADCASTS):
            return math.inf
        wait = self._overall.wait(now)
        return wait if urgent else max(wait, self._broadcasts_from - now)

    def _wait_of_chat(self, key: Key, now: float) -> float:
        paused = max(self._paused_until.get(held, -math.inf) for held in (None, key)) - now
        return max(paused, *(window.wait(now) for window in self._windows(key)))

    def _windows(self, key: Key) -> "tuple[_Window, ...]":
        if key not in self._chats:
            # Where a message that was sent inline stands nobody tells; it may be a group.
            grouped = isinstance(key, str) or key < 0
            self._chats[key] = (_Window(*PER_CHAT), _Window(*PER_GROUP)) if grouped else (_Window(*PER_CHAT),)
        return self._chats[key]

    def _sweep(self, now: float) -> None:
        """Forget chats in which nothing happens any more."""
        if now - self._swept_at < SWEEP_SECONDS:
            return
        self._swept_at = now
        waiting = {waiter.key for waiter in (*self._urgent, *self._broadcasts)}
        self._chats = {
            key: windows
            for key, windows in self._chats.items()
            if key in waiting or not all(window.is_idle(now) for window in windows)
        }
        self._paused_until = {key: until for key, until in self._paused_until.items() if until > now}


@dataclass(eq=False)
class _Waiter:
    key: Key
    urgent: bool
    patience: float
    granted: "asyncio.Future[Turn]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class _Window:
    """At most so many calls in any span of so many seconds. A turn that was given holds its place until it counts."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds + UNEVEN_SECONDS
        self._free_at: deque[float] = deque()
        self.taken = 0

    def wait(self, now: float) -> float:
        """Seconds until there is a place; infinite where that depends on turns that were given."""
        self._expire(now)
        if len(self._free_at) + self.taken < self._most:
            return 0.0
        return self._free_at[0] - now if self._free_at else math.inf

    def count(self, now: float) -> None:
        self.taken -= 1
        self._free_at.append(now + self._seconds)

    def is_idle(self, now: float) -> bool:
        self._expire(now)
        return not self._free_at and not self.taken

    def _expire(self, now: float) -> None:
        while self._free_at and self._free_at[0] <= now:
            self._free_at.popleft()
