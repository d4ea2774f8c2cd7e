"""A bot made with python-telegram-bot lives on the playground as it would on Telegram."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Message,
    Poll,
    Update,
)
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    filters,
)

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


async def quiz(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_chat
    await update.effective_chat.send_poll(
        "When was the lamp lit?",
        ["1879", "1896"],
        type=Poll.QUIZ,
        is_anonymous=False,
        correct_option_ids=[1],
        explanation="In <b>1896</b>",
        explanation_parse_mode=ParseMode.HTML,
        open_period=60,
    )


async def count_vote(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    answer = update.poll_answer
    assert answer
    assert answer.user
    await context.bot.send_message(answer.user.id, f"You chose {answer.option_ids}")


async def offer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.inline_query
    assert query
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Reveal", callback_data="reveal")]])
    results = [
        InlineQueryResultArticle(
            str(number),
            f"Game {number}",
            InputTextMessageContent(f"<b>Game {number}</b>", parse_mode=ParseMode.HTML),
            reply_markup=keyboard,
            description=query.query,
        )
        for number in range(60)
    ]
    button = InlineQueryResultsButton("Ask me in private", start_parameter="inline")
    await query.answer(results, auto_pagination=True, cache_time=0, is_personal=True, button=button)


async def reveal(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query
    assert query.message is None
    await query.answer("Revealed", show_alert=True)
    await query.edit_message_text("It was <b>1896</b>", parse_mode=ParseMode.HTML)


@pytest.fixture
async def application(playground: Playground) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    built = Application.builder().token(playground.token).base_url(playground.base_url).build()
    built.add_handler(CommandHandler("start", start))
    built.add_handler(CommandHandler("quiz", quiz))
    built.add_handler(CallbackQueryHandler(more, "more"))
    built.add_handler(CallbackQueryHandler(reveal, "reveal"))
    built.add_handler(PollAnswerHandler(count_vote))
    built.add_handler(InlineQueryHandler(offer))
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


@pytest.mark.usefixtures("application")
async def test_a_bot_asks_a_quiz_and_hears_who_voted(playground: Playground) -> None:
    ann = await playground.user("Ann", started=True)
    group = await playground.group("Friends", ann)

    asked = await ann.at(group).ask("/quiz", "lamp")
    await ann.vote(asked, "1896")

    assert asked.options == ["1879", "1896"]
    assert asked.raw["poll"]["correct_option_ids"] == [1]
    assert asked.raw["poll"]["explanation_entities"] == [{"type": "bold", "offset": 3, "length": 4}]
    assert (await ann.private.expect("chose")).text == "You chose (1,)"
    await playground.assert_no_violations()


@pytest.mark.filterwarnings("ignore:.*correct_option_id:telegram.warnings.PTBDeprecationWarning")
async def test_every_way_to_name_the_right_answer_brings_a_quiz(
    playground: Playground, application: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    ann, bot = await playground.user("Ann", started=True), application.bot

    asked = [
        await bot.send_poll(ann.id, "When?", ["1879", "1896"], type=Poll.QUIZ, correct_option_ids=[1]),
        await bot.send_poll(ann.id, "When?", ["1879", "1896"], type=Poll.QUIZ, correct_option_id=1),
        await bot.send_poll(ann.id, "When?", ["1879", "1896"], type=Poll.QUIZ, api_kwargs={"correct_option_ids": [1]}),
    ]
    stopped = await bot.stop_poll(ann.id, asked[0].message_id)

    assert [message.poll.correct_option_ids for message in asked if message.poll] == [(1,)] * 3
    assert {call["parameters"].get("correct_option_ids") for call in await playground.calls("sendPoll")} == {"[1]"}
    assert stopped.is_closed
    assert await bot.get_chat_member_count(ann.id) == 2
    await playground.assert_no_violations()


@pytest.mark.usefixtures("application")
async def test_a_bot_plays_inline(playground: Playground) -> None:
    ann, bob = await playground.user("Ann"), await playground.user("Bob")

    first = await ann.inline("quiz")
    second = await first.more()
    game = await second.choose("59")
    press = await bob.press(game, "Reveal")

    assert (len(first.ids), len(second.ids)) == (50, 10)
    assert (first.titles[0], first.descriptions[0], first.button) == ("Game 0", "quiz", "Ask me in private")
    assert await press.answer() == ("Revealed", True, None)
    assert (await game.expect("It was")).entities == [{"type": "bold", "offset": 7, "length": 4}]
    assert [version.text for version in await game.versions()] == ["Game 59", "It was 1896"]
    assert (await first.press_button()).text == "/start inline"
    assert (await ann.private.expect("Hello")).text == "Hello, Ann"
    await playground.assert_no_violations()
