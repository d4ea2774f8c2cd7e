"""Users, chats and messages, and the JSON that the Bot API tells of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal, get_args

from bot.playground.wire import Json

ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
IN_CHARGE = frozenset({"creator", "administrator"})
ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
SAID = frozenset({"text", "photo", "poll"})  # what makes a message more than a service message
POSTING_RIGHTS = ("can_post_messages", "can_edit_messages")  # of administrators of channels only
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
)
STATUSES: tuple[Status, ...] = get_args(Status)
GROUP_ANONYMOUS_BOT: Json = {  # whom Telegram names as the sender where an administrator hides behind the group
    "id": 1_087_968_824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot. `started` and `blocked` tell how a person stands to the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    started: bool = False
    blocked: bool = False

    def json(self) -> Json:
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        known = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **known}


@dataclass(slots=True, eq=False)
class Chat:
    """A chat with all its messages, gone ones too. Message ids count from 1."""

    id: int
    type: ChatType
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    owner: User | None = None
    statuses: dict[int, Status] = field(default_factory=dict)
    lacking: dict[int, frozenset[str]] = field(default_factory=dict)  # rights that somebody was not given
    anonymous: set[int] = field(default_factory=set)  # administrators who hide behind the group
    closed: set[int] = field(default_factory=set)  # topics
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    migrated_to: int | None = None
    is_unseen: bool = False  # a chat of people only, where the bot's inline messages stand

    def status(self, user: User) -> Status:
        return self.statuses.get(user.id, "left")

    def has_right(self, user: User, right: str) -> bool:
        """Whether somebody who is in the chat may do this there."""
        return right not in self.lacking.get(user.id, ())

    def member_json(self, user: User) -> Json:
        """A ChatMember as the Bot API tells it."""
        return member_json(
            user,
            self.status(user),
            lacking=self.lacking.get(user.id, frozenset()),
            is_anonymous=user.id in self.anonymous,
            in_channel=self.type == "channel",
        )

    def message(self, message_id: int | None) -> Message | None:
        """The message, unless it never was or is deleted."""
        message = self.messages.get(message_id) if message_id is not None else None
        return None if message is None or message.deleted else message

    def json(self) -> Json:
        if self.type == "private" and self.owner is not None:
            person = self.owner.json()
            return {"id": self.id, "type": self.type} | {
                name: person[name] for name in ("first_name", "last_name", "username") if name in person
            }
        told: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            told["username"] = self.username
        if self.is_forum:
            told["is_forum"] = True
        return told


@dataclass(slots=True, eq=False)
class Message:
    """One message. `content` is the part that its kind brings: text and entities, or a service message's fields."""

    chat: Chat
    message_id: int
    sender: User
    date: int
    content: Json
    thread_id: int | None = None
    reply_to: Message | None = None
    markup: Json | None = None
    edit_date: int | None = None
    deleted: bool = False
    is_anonymous: bool = False
    is_protected: bool = False
    via_bot: User | None = None
    inline_message_id: str | None = None
    shown_since: float = field(default_factory=time.time)  # as it stands now
    earlier: list[Json] = field(default_factory=list)

    @property
    def is_service(self) -> bool:
        return SAID.isdisjoint(self.content)

    @property
    def inline_keyboard(self) -> list[list[Json]]:
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    def json(self, *, with_reply: bool = True) -> Json:
        told: Json = {
            "message_id": self.message_id,
            **self._said_by(),
            "chat": self.chat.json(),
            "date": self.date,
            **self.content,
        }
        if self.thread_id is not None:
            told["message_thread_id"] = self.thread_id
            if self.thread_id in self.chat.topics:
                told["is_topic_message"] = True
        if with_reply and (replied := self.reply_to or self.chat.messages.get(self.thread_id or 0)) not in (None, self):
            told["reply_to_message"] = replied.json(with_reply=False)
        if self.inline_keyboard:
            told["reply_markup"] = self.markup
        if self.via_bot is not None:
            told["via_bot"] = self.via_bot.json()
        if self.is_protected:
            told["has_protected_content"] = True
        if self.edit_date is not None:
            told["edit_date"] = self.edit_date
        return told

    def _said_by(self) -> Json:
        """A channel speaks itself, whoever posts there; so does a group for an administrator who hides."""
        if self.chat.type == "channel":
            return {"sender_chat": self.chat.json()}
        if self.is_anonymous:
            return {"from": GROUP_ANONYMOUS_BOT, "sender_chat": self.chat.json()}
        return {"from": self.sender.json()}


def member_json(
    user: User,
    status: Status,
    *,
    lacking: frozenset[str] = frozenset(),
    is_anonymous: bool = False,
    in_channel: bool = False,
) -> Json:
    """A ChatMember as the Bot API tells it."""
    member: Json = {"status": status, "user": user.json()}
    match status:
        case "creator":
            member["is_anonymous"] = is_anonymous
        case "administrator":
            rights = (*ADMINISTRATOR_RIGHTS, *(POSTING_RIGHTS if in_channel else ()))
            member |= {"can_be_edited": False, "is_anonymous": is_anonymous}
            member |= {right: right not in lacking for right in rights}
        case "restricted":
            member |= {"is_member": True, "until_date": 0}
            member |= {right: right not in lacking for right in MEMBER_RIGHTS}
        case "kicked":
            member["until_date"] = 0
    return member
