"""/subscribe, /unsubscribe and /settings: the daily post of a chat or topic, and the buttons that choose its time."""

import datetime as dt
from html import escape
from typing import NamedTuple

from telegram import Chat, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationHandlerStop, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.services.subscriptions import Place, Subscribed, Subscription
from bot.services.wishes import Misread, Wish, read_wish
from bot.services.zones import is_zone, likely
from handlers import cities, render
from handlers.buttons import TOO_OLD
from handlers.context import EVERYWHERE, App, FootnoteContext, place_of, say, show
from handlers.presses import settings as presses
from handlers.presses.settings import SettingPress
from handlers.rights import CANT_TELL, Standing

ONLY_ADMINISTRATORS = "Only administrators can change the daily post here. Please ask one of them."
WHAT_HOUR = "<b>On this day, every day.</b> At what time shall the post come?\n\nAnother time can be written: {example}"
WHAT_ZONE = "Whose clock shall it follow?"
WHICH_PLACE = "Which one do you mean?"
EXAMPLE = "/subscribe 08:30 Kyiv"
DONE = {
    "new": "Done: a post comes here {timetable}. The first one comes {coming}.",
    "changed": "Changed: the post comes {timetable} from now on. The next one comes {coming}.",
    "kept": "So it is already: the post comes {timetable}. The next one comes {coming}.",
    "revived": "Here again: the post comes {timetable}. The next one comes {coming}.",
}
WAYS = "\n\n/settings changes it or adds a quiz question, /unsubscribe ends it."
CARD = "<b>The daily post</b> comes {timetable}. The next one comes {coming}.\n\nPress what you want to change."
NONE_YET = "There is no daily post here. /subscribe begins it."
ENDED = "The daily post ends here. /subscribe begins it again, as it was."
WAS_HERE = "There was a daily post here, {timetable}. Shall it come again, as it was? Or choose another time."
RESUME = "Yes, as it was"
A_DAY_MUST_STAY = "One weekday has to stay. “End the daily post” ends it."
QUESTIONS_COME = (
    "A quiz question comes right after each post from now on, and is open until the next. /top shows the score."
)
QUESTIONS_COME_HERE = "A quiz question comes right after each post from now on. In a channel nobody sees who answered."
IN_A_CHANNEL = "Publish the city behind the command, like this: /subscribe 08:30 Kyiv"


class Shown(NamedTuple):
    """What a press leads to: a message in the place of the old one, if any, and a word right at the press."""

    html: str | None = None
    keyboard: InlineKeyboardMarkup | None = None
    alert: str | None = None


def register(application: App) -> None:
    application.add_handler(CommandHandler("subscribe", subscribe, EVERYWHERE))
    application.add_handler(CommandHandler("unsubscribe", unsubscribe, EVERYWHERE))
    application.add_handler(CommandHandler("settings", settings, EVERYWHERE))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))
    # In a group of its own, so that it comes before the handlers for questions.
    application.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, city_named), group=-1)


async def subscribe(update: Update, context: FootnoteContext) -> None:
    place = await _allowed(update, context)
    if place is None:
        return
    wish = read_wish(" ".join(context.args or ()), _now())
    if isinstance(wish, Misread):
        await say(update, context, escape(f"{wish.why} For example: {EXAMPLE}"))
    elif wish == Wish():
        await say(update, context, *await _begin(context, place))
    else:
        await say(update, context, *await _wished(update, context, place, wish))


async def unsubscribe(update: Update, context: FootnoteContext) -> None:
    place = await _allowed(update, context)
    if place is not None:
        ended = await context.services.subscriptions.unsubscribe(place)
        await say(update, context, ENDED if ended else NONE_YET)


async def settings(update: Update, context: FootnoteContext) -> None:
    place = await _allowed(update, context)
    if place is not None:
        await say(update, context, *await _card(context, place))


async def city_named(update: Update, context: FootnoteContext) -> None:
    """The next words of somebody who was asked for a city; all others go on to the other handlers."""
    asked = cities.asked_for(update, context)
    if asked is None or update.message is None:
        return
    place = await _allowed(update, context)
    if place is not None:
        wish = read_wish(update.message.text or "", _now())
        if isinstance(wish, Misread):
            await cities.ask_again(update, context, wish.why, asked.minute)
        else:
            wish = Wish(asked.minute if wish.minute is None else wish.minute, wish.zone, wish.candidates)
            await say(update, context, *await _wished(update, context, place, wish))
    raise ApplicationHandlerStop


async def pressed(update: Update, context: FootnoteContext) -> None:
    query = update.callback_query
    press = presses.read(query.data or "") if query else None
    if query is None:
        return
    delivery = context.services.delivery
    if press is None or not (press.zone is None or is_zone(press.zone)):
        await delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    place = await _allowed(update, context)
    if place is None:
        return
    if press.action == "city" and not _is_channel(update):
        await delivery.answer_press(query.id)
        await cities.ask(update, context, press.minute)
        return
    shown = await _do(update, context, place, press)
    await delivery.answer_press(query.id, shown.alert, alert=shown.alert is not None)
    if shown.html is not None:
        await show(update, context, shown.html, shown.keyboard)


