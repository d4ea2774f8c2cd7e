import datetime as dt

import pytest
from telegram import Bot, Chat, Message, Update, User

from handlers.rights import CACHE_SECONDS, MEMBER_SECONDS, Rights, Standing
from tests.fakes import Clock, FailingTelegram, refusal

GROUP = Chat(-100_5, Chat.SUPERGROUP, "Readers")
ANN = User(7, "Ann", is_bot=False)
CHANNEL_BOT = User(136_817_688, "Channel", is_bot=True)


def said_by(user: User, sender_chat: Chat | None = None) -> Update:
    message = Message(1, dt.datetime.now(dt.UTC), GROUP, from_user=user, sender_chat=sender_chat, text="/subscribe")
    return Update(1, message=message)


def telling(*statuses: str) -> Bot:
    """A Telegram that tells these statuses of whoever is asked for, one after the other."""
    return Bot("1:token", request=FailingTelegram(*map(_member, statuses)), get_updates_request=FailingTelegram())


def _member(status: str) -> tuple[int, dict[str, object]]:
    member: dict[str, object] = {"status": status, "user": ANN.to_dict(), "is_anonymous": False, "until_date": 0}
    return 200, {"ok": True, "result": member}


async def test_who_speaks_as_a_channel_of_their_own_is_a_member() -> None:
    rights = Rights(telling())

    own = Chat(-100_9, Chat.CHANNEL, "Ann's channel")

    assert await rights.standing(said_by(CHANNEL_BOT, own)) is Standing.MEMBER


async def test_a_yes_is_remembered_for_a_moment() -> None:
    clock = Clock()
    rights = Rights(telling("creator", "member"), clock)

    assert (await rights.standing(said_by(ANN))).may_manage
    assert (await rights.standing(said_by(ANN))).may_manage
    clock.now += CACHE_SECONDS
    assert await rights.standing(said_by(ANN)) is Standing.MEMBER


async def test_a_no_is_not_so_that_a_new_administrator_needs_no_patience() -> None:
    rights = Rights(telling("member", "creator"))

    assert await rights.standing(said_by(ANN)) is Standing.MEMBER
    assert await rights.standing(said_by(ANN)) is Standing.IN_CHARGE


@pytest.mark.parametrize("status", ["left", "member"])
async def test_who_is_not_in_charge_may_not_manage(status: str) -> None:
    rights = Rights(telling(status))

    assert not (await rights.standing(said_by(ANN))).may_manage


async def test_how_many_others_are_in_a_chat_is_asked_once_in_a_while() -> None:
    clock = Clock()
    rights = Rights(_counting(9, 10), clock)

    assert await rights.humans(GROUP.id) == 8
    assert await rights.humans(GROUP.id) == 8
    clock.now += MEMBER_SECONDS
    assert await rights.humans(GROUP.id) == 9


async def test_where_telegram_does_not_tell_how_many_nobody_guesses() -> None:
    silent = Bot("1:token", request=FailingTelegram(refusal(400, "Bad Request")), get_updates_request=FailingTelegram())

    assert await Rights(silent).humans(GROUP.id) is None


async def test_in_a_private_chat_there_is_one_person() -> None:
    rights = Rights(telling())

    assert await rights.humans(ANN.id) == 1
    assert await rights.is_member(ANN.id, ANN.id)
    assert not await rights.is_member(ANN.id, 8)


@pytest.mark.parametrize(("status", "is_in"), [("member", True), ("creator", True), ("left", False), ("kicked", False)])
async def test_who_is_in_a_chat_is_what_telegram_says(status: str, is_in: bool) -> None:
    assert await Rights(telling(status)).is_member(GROUP.id, ANN.id) is is_in


async def test_who_telegram_does_not_know_there_is_not_in() -> None:
    request = FailingTelegram(refusal(400, "Bad Request: user not found"))
    rights = Rights(Bot("1:token", request=request, get_updates_request=FailingTelegram()))

    assert not await rights.is_member(GROUP.id, ANN.id)


def _counting(*numbers: int) -> Bot:
    told = [(200, dict[str, object](ok=True, result=number)) for number in numbers]
    return Bot("1:token", request=FailingTelegram(*told), get_updates_request=FailingTelegram())
