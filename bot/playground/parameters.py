"""What each Bot API method takes: a model per method, and the one way to fill it from a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from bot.playground.errors import ApiError, bad_request
from bot.playground.keyboards import InlineKeyboardMarkup, ReplyMarkup, Strict, refusal
from bot.playground.wire import parse_json

MOST_COMMANDS = 100
LONGEST_ANSWER = 200

UpdateKind = Literal[
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot",
]  # fmt: skip
Action = Literal[
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
]  # fmt: skip


def _number_if_it_is_one(value: object) -> object:
    if isinstance(value, str) and value.removeprefix("-").isdecimal():
        return int(value)
    return value


ChatId = Annotated[int | str, BeforeValidator(_number_if_it_is_one)]


class Parameters(Strict):
    """The base of all methods' parameters; by itself, those of a method that takes none."""


class MessageEntity(Strict):
    type: Literal[
        "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code",
        "pre", "text_link", "custom_emoji", "mention", "hashtag", "cashtag", "bot_command", "url", "email",
        "phone_number",
    ]  # fmt: skip
    offset: int = Field(ge=0)
    length: int = Field(ge=1)
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None


class LinkPreviewOptions(Strict):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class ReplyParameters(Strict):
    message_id: int
    chat_id: ChatId | None = None
    allow_sending_without_reply: bool = False
    quote: str | None = Field(default=None, max_length=1024)


class GetUpdates(Parameters):
    offset: int | None = None
    limit: int = Field(default=100, ge=1, le=100)
    timeout: int = Field(default=0, ge=0)
    allowed_updates: list[UpdateKind] | None = None


class DeleteWebhook(Parameters):
    drop_pending_updates: bool = False


class Formatted(Parameters):
    text: str = ""
    parse_mode: str | None = None
    entities: list[MessageEntity] | None = None
    link_preview_options: LinkPreviewOptions | None = None


class Sent(Parameters):
    """What every method takes that puts a message into a chat."""

    chat_id: ChatId
    message_thread_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    reply_parameters: ReplyParameters | None = None
    reply_markup: ReplyMarkup | None = None


class SendMessage(Formatted, Sent):
    pass


class SendPhoto(Sent):
    photo: bytes
    caption: str = ""
    parse_mode: str | None = None
    caption_entities: list[MessageEntity] | None = None
    show_caption_above_media: bool = False
    has_spoiler: bool = False


class SentMessage(Parameters):
    """Names a message of the bot: in a chat, or one sent through inline mode."""

    chat_id: ChatId | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
    reply_markup: InlineKeyboardMarkup | None = None

    @model_validator(mode="after")
    def _names_a_message(self) -> SentMessage:
        if self.inline_message_id is None and self.chat_id is None:
            raise refusal("chat_id is empty")
        if self.inline_message_id is None and self.message_id is None:
            raise refusal("message identifier is not specified")
        return self


class EditMessageText(Formatted, SentMessage):
    pass


class EditMessageReplyMarkup(SentMessage):
    pass


class DeleteMessage(Parameters):
    chat_id: ChatId
    message_id: int


class SendChatAction(Parameters):
    chat_id: ChatId
    message_thread_id: int | None = None
    action: Action


class AnswerCallbackQuery(Parameters):
    callback_query_id: str
    text: str | None = None
    show_alert: bool = False
    url: str | None = None
    cache_time: int = Field(default=0, ge=0)

    @field_validator("text")
    @classmethod
    def _fits(cls, text: str | None) -> str | None:
        if text is not None and len(text) > LONGEST_ANSWER:
            raise refusal("MESSAGE_TOO_LONG")
        return text


class InChat(Parameters):
    chat_id: ChatId


class GetChatMember(InChat):
    user_id: int


class BotCommand(Strict):
    command: str
    description: str

    @field_validator("command")
    @classmethod
    def _plain(cls, command: str) -> str:
        command = command.removeprefix("/")
        letters = set("abcdefghijklmnopqrstuvwxyz0123456789_")
        if not 1 <= len(command) <= 32 or not letters.issuperset(command):
            raise refusal("BOT_COMMAND_INVALID")
        return command

    @field_validator("description")
    @classmethod
    def _told(cls, description: str) -> str:
        if not 1 <= len(description.strip()) <= 256:
            raise refusal("BOT_COMMAND_DESCRIPTION_INVALID")
        return description


class BotCommandScope(Strict):
    type: Literal[
        "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
        "chat_member",
    ]  # fmt: skip
    chat_id: ChatId | None = None
    user_id: int | None = None

    @model_validator(mode="after")
    def _names_whom_it_needs(self) -> BotCommandScope:
        of_chat = self.type in ("chat", "chat_administrators", "chat_member")
        if (self.chat_id is not None) != of_chat or (self.user_id is not None) != (self.type == "chat_member"):
            raise refusal("can't parse BotCommandScope")
        return self


class CommandsOf(Parameters):
    scope: BotCommandScope = BotCommandScope(type="default")
    language_code: str = Field(default="", pattern="^([a-z]{2})?$")


class SetMyCommands(CommandsOf):
    commands: list[BotCommand]

    @field_validator("commands")
    @classmethod
    def _not_too_many(cls, commands: list[BotCommand]) -> list[BotCommand]:
        if len(commands) > MOST_COMMANDS:
            raise refusal("BOT_COMMANDS_TOO_MUCH")
        return commands


class ProfileText(Parameters):
    language_code: str = Field(default="", pattern="^([a-z]{2})?$")


class SetMyName(ProfileText):
    name: str = Field(default="", max_length=64)


class SetMyDescription(ProfileText):
    description: str = Field(default="", max_length=512)


class SetMyShortDescription(ProfileText):
    short_description: str = Field(default="", max_length=120)


P = TypeVar("P", bound=Parameters)


def fill(model: type[P], given: Mapping[str, object]) -> P:
    """The method's parameters from what a request gave; raises the ApiError that answers a mistake."""
    try:
        return model.model_validate({name: _decoded(model, name, value) for name, value in given.items()})
    except ValidationError as error:
        raise _telegram_error(error) from None


def _decoded(model: type[Parameters], name: str, value: object) -> object:
    """A form carries everything but text as JSON."""
    expected = model.model_fields.get(name)
    if not isinstance(value, str) or expected is None or expected.annotation in (str, str | None):
        return value
    try:
        return parse_json(value)
    except ValueError:
        return value


def _telegram_error(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False)[0]
    name = ".".join(str(step) for step in first["loc"])
    match first["type"]:
        case "refused":
            return bad_request(first["msg"])
        case "missing" if name == "chat_id":
            return bad_request("chat_id is empty")
        case "missing":
            return bad_request(f'parameter "{name}" is required')
        case "extra_forbidden":
            return bad_request(f'unknown parameter "{name}"')
        case _:
            return bad_request(f'parameter "{name}" is wrong: {first["msg"]}')
