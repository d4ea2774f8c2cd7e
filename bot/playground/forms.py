"""What the people's side takes: a model per control action."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.playground.chats import ChatType, Status
from bot.playground.queries import InlineChatType

LONGEST_WAIT_SECONDS = 60


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewUser(Form):
    first_name: str = Field(min_length=1)
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    id: int | None = None
    started: bool = False


class OfUser(Form):
    user_id: int


class NewChat(Form):
    type: ChatType
    title: str = Field(min_length=1)
    members: list[int] = Field(min_length=1)
    administrators: list[int] = []
    username: str | None = None
    is_forum: bool = False
    bot: Literal["member", "administrator"] | None = "member"


class OfChat(Form):
    chat_id: int


class NewTopic(OfChat):
    user_id: int
    name: str = Field(min_length=1, max_length=128)


class NewStatus(OfChat):
    user_id: int
    status: Status
    by: int | None = None
    lacking: list[str] = []


class NewMessage(OfChat):
    user_id: int
    text: str
    reply_to: int | None = None
    message_thread_id: int | None = None
    anonymous: bool = False


class OfTopic(OfChat):
    message_thread_id: int


class NewPress(OfChat):
    user_id: int
    message_id: int
    text: str | None = None
    data: str | None = None


class OfPress(Form):
    press_id: str


class AwaitedAnswer(OfPress):
    timeout: float = Field(default=5, ge=0, le=LONGEST_WAIT_SECONDS)


class OfPoll(Form):
    poll_id: str


class NewVote(OfPoll):
    user_id: int
    options: list[int | str]
    through_a_forward: bool = False


class AwaitedClosing(OfPoll):
    timeout: float = Field(default=5, ge=0, le=LONGEST_WAIT_SECONDS)


class NewInlineQuery(Form):
    user_id: int
    query: str
    offset: str = ""
    chat_type: InlineChatType = "private"


class OfInlineQuery(Form):
    query_id: str


class AwaitedResults(OfInlineQuery):
    timeout: float = Field(default=5, ge=0, le=LONGEST_WAIT_SECONDS)


class NewChoice(OfInlineQuery):
    result_id: str
    chat_id: int | None = None


class InlineMode(Form):
    on: bool
    feedback: bool


class Awaited(Form):
    after: int = 0
    chat_id: int | None = None
    timeout: float = Field(default=5, ge=0, le=LONGEST_WAIT_SECONDS)


class AwaitedMessage(Awaited):
    pattern: str = ""
    message_thread_id: int | None = None
    message_id: int | None = None


class Calls(Form):
    method: str | None = None
    after: int = 0


class Repeat(Form):
    update_id: int | None = None


class Enforced(Form):
    enforced: bool


class Privacy(Form):
    reads_all_messages: bool
