"""Reports as Telegram shows them: the question which fact is meant, the owners' desk, what came of a report."""

from collections.abc import Sequence
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.services.desk import Case, mark_of
from handlers import render_buttons
from handlers.presses.reports import DeskAction, DeskPress, ReportPress
from handlers.render import short
from knowledge.results import footnotes

ROOM = 3800  # characters of a message with its markup, before the line that tells how many more there are
LONGEST_PASSAGE = 400  # characters of a document on the desk
GONE = "(This fact is no longer in the pack.)"


def button(fact: str, label: str = "Report") -> InlineKeyboardButton:
    """Reports a fact wherever it stands, also in a message that was sent inline."""
    return render_buttons.button(label, ReportPress(marks=(mark_of(fact),)))


def which(says: Sequence[str], facts: Sequence[str]) -> tuple[str, InlineKeyboardMarkup]:
    """Asks which of several facts is meant."""
    lines = "\n".join(f"{number}. {escape(text)}" for number, text in enumerate(says, 1))
    buttons = [button(fact, str(number)) for number, fact in enumerate(facts, 1)]
    return f"Which of these is wrong?\n\n{lines}", InlineKeyboardMarkup([buttons])


def desk(cases: Sequence[Case]) -> tuple[str, InlineKeyboardMarkup | None]:
    """What waits for an owner: the first cases, each with two buttons, and how many more there are."""
    if not cases:
        return "Nothing is reported, and nothing is put aside.", None
    parts: list[str] = []
    for number, waiting in enumerate(cases, 1):
        part = f"<b>{number}.</b> {case(waiting)}"
        if parts and sum(map(len, (*parts, part))) > ROOM:
            break
        parts.append(part)
    rows = [_verdicts(waiting, f"{number}: ") for number, waiting in enumerate(cases[: len(parts)], 1)]
    if left := len(cases) - len(parts):
        parts.append(f"… and {left} more, which come up when these are settled.")
    return "\n\n".join(parts), InlineKeyboardMarkup(rows)


def put_aside(waiting: Case) -> tuple[str, InlineKeyboardMarkup]:
    """What the owners are told when a fact is put aside."""
    return f"<b>A fact is put aside.</b>\n\n{case(waiting)}", InlineKeyboardMarkup([_verdicts(waiting, "")])


def case(waiting: Case) -> str:
    """A reported fact: its id, how often it was reported, what it says, and the document's words."""
    state = " · ".join((*_reporters(waiting), *(["put aside"] if waiting.is_aside else [])))
    lines = [f"<code>{escape(waiting.fact)}</code>" + (f" · {state}" if state else "")]
    lines.append(escape(waiting.says) if waiting.says is not None else GONE)
    for source, passage in waiting.passages[:2]:
        lines.append(f"<i>¹ {escape(footnotes((source,))[0])}</i>")
        if passage:
            lines.append(f"<blockquote>{escape(short(passage, LONGEST_PASSAGE))}</blockquote>")
    return "\n".join(lines)


def with_footnote(waiting: Case) -> str:
    """What a fact says, and where it stands."""
    notes = "; ".join(footnotes([source for source, _ in waiting.passages]))
    told = escape(waiting.says if waiting.says is not None else waiting.fact)
    return f"{told}\n\n<i>¹ {escape(notes)}</i>" if notes else told


def _reporters(waiting: Case) -> list[str]:
    if waiting.reports is None:
        return []
    number, asked = waiting.reports.reporters, waiting.reports.of_questions
    told = f"{number} report{'' if number == 1 else 's'}"
    return [f"{told}, {asked} of a question" if asked else told]


def _verdicts(waiting: Case, lead: str) -> list[InlineKeyboardButton]:
    labels: tuple[tuple[str, DeskAction], ...] = (("Fix", "fix"), ("Restore", "restore"))
    mark = mark_of(waiting.fact)
    return [render_buttons.button(f"{lead}{label}", DeskPress(action, mark)) for label, action in labels]
