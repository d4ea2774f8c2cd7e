"""What people type after the bot's name in any chat: facts to send, and games."""

import asyncio
import base64
import binascii
import re

from telegram import InlineQueryResultsButton, Update
from telegram.ext import CommandHandler, InlineQueryHandler, filters

from bot.services.games import Offer
from bot.services.lookup import Page
from bot.services.subscriptions import Place
from handlers import questions, render_inline, start
from handlers.context import App, FootnoteContext, Services, say
from handlers.presses.games import that_fits
from knowledge.quiz_wish import NoWish, Wish, read_wish

SETTLE_SECONDS = 0.01  # for keystrokes that arrive together, of which only the last one counts
CACHE_SECONDS = 300  # facts are the same for everybody, and change only with the pack
TODAY_CACHE_SECONDS = 60  # the day's page is another one after midnight
OF_TODAY = Place(0)  # of no chat: the day is that of the operator's zone
LONGEST_PARAMETER = 64  # characters of a link's parameter, of which A–Z a–z 0–9 _ - are allowed
ASK_IN_PRIVATE = "Nothing found. Ask me in private"
WRITE_HERE = "Write your question here, in your own words."
LINKED = re.compile(r"/start(?:@\w+)? ask(?:_([\w-]+))?", re.ASCII)
_QUIZ = re.compile(r"(?i)(?:quiz|game)\b\s*(.*)", re.DOTALL)
_NEWEST = "newest inline query"


def register(application: App) -> None:
    application.add_handler(InlineQueryHandler(typed))
    application.add_handler(CommandHandler("start", linked_question, filters.Regex(LINKED) & filters.ChatType.PRIVATE))


async def typed(update: Update, context: FootnoteContext) -> None:
    query, newest = update.inline_query, context.user_data
    if query is None or newest is None:
        return
    newest[_NEWEST] = query.id
    await asyncio.sleep(SETTLE_SECONDS)
    if newest.get(_NEWEST) != query.id:
        return  # whoever typed it has typed on, and looks at the answer to that
    text, services = query.query.strip(), context.services
    if quiz := _QUIZ.fullmatch(text):
        await _offer_games(services, query.id, quiz[1])
    elif text:
        await _offer_facts(services, query.id, text, query.offset)
    else:
        await _offer_today(services, query.id)


async def linked_question(update: Update, context: FootnoteContext) -> None:
    """What the button above an empty list leads to: the question that was typed there, where the link has it."""
    match = LINKED.fullmatch(update.message.text or "") if update.message else None
    if match is None:
        await start.start(update, context)
    elif question := _decoded(match[1] or ""):
        await questions.answer(update, context, question)
    else:
        await say(update, context, WRITE_HERE)


async def _offer_facts(services: Services, query_id: str, text: str, offset: str) -> None:
    page = services.lookup.find(text, int(offset) if re.fullmatch(r"[0-9]{1,4}", offset) else 0)
    button = None if page.found else InlineQueryResultsButton(ASK_IN_PRIVATE, start_parameter=parameter(text))
    await services.delivery.answer_query(
        query_id,
        [render_inline.fact(found) for found in page.found],
        cache_seconds=CACHE_SECONDS,
        next_offset=_next(page),
        button=button,
    )


async def _offer_today(services: Services, query_id: str) -> None:
    page = services.lookup.today(await services.days.today(OF_TODAY))
    offers = _that_fit(services.games.offers()[:1])
    results = [render_inline.fact(found) for found in page.found] + [render_inline.game(offer) for offer in offers]
    await services.delivery.answer_query(query_id, results, cache_seconds=TODAY_CACHE_SECONDS)


async def _offer_games(services: Services, query_id: str, wished: str) -> None:
    wish = read_wish(services.library.index, wished) if wished else None
    offers = _that_fit(services.games.offers(that_fits(wish) if isinstance(wish, Wish) else None))
    button = None
    if isinstance(wish, NoWish) or not offers:
        why = wish.why if isinstance(wish, NoWish) else "I have no questions about that."
        button = InlineQueryResultsButton(why, start_parameter="ask")
    offers = offers or _that_fit(services.games.offers())
    await services.delivery.answer_query(
        query_id, [render_inline.game(offer) for offer in offers], cache_seconds=0, is_personal=True, button=button
    )


def _that_fit(offers: tuple[Offer, ...]) -> list[Offer]:
    """The games whose wish a button can carry."""
    return [offer for offer in offers if that_fits(offer.wish) == offer.wish]


def _next(page: Page) -> str:
    return "" if page.following is None else str(page.following)


def parameter(text: str) -> str:
    """A link's parameter by which the bot knows what was typed; one without it where that is too long."""
    coded = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"ask_{coded}" if len(coded) + len("ask_") <= LONGEST_PARAMETER else "ask"


def _decoded(coded: str) -> str:
    """What a link's parameter carries; empty where that is nothing, or can't be read."""
    try:
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode().strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""
