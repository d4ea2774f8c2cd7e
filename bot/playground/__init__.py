"""A stand-in for Telegram's Bot API: try and test the bot without Telegram."""

from bot.playground.client import Conversation, Group, Person, Playground
from bot.playground.inline_client import InlineMessage, InlineQuery, InlineResults, InlineVersion
from bot.playground.remote import DEFAULT_TOKEN, Answer, Message, NotSeenError, Press, RefusedError
from bot.playground.server import serve

__all__ = [
    "DEFAULT_TOKEN",
    "Answer",
    "Conversation",
    "Group",
    "InlineMessage",
    "InlineQuery",
    "InlineResults",
    "InlineVersion",
    "Message",
    "NotSeenError",
    "Person",
    "Playground",
    "Press",
    "RefusedError",
    "serve",
]
