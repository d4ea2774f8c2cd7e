"""What the dialogues have in common: the driver of the stricter stand-in, without types, and the bot as a process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

from tests.bot.processes import BotProcess

Telegram: TypeAlias = Any  # the stand-in, as its driver shows it
Someone: TypeAlias = Any  # a person there
Shown: TypeAlias = Any  # a message there
A_PAGE = "(this day|worth knowing|this month|years ago)"  # in the title of each day's post


@contextlib.asynccontextmanager
async def running(telegram: Telegram, folder: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """The bot, with what it keeps in a folder; at the end it must stop well, and no fault be in its log."""
    with BotProcess(folder, telegram.url, TELEGRAM_BOT_TOKEN=telegram.token, **settings) as bot:
        yield bot
        assert await asyncio.to_thread(bot.stop) == 0, bot.log
    assert "Traceback" not in bot.log, bot.log


async def pressed(person: Someone, message: Shown, button: str) -> None:
    """Press a button, which is answered without a word."""
    press = await person.press(message, button)
    assert await press.answer() == {}


async def vote(person: Someone, poll: Shown, *, is_right: bool) -> None:
    """Choose the right option of a question or a wrong one."""
    right = poll["poll"]["correct_option_ids"][0]
    await person.vote(poll, right if is_right else (right + 1) % len(poll["poll"]["options"]))
