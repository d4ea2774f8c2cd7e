"""The table of Bot API methods, and those that don't touch messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from inspect import isawaitable
from typing import Any, Generic, TypeVar

from bot.playground import inline, messaging, polls
from bot.playground.chats import IN_CHARGE, PRESENT
from bot.playground.errors import ApiError, bad_request
from bot.playground.messaging import known_chat
from bot.playground.parameters import (
    AnswerCallbackQuery,
    BotCommandScope,
    CommandsOf,
    DeleteMessage,
    DeleteWebhook,
    EditMessageReplyMarkup,
    EditMessageText,
    GetChatMember,
    GetUpdates,
    InChat,
    Parameters,
    ProfileText,
    SendChatAction,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
    fill,
)
from bot.playground.wire import Json
from bot.playground.world import World

P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True, slots=True)
class Method(Generic[P]):
    """What a method takes, and the function that carries it out."""

    parameters: type[P]
    act: Callable[[World, P], object | Awaitable[object]]

    async def __call__(self, world: World, given: Mapping[str, object]) -> object:
        result = self.act(world, fill(self.parameters, given))
        return await result if isawaitable(result) else result


def find_method(name: str) -> Method[Any]:
    """The method of this name, in any case, as Telegram takes it; ApiError 404 if there is none."""
    method = _BY_LOWER_NAME.get(name.lower())
    if method is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "Not Found: method not found")
    return method


def _get_me(world: World, _: Parameters) -> Json:
    return {
        **world.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all_messages,
        "supports_inline_queries": world.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def _get_updates(world: World, given: GetUpdates) -> list[Json]:
    if given.allowed_updates is not None:
        world.updates.allow(given.allowed_updates)
    return await world.updates.poll(given.offset, given.limit, given.timeout)


def _delete_webhook(world: World, given: DeleteWebhook) -> bool:
    if given.drop_pending_updates:
        world.updates.drop()
    return True


def _get_webhook_info(world: World, _: Parameters) -> Json:
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
        "allowed_updates": sorted(world.updates.allowed),
    }


def _get_chat(world: World, given: InChat) -> Json:
    chat = known_chat(world, given.chat_id)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **chat.json(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def _get_chat_member(world: World, given: GetChatMember) -> Json:
    chat = known_chat(world, given.chat_id)
    user = world.bot if given.user_id == world.bot.id else world.users.get(given.user_id)
    if user is None:
        raise bad_request("user not found")
    if chat.type == "channel" and chat.status(world.bot) not in IN_CHARGE:
        raise bad_request("member list is inaccessible")
    return chat.member_json(user)


def _get_chat_member_count(world: World, given: InChat) -> int:
    return sum(status in PRESENT for status in known_chat(world, given.chat_id).statuses.values())


def _get_chat_administrators(world: World, given: InChat) -> list[Json]:
    chat = known_chat(world, given.chat_id)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [chat.member_json(world.user(user_id)) for user_id, status in chat.statuses.items() if status in IN_CHARGE]


def _scope_key(scope: BotCommandScope) -> str:
    return ":".join(str(part) for part in (scope.type, scope.chat_id, scope.user_id) if part is not None)


def _set_my_commands(world: World, given: SetMyCommands) -> bool:
    if given.scope.chat_id is not None:
        known_chat(world, given.scope.chat_id)
    key = (_scope_key(given.scope), given.language_code)
    world.commands[key] = [command.model_dump() for command in given.commands]
    return True


def _get_my_commands(world: World, given: CommandsOf) -> list[Json]:
    return world.commands.get((_scope_key(given.scope), given.language_code), [])


def _delete_my_commands(world: World, given: CommandsOf) -> bool:
    world.commands.pop((_scope_key(given.scope), given.language_code), None)
    return True


def _set_my_name(world: World, given: SetMyName) -> bool:
    if given.name and not given.language_code:
        world.bot.first_name = given.name
    return _set_profile_text(world, given)


def _set_profile_text(world: World, given: SetMyName | SetMyDescription | SetMyShortDescription) -> bool:
    for name, value in given.model_dump(exclude={"language_code"}).items():
        world.profile[name, given.language_code] = value
    return True


def _profile_text(name: str) -> Callable[[World, ProfileText], Json]:
    def get(world: World, given: ProfileText) -> Json:
        own = world.profile.get((name, given.language_code)) or world.profile.get((name, ""))
        return {name: own or (world.bot.first_name if name == "name" else "")}

    return get


METHODS: Mapping[str, Method[Any]] = {
    "getMe": Method(Parameters, _get_me),
    "getUpdates": Method(GetUpdates, _get_updates),
    "deleteWebhook": Method(DeleteWebhook, _delete_webhook),
    "getWebhookInfo": Method(Parameters, _get_webhook_info),
    "sendMessage": Method(SendMessage, messaging.send_message),
    "sendPhoto": Method(SendPhoto, messaging.send_photo),
    "sendPoll": Method(polls.SendPoll, polls.send_poll),
    "stopPoll": Method(polls.StopPoll, polls.stop_poll),
    "sendChatAction": Method(SendChatAction, messaging.send_chat_action),
    "editMessageText": Method(EditMessageText, messaging.edit_message_text),
    "editMessageReplyMarkup": Method(EditMessageReplyMarkup, messaging.edit_message_reply_markup),
    "deleteMessage": Method(DeleteMessage, messaging.delete_message),
    "answerCallbackQuery": Method(AnswerCallbackQuery, messaging.answer_callback_query),
    "answerInlineQuery": Method(inline.AnswerInlineQuery, inline.answer_inline_query),
    "getChat": Method(InChat, _get_chat),
    "getChatMember": Method(GetChatMember, _get_chat_member),
    "getChatMemberCount": Method(InChat, _get_chat_member_count),
    "getChatAdministrators": Method(InChat, _get_chat_administrators),
    "setMyCommands": Method(SetMyCommands, _set_my_commands),
    "getMyCommands": Method(CommandsOf, _get_my_commands),
    "deleteMyCommands": Method(CommandsOf, _delete_my_commands),
    "setMyName": Method(SetMyName, _set_my_name),
    "getMyName": Method(ProfileText, _profile_text("name")),
    "setMyDescription": Method(SetMyDescription, _set_profile_text),
    "getMyDescription": Method(ProfileText, _profile_text("description")),
    "setMyShortDescription": Method(SetMyShortDescription, _set_profile_text),
    "getMyShortDescription": Method(ProfileText, _profile_text("short_description")),
}
_BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()}
