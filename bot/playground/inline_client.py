"""Inline mode from a person's side: what is typed, offered, chosen, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bot.playground.remote import PATIENCE_SECONDS, Message, NotSeenError, RefusedError, Remote
from bot.playground.wire import Json

if TYPE_CHECKING:
    from bot.playground.client import Group


class InlineVersion(NamedTuple):
    """A message sent inline as it stood from a moment on, in seconds since 1970."""

    at: float
    text: str
    buttons: list[str]


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """Words typed after the bot's name; `typed` is who, what and where."""

    playground: Remote = field(repr=False)
    id: str
    typed: Json

    async def results(self, *, timeout: float = PATIENCE_SECONDS) -> InlineResults:  # noqa: ASYNC109 - the server waits
        """What the bot offers, once it does."""
        told = await self.playground.get(f"inline-queries/{self.id}/answer", {"timeout": timeout})
        if told is None:
            raise NotSeenError(f"the inline query {self.typed['query']!r} was not answered within {timeout:g} s")
        return InlineResults(self, told)

    async def expire(self) -> None:
        """Make it too late for an answer."""
        await self.playground.post(f"inline-queries/{self.id}/expire", {})


@dataclass(frozen=True, slots=True)
class InlineResults:
    """The list that the bot offers: `raw` has results, next_offset, button, cache_time, is_personal, is_cached."""

    query: InlineQuery = field(repr=False)
    raw: Json

    @property
    def titles(self) -> list[str]:
        return [result["title"] for result in self.raw["results"]]

    @property
    def descriptions(self) -> list[str]:
        """What stands below each title; empty where there is nothing."""
        return [result.get("description", "") for result in self.raw["results"]]

    @property
    def ids(self) -> list[str]:
        return [result["id"] for result in self.raw["results"]]

    @property
    def next_offset(self) -> str:
        """Where more results begin; empty where these were the last."""
        return str(self.raw["next_offset"])

    @property
    def is_cached(self) -> bool:
        """Whether Telegram gave an earlier answer without asking the bot."""
        return bool(self.raw["is_cached"])

    @property
    def button(self) -> str:
        """What stands on the button above the results; empty where there is none."""
        return str((self.raw["button"] or {}).get("text", ""))

    async def more(self, *, timeout: float = PATIENCE_SECONDS) -> InlineResults:  # noqa: ASYNC109 - the server waits
        """Scroll on: the next results of the same query."""
        if not self.next_offset:
            raise RefusedError("there are no more results")
        typed = {**self.query.typed, "offset": self.next_offset}
        query_id = await self.query.playground.post("inline-queries", typed)
        return await InlineQuery(self.query.playground, query_id, typed).results(timeout=timeout)

    async def choose(self, which: int | str = 0, *, into: Group | None = None) -> InlineMessage:
        """Send a result, by place or id: to a chat that the bot can't see, unless it goes into a group of these here.

        What was typed in the private chat with the bot (`sender`) goes there.
        """
        form = {"result_id": self._id(which), "chat_id": into.id if into else None}
        chosen = await self.query.playground.post(f"inline-queries/{self.query.id}/choices", form)
        return InlineMessage(
            self.query.playground, chosen["chat_id"], chosen["message_id"], chosen["inline_message_id"]
        )

    async def press_button(self) -> Message:
        """Press the button above the results, which starts the bot in private."""
        parameter = (self.raw["button"] or {}).get("start_parameter")
        if parameter is None:
            raise RefusedError("there is no button that starts the bot")
        user_id = self.query.typed["user_id"]
        form = {"user_id": user_id, "text": f"/start {parameter}"}
        said = await self.query.playground.post(f"chats/{user_id}/messages", form)
        return Message(said["message"], said["position"])

    def _id(self, which: int | str) -> str:
        if isinstance(which, str):
            return which
        if not 0 <= which < len(self.ids):
            raise RefusedError(f"no result {which} among {self.titles}")
        return self.ids[which]


@dataclass(frozen=True, slots=True)
class InlineMessage:
    """A message that somebody sent through the bot. Without buttons it has no id that the bot could change it by."""

    playground: Remote = field(repr=False)
    chat_id: int
    message_id: int
    id: str | None

    async def now(self) -> Message:
        """The message as it stands."""
        return Message((await self._entry())["message"])

    async def versions(self) -> list[InlineVersion]:
        """All that stood there, oldest first."""
        entry = await self._entry()
        shown = [(version["at"], version, version["reply_markup"]) for version in entry["earlier"]]
        shown.append((entry["at"], entry["message"], entry["markup"]))
        return [
            InlineVersion(at, content["text"], Message({"reply_markup": markup or {}}).buttons)
            for at, content, markup in shown
        ]

    async def expect(self, pattern: str = "", *, timeout: float = PATIENCE_SECONDS) -> Message:  # noqa: ASYNC109
        """The message's next version that the pattern is found in; reads on from the last one expected."""
        return await self.playground.expect(self.chat_id, pattern, message_id=self.message_id, timeout=timeout)

    async def _entry(self) -> Json:
        told = await self.playground.get(f"chats/{self.chat_id}/transcript")
        return next(dict(entry) for entry in told if entry["message"]["message_id"] == self.message_id)
