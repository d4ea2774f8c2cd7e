import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.delivery import (
    FAILING,
    LONGEST_BACKOFF,
    LONGEST_WAIT,
    MOST_TRIES,
    Content,
    Delivery,
    Later,
    Moved,
    PostOutcome,
    Refused,
    Sent,
    Uncertain,
)
from bot.services.subscriptions import Ended
from tests.fakes import Clock, FailingTelegram, refusal

Failure: TypeAlias = tuple[int, dict[str, object]] | Exception
MOVED = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005)
SERVER_ERROR = refusal(500, "Internal Server Error")
BLOCKED = refusal(403, "Forbidden: bot was blocked by the user")


@dataclass
class Heard:
    """What the delivery told of chats."""

    broken: bool = False
    told: list[tuple[object, ...]] = field(default_factory=list)

    async def moved(self, old: int, new: int) -> None:
        await self._hear("moved", old, new)

    async def lost(self, chat_id: int, because: Ended, thread_id: int | None = None) -> None:
        await self._hear("lost", chat_id, because, thread_id)

    async def _hear(self, *what: object) -> None:
        if self.broken:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        self.told.append(what)


class Sending:
    """A delivery on a Telegram that fails as it is told, with a clock that goes by itself."""

    def __init__(self, *failures: Failure) -> None:
        self.telegram = FailingTelegram(*failures)
        self.clock = Clock()
        self.heard = Heard()
        self.claims = 0
        bot = Bot("123456:no-real-token", request=self.telegram)
        self.delivery = Delivery(bot, self.heard, self.clock, self.clock.sleep, chance=lambda: 1.0)

    async def post(self, chat_id: int = 7, *, claimed: bool = True, thread_id: int | None = None) -> PostOutcome | None:
        async def claim() -> bool:
            self.claims += 1
            return claimed

        return await self.delivery.post(chat_id, thread_id, "<b>Today</b>", silent=True, claim=claim)

    @property
    def waited(self) -> float:
        return round(sum(self.clock.slept), 3)


Start: TypeAlias = type[Sending]


@pytest.fixture
async def sending() -> AsyncIterator["type[Sending]"]:
    """Makes deliveries, and closes them when the test is over."""
    made: list[Sending] = []

    class Closed(Sending):
        def __init__(self, *failures: Failure) -> None:
            super().__init__(*failures)
            made.append(self)

    yield Closed
    for one in made:
        await one.delivery.close()


def flood(seconds: int) -> tuple[int, dict[str, object]]:
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def broken(error: Exception, cause: Exception) -> Exception:
    """An error as python-telegram-bot makes it of one of httpx's."""
    error.__cause__ = cause
    return error


NOT_WRITTEN = {
    "connection refused": broken(NetworkError("httpx.ConnectError"), httpx.ConnectError("refused")),
    "connecting timed out": broken(TimedOut(), httpx.ConnectTimeout("slow")),
    "no connection free": broken(TimedOut(), httpx.PoolTimeout("full")),
    "server error": SERVER_ERROR,
    "bad gateway": refusal(502, "Bad Gateway"),
    "unreadable gateway page": broken(NetworkError("Bad Gateway"), TelegramError("Invalid server response")),
    "token unknown for a while": refusal(401, "Unauthorized"),
}
PERHAPS_ARRIVED = {
    "answer timed out": broken(TimedOut(), httpx.ReadTimeout("slow")),
    "writing timed out": broken(TimedOut(), httpx.WriteTimeout("slow")),
    "timed out somewhere": TimedOut(),
    "connection dropped": broken(NetworkError("httpx.ReadError"), httpx.ReadError("reset")),
    "no answer": broken(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("disconnected")),
    "nobody knows what": broken(NetworkError("Unknown error"), ValueError("odd")),
    "unreadable answer": TelegramError("Invalid server response"),
}


async def test_a_message_is_sent_as_html_without_a_preview_to_its_topic_as_a_reply(sending: Start) -> None:
    here = sending()

    assert await here.delivery.reply(-100, "<b>Yes</b>", thread_id=5, reply_to=9) == Sent(1)

    [sent] = here.telegram.sent
    assert (sent["chat_id"], sent["text"], sent["parse_mode"]) == ("-100", "<b>Yes</b>", "HTML")
    assert sent["message_thread_id"] == "5"
    assert sent["link_preview_options"] == '{"is_disabled": true}'
    assert '"message_id": 9' in sent["reply_parameters"]
    assert '"allow_sending_without_reply": true' in sent["reply_parameters"]


