"""What happens to chats themselves: they move to another id, the bot is removed from them, it comes back."""

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberRestricted, InlineKeyboardMarkup, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.services.subscriptions import Ended, Subscription
from handlers import render
from handlers.context import App, FootnoteContext

BACK = "I may write here again, so the daily post goes on: {timetable}. /settings changes it, /unsubscribe ends it."
OFFER = "It is good to be here again. When I had to go, there was a daily post here: {timetable}. Shall it go on?"
GO_ON = "Yes, as it was"


def register(application: App) -> None:
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrated))
    application.add_handler(ChatMemberHandler(own_status_changed, ChatMemberHandler.MY_CHAT_MEMBER))


async def migrated(update: Update, context: FootnoteContext) -> None:
    """Telegram says it in the old chat (`migrate_to_chat_id`) and in the new one; the first is enough."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id:
        await context.services.chats.moved(message.chat_id, message.migrate_to_chat_id)


async def own_status_changed(update: Update, context: FootnoteContext) -> None:
    """The bot was removed, blocked or muted, or may write again.

    Where it was only muted, posts go on by that. Where it was gone, it asks: anybody may have brought it back, but only
    those in charge may want its posts.
    """
    change = update.my_chat_member
    if change is None:
        return
    services, chat = context.services, change.chat
    is_private = chat.type == chat.PRIVATE
    if because := _ended(change.new_chat_member, private=is_private):
        await services.chats.lost(chat.id, because)
        return
    for subscription in await services.chats.returned(chat.id, Ended.NO_RIGHTS):
        await _tell(context, subscription, BACK)
    if _ended(change.old_chat_member, private=is_private):
        for subscription in await services.subscriptions.interrupted(chat.id):
            await _tell(context, subscription, OFFER, render.resume(GO_ON))


async def _tell(
    context: FootnoteContext, subscription: Subscription, told: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    text = told.format(timetable=render.timetable(subscription))
    await context.services.delivery.reply(
        subscription.chat_id, text, keyboard, thread_id=subscription.thread_id or None
    )


def _ended(member: ChatMember, *, private: bool) -> Ended | None:
    """Why nothing can be sent any more to a chat in which the bot is this; None where it can."""
    if member.status in (ChatMember.LEFT, ChatMember.BANNED):
        return Ended.BLOCKED if private else Ended.REMOVED
    muted = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
    # Only in a channel an administrator has this right at all.
    no_poster = isinstance(member, ChatMemberAdministrator) and member.can_post_messages is False
    return Ended.NO_RIGHTS if muted or no_poster else None
