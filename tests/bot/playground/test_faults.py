"""Faults on demand."""

import asyncio

import httpx
import pytest

from bot.playground import Person, Playground, RefusedError


async def send(playground: Playground, person: Person) -> dict[str, object]:
    return await playground.call("sendMessage", chat_id=person.id, text="x")


async def test_a_flood_tells_when_to_come_back_and_passes(playground: Playground, ann: Person) -> None:
    await playground.flood("send.*", retry_after=7, times=2)

    answers = [await send(playground, ann) for _ in range(3)]

    assert answers[0] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert [answer["ok"] for answer in answers] == [False, False, True]
    await playground.assert_no_violations()


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("kind", ["error", "drop"])
async def test_a_call_fails_before_or_after_it_is_carried_out(
    playground: Playground, ann: Person, kind: str, when: str, sent: int
) -> None:
    await playground.post("faults", {"method": "sendMessage", "kind": kind, "when": when, "code": 502})

    if kind == "drop":
        with pytest.raises(httpx.TransportError):
            await send(playground, ann)
    else:
        assert await send(playground, ann) == {"ok": False, "error_code": 502, "description": "Bad Gateway"}

    assert len(await ann.private.transcript()) == 1 + sent
    (call,) = await playground.calls("sendMessage")
    assert call["code"] == (0 if kind == "drop" else 502)
    assert (await send(playground, ann))["ok"]


async def test_a_fault_strikes_only_the_methods_it_names_and_can_be_cleared(
    playground: Playground, ann: Person
) -> None:
    await playground.fault("getMe|getChat", times=None)

    assert (await send(playground, ann))["ok"]
    assert (await playground.call("getMe"))["error_code"] == 500
    await playground.clear_faults()
    assert (await playground.call("getMe"))["ok"]


async def test_a_mistake_is_a_violation_also_where_a_fault_hides_it(playground: Playground, ann: Person) -> None:
    await playground.fault("sendMessage", when="after")

    await playground.call("sendMessage", chat_id=ann.id, text="")

    (violation,) = await playground.violations()
    assert (violation["code"], violation["description"]) == (400, "Bad Request: message text is empty")
    with pytest.raises(AssertionError, match="sendMessage: Bad Request: message text is empty"):
        await playground.assert_no_violations()


@pytest.mark.parametrize(
    ("method", "code", "reason"), [("(", 500, "not a regular expression"), ("getMe", 200, "a status of 400 or more")]
)
async def test_a_fault_that_makes_no_sense_is_refused(
    playground: Playground, method: str, code: int, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        await playground.fault(method, code=code)


async def test_the_faults_that_wait_can_be_read(playground: Playground) -> None:
    await playground.fault("getMe", times=3)
    await playground.call("getMe")

    (fault,) = await playground.get("faults")
    assert (fault["method"], fault["times"]) == ("getMe", 2)


async def test_a_slow_call_is_carried_out_and_answered_late(playground: Playground, ann: Person) -> None:
    await playground.fault("sendMessage", kind="slow", seconds=0.3)
    began = asyncio.get_running_loop().time()

    assert (await send(playground, ann))["ok"]

    assert asyncio.get_running_loop().time() - began >= 0.3


async def test_a_fault_may_strike_only_so_often(playground: Playground, ann: Person) -> None:
    await playground.fault("sendMessage", code=500, probability=0.5, times=None)

    answers = [(await send(playground, ann))["ok"] for _ in range(100)]

    assert {True, False} == set(answers)