def showing(html: str, keyboard: InlineKeyboardMarkup | None = None) -> Callable[[], Awaitable[Content | None]]:
    """What an edit is to show."""

    async def content() -> Content | None:
        return html, keyboard

    return content


async def test_a_message_is_edited_where_it_stands(sending: Start) -> None:
    here = sending()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="n")]])

    await here.delivery.edit(7, 12, "<i>later</i>", keyboard)
    await here.delivery.edit_inline("AQAA", showing("<i>later</i>", keyboard))

    chat, inline = here.telegram.sent
    assert (chat["chat_id"], chat["message_id"], chat["text"]) == ("7", "12", "<i>later</i>")
    assert "Next" in chat["reply_markup"]
    assert inline["inline_message_id"] == "AQAA"
    assert "chat_id" not in inline


async def test_an_edit_that_changes_nothing_is_fine(sending: Start, caplog: pytest.LogCaptureFixture) -> None:
    here = sending(refusal(400, "Bad Request: message is not modified: specified new message content …"))

    with caplog.at_level(logging.WARNING):
        assert await here.delivery.edit(7, 12, "the same") == Sent(None)

    assert caplog.text == ""


async def test_a_query_that_has_become_too_old_is_passed_over(sending: Start, caplog: pytest.LogCaptureFixture) -> None:
    here = sending(refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"))

    with caplog.at_level(logging.WARNING):
        assert not await here.delivery.answer_query("1", [], cache_seconds=300)
        assert await here.delivery.answer_query("2", [], cache_seconds=0, is_personal=True, next_offset="25")

    assert caplog.text == ""
    sent = here.telegram.sent[-1]
    assert (sent["inline_query_id"], sent["cache_time"], sent["is_personal"]) == ("2", "0", "true")
    assert (sent["next_offset"], sent["results"]) == ("25", "[]")


async def test_an_inline_message_is_let_alone_where_there_is_nothing_new(sending: Start) -> None:
    here = sending()

    async def nothing() -> None:
        return None

    assert await here.delivery.edit_inline("AQAA", nothing) is None
    assert here.telegram.sent == []


async def test_a_picture_goes_with_its_caption(sending: Start) -> None:
    here = sending()

    assert isinstance(await here.delivery.photo(-100, b"\x89PNG", "<b>1941</b>", thread_id=5, reply_to=9), Sent)

    [sent] = here.telegram.sent
    assert (sent["caption"], sent["parse_mode"], sent["message_thread_id"]) == ("<b>1941</b>", "HTML", "5")


async def test_edits_count_against_a_groups_limit_inline_ones_too(sending: Start) -> None:
    here = sending()
    for number in range(21):
        await here.delivery.edit(-100, number, "once more")
    in_group = here.waited
    for _ in range(21):
        await here.delivery.edit_inline("AQAA", showing("once more"))

    assert in_group > 55
    assert here.waited > 2 * 55


async def test_telegrams_wish_for_silence_is_heeded_to_the_second(sending: Start) -> None:
    here = sending(flood(3), flood(7))

    assert isinstance(await here.delivery.reply(7, "Yes"), Sent)

    assert here.waited == 10
    assert len(here.telegram.sent) == 3


async def test_a_wish_for_silence_concerns_one_chat_until_a_second_one_hears_it(sending: Start) -> None:
    here = sending(flood(30))
    first = asyncio.create_task(here.delivery.reply(7, "Yes"))
    await here.telegram.until_sent(1)
    await here.delivery.reply(8, "Yes")
    waited_for_one = here.waited
    await first
    everybody = sending(flood(30), flood(20))
    both = [asyncio.create_task(everybody.delivery.reply(chat, "Yes")) for chat in (7, 8)]
    await everybody.telegram.until_sent(2)
    await everybody.delivery.reply(9, "Yes")
    waited_for_all = everybody.waited
    await asyncio.gather(*both)

    assert waited_for_one == 0
    assert waited_for_all == 20


async def test_a_message_does_not_wait_for_ever(sending: Start, caplog: pytest.LogCaptureFixture) -> None:
    here = sending(*[flood(2)] * 10)

    with caplog.at_level(logging.WARNING):
        assert isinstance(await here.delivery.reply(7, "Yes"), Later)

    assert len(here.telegram.sent) == MOST_TRIES
    assert "a message to chat 7 was given up" in caplog.text


async def test_a_message_that_would_come_much_too_late_is_given_up_at_once(
    sending: Start, caplog: pytest.LogCaptureFixture
) -> None:
    here = sending(flood(int(LONGEST_WAIT) + 1))

    with caplog.at_level(logging.WARNING):
        assert await here.delivery.reply(7, "Yes") == Later(61, "Telegram wants 61 s of silence")
        assert isinstance(await here.delivery.reply(7, "Yes again"), Later)

    assert here.waited == 0
    assert len(here.telegram.sent) == 1
    assert "wants 61 s of silence" in caplog.text


@pytest.mark.parametrize("failure", NOT_WRITTEN.values(), ids=NOT_WRITTEN)
async def test_an_answer_that_certainly_has_not_arrived_is_sent_again(failure: Failure, sending: Start) -> None:
    here = sending(failure, failure)

    assert isinstance(await here.delivery.reply(7, "Yes"), Sent)

    assert len(here.telegram.sent) == 3
    assert here.waited == 1 + 2


@pytest.mark.parametrize("failure", PERHAPS_ARRIVED.values(), ids=PERHAPS_ARRIVED)
async def test_an_answer_that_may_have_arrived_is_logged_and_not_repeated(
    failure: Failure, sending: Start, caplog: pytest.LogCaptureFixture
) -> None:
    here = sending(failure)

    with caplog.at_level(logging.WARNING, "bot.delivery"):
        assert await here.delivery.reply(7, "the words of the message") == Uncertain()

    assert len(here.telegram.sent) == 1
    assert "a message to chat 7 may have arrived" in caplog.text
    assert "the words" not in caplog.text


@pytest.mark.parametrize(
    ("said", "ended", "topic"),
    [
        ("Forbidden: bot was blocked by the user", Ended.BLOCKED, None),
        ("Forbidden: bot can't initiate conversation with a user", Ended.BLOCKED, None),
        ("Forbidden: user is deactivated", Ended.CHAT_GONE, None),
        ("Bad Request: chat not found", Ended.CHAT_GONE, None),
        ("Forbidden: the group chat was deleted", Ended.CHAT_GONE, None),
        ("Forbidden: bot was kicked from the supergroup chat", Ended.REMOVED, None),
        ("Forbidden: bot is not a member of the channel chat", Ended.REMOVED, None),
        ("Bad Request: not enough rights to send text messages to the chat", Ended.NO_RIGHTS, None),
        ("Bad Request: have no rights to send a message", Ended.NO_RIGHTS, None),
        ("Bad Request: need administrator rights in the channel chat", Ended.NO_RIGHTS, None),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", Ended.NO_RIGHTS, None),
        ("Bad Request: message thread not found", Ended.TOPIC_GONE, 9),
        ("Bad Request: TOPIC_CLOSED", Ended.TOPIC_GONE, 9),
        ("Bad Request: not enough rights to send photos to the chat", None, None),
        ("Bad Request: message to be replied not found", None, None),
    ],
)
async def test_what_telegram_refuses_for_good_ends_what_it_has_to_end(
    said: str, ended: Ended | None, topic: int | None, sending: Start, caplog: pytest.LogCaptureFixture
) -> None:
    here = sending(refusal(403 if said.startswith("Forbidden") else 400, said))

    with caplog.at_level(logging.WARNING, "bot.delivery"):
        outcome = await here.delivery.reply(-100, "Yes", thread_id=9)

    assert isinstance(outcome, Refused)
    assert (outcome.ended, outcome.gone) == (ended, ended is not None)
    assert here.heard.told == ([("lost", -100, ended, topic)] if ended else [])
    assert len(here.telegram.sent) == 1
    [record] = caplog.records
    assert record.getMessage().startswith("a message to chat -100 was refused: ")


async def test_an_answer_to_a_group_that_has_moved_goes_to_its_new_id(sending: Start) -> None:
    here = sending(MOVED)

    assert isinstance(await here.delivery.reply(-5, "Yes"), Sent)

    assert [sent["chat_id"] for sent in here.telegram.sent] == ["-5", "-1005"]
    assert here.heard.told == [("moved", -5, -1005)]


async def test_a_group_that_moves_without_end_is_given_up(sending: Start) -> None:
    here = sending(*[MOVED] * 20)

    assert isinstance(await here.delivery.reply(-5, "Yes"), Refused)


async def test_what_a_chat_has_become_is_logged_where_it_cannot_be_kept(
    sending: Start, caplog: pytest.LogCaptureFixture
) -> None:
    here = sending(BLOCKED)
    here.heard.broken = True

    with caplog.at_level(logging.ERROR):
        assert isinstance(await here.delivery.reply(7, "Yes"), Refused)

    assert "database is locked" in caplog.text


async def test_a_post_is_claimed_right_before_its_only_attempt(sending: Start) -> None:
    here = sending()

    assert await here.post(-100, thread_id=9) == Sent(1)

    [sent] = here.telegram.sent
    assert here.claims == 1
    assert (sent["message_thread_id"], sent["disable_notification"], sent["parse_mode"]) == ("9", "true", "HTML")


async def test_a_post_that_is_not_to_be_sent_any_more_is_not(sending: Start) -> None:
    here = sending()

    assert await here.post(claimed=False) is None

    assert here.telegram.sent == []


async def test_a_claim_that_fails_sends_nothing_and_holds_up_nobody(sending: Start) -> None:
    here = sending()

    async def claim() -> bool:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    for _ in range(30):
        with pytest.raises(OperationalError):
            await here.delivery.post(7, None, "Today", silent=False, claim=claim)

    assert here.telegram.sent == []
    assert isinstance(await here.post(), Sent)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (flood(30), Later(30, "Telegram wants 30 s of silence")),
        (SERVER_ERROR, Later(1, "Internal Server Error")),
        (PERHAPS_ARRIVED["answer timed out"], Uncertain()),
        (BLOCKED, Refused("Forbidden: bot was blocked by the user", Ended.BLOCKED)),
        (MOVED, Moved(-1005)),
    ],
    ids=["flood", "server error", "timed out", "blocked", "moved"],
)
async def test_what_became_of_a_post_is_said_after_one_attempt(
    failure: Failure, outcome: PostOutcome, sending: Start
) -> None:
    here = sending(failure)

    assert await here.post() == outcome

    assert len(here.telegram.sent) == 1
    assert here.waited == 0


