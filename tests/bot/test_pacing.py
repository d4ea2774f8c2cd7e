import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from bot.pacing import BROADCAST_SECONDS, MOST_AT_ONCE, MOST_BROADCASTS, SWEEP_SECONDS, Key, Pacing, TooBusyError
from tests.fakes import Clock

FOR_EVER = float("inf")
Calls = list[tuple[float, Key]]


class Caller:
    """Makes calls that take no time, and notes when each was made."""

    def __init__(self, pacing: Pacing, clock: Clock) -> None:
        self._pacing = pacing
        self._clock = clock
        self._began = clock.now
        self.made: Calls = []

    async def call(self, key: Key, *, urgent: bool = True, patience: float = FOR_EVER) -> None:
        turn = await self._pacing.turn(key, urgent=urgent, patience=patience)
        self.made.append((round(self._clock.now - self._began, 3), key))
        turn.begin()
        turn.end()

    async def call_all(self, *keys: Key, urgent: bool = True) -> list[float]:
        """Make all of them at once; when each was made."""
        await asyncio.gather(*(self.call(key, urgent=urgent) for key in keys))
        return [at for at, _ in self.made]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def pacing(clock: Clock) -> AsyncIterator[Pacing]:
    made = Pacing(clock, clock.sleep)
    yield made
    await made.close()


@pytest.fixture
def caller(pacing: Pacing, clock: Clock) -> Caller:
    return Caller(pacing, clock)


def most_within(times: list[float], seconds: float) -> int:
    """The most calls that any span of so many seconds holds."""
    return max(sum(start <= at < start + seconds for at in times) for start in times)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_second_holds_more_than_thirty_calls_and_hardly_fewer_over_time(caller: Caller) -> None:
    times = await caller.call_all(*range(1, 301))

    assert most_within(times, 1.0) == 30
    assert len(times) / (times[-1] - times[0]) > 28


async def test_broadcasts_are_spread_evenly(caller: Caller) -> None:
    times = await caller.call_all(*range(1, 101), urgent=False)

    steps = [later - earlier for earlier, later in pairwise(times)]
    assert all(step == pytest.approx(BROADCAST_SECONDS, abs=0.002) for step in steps)
    assert len(times) / (times[-1] - times[0]) > 27


async def test_a_person_gets_a_short_burst_and_then_a_message_a_second(caller: Caller) -> None:
    times = await caller.call_all(*[7] * 12)

    assert times[:3] == [0, 0, 0]
    assert most_within(times, 3.0) == 3
    assert times[-1] < 10


async def test_a_group_gets_twenty_messages_a_minute(caller: Caller) -> None:
    times = await caller.call_all(*[-100_500] * 45)

    assert most_within(times, 60.0) == 20
    assert times[-1] < 125


async def test_an_inline_message_counts_as_a_group_of_its_own(caller: Caller) -> None:
    times = await caller.call_all(*["AQAA"] * 21)

    assert most_within(times, 60.0) == 20


async def test_a_chat_that_must_wait_holds_up_no_other(caller: Caller) -> None:
    await caller.call_all(7, 7, 7, 7, 8)

    assert [key for _, key in caller.made] == [7, 7, 7, 8, 7]


async def test_one_chats_calls_keep_their_order(pacing: Pacing) -> None:
    made: list[int] = []

    async def call(number: int) -> None:
        turn = await pacing.turn(7, urgent=True, patience=FOR_EVER)
        made.append(number)
        turn.begin()
        turn.end()

    await asyncio.gather(*(call(number) for number in range(10)))

    assert made == list(range(10))


async def test_answers_go_before_broadcasts_that_have_waited_longer(caller: Caller) -> None:
    broadcasts = [asyncio.create_task(caller.call(key, urgent=False)) for key in range(1, 50)]
    answers = [asyncio.create_task(caller.call(key)) for key in range(100, 110)]
    await asyncio.gather(*broadcasts, *answers)

    assert [key for _, key in caller.made[:10]] == list(range(100, 110))


async def test_an_answer_finds_a_place_at_any_moment_of_a_broadcast(caller: Caller, clock: Clock) -> None:
    waits: list[float] = []

    async def ask(key: int) -> None:
        asked = clock.now
        await caller.call(key)
        waits.append(clock.now - asked)

    async def broadcast(key: int) -> None:
        await caller.call(key, urgent=False)
        if key % 50 == 0:
            await ask(1000 + key)

    await asyncio.gather(*(broadcast(key) for key in range(1, 301)))

    assert len(waits) == 6
    assert max(waits) < 0.1


