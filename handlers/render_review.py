"""Reviews as Telegram shows them."""

import datetime as dt
from collections.abc import Sequence
from typing import get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.services.remembering import Stage
from bot.services.reviews import Next, Over
from bot.services.standing import Standing
from handlers.presses import ReportPress, ReviewPress
from knowledge.dates import MONTHS

NAMED_DAYS = 7  # within which a weekday alone says when


def counts(standing: Standing) -> str:
    """`7 due now, 2 later today, 3 tomorrow`; no word of what is none."""
    parts = (standing.due, "due now"), (standing.later_today, "later today"), (standing.tomorrow, "tomorrow")
    return ", ".join(f"{number} {when}" for number, when in parts if number)


def title(step: Next) -> str:
    """What stands before a question: its number, where it isn't the only one."""
    return f"{step.number}/{step.of} · " if step.of > 1 else ""


def under_question() -> InlineKeyboardMarkup:
    """The buttons under a question that is asked."""
    return _keyboard([("Enough for now", ReviewPress("end")), ("Report", ReportPress())])


def under_closed() -> InlineKeyboardMarkup:
    """The button that stays under a question that was closed."""
    return _keyboard([("Report", ReportPress())])


def under_unanswered() -> InlineKeyboardMarkup:
    """The ways on from a question that still waits for an answer."""
    return _keyboard([("Skip it", ReviewPress("skip")), ("Enough for now", ReviewPress("end"))])


def go_on(label: str) -> InlineKeyboardMarkup:
    """The way into a review."""
    return _keyboard([(label, ReviewPress("begin"))])


def link(label: str, username: str) -> InlineKeyboardMarkup:
    """The way from a group into the private chat."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=f"https://t.me/{username}?start=review")]])


def summary(over: Over) -> tuple[str, InlineKeyboardMarkup | None]:
    """How a review went and what comes next, in words that need no picture."""
    standing = over.standing
    lines = [f"<b>Review done:</b> {_score(over)}"]
    if standing.cards:
        lines += [
            "",
            f"{_questions(standing.cards)}: {_stages(standing)}.",
            *_forecast(standing),
        ]
    if standing.due:
        lines += ["", f"{standing.due} more {'is' if standing.due == 1 else 'are'} due now."]
    elif standing.next_due:
        lines += ["", f"The next {'one' if standing.cards == 1 else 'ones'}: {_when(standing)}."]
    return "\n".join(lines), go_on("Go on") if standing.due else None


def resting(standing: Standing) -> str:
    """When the next question comes."""
    return f"Nothing is due now. The next comes {_when(standing)}."


def _score(over: Over) -> str:
    if not over.answered:
        return "no question was answered this time."
    if over.right == over.answered:
        return "right, the only one." if over.answered == 1 else f"all {over.answered} right."
    return f"{over.right} of {over.answered} right."


def _stages(standing: Standing) -> str:
    learning, young, firm = (standing.stages[stage] for stage in get_args(Stage))
    return f"{learning} still to learn, {young} taking hold, {firm} firm"


def _forecast(standing: Standing) -> Sequence[str]:
    """What comes back on which of the next days, but for what is due now."""
    days = (standing.later_today, *standing.forecast[1:])
    coming = [f"{_day(standing.moment.date(), n)} {due}" for n, due in enumerate(days) if due]
    return [f"Coming back: {', '.join(coming)}."] if coming else []


def _when(standing: Standing) -> str:
    """When the next question is due: `in 8 minutes`, `today at 18:30`, `tomorrow`, `on Friday`, `on 3 January`."""
    if standing.next_due is None:
        return "when you get another one wrong"
    seconds = (standing.next_due - standing.moment).total_seconds()
    if seconds < 3600:
        minutes = max(round(seconds / 60), 1)
        return f"in {minutes} minute{'s' if minutes > 1 else ''}"
    days = (standing.next_due.date() - standing.moment.date()).days
    if days == 0:
        return f"today at {standing.next_due:%H:%M}"
    return "tomorrow" if days == 1 else f"on {_day(standing.moment.date(), days)}"


def _day(today: dt.date, days: int) -> str:
    date = today + dt.timedelta(days=days)
    if days < NAMED_DAYS:
        return ("today", "tomorrow")[days] if days < 2 else f"{date:%A}"
    return f"{date.day} {MONTHS[date.month - 1]}"


def _questions(number: int) -> str:
    return f"{number} question{'' if number == 1 else 's'}"


def _keyboard(row: Sequence[tuple[str, ReviewPress | ReportPress]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=press.data()) for label, press in row]])
