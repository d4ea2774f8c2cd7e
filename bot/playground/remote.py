"""A playground from afar: its control side over HTTP, and what is seen there.

Every wait sleeps on the server until the thing happens; what fails to come in time is a `NotSeenError`, which is an
AssertionError that tells what was there instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from bot.playground.wire import Json

DEFAULT_TOKEN = "4200000042:playground-token-that-opens-nothing"  # noqa: S105 - of no real bot
PATIENCE_SECONDS = 10.0
SLACK_SECONDS = 5.0


class NotSeenError(AssertionError):
    """What was waited for did not happen in time."""


class RefusedError(Exception):
    """The playground could not do what a person was told to do."""


class Answer(NamedTuple):
    """What a pressed button was answered with."""

    text: str
    show_alert: bool
    url: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the bot sees it in `raw`; `position` is the event that showed it."""

    raw: Json
    position: int = 0
    edited: bool = False

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.raw["chat"]["id"])

    @property
    def sender(self) -> str:
        """Who seems to speak: a person, or the chat itself."""
        chat = self.raw.get("sender_chat")
        return str(chat["title"] if chat else self.raw["from"]["first_name"])

    @property
    def thread_id(self) -> int | None:
        return self.raw.get("message_thread_id")

    @property
    def text(self) -> str:
        """Its words, those under its picture, or its poll's question."""
        return str(self.raw.get("text") or self.raw.get("caption") or self.raw.get("poll", {}).get("question", ""))

    @property
    def poll_id(self) -> str:
        """The id of its poll; empty where it has none."""
        return str(self.raw.get("poll", {}).get("id", ""))

    @property
    def options(self) -> list[str]:
        """What its poll lets people choose from."""
        return [option["text"] for option in self.raw.get("poll", {}).get("options", ())]

    @property
    def entities(self) -> list[Json]:
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or [])

    @property
    def picture(self) -> tuple[int, int] | None:
        """Width and height of its picture; None where it has none."""
        sizes = self.raw.get("photo", [])
        return (sizes[-1]["width"], sizes[-1]["height"]) if sizes else None

    @property
    def keyboard(self) -> list[list[Json]]:
        return list(self.raw.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """What stands on the inline buttons, in reading order."""
        return [button["text"] for row in self.keyboard for button in row]


class Remote:
    """A running playground. `url` is the server's, `base_url` what python-telegram-bot calls so."""

    def __init__(self, url: str, token: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self.base_url = f"{url}/bot"
        self.token = token
        self._http = http
        self._read_until: dict[tuple[int, int | None, int | None], int] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    async def call(self, method: str, **parameters: object) -> Json:
        """Call the Bot API as the bot would; the whole JSON answer, refusals too."""
        response = await self._http.post(f"{self.base_url}{self.token}/{method}", json=parameters)
        return dict(response.json())

    async def transcript(self, chat_id: int) -> list[Message]:
        """All that stands in a chat now, service messages too."""
        told = await self.get(f"chats/{chat_id}/transcript")
        return [Message(entry["message"]) for entry in told if not entry["deleted"]]

    async def expect(
        self,
        chat_id: int,
        pattern: str = "",
        *,
        thread_id: int | None = None,
        message_id: int | None = None,
        after: int | None = None,
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109 - the server waits
    ) -> Message:
        """The bot's next message or edit in a chat, a topic or of one message that the pattern is found in.

        Reads on from the last one expected there, or from the event `after`.
        """
        place = (chat_id, thread_id, message_id)
        start = self._read_until.get(place, 0) if after is None else after
        query = {"chat_id": chat_id, "pattern": pattern, "after": start, "timeout": timeout}
        narrowed = {"message_thread_id": thread_id, "message_id": message_id}
        query |= {name: value for name, value in narrowed.items() if value is not None}
        event = await self.get("events/next", query)
        if event is None:
            raise NotSeenError(f"nothing like {pattern!r} within {timeout:g} s\n{await self._tail(chat_id)}")
        self._read_until[place] = event["number"]
        return Message(event["content"], event["number"], edited=event["kind"] == "edit")

    async def _tail(self, chat_id: int) -> str:
        last = (await self.transcript(chat_id))[-5:]
        return "\n".join(f"{message.sender}: {message.text}" for message in last)

    async def get(self, path: str, query: Json | None = None) -> Any:  # noqa: ANN401 - whatever JSON comes
        """Read from the control side."""
        return await self._ask("GET", path, query or {})

    async def post(self, path: str, form: Json) -> Any:  # noqa: ANN401 - whatever JSON comes
        """Act on the control side; raises RefusedError with the reason it gives."""
        return await self._ask("POST", path, form)

    async def put(self, path: str, form: Json) -> None:
        """Change something on the control side."""
        await self._ask("PUT", path, form)

    async def _ask(self, method: str, path: str, given: Json) -> Any:  # noqa: ANN401 - whatever JSON comes
        patience = float(given.get("timeout", 0)) + SLACK_SECONDS
        carried = {"params": given} if method == "GET" else {"json": given}
        response = await self._http.request(method, path, timeout=patience, **carried)  # type: ignore[arg-type]
        if response.is_error:
            raise RefusedError(response.json()["error"])
        return response.json()


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody has pressed; `id` is the callback query's."""

    playground: Remote = field(repr=False)
    id: str

    async def answer(self, *, timeout: float = PATIENCE_SECONDS) -> Answer:  # noqa: ASYNC109 - the server waits
        """What the bot answers the press with, once it does."""
        told = await self.playground.get(f"presses/{self.id}/answer", {"timeout": timeout})
        if told is None:
            raise NotSeenError(f"the pressed button was not answered within {timeout:g} s")
        return Answer(**told)

    async def expire(self) -> None:
        """Make it too late for an answer."""
        await self.playground.post(f"presses/{self.id}/expire", {})
