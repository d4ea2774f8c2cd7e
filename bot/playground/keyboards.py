"""Reply markups as pydantic models that refuse what Telegram refuses."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

MOST_BUTTONS = 100
CALLBACK_DATA_BYTES = 64

_BUTTON_URL = re.compile(r"(?:https?|tg)://\S+|[\w-]+(?:\.[\w-]+)+\S*", re.IGNORECASE)


def refusal(reason: str) -> PydanticCustomError:
    """A validation error whose text reaches the bot as it is."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason})


class Strict(BaseModel):
    """An object of the Bot API: no unknown fields, no bending of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CopyTextButton(Strict):
    text: str = Field(min_length=1, max_length=256)


class SwitchInlineQueryChosenChat(Strict):
    query: str | None = None
    allow_user_chats: bool | None = None
    allow_bot_chats: bool | None = None
    allow_group_chats: bool | None = None
    allow_channel_chats: bool | None = None


class WebAppInfo(Strict):
    url: str


class InlineKeyboardButton(Strict):
    ACTIONS: ClassVar = (
        "url",
        "callback_data",
        "web_app",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
    )

    text: str
    icon_custom_emoji_id: str | None = None
    style: str | None = Field(default=None, pattern="^(danger|success|primary)$")
    url: str | None = None
    callback_data: str | None = None
    web_app: WebAppInfo | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    switch_inline_query_chosen_chat: SwitchInlineQueryChosenChat | None = None
    copy_text: CopyTextButton | None = None

    @field_validator("callback_data")
    @classmethod
    def _short(cls, data: str | None) -> str | None:
        if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
            raise refusal("BUTTON_DATA_INVALID")
        return data

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, url: str | None) -> str | None:
        if url is not None and not _BUTTON_URL.fullmatch(url):
            raise refusal("BUTTON_URL_INVALID")
        return url

    @model_validator(mode="after")
    def _does_one_thing(self) -> InlineKeyboardButton:
        if not self.text.strip():
            raise refusal("can't parse inline keyboard button: button text must be non-empty")
        actions = [name for name in self.ACTIONS if getattr(self, name) is not None]
        if not actions:
            raise refusal("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if len(actions) > 1:
            raise refusal(f"can't parse inline keyboard button: more than one action ({', '.join(actions)})")
        return self


class InlineKeyboardMarkup(Strict):
    inline_keyboard: list[list[InlineKeyboardButton]]

    @model_validator(mode="after")
    def _sensible_rows(self) -> InlineKeyboardMarkup:
        _check_rows(self.inline_keyboard)
        return self


class KeyboardButton(Strict):
    text: str = Field(min_length=1)
    icon_custom_emoji_id: str | None = None
    style: str | None = Field(default=None, pattern="^(danger|success|primary)$")
    request_contact: bool | None = None
    request_location: bool | None = None


class ReplyKeyboardMarkup(Strict):
    keyboard: list[list[KeyboardButton | str]]
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: str | None = Field(default=None, min_length=1, max_length=64)
    selective: bool | None = None

    @model_validator(mode="after")
    def _sensible_rows(self) -> ReplyKeyboardMarkup:
        _check_rows(self.keyboard)
        return self


class ReplyKeyboardRemove(Strict):
    remove_keyboard: bool
    selective: bool | None = None


class ForceReply(Strict):
    force_reply: bool
    input_field_placeholder: str | None = Field(default=None, min_length=1, max_length=64)
    selective: bool | None = None


def _check_rows(rows: list[list[Any]]) -> None:
    if not all(rows):
        raise refusal("can't parse keyboard: a row must have at least one button")
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise refusal("reply markup is too long")


def _kind_of_markup(value: object) -> str:
    given = value if isinstance(value, dict) else {}
    return next((name for name in ("keyboard", "remove_keyboard", "force_reply") if name in given), "inline_keyboard")


ReplyMarkup = Annotated[
    Annotated[InlineKeyboardMarkup, Tag("inline_keyboard")]
    | Annotated[ReplyKeyboardMarkup, Tag("keyboard")]
    | Annotated[ReplyKeyboardRemove, Tag("remove_keyboard")]
    | Annotated[ForceReply, Tag("force_reply")],
    Discriminator(_kind_of_markup),
]
