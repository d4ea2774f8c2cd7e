import datetime as dt

import pytest
from telegram import Bot, Chat, Message, Update, User

from handlers.rights import CACHE_SECONDS, Rights, Standing
from tests.fakes import Clock, FailingTelegram

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
    member: dict[str, object] = {"status": status, "user": ANN.to_dict(), "is_anonymous": False}
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
