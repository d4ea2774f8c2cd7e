"""Reviews as Telegram shows them."""

import datetime as dt
from collections.abc import Sequence
from typing import get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.services.progress import Progress
from bot.services.remembering import Stage
from bot.services.reviews import Next, Over
from handlers.presses.reports import ReportPress
from handlers.presses.reviews import ReviewPress
from handlers.render_buttons import keyboard
from knowledge.dates import MONTHS

NAMED_DAYS = 7  # within which a weekday alone says when


def counts(progress: Progress) -> str:
    """`7 due now, 2 later today, 3 tomorrow`; no word of what is none."""
    parts = (progress.due, "due now"), (progress.later_today, "later today"), (progress.tomorrow, "tomorrow")
    return ", ".join(f"{number} {when}" for number, when in parts if number)


def title(step: Next) -> str:
    """What stands before a question: its number, where it isn't the only one."""
    return f"{step.number}/{step.of} · " if step.of > 1 else ""


def under_question() -> InlineKeyboardMarkup:
    """The buttons under a question that is asked."""
    return keyboard([("Enough for now", ReviewPress("end")), ("Report", ReportPress())])


def under_closed() -> InlineKeyboardMarkup:
    """The button that stays under a question that was closed."""
    return keyboard([("Report", ReportPress())])


def under_unanswered() -> InlineKeyboardMarkup:
    """The ways on from a question that still waits for an answer."""
    return keyboard([("Skip it", ReviewPress("skip")), ("Enough for now", ReviewPress("end"))])


def go_on(label: str) -> InlineKeyboardMarkup:
    """The way into a review."""
    return keyboard([(label, ReviewPress("begin"))])


def link(label: str, username: str) -> InlineKeyboardMarkup:
    """The way from a group into the private chat."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=f"https://t.me/{username}?start=review")]])


def summary(over: Over) -> tuple[str, InlineKeyboardMarkup | None]:
    """How a review went and what comes next, in words that need no picture."""
    progress = over.progress
    lines = [f"<b>Review done:</b> {_score(over)}"]
    if progress.cards:
        lines += [
            "",
            f"{_questions(progress.cards)}: {_stages(progress)}.",
            *_forecast(progress),
        ]
    if progress.due:
        lines += ["", f"{progress.due} more {'is' if progress.due == 1 else 'are'} due now."]
    elif progress.next_due:
        lines += ["", f"The next {'one' if progress.cards == 1 else 'ones'}: {_when(progress)}."]
    return "\n".join(lines), go_on("Go on") if progress.due else None


def resting(progress: Progress) -> str:
    """When the next question comes."""
    return f"Nothing is due now. The next comes {_when(progress)}."


def _score(over: Over) -> str:
    if not over.answered:
        return "no question was answered this time."
    if over.right == over.answered:
        return "right, the only one." if over.answered == 1 else f"all {over.answered} right."
    return f"{over.right} of {over.answered} right."


def _stages(progress: Progress) -> str:
    learning, young, firm = (progress.stages[stage] for stage in get_args(Stage))
    return f"{learning} still to learn, {young} taking hold, {firm} firm"


def _forecast(progress: Progress) -> Sequence[str]:
    """What comes back on which of the next days, but for what is due now."""
    days = (progress.later_today, *progress.forecast[1:])
    coming = [f"{_day(progress.moment.date(), n)} {due}" for n, due in enumerate(days) if due]
    return [f"Coming back: {', '.join(coming)}."] if coming else []


def _when(progress: Progress) -> str:
    """When the next question is due: `in 8 minutes`, `today at 18:30`, `tomorrow`, `on Friday`, `on 3 January`."""
    if progress.next_due is None:
        return "when you get another one wrong"
    seconds = (progress.next_due - progress.moment).total_seconds()
    if seconds < 3600:
        minutes = max(round(seconds / 60), 1)
        return f"in {minutes} minute{'s' if minutes > 1 else ''}"
    days = (progress.next_due.date() - progress.moment.date()).days
    if days == 0:
        return f"today at {progress.next_due:%H:%M}"
    return "tomorrow" if days == 1 else f"on {_day(progress.moment.date(), days)}"


def _day(today: dt.date, days: int) -> str:
    date = today + dt.timedelta(days=days)
    if days < NAMED_DAYS:
        return ("today", "tomorrow")[days] if days < 2 else f"{date:%A}"
    return f"{date.day} {MONTHS[date.month - 1]}"


def _questions(number: int) -> str:
    return f"{number} question{'' if number == 1 else 's'}"
