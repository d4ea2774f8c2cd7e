"""Answers to quiz questions that stand in chats as polls."""

from telegram import Update
from telegram.ext import PollAnswerHandler

from handlers import review
from handlers.context import App, FootnoteContext


def register(application: App) -> None:
    application.add_handler(PollAnswerHandler(answered))


async def answered(update: Update, context: FootnoteContext) -> None:
    """Count an answer, unless somebody gave it who is not in the chat: a forwarded poll takes answers from anywhere."""
    answer, services = update.poll_answer, context.services
    if answer is None or answer.user is None or answer.voter_chat is not None or not answer.option_ids:
        return
    asked = await services.polls.of(answer.poll_id)
    if asked is None or not await services.rights.is_member(asked.place.chat_id, answer.user.id):
        return
    voted = await services.polls.vote(asked, answer.user.id, answer.user.first_name, answer.option_ids[0])
    if asked.round_id is not None:
        await services.rounds.voted(asked.round_id, await services.rights.humans(asked.place.chat_id))
    if voted is not None and voted.asked.purpose == "review":
        await review.go_on(services, voted.user_id)
