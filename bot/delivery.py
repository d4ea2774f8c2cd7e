"""Everything that sends: waits where Telegram says so, never repeats what may have arrived, logs what failed."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import RetryAfter, TelegramError, TimedOut

MOST_WAITS = 3  # times that one message waits for Telegram's leave
LONGEST_WAIT = 60.0  # seconds; an answer later than that is of no use

log = logging.getLogger(__name__)


class Delivery:
    """Sends for the whole bot."""

    def __init__(self, bot: Bot, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._bot = bot
        self._sleep = sleep

    async def reply(
        self,
        chat_id: int,
        html: str,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> bool:
        """Send one message; False (and a log line) where it did not get through."""
        return await self._attempt(
            f"a message to chat {chat_id}",
            lambda: self._bot.send_message(
                chat_id,
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                message_thread_id=thread_id,
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
        )

    async def answer_press(self, query_id: str, text: str | None = None, *, alert: bool = False) -> bool:
        """Answer a button press, so that its spinner stops."""
        return await self._attempt(
            "an answer to a button", lambda: self._bot.answer_callback_query(query_id, text, show_alert=alert or None)
        )

    async def _attempt(self, what: str, call: Callable[[], Awaitable[object]]) -> bool:
        for _ in range(MOST_WAITS + 1):
            try:
                await call()
            except RetryAfter as error:
                wait = _seconds(error)
                if wait > LONGEST_WAIT:
                    log.warning("%s was given up: Telegram wants %.0f s of silence", what, wait)
                    return False
                await self._sleep(wait)
            except TimedOut:
                # It may have arrived; sending it again could double it.
                log.warning("%s timed out and may have arrived; it is not repeated", what)
                return False
            except TelegramError as error:
                log.warning("%s was refused or got lost: %s", what, error.message)
                return False
            else:
                return True
        log.warning("%s was given up after %d waits", what, MOST_WAITS)
        return False


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after  # a timedelta where PTB_TIMEDELTA is set, as bot.app does
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)