async def test_a_post_to_a_chat_that_must_be_silent_comes_back_later_unclaimed(sending: Start) -> None:
    here = sending(flood(30))
    await here.post()

    outcome = await here.post()

    assert isinstance(outcome, Later)
    assert outcome.seconds == pytest.approx(30, abs=0.1)
    assert here.claims == 1


async def test_posts_wait_ever_longer_while_telegram_fails_and_answers_do_not(sending: Start) -> None:
    here = sending(*[SERVER_ERROR] * 10)

    laters = [await here.post(chat) for chat in range(1, 10)]

    seconds = [later.seconds for later in laters if isinstance(later, Later)]
    assert seconds == [1, 2, 4, 8, 16, 32, LONGEST_BACKOFF, LONGEST_BACKOFF, LONGEST_BACKOFF]
    assert here.waited == pytest.approx(sum(seconds[FAILING - 1 : -1]), abs=0.2)
    waited = here.waited
    await here.delivery.reply(100, "Yes")
    assert here.waited - waited <= 1


async def test_a_success_ends_the_waiting(sending: Start) -> None:
    here = sending(SERVER_ERROR, SERVER_ERROR)
    for chat in (1, 2, 3):
        await here.post(chat)

    here.telegram.fail_next(SERVER_ERROR)

    assert await here.post(4) == Later(1, "Internal Server Error")


