"""A stand-in for Telegram's Bot API: try and test the bot without Telegram."""

from bot.playground.client import (
    DEFAULT_TOKEN,
    Answer,
    Conversation,
    Group,
    Message,
    NotSeenError,
    Person,
    Playground,
    Press,
    RefusedError,
)
from bot.playground.server import serve

__all__ = [
    "DEFAULT_TOKEN",
    "Answer",
    "Conversation",
    "Group",
    "Message",
    "NotSeenError",
    "Person",
    "Playground",
    "Press",
    "RefusedError",
    "serve",
]