async def test_few_calls_are_under_way_at_once_and_answers_always_find_room(pacing: Pacing) -> None:
    async def slow(key: int, urgent: bool) -> None:
        await pacing.turn(key, urgent=urgent, patience=FOR_EVER)

    broadcasts = [asyncio.create_task(slow(key, False)) for key in range(1, 40)]
    for _ in range(60):
        await settle()
    answers = [asyncio.create_task(slow(key, True)) for key in range(100, 120)]
    await settle()

    assert sum(task.done() for task in broadcasts) == MOST_BROADCASTS
    assert sum(task.done() for task in answers) == MOST_AT_ONCE - MOST_BROADCASTS
    for task in broadcasts + answers:
        task.cancel()


async def test_a_turn_that_is_not_used_leaves_its_place_to_another(pacing: Pacing, caller: Caller) -> None:
    for _ in range(40):
        turn = await pacing.turn(-5, urgent=True, patience=FOR_EVER)
        turn.end()

    assert await caller.call_all(*[-5] * 3) == [0, 0, 0]


async def test_a_turn_counts_from_when_its_call_is_made(pacing: Pacing, caller: Caller, clock: Clock) -> None:
    turns = [await pacing.turn(7, urgent=True, patience=FOR_EVER) for _ in range(3)]
    clock.now += 10
    for turn in turns:
        turn.begin()
        turn.end()

    [time] = await caller.call_all(7)

    assert time > 13


async def test_a_paused_chat_waits_and_others_do_not(pacing: Pacing, caller: Caller) -> None:
    pacing.pause(7, 5)

    await caller.call_all(7, 8)

    assert caller.made == [(0, 8), (5, 7)]
    assert not pacing.is_paused(7)


async def test_a_shorter_pause_does_not_end_a_longer_one(pacing: Pacing, caller: Caller) -> None:
    pacing.pause(7, 5)
    pacing.pause(7, 1)

    assert await caller.call_all(7) == [5]


async def test_a_pause_of_everything_holds_up_everybody(pacing: Pacing, caller: Caller) -> None:
    pacing.pause(None, 5)

    assert pacing.is_paused(None)
    assert await caller.call_all(7, 8) == [5, 5]


async def test_broadcasts_alone_can_be_paused(pacing: Pacing, caller: Caller) -> None:
    pacing.pause_broadcasts(5)

    await asyncio.gather(caller.call(7, urgent=False), caller.call(8))

    assert caller.made == [(0, 8), (5, 7)]


async def test_who_has_no_patience_is_told_at_once_how_long_it_takes(pacing: Pacing, caller: Caller) -> None:
    pacing.pause(7, 30)

    with pytest.raises(TooBusyError) as busy:
        await caller.call(7, patience=10)

    assert busy.value.seconds == 30
    assert caller.made == []


async def test_a_pause_that_begins_while_somebody_waits_ends_their_patience_too(pacing: Pacing, caller: Caller) -> None:
    async def wait() -> None:
        await caller.call(7, patience=10)

    for _ in range(3):
        turn = await pacing.turn(7, urgent=True, patience=FOR_EVER)
        turn.begin()
    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    pacing.pause(7, 100)

    with pytest.raises(TooBusyError):
        await waiting


@pytest.mark.parametrize("when", ["while it waits", "right after it was given"])
async def test_who_gives_up_takes_no_place(when: str, pacing: Pacing, clock: Clock) -> None:
    if when == "while it waits":
        pacing.pause(7, 30)
    waiting = asyncio.create_task(pacing.turn(7, urgent=True, patience=FOR_EVER))
    await asyncio.sleep(0)
    if when == "right after it was given":
        pacing._grant()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    clock.now += 31

    turns = [await pacing.turn(7, urgent=True, patience=0) for _ in range(3)]

    assert len(turns) == 3


async def test_chats_in_which_nothing_happens_any_more_are_forgotten(
    pacing: Pacing, caller: Caller, clock: Clock
) -> None:
    pacing.pause(5000, 10)
    await caller.call_all(*range(1, 200), *range(-200, -1))
    busy = pacing.chats
    clock.now += SWEEP_SECONDS + 60

    await caller.call(7)

    assert busy > 300
    assert pacing.chats <= 1


async def test_after_its_end_nobody_gets_a_turn(clock: Clock) -> None:
    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    pacing = Pacing(clock, for_ever)
    pacing.pause(7, 5)
    waiting = asyncio.create_task(pacing.turn(7, urgent=True, patience=FOR_EVER))
    await settle()

    await pacing.close()
    clock.now += 10
    await settle()

    assert not waiting.done()
    waiting.cancel()
