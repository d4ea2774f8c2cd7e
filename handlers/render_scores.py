"""The question of the day and score boards as Telegram shows them."""

from html import escape

from telegram import InlineKeyboardMarkup

from bot.services.scores import SPANS, Board, Figures, Line, Span, Total
from handlers.presses.reports import ReportPress
from handlers.presses.scores import BoardPress, NamePress
from handlers.render_buttons import button, keyboard

LONGEST_NAME = 32  # characters of a name, so that a line stays one on most phones
SOMEBODY = "a player"
WAYS_TO_PLAY = "/quiz begins a round, and /settings adds a question to the daily post."
NOBODY: dict[Span, str] = {
    "day": "Nobody has answered here today.",
    "week": "Nobody has answered here in the last 7 days.",
    "all": "Nobody has answered here yet.",
}
NO_FIGURES = "You have not answered a question yet."
HIDDEN = "You are “a player” on score boards now, and your name is not kept. What you answer counts as before."
SHOWN = "Score boards show your name, {name}. What you answer counts as before."
_SPANS: dict[Span, str] = {"day": "today", "week": "the last 7 days", "all": "all time"}


def question_of_day() -> tuple[str, InlineKeyboardMarkup]:
    """What stands before the question of a day, and the buttons under it."""
    return "Question of the day · ", keyboard([("Report", ReportPress())])


def board(shown: Board) -> tuple[str, InlineKeyboardMarkup]:
    """A chat's score board, with buttons for the other spans of time."""
    others = [button(_SPANS[span].capitalize(), BoardPress(span)) for span in SPANS if span != shown.span]
    title = f"<b>Who answers best · {_SPANS[shown.span]}</b>"
    lines = [_line(line) for line in shown.lines]
    if shown.own:
        lines += ["…", _line(shown.own)]
    if not lines:
        lines = [f"{NOBODY[shown.span]} {WAYS_TO_PLAY}"]
    return f"{title}\n\n" + "\n".join(lines), InlineKeyboardMarkup([others])


def figures(own: Figures) -> str:
    """What one player earned."""
    if not own.totals["all"].answered:
        return f"{NO_FIGURES} {WAYS_TO_PLAY}"
    lines = [f"{_SPANS[span].capitalize()}: {_total(own.totals[span])}" for span in SPANS]
    if own.streak:
        lines.append(f"The question of the day here: {own.streak} right in a row")
    return "<b>Your answers in all chats</b>\n\n" + "\n".join(lines)


def shown_as(name: str, *, hidden: bool) -> tuple[str, InlineKeyboardMarkup]:
    """How score boards name somebody, with the button that changes it."""
    text = HIDDEN if hidden else SHOWN.format(name=escape(_name(name)))
    other = ("Show my name", NamePress(False)) if hidden else ("Hide my name", NamePress(True))
    return text, keyboard([other])


def now(*, hidden: bool) -> str:
    """A word at a press: how somebody is shown from now on."""
    return HIDDEN if hidden else "Score boards show your name again."


def _line(line: Line) -> str:
    days = f" · {line.streak} days in a row" if line.streak > 1 else ""
    return f"{line.place}. {escape(_name(line.name))} · {_total(line.total)}{days}"


def _total(total: Total) -> str:
    if not total.answered:
        return "no answer"
    seconds = "" if total.seconds is None else f" · {total.seconds:.1f} s"
    return f"{total.right} of {total.answered} right{seconds}"


def _name(name: str | None) -> str:
    """A name without what could garble a line."""
    seen = "".join(c for c in name or "" if c.isprintable()).strip()
    return (seen if len(seen) <= LONGEST_NAME else seen[: LONGEST_NAME - 1] + "…") or SOMEBODY
