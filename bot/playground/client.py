"""Drives a playground from a test: people who write to the bot, press its buttons and wait for its words.

The waits are those of `remote`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

import httpx

from bot.playground.inline_client import InlineMessage, InlineQuery, InlineResults
from bot.playground.remote import DEFAULT_TOKEN, PATIENCE_SECONDS, Message, NotSeenError, Press, RefusedError, Remote
from bot.playground.wire import Json

Role = Literal["member", "administrator"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
InlineChatType = Literal["sender", "private", "group", "supergroup", "channel"]


class Playground(Remote):
    """A running playground, with people to found and rules to change."""

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, *, token: str = DEFAULT_TOKEN) -> AsyncIterator[Playground]:
        """Drive a playground that runs at this URL, in this process or another."""
        url = url.rstrip("/")
        async with httpx.AsyncClient(base_url=f"{url}/control", trust_env=False) as http:
            yield cls(url, token, http)

    async def user(
        self, first_name: str = "Ann", *, username: str | None = None, language_code: str | None = "en", **more: object
    ) -> Person:
        """A new person, a stranger to the bot until they write to it.

        `more`: last_name, id, started (as if they had written before).
        """
        form = {"first_name": first_name, "username": username, "language_code": language_code, **more}
        return Person(self, await self.post("users", form))

    async def group(
        self, title: str, *members: Person, administrators: Sequence[Person] = (), bot: Role | None = "member"
    ) -> Group:
        """A group; its first member owns it and adds the bot."""
        return await self._found("group", title, members, administrators, bot)

    async def supergroup(
        self,
        title: str,
        *members: Person,
        administrators: Sequence[Person] = (),
        bot: Role | None = "member",
        is_forum: bool = False,
        username: str | None = None,
    ) -> Group:
        """A supergroup, with topics if it is a forum."""
        return await self._found(
            "supergroup", title, members, administrators, bot, is_forum=is_forum, username=username
        )

    async def channel(
        self, title: str, owner: Person, *others: Person, administrators: Sequence[Person] = (), username: str = ""
    ) -> Group:
        """A channel with its subscribers; the bot is an administrator, as it can be nothing else there."""
        members = (owner, *others)
        return await self._found("channel", title, members, administrators, "administrator", username=username or None)

    async def _found(
        self,
        chat_type: str,
        title: str,
        members: Sequence[Person],
        administrators: Sequence[Person],
        bot: Role | None,
        **more: object,
    ) -> Group:
        form = {
            "type": chat_type,
            "title": title,
            "members": [person.id for person in members],
            "administrators": [person.id for person in administrators],
            "bot": bot,
            **more,
        }
        return Group(self, await self.post("chats", form), members[0])

    async def calls(self, method: str | None = None) -> list[Json]:
        """The bot's calls: number, method, parameters, code, description, seconds, at."""
        return list(await self.get("calls", {"method": method} if method else {}))

    async def violations(self) -> list[Json]:
        """The calls that Telegram would have refused as the bot's own mistakes."""
        return list(await self.get("violations"))

    async def assert_no_violations(self) -> None:
        told = [f"{call['method']}: {call['description']}" for call in await self.violations()]
        assert not told, "\n".join(told)  # noqa: S101 - that is what it is for

    async def flood(self, method: str, *, retry_after: int = 1, times: int | None = 1) -> None:
        """Answer the next calls of the methods that the pattern matches with 429."""
        await self.fault(method, kind="flood", retry_after=retry_after, times=times)

    async def fault(
        self,
        method: str,
        *,
        kind: Literal["flood", "error", "drop", "slow"] = "error",
        when: Literal["before", "after"] = "before",
        times: int | None = 1,
        **more: object,
    ) -> None:
        """Let the next calls fail, before or after they are carried out.

        `more`: retry_after, code, description, seconds, probability.
        """
        await self.post("faults", {"method": method, "kind": kind, "when": when, "times": times, **more})

    async def clear_faults(self) -> None:
        await self._ask("DELETE", "faults", {})

    async def enforce_limits(self, on: bool = True) -> None:
        """Answer 429 from now on to more messages than Telegram takes, counting from nothing."""
        await self.put("limits", {"enforced": on})

    async def limits(self) -> Json:
        """What was counted since: enforced, passed, refused."""
        return dict(await self.get("limits"))

    async def redeliver(self, update_id: int | None = None) -> int:
        """Hand the bot an update a second time, the newest unless one is named; its id."""
        return int(await self.post("updates/redeliver", {"update_id": update_id}))

    async def updates(self) -> list[Json]:
        """Every update the bot was or will be given."""
        return list(await self.get("updates"))

    async def commands(self) -> list[Json]:
        """The commands the bot has registered: scope, language_code, commands."""
        return list(await self.get("commands"))

    async def read_all_messages(self, on: bool = True) -> None:
        """Turn the bot's privacy mode in groups off, or on again."""
        await self.put("bot/privacy", {"reads_all_messages": on})

    async def poll(self, message: Message) -> Json:
        """The poll of a message as the bot would be told of it now, with its votes."""
        return dict(await self.get(f"polls/{message.poll_id}"))

    async def run_out(self, message: Message) -> None:
        """Let the time of a poll be over now."""
        await self.post(f"polls/{message.poll_id}/run-out", {})

    async def inline_mode(self, on: bool = True, *, feedback: bool = False) -> None:
        """Set inline mode as its owner would; with feedback the bot is told what people choose."""
        await self.put("bot/inline", {"on": on, "feedback": feedback})

    async def expect_closed(self, message: Message, *, timeout: float = PATIENCE_SECONDS) -> Json:  # noqa: ASYNC109
        """The poll of a message, once it is closed."""
        told = await self.get(f"polls/{message.poll_id}/closed", {"timeout": timeout})
        if told is None:
            raise NotSeenError(f"the poll {message.text!r} was not closed within {timeout:g} s")
        return dict(told)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a private chat, who can also be found in groups."""

    playground: Playground = field(repr=False)
    raw: Json

    @property
    def id(self) -> int:
        return int(self.raw["id"])

    @property
    def private(self) -> Conversation:
        """Their private chat with the bot."""
        return Conversation(self.playground, self, self.id)

    def at(self, group: Group, topic: int | None = None) -> Conversation:
        """Them in a group, or in a topic of it."""
        return Conversation(self.playground, self, group.id, topic)

    async def follow(self, url: str) -> Message:
        """Open a link to the bot and press Start, as t.me does; RefusedError for a link that leads elsewhere."""
        name = (await self.playground.get("bot"))["username"]
        match = re.fullmatch(rf"https://t\.me/{name}\?start=([\w-]{{1,64}})", url, re.ASCII | re.IGNORECASE)
        if match is None:
            raise RefusedError(f"{url} does not start the bot")
        return await self.private.say(f"/start {match[1]}")

    async def vote(self, message: Message, *options: int | str, through_a_forward: bool = False) -> Json:
        """Vote for options by number or text, or take the vote back where none is named; the poll with its votes.

        `through_a_forward` is for somebody outside of the chat who had the message forwarded to them.
        """
        form = {"user_id": self.id, "options": list(options), "through_a_forward": through_a_forward}
        return dict(await self.playground.post(f"polls/{message.poll_id}/votes", form))

    async def type_inline(self, query: str, *, offset: str = "", chat_type: InlineChatType = "private") -> InlineQuery:
        """Type the bot's name and these words somewhere; `sender` is the private chat with the bot itself."""
        form = {"user_id": self.id, "query": query, "offset": offset, "chat_type": chat_type}
        query_id = await self.playground.post("inline-queries", form)
        return InlineQuery(self.playground, query_id, form)

    async def inline(
        self,
        query: str,
        *,
        offset: str = "",
        chat_type: InlineChatType = "private",
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109 - the server waits
    ) -> InlineResults:
        """Type it, and wait for what the bot offers."""
        typed = await self.type_inline(query, offset=offset, chat_type=chat_type)
        return await typed.results(timeout=timeout)

    async def press(self, message: InlineMessage, text: str | None = None, *, data: str | None = None) -> Press:
        """Press the button with this text or this data on a message sent inline, in whatever chat it stands."""
        form = {"user_id": self.id, "message_id": message.message_id, "text": text, "data": data}
        return Press(self.playground, await self.playground.post(f"chats/{message.chat_id}/presses", form))

    async def block(self) -> None:
        """Block the bot."""
        await self.playground.post(f"users/{self.id}/block", {})

    async def unblock(self) -> None:
        await self.playground.post(f"users/{self.id}/unblock", {})


