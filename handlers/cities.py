"""Asking somebody for a city, whose clock a daily post is to follow, and knowing the answer when it comes."""

import re
import time
from dataclasses import dataclass
from html import escape

from telegram import Chat, ForceReply, Message, Update

from handlers.context import FootnoteContext, say

PATIENCE_SECONDS = 10 * 60  # for which the next words of a person in private are taken for the city
LONGEST_CITY = 60  # characters; longer words, and questions, are none
QUESTION = "Which city’s clock shall the post{time} follow? Reply with a large city near you, such as Kyiv."
_ASKED = re.compile(r"Which city’s clock shall the post(?: at (\d\d):(\d\d))? follow\?")
_KEY = "asked for a city"


@dataclass(frozen=True)
class Asked:
    """Somebody was asked for a city; `minute` is the time that they had chosen before."""

    minute: int | None
    until: float = 0.0


async def ask(update: Update, context: FootnoteContext, minute: int | None, before: str = "") -> None:
    """Ask for a city. The question itself says for what time, so that a reply to it is understood by itself."""
    chat, user = update.effective_chat, update.effective_user
    time_of_day = "" if minute is None else f" at {minute // 60:02}:{minute % 60:02}"
    question = escape(before + QUESTION.format(time=time_of_day))
    standing = await context.services.rights.standing(update)
    is_group = chat is not None and chat.type != Chat.PRIVATE
    if is_group and user is not None and not standing.is_hidden and update.callback_query is not None:
        # Named, so that only their input field turns into a reply; whoever hides as the group is not given away.
        question = f'<a href="tg://user?id={user.id}">{escape(user.first_name)}</a>: {question}'
    if not is_group and context.user_data is not None:
        context.user_data[_KEY] = Asked(minute, time.monotonic() + PATIENCE_SECONDS)
    reply = None if standing.is_hidden else ForceReply(selective=is_group, input_field_placeholder="Kyiv")
    await say(update, context, question, reply)


async def ask_again(update: Update, context: FootnoteContext, why: str, minute: int | None) -> None:
    """Say why an answer wasn't understood, and ask once more."""
    await ask(update, context, minute, f"{why} ")


def asked_for(update: Update, context: FootnoteContext) -> Asked | None:
    """What somebody was asked for whose message may be the answer; None where it is none.

    A reply to the question is one, in any chat. In private so is the next message, unless it is a command or reads like
    a question of its own.
    """
    message = update.message
    if message is None or not message.text:
        return None
    waiting = context.user_data.pop(_KEY, None) if context.user_data and message.chat.type == Chat.PRIVATE else None
    if message.text.startswith("/"):
        return None
    if replied := _question_of(message.reply_to_message, context.bot.id):
        return replied
    is_city = len(message.text) <= LONGEST_CITY and "?" not in message.text and message.reply_to_message is None
    return waiting if waiting and is_city and time.monotonic() < waiting.until else None


def _question_of(message: Message | None, bot_id: int) -> Asked | None:
    if message is None or message.from_user is None or message.from_user.id != bot_id:
        return None
    match = _ASKED.search(message.text or "")
    if match is None:
        return None
    return Asked(int(match[1]) * 60 + int(match[2]) if match[1] else None)
