"""A bot made with python-telegram-bot lives on the playground as it would on Telegram."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.playground import Playground


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    assert update.effective_user
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    await update.message.reply_html(f"Hello, <b>{update.effective_user.first_name}</b>", reply_markup=keyboard)


async def more(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query
    assert isinstance(query.message, Message)
    await query.answer("Here is more")
    await query.edit_message_text("That was <i>all</i>", parse_mode=ParseMode.HTML)


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "", do_quote=True)


@pytest.fixture
async def application(playground: Playground) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    built = Application.builder().token(playground.token).base_url(playground.base_url).build()
    built.add_handler(CommandHandler("start", start))
    built.add_handler(CallbackQueryHandler(more, "more"))
    built.add_handler(MessageHandler(filters.TEXT, echo))
    async with built:
        await built.start()
        assert built.updater
        await built.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        yield built
        await built.updater.stop()
        await built.stop()


@pytest.mark.usefixtures("application")
async def test_a_bot_answers_a_command_a_press_and_a_reply(playground: Playground) -> None:
    ann = await playground.user("Ann")

    hello = await ann.private.ask("/start", "Hello")
    press = await ann.private.press(hello, "More")
    answer = await press.answer()
    edit = await ann.private.expect("all")
    echoed = await ann.private.ask("again")

    assert hello.text == "Hello, Ann"
    assert hello.entities == [{"type": "bold", "offset": 7, "length": 3}]
    assert answer.text == "Here is more"
    assert edit.edited
    assert edit.id == hello.id
    assert edit.buttons == []
    assert echoed.raw["reply_to_message"]["text"] == "again"
    await playground.assert_no_violations()


async def test_a_bot_reads_chats_members_and_commands(
    playground: Playground, application: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    group = await playground.supergroup("Friends", ann, bob, bot="administrator", username="friends_of_footnote")
    bot = application.bot

    chat = await bot.get_chat("@friends_of_footnote")
    administrators = await bot.get_chat_administrators(group.id)
    member = await bot.get_chat_member(group.id, bob.id)
    await bot.set_my_commands([("help", "What I can do")])
    await bot.set_my_short_description("Every answer has a footnote")

    assert (chat.id, chat.title) == (group.id, "Friends")
    assert [administrator.user.id for administrator in administrators] == [ann.id, bot.id]
    assert member.status == "member"
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    assert (await playground.commands())[0]["scope"] == "default"
    assert not (await bot.get_webhook_info()).url
    assert await bot.send_chat_action(group.id, "typing")
    await playground.assert_no_violations()


@pytest.mark.usefixtures("application")
async def test_a_bot_gets_over_a_poll_that_fails(playground: Playground) -> None:
    ann = await playground.user("Ann")
    await playground.fault("getUpdates", kind="drop", when="after")

    hello = await ann.private.ask("/start", "Hello", timeout=15)

    assert hello.text == "Hello, Ann"
