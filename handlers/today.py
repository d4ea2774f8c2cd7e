"""/today, /onthisday and /thisweek, the buttons under a day's page, and links that lead to one."""

import re
from html import escape

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.storage.subscriptions import Place
from handlers import render
from handlers.buttons import TOO_OLD
from handlers.context import EVERYWHERE, App, FootnoteContext, conversation, place_of, say, show
from handlers.presses import days as presses
from knowledge.days import NoDay

LINKED = re.compile(r"/start(?:@\w+)? day_(\d\d)(\d\d)", re.ASCII)


def register(application: App) -> None:
    application.add_handler(CommandHandler("start", linked_day, filters.Regex(LINKED) & filters.UpdateType.MESSAGE))
    application.add_handler(CommandHandler("today", today, EVERYWHERE))
    application.add_handler(CommandHandler("onthisday", on_this_day, EVERYWHERE))
    application.add_handler(CommandHandler("thisweek", this_week, EVERYWHERE))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def today(update: Update, context: FootnoteContext) -> None:
    await _say_day(update, context, "")


async def on_this_day(update: Update, context: FootnoteContext) -> None:
    await _say_day(update, context, " ".join(context.args or ()))


async def linked_day(update: Update, context: FootnoteContext) -> None:
    """What somebody shared: the day of the link, without a greeting."""
    match = LINKED.match(update.message.text or "") if update.message else None
    if match is not None:
        await _say_day(update, context, f"{match[1]}-{match[2]}")


async def this_week(update: Update, context: FootnoteContext) -> None:
    place = place_of(update)
    if place is not None:
        await say(update, context, *render.week(await context.services.days.week(place)))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, place = update.callback_query, place_of(update)
    if query is None or place is None:
        return
    press = presses.read(query.data or "")
    shown = await _show(update, context, place, press) if press else None
    if press is None or shown is None:
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    await context.services.delivery.answer_press(query.id)
    await (show if press.action == "show" else say)(update, context, *shown)


async def _show(
    update: Update, context: FootnoteContext, place: Place, press: presses.DayPress
) -> tuple[str, InlineKeyboardMarkup | None] | None:
    """What a press shows, or None where nobody knows any more what it was about."""
    services, who = context.services, conversation(update)
    post = await services.days.day(place, press.date)
    match press.action:
        case "show":
            return render.post(post, services.delivery.username)
        case "sources":
            told = await services.desk.of_marks(*press.marks) or post.facts
            return render.sources(services.days.sources(told)) or render.NOTHING, None
        case "about":
            given = await services.answering.about(who, press.entity, post.facts) if who else None
            return render.answer(given) if given else None


async def _say_day(update: Update, context: FootnoteContext, named: str) -> None:
    """The page of the day that somebody names, or a word on how to name one."""
    place = place_of(update)
    if place is None:
        return
    meant = await context.services.days.meant(place, named)
    if isinstance(meant, NoDay):
        await say(update, context, escape(meant.reason))
        return
    post = await context.services.days.day(place, meant)
    await say(update, context, *render.post(post, context.services.delivery.username))
