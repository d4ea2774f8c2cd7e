"""Polls: the methods that send and stop them, the votes of people, and the clock that closes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator

from bot.playground.ballots import Poll
from bot.playground.chats import Chat, User
from bot.playground.contents import as_json, read, told_entities
from bot.playground.entities import FormattedText, trimmed, with_automatic
from bot.playground.errors import ImpossibleError, bad_request
from bot.playground.keyboards import InlineKeyboardMarkup, Strict, refusal
from bot.playground.messaging import send, writable_chat
from bot.playground.parameters import ChatId, Formatted, MessageEntity, Parameters, Sent
from bot.playground.people import must_be_in
from bot.playground.wire import Json
from bot.playground.world import World

LONGEST_QUESTION = 300
LONGEST_OPTION = 100
MOST_OPTIONS = 12
LONGEST_EXPLANATION = 200
MOST_LINE_FEEDS = 2  # in an explanation
LONGEST_DESCRIPTION = 1024
SHORTEST_PERIOD = 5
LONGEST_PERIOD = 2_628_000


class InputPollOption(Strict):
    text: str
    text_parse_mode: str | None = None
    text_entities: list[MessageEntity] | None = None


class SendPoll(Sent):
    question: str
    question_parse_mode: str | None = None
    question_entities: list[MessageEntity] | None = None
    options: list[InputPollOption]
    is_anonymous: bool = True
    type: Literal["regular", "quiz"] = "regular"
    allows_multiple_answers: bool = False
    allows_revoting: bool | None = None
    shuffle_options: bool = False
    hide_results_until_closes: bool = False
    correct_option_ids: list[int] | None = None
    correct_option_id: int | None = None  # its name before Bot API 9.6
    explanation: str = ""
    explanation_parse_mode: str | None = None
    explanation_entities: list[MessageEntity] | None = None
    description: str = ""
    description_parse_mode: str | None = None
    description_entities: list[MessageEntity] | None = None
    open_period: int | None = Field(default=None, ge=SHORTEST_PERIOD, le=LONGEST_PERIOD)
    close_date: int | None = None
    is_closed: bool = False

    @property
    def correct(self) -> list[int]:
        if self.correct_option_ids is None and self.correct_option_id is not None:
            return [self.correct_option_id]
        return self.correct_option_ids or []

    @model_validator(mode="after")
    def _makes_sense(self) -> SendPoll:
        if not self.options:
            raise refusal("poll must have at least 1 option")
        if len(self.options) > MOST_OPTIONS:
            raise refusal(f"poll can't have more than {MOST_OPTIONS} options")
        if self.correct_option_ids is not None and self.correct_option_id is not None:
            raise refusal("correct_option_ids and correct_option_id can't be used together")
        increasing = self.correct == sorted(set(self.correct))
        known = all(0 <= number < len(self.options) for number in self.correct)
        if not increasing or not known or (self.type == "quiz" and not self.correct):
            raise refusal("wrong correct option ID specified")
        if self.open_period is not None and self.close_date is not None:
            raise refusal("open_period and close_date can't be used together")
        return self


class StopPoll(Parameters):
    chat_id: ChatId
    message_id: int
    reply_markup: InlineKeyboardMarkup | None = None


def send_poll(world: World, given: SendPoll) -> Json:
    now = int(time.time())
    period = _period(given, now)
    chat = writable_chat(world, given.chat_id)
    if chat.type == "channel" and not given.is_anonymous:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    number = next(world.poll_ids)
    poll = Poll(_told(world, given, str(number)), _options(given, number), given.correct, given.is_closed)
    if period is not None:
        poll.told["close_date"] = now + period
    poll.message = send(world, given, {"poll": poll.json()}, "can_send_polls", "polls")
    world.polls[poll.id] = poll
    if period is not None and not poll.is_closed:
        poll.clock = asyncio.get_running_loop().call_later(period, close_poll, world, poll)
    return poll.message.json()


def stop_poll(world: World, given: StopPoll) -> Json:
    message = writable_chat(world, given.chat_id).message(given.message_id)
    if message is None:
        raise bad_request("message with poll to stop not found")
    poll = world.polls.get(message.content.get("poll", {}).get("id", ""))
    if poll is None:
        raise bad_request("message is not a poll")
    if poll.is_closed:
        raise bad_request("poll has already been closed")
    message.markup = as_json(given.reply_markup)
    close_poll(world, poll)
    return poll.update_json()


def close_poll(world: World, poll: Poll) -> None:
    """End the voting, if it goes on."""
    poll.stop_clock()
    if not poll.is_closed:
        poll.is_closed = True
        _tell(world, poll)


def vote(
    world: World, user: User, poll: Poll, choices: Sequence[int | str], *, through_a_forward: bool = False
) -> None:
    """Vote in the chat that the poll was sent to, or from anywhere where the message was forwarded.

    No option at all takes the vote back.
    """
    message = poll.message
    if through_a_forward:
        if message.is_protected:
            raise ImpossibleError("a protected message can't be forwarded")
    else:
        must_be_in(message.chat, user)
        if message.deleted:
            raise ImpossibleError("the message is deleted")
    chosen = poll.vote(user, choices)
    if not poll.is_anonymous:
        voter = {"user": user.json()} if through_a_forward else _voter(message.chat, user)
        world.updates.add("poll_answer", poll.answer_json(chosen, voter))
    _tell(world, poll)


def _voter(chat: Chat, user: User) -> Json:
    return {"voter_chat": chat.json()} if user.id in chat.anonymous else {"user": user.json()}


def _tell(world: World, poll: Poll) -> None:
    """Let the chat and the bot know how the poll stands now."""
    world.updates.add("poll", poll.update_json())
    poll.message.content = {"poll": poll.json()}
    world.record("poll", poll.message)


def _period(given: SendPoll, now: int) -> int | None:
    """Seconds until the poll closes itself."""
    if given.close_date is None:
        return given.open_period
    if not SHORTEST_PERIOD <= given.close_date - now <= LONGEST_PERIOD:
        raise bad_request(f"poll close date must be {SHORTEST_PERIOD}-{LONGEST_PERIOD} seconds in the future")
    return given.close_date - now


def _told(world: World, given: SendPoll, poll_id: str) -> Json:
    is_quiz = given.type == "quiz"
    told: Json = {
        "id": poll_id,
        **_question(given),
        "is_anonymous": given.is_anonymous,
        "type": given.type,
        "allows_multiple_answers": given.allows_multiple_answers,
        "allows_revoting": not is_quiz if given.allows_revoting is None else given.allows_revoting,
        "members_only": False,
        **_description(world, given),
    }
    if given.open_period is not None:
        told["open_period"] = given.open_period
    return told | (_explanation(world, given) if is_quiz else {})


def _question(given: SendPoll) -> Json:
    question = _title(given.question, given.question_parse_mode, given.question_entities)
    if not question.text:
        raise bad_request("poll question must be non-empty")
    if len(question.text) > LONGEST_QUESTION:
        raise bad_request(f"poll question length must not exceed {LONGEST_QUESTION}")
    return _with_entities("question", question.text, list(question.entities))


def _options(given: SendPoll, number: int) -> list[Json]:
    told = []
    for place, option in enumerate(given.options):
        title = _title(option.text, option.text_parse_mode, option.text_entities)
        if not title.text:
            raise bad_request("poll options must be non-empty")
        if len(title.text) > LONGEST_OPTION:
            raise bad_request(f"poll options length must not exceed {LONGEST_OPTION}")
        persistent_id = f"{number % 1_000_000}o{place}"
        told.append({"persistent_id": persistent_id, **_with_entities("text", title.text, list(title.entities))})
    return told


def _explanation(world: World, given: SendPoll) -> Json:
    explanation = _prose(given.explanation, given.explanation_parse_mode, given.explanation_entities)
    if len(explanation.text) > LONGEST_EXPLANATION:
        raise bad_request(f"poll explanation length must not exceed {LONGEST_EXPLANATION}")
    if explanation.text.count("\n") > MOST_LINE_FEEDS:
        raise bad_request(f"explanation must have at most {MOST_LINE_FEEDS} line feeds")
    return _with_entities("explanation", explanation.text, told_entities(world, explanation))


def _description(world: World, given: SendPoll) -> Json:
    description = _prose(given.description, given.description_parse_mode, given.description_entities)
    if len(description.text) > LONGEST_DESCRIPTION:
        raise bad_request(f"poll description length must not exceed {LONGEST_DESCRIPTION}")
    return _with_entities("description", description.text, told_entities(world, description))


def _title(text: str, parse_mode: str | None, entities: list[MessageEntity] | None) -> FormattedText:
    """Questions and options keep no formatting but emoji of one's own."""
    formatted = trimmed(read(Formatted(text=text, parse_mode=parse_mode, entities=entities)))
    return FormattedText(formatted.text, tuple(e for e in formatted.entities if e["type"] == "custom_emoji"))


def _prose(text: str, parse_mode: str | None, entities: list[MessageEntity] | None) -> FormattedText:
    return with_automatic(trimmed(read(Formatted(text=text, parse_mode=parse_mode, entities=entities))))


def _with_entities(name: str, text: str, entities: list[Json]) -> Json:
    """The text under its name, and its entities beside it; nothing for an empty text."""
    told: Json = {name: text} if text else {}
    return {**told, f"{name}_entities": entities} if entities else told
