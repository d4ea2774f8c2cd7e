"""Inline mode: what people type after the bot's name, what it offers them, and the message that they choose."""

from __future__ import annotations

import re
import secrets
from typing import Literal

from pydantic import Field, field_validator, model_validator

from bot.playground.chats import Chat, Message, User
from bot.playground.contents import as_json, text_content
from bot.playground.errors import ImpossibleError, bad_request
from bot.playground.keyboards import InlineKeyboardMarkup, Strict, WebAppInfo, refusal
from bot.playground.parameters import Formatted, LinkPreviewOptions, MessageEntity, Parameters
from bot.playground.people import must_be_able_to_write
from bot.playground.queries import InlineAnswer, InlineChatType, InlineQuery, InlineResult
from bot.playground.world import World

LONGEST_QUERY = 256
MOST_RESULTS = 50
RESULT_ID_BYTES = 64
OFFSET_BYTES = 64
CACHE_SECONDS = 300

_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class InputTextMessageContent(Strict):
    message_text: str
    parse_mode: str | None = None
    entities: list[MessageEntity] | None = None
    link_preview_options: LinkPreviewOptions | None = None


class InlineQueryResultArticle(Strict):
    type: Literal["article"]
    id: str
    title: str
    input_message_content: InputTextMessageContent
    reply_markup: InlineKeyboardMarkup | None = None
    url: str | None = None
    description: str | None = None
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None

    @field_validator("id")
    @classmethod
    def _short(cls, result_id: str) -> str:
        if not 1 <= len(result_id.encode()) <= RESULT_ID_BYTES:
            raise refusal("RESULT_ID_INVALID")
        return result_id

    @field_validator("title")
    @classmethod
    def _titled(cls, title: str) -> str:
        if not title.strip():
            raise refusal("ARTICLE_TITLE_EMPTY")
        return title

    @field_validator("reply_markup")
    @classmethod
    def _works_in_any_chat(cls, markup: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
        if markup and any(button.web_app for row in markup.inline_keyboard for button in row):
            raise refusal("BUTTON_TYPE_INVALID")
        return markup


class InlineQueryResultsButton(Strict):
    text: str
    web_app: WebAppInfo | None = None
    start_parameter: str | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> InlineQueryResultsButton:
        if not self.text.strip():
            raise refusal("SWITCH_PM_TEXT_EMPTY")
        if (self.web_app is None) == (self.start_parameter is None):
            raise refusal("exactly one of the fields web_app and start_parameter must be used")
        if self.start_parameter is not None and not _START_PARAMETER.fullmatch(self.start_parameter):
            raise refusal("START_PARAM_INVALID")
        return self


class AnswerInlineQuery(Parameters):
    inline_query_id: str
    results: list[InlineQueryResultArticle]
    cache_time: int = Field(default=CACHE_SECONDS, ge=0)
    is_personal: bool = False
    next_offset: str = ""
    button: InlineQueryResultsButton | None = None

    @model_validator(mode="after")
    def _fits(self) -> AnswerInlineQuery:
        if len(self.results) > MOST_RESULTS:
            raise refusal("too many inline query results specified")
        if len({result.id for result in self.results}) < len(self.results):
            raise refusal("RESULT_ID_DUPLICATE")
        if len(self.next_offset.encode()) > OFFSET_BYTES:
            raise refusal("NEXT_OFFSET_INVALID")
        return self


def answer_inline_query(world: World, given: AnswerInlineQuery) -> bool:
    query = world.inline_queries.get(given.inline_query_id)
    if query is None or not query.is_open:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    results = tuple(_result(world, result) for result in given.results)
    answer = InlineAnswer(results, given.next_offset, as_json(given.button), given.cache_time, given.is_personal)
    query.answer = answer
    world.inline_cache.keep(query, answer)
    world.signal.notify()
    return True


def type_query(world: World, user: User, text: str, *, offset: str = "", chat_type: InlineChatType) -> InlineQuery:
    """Type the bot's name and these words into a chat of this type, unless an earlier answer serves again.

    `sender` is the private chat with the bot itself.
    """
    if not world.inline_mode:
        raise ImpossibleError("the bot has no inline mode")
    if len(text) > LONGEST_QUERY:
        raise ImpossibleError(f"an inline query has at most {LONGEST_QUERY} characters")
    query = InlineQuery(world.next_query_id(), user, text, offset, chat_type)
    world.inline_queries[query.id] = query
    query.answer = world.inline_cache.find(query)
    query.is_cached = query.answer is not None
    if not query.is_cached:
        world.updates.add("inline_query", query.json())
    return query


def choose(world: World, query: InlineQuery, result_id: str, chat: Chat | None = None) -> Message:
    """Send a result into the chat, or into one that the bot can't see."""
    found = [result for result in query.answer.results if result.id == result_id] if query.answer else []
    if not found:
        raise ImpossibleError(f"there is no result {result_id!r} to choose")
    (result,) = found
    message = _send(world, query, result, chat or _where_it_was_typed(world, query))
    if world.inline_feedback:
        chosen = {"result_id": result_id, "from": query.user.json(), "query": query.query}
        known = {"inline_message_id": message.inline_message_id} if message.inline_message_id else {}
        world.updates.add("chosen_inline_result", chosen | known)
    return message


def _send(world: World, query: InlineQuery, result: InlineResult, chat: Chat) -> Message:
    """Only a message with buttons gets an id by which the bot can change it."""
    must_be_able_to_write(chat, query.user)
    inline_message_id = secrets.token_urlsafe(20) if (result.markup or {}).get("inline_keyboard") else None
    message = world.post(
        chat,
        query.user,
        result.content,
        markup=result.markup,
        via_bot=world.bot,
        inline_message_id=inline_message_id,
    )
    if inline_message_id is not None:
        world.inline_messages[inline_message_id] = message
    return message


def _where_it_was_typed(world: World, query: InlineQuery) -> Chat:
    if query.chat_type == "sender":
        return world.chat(query.user.id)
    return world.add_unseen_chat(query.chat_type)


def _result(world: World, given: InlineQueryResultArticle) -> InlineResult:
    message = given.input_message_content
    text = Formatted(
        text=message.message_text,
        parse_mode=message.parse_mode,
        entities=message.entities,
        link_preview_options=message.link_preview_options,
    )
    shown = given.model_dump(exclude_none=True, exclude={"input_message_content", "reply_markup"})
    content = text_content(world, text, too_long="MESSAGE_TOO_LONG")
    return InlineResult(given.id, shown, content, as_json(given.reply_markup))
