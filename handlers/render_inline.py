"""What is offered while somebody types after the bot's name, as Telegram lists it."""

from telegram import InlineKeyboardMarkup, InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode

from bot.delivery import NO_PREVIEW
from bot.services.games import Offer
from bot.services.lookup import Found
from handlers import render, render_games, render_reports

LONGEST_TITLE = 60  # characters that phones show
LONGEST_LINE = 100


def fact(found: Found) -> InlineQueryResultArticle:
    """A fact, which is sent with its footnote and a way to say that it is wrong."""
    keyboard = InlineKeyboardMarkup([[render_reports.button(found.fact)]])
    return _article(found.key, found.title, found.text, render.told(found.text, found.sources), keyboard)


def game(offered: Offer) -> InlineQueryResultArticle:
    """A game, which is sent with the button that begins it."""
    wish = offered.wish
    number = "1 question" if wish.n == 1 else f"{wish.n} questions"
    text, keyboard = render_games.offer(wish, offered.title)
    title = f"Quiz: {offered.title[:1].upper()}{offered.title[1:]}" if offered.title else "Quiz: a bit of everything"
    key = str(keyboard.inline_keyboard[0][0].callback_data)
    return _article(key, title, f"{number}. Everybody in the chat may play.", text, keyboard)


def _article(key: str, title: str, line: str, html: str, keyboard: InlineKeyboardMarkup) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=key,
        title=render.short(title, LONGEST_TITLE),
        description=render.short(line, LONGEST_LINE),
        input_message_content=InputTextMessageContent(html, ParseMode.HTML, link_preview_options=NO_PREVIEW),
        reply_markup=keyboard,
    )
