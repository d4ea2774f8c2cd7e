import logging

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.delivery import LONGEST_WAIT, MOST_WAITS, Delivery
from tests.fakes import Clock, FailingTelegram, refusal


def delivery(telegram: FailingTelegram, clock: Clock | None = None) -> Delivery:
    return Delivery(Bot("123456:no-real-token", request=telegram), (clock or Clock()).sleep)


def flood(seconds: int) -> tuple[int, dict[str, object]]:
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


async def test_a_message_is_sent_as_html_without_a_preview_to_its_topic_as_a_reply() -> None:
    telegram = FailingTelegram()

    assert await delivery(telegram).reply(-100, "<b>Yes</b>", thread_id=5, reply_to=9)

    [sent] = telegram.sent
    assert (sent["chat_id"], sent["text"], sent["parse_mode"]) == ("-100", "<b>Yes</b>", "HTML")
    assert sent["message_thread_id"] == "5"
    assert sent["link_preview_options"] == '{"is_disabled": true}'
    assert '"message_id": 9' in sent["reply_parameters"]
    assert '"allow_sending_without_reply": true' in sent["reply_parameters"]


async def test_telegrams_wish_for_silence_is_heeded_to_the_second() -> None:
    telegram, clock = FailingTelegram(flood(3), flood(7)), Clock()

    assert await delivery(telegram, clock).reply(7, "Yes")

    assert clock.slept == [3.0, 7.0]
    assert len(telegram.sent) == 3


async def test_a_message_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    telegram, clock = FailingTelegram(*[flood(2)] * 10), Clock()

    with caplog.at_level(logging.WARNING):
        assert not await delivery(telegram, clock).reply(7, "Yes")

    assert len(clock.slept) <= MOST_WAITS + 1
    assert "a message to chat 7 was given up" in caplog.text


async def test_a_message_that_would_come_much_too_late_is_given_up_at_once(caplog: pytest.LogCaptureFixture) -> None:
    telegram, clock = FailingTelegram(flood(int(LONGEST_WAIT) + 1)), Clock()

    with caplog.at_level(logging.WARNING):
        assert not await delivery(telegram, clock).reply(7, "Yes")

    assert clock.slept == []
    assert "wants 61 s of silence" in caplog.text


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (TimedOut(), "may have arrived"),
        (NetworkError("the line went dead"), "the line went dead"),
        (refusal(403, "Forbidden: bot was blocked by the user"), "bot was blocked by the user"),
        (refusal(400, "Bad Request: chat not found"), "Chat not found"),
        (refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1005), "-1005"),
        (refusal(500, "Internal Server Error"), "Internal Server Error"),
        (refusal(401, "Unauthorized"), "Unauthorized"),
    ],
    ids=["timed out", "network", "blocked", "no such chat", "moved", "server", "token"],
)
async def test_a_send_that_failed_is_logged_and_not_repeated(
    failure: tuple[int, dict[str, object]] | Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = FailingTelegram(failure)

    with caplog.at_level(logging.WARNING, "bot.delivery"):
        assert not await delivery(telegram).reply(7, "the words of the message")

    assert len(telegram.sent) == 1
    [record] = caplog.records
    assert record.getMessage().startswith("a message to chat 7 ")
    assert said in record.getMessage()
    assert "the words" not in caplog.text


async def test_a_press_is_answered_silently_or_with_an_alert() -> None:
    telegram = FailingTelegram()
    answering = delivery(telegram)

    assert await answering.answer_press("55")
    assert await answering.answer_press("56", "Too old", alert=True)

    silent, alert = telegram.sent
    assert silent == {"callback_query_id": "55"}
    assert alert == {"callback_query_id": "56", "text": "Too old", "show_alert": "true"}


async def test_a_press_that_telegram_no_longer_knows_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    telegram = FailingTelegram(refusal(400, "Bad Request: query is too old and response timeout expired"))

    with caplog.at_level(logging.WARNING, "bot.delivery"):
        assert not await delivery(telegram).answer_press("55")

    assert "an answer to a button" in caplog.text