async def _do(update: Update, context: FootnoteContext, place: Place, press: SettingPress) -> Shown:
    services = context.services
    match press.action:
        case "set":
            return Shown(*await _wished(update, context, place, Wish(press.minute, press.zone)))
        case "city":
            return Shown(alert=IN_A_CHANNEL)
        case "resume":
            resumed = await services.subscriptions.subscribe(place, is_channel=_is_channel(update))
            return Shown(*await _done(context, resumed))
        case "end":
            ended = await services.subscriptions.unsubscribe(place)
            return Shown(ENDED if ended else NONE_YET)
    kept = await services.subscriptions.get(place)
    if kept is None or not kept.is_active:
        return Shown(NONE_YET)
    match press.action:
        case "hours":
            return Shown(
                WHAT_HOUR.format(example=EXAMPLE), _with_way_back(render.hours(None, services.subscriptions.minute))
            )
        case "zones":
            return Shown(WHAT_ZONE, _with_way_back(_zones(update, kept.zone, None)))
        case "weekday":
            bit = 1 << press.weekday
            weekdays = kept.weekdays | bit if press.on else kept.weekdays & ~bit
            if not weekdays:
                return Shown(alert=A_DAY_MUST_STAY)
            await services.subscriptions.change(place, weekdays=weekdays)
        case "silent":
            await services.subscriptions.change(place, silent=press.on)
        case "quiz":
            await services.subscriptions.change(place, daily_quiz=press.on)
    card = await _card(context, place)
    if press.action != "quiz" or not press.on:
        return Shown(*card)
    return Shown(*card, QUESTIONS_COME_HERE if _is_channel(update) else QUESTIONS_COME)


async def _allowed(update: Update, context: FootnoteContext) -> Place | None:
    """The place whose post whoever sent this may change; else they are told why not."""
    standing = await context.services.rights.standing(update)
    if standing.may_manage:
        return place_of(update)
    reason = CANT_TELL if standing is Standing.UNKNOWN else ONLY_ADMINISTRATORS
    if update.callback_query:
        await context.services.delivery.answer_press(update.callback_query.id, reason, alert=True)
    else:
        await say(update, context, reason)
    return None


async def _begin(context: FootnoteContext, place: Place) -> tuple[str, InlineKeyboardMarkup | None]:
    """The first step for somebody who said no more than /subscribe."""
    services = context.services
    kept = await services.subscriptions.get(place)
    if kept is None:
        return WHAT_HOUR.format(example=EXAMPLE), render.hours(None, services.subscriptions.minute)
    if kept.is_active:
        return await _card(context, place)
    buttons = (
        *render.resume(RESUME).inline_keyboard,
        *render.hours(None, services.subscriptions.minute).inline_keyboard,
    )
    return WAS_HERE.format(timetable=render.timetable(kept)), InlineKeyboardMarkup(buttons)


async def _wished(
    update: Update, context: FootnoteContext, place: Place, wish: Wish
) -> tuple[str, InlineKeyboardMarkup | None]:
    """What follows from what is known of a wish: the next choice, or the subscription."""
    if wish.candidates:
        return WHICH_PLACE, render.zones(wish.candidates, _now(), wish.minute)
    subscriptions = context.services.subscriptions
    is_new = await subscriptions.get(place) is None
    if is_new and wish.minute is None:
        return WHAT_HOUR.format(example=EXAMPLE), render.hours(wish.zone, subscriptions.minute)
    if is_new and wish.zone is None:
        return WHAT_ZONE, _zones(update, subscriptions.zone, wish.minute)
    subscribed = await subscriptions.subscribe(
        place, zone=wish.zone, minute=wish.minute, is_channel=_is_channel(update)
    )
    return await _done(context, subscribed)


async def _done(context: FootnoteContext, subscribed: Subscribed) -> tuple[str, None]:
    told = DONE[subscribed.how] + WAYS
    return await _told(context, told, subscribed.subscription), None


async def _card(context: FootnoteContext, place: Place) -> tuple[str, InlineKeyboardMarkup | None]:
    kept = await context.services.subscriptions.get(place)
    if kept is None or not kept.is_active:
        return NONE_YET, None
    return await _told(context, CARD, kept), render.settings(kept)


async def _told(context: FootnoteContext, template: str, kept: Subscription) -> str:
    today = await context.services.days.today(kept.place)
    return template.format(timetable=render.timetable(kept), coming=render.coming(kept, today))


def _zones(update: Update, zone: str, minute: int | None) -> InlineKeyboardMarkup:
    """Zones to choose from: those likely for the person's language, and the one that is set already."""
    language = update.effective_user.language_code if update.effective_user else None
    return render.zones(likely(language, zone), _now(), minute)


def _is_channel(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == Chat.CHANNEL


def _with_way_back(keyboard: InlineKeyboardMarkup) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup((*keyboard.inline_keyboard, render.back_to_settings()))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
