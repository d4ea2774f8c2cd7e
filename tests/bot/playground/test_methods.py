"""The methods without HTTP: above all, what Telegram refuses."""

from typing import Any

import pytest

from bot.playground import people
from bot.playground.chats import Status, User
from bot.playground.errors import ApiError
from bot.playground.methods import METHODS, find_method
from bot.playground.world import World

BOT_ID = 42
ANN = 5_100_000_001
STRANGER = 5_100_000_002


@pytest.fixture
def world() -> World:
    """Ann has started the bot, which answered with a button; a stranger has not."""
    world = World(BOT_ID)
    ann = world.add_user("Ann")
    world.add_user("Bob")
    people.say(world, ann, world.chat(ann.id), "/start")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    world.post(world.chat(ann.id), world.bot, {"text": "Hello"}, markup=markup)
    return world


async def call(world: World, method: str, **parameters: object) -> Any:  # noqa: ANN401 - whatever the method returns
    return await find_method(method)(world, parameters)


def inline(*rows: list[dict[str, object]]) -> dict[str, object]:
    return {"inline_keyboard": list(rows)}


def button(**more: object) -> dict[str, object]:
    return {"text": "Go", **more}


MESSAGES: list[tuple[dict[str, object], str]] = [
    ({}, "chat_id is empty"),
    ({"chat_id": ANN}, "message text is empty"),
    ({"chat_id": ANN, "text": " \n"}, "message text is empty"),
    ({"chat_id": ANN, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"chat_id": ANN, "text": "x" * 4097}, "message is too long"),
    ({"chat_id": ANN, "text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ({"chat_id": ANN, "text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
    ({"chat_id": 1, "text": "x"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ({"chat_id": 1.5, "text": "x"}, 'parameter "chat_id'),
    ({"chat_id": ANN, "text": 5}, 'parameter "text" is wrong'),
    ({"chat_id": ANN, "text": "x", "disable_notification": "maybe"}, 'parameter "disable_notification" is wrong'),
    ({"chat_id": ANN, "text": "x", "disable_web_page_preview": True}, 'unknown parameter "disable_web_page_preview"'),
    (
        {"chat_id": ANN, "text": "x", "link_preview_options": {"off": True}},
        'unknown parameter "link_preview_options.off"',
    ),
    ({"chat_id": ANN, "text": "x", "message_thread_id": 1}, "message thread not found"),
    ({"chat_id": ANN, "text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ({"chat_id": ANN, "text": "x", "reply_parameters": {}}, 'parameter "reply_parameters.message_id" is required'),
    (
        {"chat_id": ANN, "text": "x", "reply_parameters": {"message_id": 1, "quote": "other words"}},
        "QUOTE_TEXT_INVALID",
    ),
    ({"chat_id": ANN, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
    ({"chat_id": ANN, "text": "😀", "entities": [{"type": "bold", "offset": 0, "length": 1}]}, "entity begins or ends"),
]

KEYBOARDS: list[tuple[dict[str, object], str]] = [
    (inline([button(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
    (inline([button(callback_data="é" * 33)]), "BUTTON_DATA_INVALID"),
    (inline([button(callback_data="")]), "BUTTON_DATA_INVALID"),
    (inline([button(url="not a link")]), "BUTTON_URL_INVALID"),
    (inline([button()]), "can't parse inline keyboard button: Text buttons are unallowed"),
    (inline([button(callback_data="a", url="https://example.org")]), "can't parse inline keyboard button: more than"),
    (inline([{"text": " ", "callback_data": "a"}]), "can't parse inline keyboard button: button text"),
    (inline([{"callback_data": "a"}]), 'parameter "reply_markup.inline_keyboard.inline_keyboard.0.0.text" is required'),
    (inline([button(callback_data="a")], []), "can't parse keyboard: a row must have at least one button"),
    (inline(*[[button(callback_data="a")]] * 101), "reply markup is too long"),
    (inline([button(copy_text={"text": "x" * 257})]), 'parameter "reply_markup'),
    (inline([button(colour="red")]), 'unknown parameter "reply_markup'),
    ({"keyboard": [[]]}, "can't parse keyboard: a row must have at least one button"),
    ({}, 'parameter "reply_markup'),
]


@pytest.mark.parametrize(("parameters", "reason"), MESSAGES)
async def test_a_message_that_telegram_refuses_is_refused(
    world: World, parameters: dict[str, object], reason: str
) -> None:
    with pytest.raises(ApiError) as refused:
        await call(world, "sendMessage", **parameters)

    assert refused.value.code == 400
    assert refused.value.is_violation
    assert refused.value.description.startswith(f"Bad Request: {reason}")


@pytest.mark.parametrize(("markup", "reason"), KEYBOARDS)
async def test_a_keyboard_that_telegram_refuses_is_refused(
    world: World, markup: dict[str, object], reason: str
) -> None:
    with pytest.raises(ApiError) as refused:
        await call(world, "sendMessage", chat_id=ANN, text="x", reply_markup=markup)

    assert refused.value.description.startswith(f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("editMessageText", {"text": "x"}, "chat_id is empty"),
        ("editMessageText", {"chat_id": ANN, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": ANN, "message_id": 9, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"chat_id": ANN, "message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageText", {"chat_id": ANN, "message_id": 2, "text": ""}, "message text is empty"),
        ("editMessageText", {"chat_id": ANN, "message_id": 2, "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
        ("editMessageText", {"inline_message_id": "7", "text": "x"}, "MESSAGE_ID_INVALID"),
        ("editMessageReplyMarkup", {"chat_id": ANN, "message_id": 9}, "message to edit not found"),
        (
            "editMessageReplyMarkup",
            {"chat_id": ANN, "message_id": 2, "reply_markup": inline([button(text="Yes", callback_data="yes")])},
            "message is not modified",
        ),
        ("deleteMessage", {"chat_id": ANN, "message_id": 9}, "message to delete not found"),
        ("deleteMessage", {"chat_id": ANN}, 'parameter "message_id" is required'),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old and response timeout expired"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("sendChatAction", {"chat_id": ANN, "action": "dancing"}, 'parameter "action" is wrong'),
        ("getUpdates", {"limit": 101}, 'parameter "limit" is wrong'),
        ("getUpdates", {"allowed_updates": ["messages"]}, 'parameter "allowed_updates.0" is wrong'),
        ("getChat", {"chat_id": 1}, "chat not found"),
        ("getChatMember", {"chat_id": ANN, "user_id": 1}, "user not found"),
        ("getChatAdministrators", {"chat_id": ANN}, "there are no administrators in the private chat"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, "can't parse BotCommandScope"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 1}}, "chat not found"),
        ("setMyCommands", {"commands": [], "language_code": "english"}, 'parameter "language_code" is wrong'),
        ("setMyName", {"name": "x" * 65}, 'parameter "name" is wrong'),
        ("setMyDescription", {"description": "x" * 513}, 'parameter "description" is wrong'),
        ("setMyShortDescription", {"short_description": "x" * 121}, 'parameter "short_description" is wrong'),
        ("getMe", {"me": 1}, 'unknown parameter "me"'),
    ],
)
async def test_a_call_that_telegram_refuses_is_refused(
    world: World, method: str, parameters: dict[str, object], reason: str
) -> None:
    with pytest.raises(ApiError) as refused:
        await call(world, method, **parameters)

    assert refused.value.description.startswith(f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("happened", "reason"),
    [("stranger", "bot can't initiate conversation with a user"), ("blocked", "bot was blocked by the user")],
)
async def test_who_does_not_want_the_bot_is_not_written_to_and_it_is_no_violation(
    world: World, happened: str, reason: str
) -> None:
    if happened == "blocked":
        people.block(world, world.user(ANN))

    with pytest.raises(ApiError) as refused:
        await call(world, "sendMessage", chat_id=STRANGER if happened == "stranger" else ANN, text="x")

    assert (refused.value.code, refused.value.description) == (403, f"Forbidden: {reason}")
    assert not refused.value.is_violation


@pytest.mark.parametrize(
    ("status", "reason"),
    [("left", "bot is not a member of the supergroup chat"), ("kicked", "bot was kicked from the supergroup chat")],
)
async def test_a_group_without_the_bot_is_closed_to_it(world: World, status: Status, reason: str) -> None:
    group = people.found_chat(world, "supergroup", "Friends", [world.user(ANN)])
    world.change_status(group, world.bot, "member", world.user(ANN))
    world.change_status(group, world.bot, status, world.user(ANN))

    with pytest.raises(ApiError) as refused:
        await call(world, "sendMessage", chat_id=group.id, text="x")

    assert refused.value.description == f"Forbidden: {reason}"


async def test_the_longest_message_and_the_largest_keyboard_pass(world: World) -> None:
    keyboard = inline(*[[button(callback_data="é" * 32)]] * 100)

    sent = await call(
        world, "sendMessage", chat_id=ANN, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML", reply_markup=keyboard
    )

    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    assert len(sent["reply_markup"]["inline_keyboard"]) == 100


async def test_a_reply_to_a_missing_message_may_be_sent_all_the_same(world: World) -> None:
    missing = {"message_id": 99, "allow_sending_without_reply": True}

    assert "reply_to_message" not in await call(world, "sendMessage", chat_id=ANN, text="x", reply_parameters=missing)


async def test_an_edit_takes_the_keyboard_away_unless_it_names_one(world: World) -> None:
    edited = await call(world, "editMessageText", chat_id=ANN, message_id=2, text="Hello")

    assert "reply_markup" not in edited
    assert edited["edit_date"]


async def test_a_message_with_another_keyboard_cannot_be_edited(world: World) -> None:
    keyboard = {"keyboard": [["A", {"text": "B"}]], "resize_keyboard": True}
    sent = await call(world, "sendMessage", chat_id=ANN, text="x", reply_markup=keyboard)

    with pytest.raises(ApiError, match="message can't be edited"):
        await call(world, "editMessageText", chat_id=ANN, message_id=sent["message_id"], text="y")


async def test_a_press_is_answered_once_and_in_time(world: World) -> None:
    ann, chat = world.user(ANN), world.chat(ANN)
    first, second = (people.press(world, ann, chat, 2, data="yes") for _ in range(2))
    second.expired = True

    assert await call(world, "answerCallbackQuery", callback_query_id=first.id, text="Done")
    for query in (first, second):
        with pytest.raises(ApiError, match="query is too old and response timeout expired or query ID is invalid"):
            await call(world, "answerCallbackQuery", callback_query_id=query.id)


@pytest.mark.parametrize(
    ("url", "passes"),
    [("https://t.me/footnote_bot?start=x", True), ("t.me/footnote_bot?start=x", True), ("https://example.org", False)],
)
async def test_a_press_can_only_be_answered_with_a_link_to_the_bot(world: World, url: str, passes: bool) -> None:
    query = people.press(world, world.user(ANN), world.chat(ANN), 2, text="Yes")
    given = {"callback_query_id": query.id, "url": url}

    if passes:
        assert await call(world, "answerCallbackQuery", **given)
    else:
        with pytest.raises(ApiError, match="URL_INVALID"):
            await call(world, "answerCallbackQuery", **given)


async def test_a_mention_by_id_tells_the_user_and_a_strangers_stays_text(world: World) -> None:
    html = f'<a href="tg://user?id={ANN}">Ann</a> <a href="tg://user?id=1">Nobody</a>'

    sent = await call(world, "sendMessage", chat_id=ANN, text=html, parse_mode="HTML")

    assert [(e["type"], e["user"]["first_name"]) for e in sent["entities"]] == [("text_mention", "Ann")]


async def test_a_group_that_became_a_supergroup_tells_its_new_id_and_blames_nobody(world: World) -> None:
    group = people.found_chat(world, "group", "Friends", [world.user(ANN)])
    world.change_status(group, world.bot, "member", world.user(ANN))
    upgraded = people.upgrade(world, group)

    with pytest.raises(ApiError) as refused:
        await call(world, "sendMessage", chat_id=group.id, text="x")

    assert refused.value.answer()["parameters"] == {"migrate_to_chat_id": upgraded.id}
    assert not refused.value.is_violation
    assert (await call(world, "sendMessage", chat_id=upgraded.id, text="x"))["chat"]["type"] == "supergroup"


async def test_in_a_group_only_an_administrator_deletes_what_others_wrote(world: World) -> None:
    ann = world.user(ANN)
    group = people.found_chat(world, "supergroup", "Friends", [ann])
    world.change_status(group, world.bot, "member", ann)
    theirs = people.say(world, ann, group, "hello")

    with pytest.raises(ApiError, match="message can't be deleted"):
        await call(world, "deleteMessage", chat_id=group.id, message_id=theirs.message_id)
    world.change_status(group, world.bot, "administrator", ann)

    assert await call(world, "deleteMessage", chat_id=group.id, message_id=theirs.message_id)
    assert group.message(theirs.message_id) is None


async def test_an_old_message_cannot_be_deleted(world: World) -> None:
    message = world.chat(ANN).messages[2]
    message.date -= 49 * 3600

    with pytest.raises(ApiError, match="message can't be deleted"):
        await call(world, "deleteMessage", chat_id=ANN, message_id=2)


def test_an_unknown_method_is_not_found() -> None:
    with pytest.raises(ApiError) as refused:
        find_method("sendRegards")

    assert refused.value.code == 404


@pytest.mark.parametrize("name", METHODS)
def test_method_names_are_taken_in_any_case(name: str) -> None:
    assert find_method(name.upper()) is METHODS[name]


async def test_commands_are_kept_by_scope_and_language(world: World) -> None:
    everywhere = [{"command": "help", "description": "Help"}]
    in_german = [{"command": "help", "description": "Hilfe"}]
    in_anns_chat = [{"command": "stop", "description": "Stop"}]
    scope = {"type": "chat", "chat_id": ANN}

    await call(world, "setMyCommands", commands=everywhere)
    await call(world, "setMyCommands", commands=in_german, language_code="de")
    await call(world, "setMyCommands", commands=in_anns_chat, scope=scope)
    await call(world, "deleteMyCommands", language_code="de")

    assert await call(world, "getMyCommands") == everywhere
    assert await call(world, "getMyCommands", language_code="de") == []
    assert await call(world, "getMyCommands", scope=scope) == in_anns_chat


@pytest.mark.parametrize(
    ("method", "name"), [("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")]
)
async def test_the_profile_is_kept_by_language(world: World, method: str, name: str) -> None:
    await call(world, f"setMy{method}", **{name: "Footnotes"})
    await call(world, f"setMy{method}", **{name: "Fußnoten", "language_code": "de"})

    assert await call(world, f"getMy{method}", language_code="de") == {name: "Fußnoten"}
    assert await call(world, f"getMy{method}", language_code="fr") == {name: "Footnotes"}


async def test_members_are_told_as_telegram_tells_them(world: World) -> None:
    ann, bob = world.user(ANN), world.user(STRANGER)
    group = people.found_chat(world, "supergroup", "Friends", [ann, bob], administrators=[bob])
    world.change_status(group, world.bot, "member", ann)

    statuses = {
        user.first_name: (await call(world, "getChatMember", chat_id=group.id, user_id=user.id))["status"]
        for user in (ann, bob, world.bot)
    }
    administrators: list[Any] = await call(world, "getChatAdministrators", chat_id=group.id)

    assert statuses == {"Ann": "creator", "Bob": "administrator", "Footnote": "member"}
    assert [member["user"]["first_name"] for member in administrators] == ["Ann", "Bob"]


def test_a_user_of_the_playground_is_told_without_what_is_not_known() -> None:
    assert User(7, "Ann").json() == {"id": 7, "is_bot": False, "first_name": "Ann"}