async def test_waiting_is_uneven_so_that_not_all_come_back_at_once() -> None:
    telegram, clock = FailingTelegram(SERVER_ERROR), Clock()
    bot = Bot("123456:no-real-token", request=telegram)
    delivery = Delivery(bot, Heard(), clock, clock.sleep, chance=lambda: 0.0)

    await delivery.reply(7, "Yes")

    assert clock.slept == [0.5]


async def test_a_press_is_answered_silently_or_with_an_alert(sending: Start) -> None:
    here = sending()

    assert await here.delivery.answer_press("55")
    assert await here.delivery.answer_press("56", "Too old", alert=True)

    silent, alert = here.telegram.sent
    assert silent == {"callback_query_id": "55"}
    assert alert == {"callback_query_id": "56", "text": "Too old", "show_alert": "true"}


async def test_a_press_waits_for_telegram_as_long_as_its_spinner_turns(sending: Start) -> None:
    here = sending(flood(2))

    assert await here.delivery.answer_press("55")
    assert here.waited == 2
    here.telegram.fail_next(flood(60))
    assert not await here.delivery.answer_press("56")
    assert here.waited == 2


async def test_a_press_that_telegram_no_longer_knows_is_logged(
    sending: Start, caplog: pytest.LogCaptureFixture
) -> None:
    here = sending(refusal(400, "Bad Request: query is too old and response timeout expired"))

    with caplog.at_level(logging.WARNING, "bot.delivery"):
        assert not await here.delivery.answer_press("55")

    assert "an answer to a button" in caplog.text
