"""/start, /help and /about."""

from html import escape

from telegram import Update
from telegram.ext import CommandHandler

from handlers import render
from handlers.context import App, FootnoteContext, conversation, say

COMMANDS = (
    ("ask", "Ask a question: /ask when did Lenin die?"),
    ("today", "What happened on this day"),
    ("onthisday", "What happened on a day: /onthisday 5 March"),
    ("thisweek", "What happened on the days of this week"),
    ("timeline", "A picture of a year or a person: /timeline 1941"),
    ("quiz", "Quiz questions: /quiz 10 hard 1941"),
    ("stop", "End the quiz that is on"),
    ("review", "What you got wrong, asked again until you know it"),
    ("subscribe", "A post each day: /subscribe 08:30 Kyiv"),
    ("settings", "The daily post: time, zone, weekdays, a question with it"),
    ("unsubscribe", "No more daily posts"),
    ("top", "Who answers best in this chat"),
    ("anonymous", "Hide your name on score boards, or show it again"),
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
    "Source shows where it stands, More tells another fact, Why shows how I came to it. Report says that something "
    "is wrong: it is checked against the document, and I tell you what came of it.\n\n"
    "<b>In groups</b>\n"
    "I speak when you mention me, reply to me or write /ask and your question.\n\n"
    "<b>On this day</b>\n"
    "/today shows what happened on this day of the year, ◀ and ▶ turn the pages, Share passes one on. "
    "With /subscribe it comes here by itself each day, when you like; in groups and channels administrators decide "
    "that, for each topic by itself. /settings adds a quiz question to it; /top shows who answers best, /anonymous "
    "hides your name there.\n\n"
    "<b>Quizzes</b>\n"
    "/quiz asks five questions; /quiz 10 hard 1941 or /quiz Zhukov asks what you like, 1 to 30 of them. In a group all "
    "may answer, and a board shows who did how well. Skip and Stop under a question are for who began the round and "
    "for administrators. Of suffering and death I make no questions.\n\n"
    "<b>Review</b>\n"
    "A question that you got wrong comes back in private with /review, shortly before you would forget it.\n\n"
    "{inline}<b>Commands</b>\n{commands}"
)
IN_ANY_CHAT = (
    "<b>In any chat</b>\n"
    "Type @{username} and a name, a year or a question, and send what you like of the list; @{username} quiz sends a "
    "game that everybody there may play.\n\n"
)
ABOUT = (
    "I am Footnote. I answer only from documents, without a language model.\n\n{packs}\n\n"
    "I keep what a conversation was about for half an hour, never what you wrote; of a daily post, when and where it "
    "comes and what it told. Of quiz questions I keep for 60 days who answered what, and the scores until somebody has "
    "not played for 400 days; with /anonymous I drop your name. Of a game in any chat I keep for 30 days how it "
    "stands. Of a report I keep who said of which fact that it is wrong, until 60 days after that is settled.\n\n"
    "Once you use /review, I keep which questions you got wrong and when each is to come back, until 400 days after "
    "you last played."
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
    inline = IN_ANY_CHAT.format(username=context.bot.username) if context.bot.supports_inline_queries else ""
    await say(update, context, HELP.format(commands=lines, inline=inline))


async def about(update: Update, context: FootnoteContext) -> None:
    await say(update, context, ABOUT.format(packs=render.packs(context.services.library.index.packs)))