@dataclass(frozen=True, slots=True)
class Group:
    """A group or supergroup."""

    playground: Playground = field(repr=False)
    raw: Json
    owner: Person

    @property
    def id(self) -> int:
        return int(self.raw["id"])

    async def topic(self, name: str) -> int:
        """Open a topic; its message_thread_id."""
        return int(await self.playground.post(f"chats/{self.id}/topics", {"user_id": self.owner.id, "name": name}))

    async def close_topic(self, topic: int) -> None:
        """Close a topic, so that only administrators write there."""
        await self.playground.post(f"chats/{self.id}/topics/{topic}/close", {})

    async def set_status(
        self,
        who: Person | Literal["bot"],
        status: Status,
        *,
        by: Person | None = None,
        lacking: Sequence[str] = (),
    ) -> None:
        """Let somebody or the bot in, out or up; the owner does it unless another is named.

        `lacking` are rights, by the Bot API's names, that an administrator or a restricted member doesn't have.
        """
        user_id = who.id if isinstance(who, Person) else (await self.playground.get("bot"))["id"]
        form = {"status": status, "by": by.id if by else None, "lacking": list(lacking)}
        await self.playground.put(f"chats/{self.id}/members/{user_id}", form)

    async def upgrade(self) -> Group:
        """Turn the group into a supergroup, which has another id."""
        raw = await self.playground.post(f"chats/{self.id}/upgrade", {})
        return Group(self.playground, raw, self.owner)

    async def transcript(self) -> list[Message]:
        return await self.playground.transcript(self.id)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A person in a chat or topic: says things, presses buttons, waits for what the bot says there."""

    playground: Playground = field(repr=False)
    person: Person
    chat_id: int
    topic: int | None = None

    async def say(self, text: str, *, reply_to: Message | None = None, anonymous: bool = False) -> Message:
        """Write something; `anonymous` in the group's name."""
        form = {
            "anonymous": anonymous,
            "user_id": self.person.id,
            "text": text,
            "reply_to": reply_to.id if reply_to else None,
            "message_thread_id": self.topic,
        }
        said = await self.playground.post(f"chats/{self.chat_id}/messages", form)
        return Message(said["message"], said["position"])

    async def expect(
        self,
        pattern: str = "",
        *,
        after: Message | None = None,
        timeout: float = PATIENCE_SECONDS,  # noqa: ASYNC109 - the server waits
    ) -> Message:
        """The bot's next message or edit here that the pattern is found in; reads on from the last one expected."""
        position = after.position if after else None
        return await self.playground.expect(
            self.chat_id, pattern, thread_id=self.topic, after=position, timeout=timeout
        )

    async def ask(self, text: str, pattern: str = "", *, timeout: float = PATIENCE_SECONDS) -> Message:  # noqa: ASYNC109
        """Say something and wait for what the bot says after it."""
        return await self.expect(pattern, after=await self.say(text), timeout=timeout)

    async def press(self, message: Message, text: str | None = None, *, data: str | None = None) -> Press:
        """Press the button with this text or this data on a message of the bot."""
        form = {"user_id": self.person.id, "message_id": message.id, "text": text, "data": data}
        return Press(self.playground, await self.playground.post(f"chats/{self.chat_id}/presses", form))

    async def transcript(self) -> list[Message]:
        return await self.playground.transcript(self.chat_id)
