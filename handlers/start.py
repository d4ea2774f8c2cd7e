"""/start, /help and /about."""

from html import escape

from telegram import Update
from telegram.ext import CommandHandler

from handlers import render
from handlers.context import App, FootnoteContext, conversation, say

COMMANDS = (
    ("ask", "Ask a question: /ask when did Lenin die?"),
    ("help", "What I can do, and how to ask"),
    ("about", "What I know, and from which documents"),
    ("start", "Begin anew"),
)

START = (
    "<b>Every answer has a footnote.</b>\n\n"
    "I know what a few documents tell, and say where it stands. Ask in your own words, for example:\n\n"
    "{examples}\n\n"
    "Where the documents don't tell, I say so. /help shows more."
)
HELP = (
    "<b>How to ask</b>\n"
    "In your own words: who, when, where, how many, why, “tell me about …”. Follow-ups such as “and when?” "
    "or “why?” work for half an hour.\n\n"
    "<b>Under an answer</b>\n"
    "Source shows where it stands, More tells another fact, Why shows how I came to it.\n\n"
    "<b>In groups</b>\n"
    "I speak when you mention me, reply to me or write /ask and your question.\n\n"
    "<b>Commands</b>\n{commands}"
)
ABOUT = (
    "I am Footnote. I answer only from documents, without a language model.\n\n{packs}\n\n"
    "I keep what a conversation was about for half an hour, never what you wrote."
)


def register(application: App) -> None:
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("help", show_help))
    application.add_handler(CommandHandler("about", about))


async def start(update: Update, context: FootnoteContext) -> None:
    who = conversation(update)
    if who is not None:
        await context.services.answering.start_over(who)
    examples = "\n".join(f"• {escape(question)}" for question in context.services.library.examples())
    await say(update, context, START.format(examples=examples))


async def show_help(update: Update, context: FootnoteContext) -> None:
    lines = "\n".join(f"/{name} – {escape(text)}" for name, text in COMMANDS)
    await say(update, context, HELP.format(commands=lines))


async def about(update: Update, context: FootnoteContext) -> None:
    await say(update, context, ABOUT.format(packs=render.packs(context.services.library.index.packs)))
