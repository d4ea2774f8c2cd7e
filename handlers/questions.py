"""Questions: in private chats every message, in groups what is meant for the bot."""

import re

from telegram import Message, MessageEntity, Update
from telegram.ext import CommandHandler, MessageHandler, filters

from handlers import quiz, render
from handlers.context import App, FootnoteContext, conversation, say
from knowledge.results import Chat

ASK_WHAT = "Write your question behind the command, like this: /ask who was Kirov?"
ONLY_WORDS = "I can only read words. Ask me something in writing, please."


def register(application: App) -> None:
    application.add_handler(CommandHandler("ask", ask_command))
    private, groups = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    application.add_handler(MessageHandler(private & filters.TEXT & ~filters.COMMAND, private_message))
    application.add_handler(MessageHandler(private & filters.COMMAND, unknown_command))
    application.add_handler(
        MessageHandler(private & ~filters.TEXT & ~filters.StatusUpdate.ALL & filters.UpdateType.MESSAGE, wordless)
    )
    application.add_handler(MessageHandler(groups & filters.TEXT & ~filters.COMMAND, group_message))


async def ask_command(update: Update, context: FootnoteContext) -> None:
    question = " ".join(context.args or ())
    if question:
        await answer(update, context, question)
    else:
        await say(update, context, ASK_WHAT)


async def private_message(update: Update, context: FootnoteContext) -> None:
    if update.message and update.message.text:
        await answer(update, context, update.message.text)


async def group_message(update: Update, context: FootnoteContext) -> None:
    message = update.message
    if message is None or not message.text or not meant_for(message, context.bot.id, context.bot.username):
        return
    await answer(update, context, without_mention(message.text, context.bot.username))


async def unknown_command(update: Update, context: FootnoteContext) -> None:
    await say(update, context, "I don't know that command. /help lists those that I know.")


async def wordless(update: Update, context: FootnoteContext) -> None:
    await say(update, context, ONLY_WORDS)


async def answer(update: Update, context: FootnoteContext, question: str) -> None:
    who = conversation(update)
    if who is None:
        return
    given = await context.services.answering.ask(who, question)
    if isinstance(given.answer, Chat) and given.answer.intent == "quiz" and _is_private(update):
        await quiz.begin(update, context, question)
        return
    await say(update, context, *render.answer(given))


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == update.effective_chat.PRIVATE


def meant_for(message: Message, bot_id: int, username: str) -> bool:
    """Whether a group's message mentions the bot or replies to it."""
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot_id:
        return True
    mentions = message.parse_entities([MessageEntity.MENTION]).values()
    return any(m.lower() == f"@{username.lower()}" for m in mentions)


def without_mention(text: str, username: str) -> str:
    return re.sub(rf"@{re.escape(username)}\b[,:]?", " ", text, flags=re.IGNORECASE).strip()
