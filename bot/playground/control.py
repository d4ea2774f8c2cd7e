"""The people's side over HTTP: JSON below `/control`, for tests and for the chat page.

A request that makes no sense is answered 400, one that no person could carry out 409, both with an `error` to read.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from inspect import isawaitable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground import inline, people, polls
from bot.playground.ballots import Poll
from bot.playground.chats import Message, User
from bot.playground.errors import ImpossibleError
from bot.playground.faults import Fault
from bot.playground.forms import (
    Awaited,
    AwaitedAnswer,
    AwaitedClosing,
    AwaitedMessage,
    AwaitedResults,
    Calls,
    Enforced,
    Form,
    InlineMode,
    NewChat,
    NewChoice,
    NewInlineQuery,
    NewMessage,
    NewPress,
    NewStatus,
    NewTopic,
    NewUser,
    NewVote,
    OfChat,
    OfInlineQuery,
    OfPoll,
    OfPress,
    OfTopic,
    OfUser,
    Privacy,
    Repeat,
)
from bot.playground.limits import Limits
from bot.playground.queries import CallbackQuery, InlineQuery
from bot.playground.wire import Json, UnreadableError, read_parameters
from bot.playground.world import Event, World

F = TypeVar("F", bound=BaseModel)


def routes(world: World) -> list[Route]:
    """Every control action as a route."""

    def route(method: str, path: str, form: type[F], act: Callable[[World, F], object | Awaitable[object]]) -> Route:
        return Route(f"/control/{path}", partial(_respond, world=world, form=form, act=act), methods=[method])

    return [
        route("GET", "bot", Form, lambda world, _: world.bot.json()),
        route("PUT", "bot/privacy", Privacy, _set_privacy),
        route("PUT", "bot/inline", InlineMode, _set_inline_mode),
        route("GET", "commands", Form, _list_commands),
        route("POST", "users", NewUser, _add_user),
        route("POST", "users/{user_id}/block", OfUser, _block),
        route("POST", "users/{user_id}/unblock", OfUser, _unblock),
        route("POST", "chats", NewChat, _add_chat),
        route("POST", "chats/{chat_id}/topics", NewTopic, _add_topic),
        route("POST", "chats/{chat_id}/topics/{message_thread_id}/close", OfTopic, _close_topic),
        route("PUT", "chats/{chat_id}/members/{user_id}", NewStatus, _set_status),
        route("POST", "chats/{chat_id}/upgrade", OfChat, _upgrade),
        route("POST", "chats/{chat_id}/messages", NewMessage, _say),
        route("POST", "chats/{chat_id}/presses", NewPress, _press),
        route("GET", "chats/{chat_id}/transcript", OfChat, _transcript),
        route("GET", "presses/{press_id}/answer", AwaitedAnswer, _await_answer),
        route("POST", "presses/{press_id}/expire", OfPress, _expire),
        route("POST", "inline-queries", NewInlineQuery, _type_query),
        route("GET", "inline-queries/{query_id}/answer", AwaitedResults, _await_results),
        route("POST", "inline-queries/{query_id}/expire", OfInlineQuery, _expire_query),
        route("POST", "inline-queries/{query_id}/choices", NewChoice, _choose),
        route("GET", "polls/{poll_id}", OfPoll, lambda world, form: _poll(world, form.poll_id).json()),
        route("POST", "polls/{poll_id}/votes", NewVote, _vote),
        route("POST", "polls/{poll_id}/run-out", OfPoll, _run_out),
        route("GET", "polls/{poll_id}/closed", AwaitedClosing, _await_closing),
        route("GET", "events", Awaited, _await_events),
        route("GET", "events/next", AwaitedMessage, _await_message),
        route("GET", "calls", Calls, _calls),
        route("GET", "violations", Form, lambda world, _: [call.json() for call in world.journal.violations]),
        route("GET", "faults", Form, lambda world, _: [fault.model_dump() for fault in world.faults.waiting()]),
        route("POST", "faults", Fault, lambda world, fault: world.faults.add(fault)),
        route("DELETE", "faults", Form, lambda world, _: world.faults.clear()),
        route("GET", "limits", Form, lambda world, _: world.limits.json()),
        route("PUT", "limits", Enforced, _set_limits),
        route("GET", "updates", Form, lambda world, _: list(world.updates.history)),
        route("POST", "updates/redeliver", Repeat, lambda world, form: world.updates.redeliver(form.update_id)),
    ]


async def _respond(
    request: Request, world: World, form: type[F], act: Callable[[World, F], object | Awaitable[object]]
) -> Response:
    if request.method != "GET" and not request.headers.get("content-type", "").startswith("application/json"):
        return _refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a JSON body is needed")
    try:
        given = form.model_validate({**await read_parameters(request), **request.path_params})
        result = act(world, given)
        return JSONResponse(await result if isawaitable(result) else result)
    except (UnreadableError, ValidationError, re.error) as error:
        return _refuse(HTTPStatus.BAD_REQUEST, str(error))
    except ImpossibleError as error:
        return _refuse(HTTPStatus.CONFLICT, str(error))


def _refuse(status: HTTPStatus, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status)


def _set_privacy(world: World, form: Privacy) -> None:
    world.reads_all_messages = form.reads_all_messages


def _set_inline_mode(world: World, form: InlineMode) -> None:
    world.inline_mode, world.inline_feedback = form.on, form.feedback


def _set_limits(world: World, form: Enforced) -> None:
    world.limits = Limits(form.enforced)


def _list_commands(world: World, _: Form) -> list[Json]:
    return [
        {"scope": scope, "language_code": language, "commands": commands}
        for (scope, language), commands in world.commands.items()
    ]


def _add_user(world: World, form: NewUser) -> Json:
    user = world.add_user(
        form.first_name,
        last_name=form.last_name,
        username=form.username,
        language_code=form.language_code,
        user_id=form.id,
        started=form.started,
    )
    return user.json()


def _block(world: World, form: OfUser) -> None:
    people.block(world, _person(world, form.user_id))


def _unblock(world: World, form: OfUser) -> None:
    people.unblock(world, _person(world, form.user_id))


def _add_chat(world: World, form: NewChat) -> Json:
    chat = people.found_chat(
        world,
        form.type,
        form.title,
        [_person(world, user_id) for user_id in form.members],
        administrators=[_person(world, user_id) for user_id in form.administrators],
        username=form.username,
        is_forum=form.is_forum,
    )
    if form.bot is not None and chat.owner is not None:
        world.change_status(chat, world.bot, form.bot, chat.owner)
    return chat.json()


def _add_topic(world: World, form: NewTopic) -> int:
    return people.open_topic(world, world.chat(form.chat_id), _person(world, form.user_id), form.name)


def _close_topic(world: World, form: OfTopic) -> None:
    people.close_topic(world, world.chat(form.chat_id), form.message_thread_id)


def _set_status(world: World, form: NewStatus) -> None:
    chat, user = world.chat(form.chat_id), world.user(form.user_id)
    if chat.type == "private" or chat.owner is None:
        raise ImpossibleError("nobody joins or leaves a private chat")
    by = chat.owner if form.by is None else _person(world, form.by)
    if by is not user:
        people.must_be_in_charge(chat, by)
    world.change_status(chat, user, form.status, by, frozenset(form.lacking))


def _upgrade(world: World, form: OfChat) -> Json:
    return people.upgrade(world, world.chat(form.chat_id)).json()


def _say(world: World, form: NewMessage) -> Json:
    message = people.say(
        world,
        _person(world, form.user_id),
        world.chat(form.chat_id),
        form.text,
        reply_to=form.reply_to,
        thread_id=form.message_thread_id,
        anonymous=form.anonymous,
    )
    return {"message": message.json(), "position": world.position}


def _press(world: World, form: NewPress) -> str:
    user, chat = _person(world, form.user_id), world.chat(form.chat_id)
    return people.press(world, user, chat, form.message_id, text=form.text, data=form.data).id


def _transcript(world: World, form: OfChat) -> list[Json]:
    return [_told(message) for message in world.chat(form.chat_id).messages.values()]


def _told(message: Message) -> Json:
    return {
        "message": message.json(),
        "markup": message.markup,
        "deleted": message.deleted,
        "earlier": message.earlier,
        "at": message.shown_since,
    }


async def _await_answer(world: World, form: AwaitedAnswer) -> Json | None:
    query = _query(world, form.press_id)
    return await world.signal.wait_for(lambda: query.answer, form.timeout)


def _expire(world: World, form: OfPress) -> None:
    _query(world, form.press_id).expired = True


def _type_query(world: World, form: NewInlineQuery) -> str:
    user = _person(world, form.user_id)
    return inline.type_query(world, user, form.query, offset=form.offset, chat_type=form.chat_type).id


async def _await_results(world: World, form: AwaitedResults) -> Json | None:
    query = _inline_query(world, form.query_id)
    answer = await world.signal.wait_for(lambda: query.answer, form.timeout)
    return None if answer is None else {**answer.json(), "is_cached": query.is_cached}


def _expire_query(world: World, form: OfInlineQuery) -> None:
    _inline_query(world, form.query_id).expired = True


def _choose(world: World, form: NewChoice) -> Json:
    chat = None if form.chat_id is None else world.chat(form.chat_id)
    message = inline.choose(world, _inline_query(world, form.query_id), form.result_id, chat)
    return {
        "chat_id": message.chat.id,
        "message_id": message.message_id,
        "inline_message_id": message.inline_message_id,
    }


def _vote(world: World, form: NewVote) -> Json:
    poll = _poll(world, form.poll_id)
    user = _person(world, form.user_id)
    polls.vote(world, user, poll, form.options, through_a_forward=form.through_a_forward)
    return poll.json()


def _run_out(world: World, form: OfPoll) -> None:
    poll = _poll(world, form.poll_id)
    if poll.clock is None:
        raise ImpossibleError("no clock runs for the poll")
    polls.close_poll(world, poll)


async def _await_closing(world: World, form: AwaitedClosing) -> Json | None:
    poll = _poll(world, form.poll_id)
    return await world.signal.wait_for(lambda: poll.json() if poll.is_closed else None, form.timeout)


async def _await_events(world: World, form: Awaited) -> list[Json]:
    def look() -> list[Json] | None:
        return [event.json() for event in _events_after(world, form)] or None

    return await world.signal.wait_for(look, form.timeout) or []


async def _await_message(world: World, form: AwaitedMessage) -> Json | None:
    pattern = re.compile(form.pattern)

    def fits(event: Event) -> bool:
        in_thread = form.message_thread_id in (None, event.thread_id)
        is_meant = form.message_id in (None, event.content.get("message_id"))
        said = event.by_bot and event.kind in ("message", "edit")
        words = _words(event.content)
        return said and in_thread and is_meant and pattern.search(words) is not None

    def look() -> Json | None:
        return next((event.json() for event in _events_after(world, form) if fits(event)), None)

    return await world.signal.wait_for(look, form.timeout)


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or message.get("poll", {}).get("question", ""))


def _events_after(world: World, form: Awaited) -> list[Event]:
    return [e for e in world.events if e.number > form.after and form.chat_id in (None, e.chat_id)]


def _calls(world: World, form: Calls) -> list[Json]:
    return [
        call.json() for call in world.journal.calls if call.number > form.after and form.method in (None, call.method)
    ]


def _person(world: World, user_id: int) -> User:
    if user_id == world.bot.id:
        raise ImpossibleError("the bot is not a person")
    return world.user(user_id)


def _query(world: World, press_id: str) -> CallbackQuery:
    if press_id not in world.queries:
        raise ImpossibleError(f"nobody pressed a button as {press_id}")
    return world.queries[press_id]


def _poll(world: World, poll_id: str) -> Poll:
    if poll_id not in world.polls:
        raise ImpossibleError(f"there is no poll {poll_id}")
    return world.polls[poll_id]


def _inline_query(world: World, query_id: str) -> InlineQuery:
    if query_id not in world.inline_queries:
        raise ImpossibleError(f"nobody typed the inline query {query_id}")
    return world.inline_queries[query_id]
