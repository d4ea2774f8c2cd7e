"""Rounds of questions as Telegram shows them."""

from html import escape

from telegram import InlineKeyboardMarkup

from bot.services.rounds import ALONE_SECONDS, CHANNEL_SECONDS, SECONDS, Ask, Begun, Board, NoQuestions, Running
from bot.services.standings import Line
from handlers.presses.quizzes import QuizPress
from handlers.presses.reports import ReportPress
from handlers.render_buttons import keyboard
from knowledge.index import Index
from knowledge.quiz_wish import Wish, title

MOST_LINES = 30  # players on a board: names and figures of more may not fit into a message
EXAMPLE = "/quiz 10 hard 1941"
HIDDEN = "a player"

RUNNING = "A round is on here already: question {number} of {total}. Skip and Stop stand under it; /stop ends it too."
COMING = "A round is about to begin here. /stop ends it."
ENDING = "One moment, please: the last round here is just ending."
NO_POLLS = (
    "I may not send polls here, and a quiz is made of them. An administrator can allow it in the chat's permissions; "
    "then /quiz begins a new round."
)
TROUBLE = "Telegram would not take my question, so the round ends here. /quiz begins a new one."
NONE_FOR = "I have no quiz questions for this: {title}. Shall it be something else?"
GRAVE = "Suffering and death are not for a game, so I have no questions about {title}. Shall it be something else?"
NONE_AT_ALL = "My documents give no questions for a quiz."


def begun(round_begun: Begun, index: Index, who: str | None) -> tuple[str, InlineKeyboardMarkup | None] | None:
    """The word that a round begins; None where its first question speaks for itself."""
    wish, total, audience = round_begun.wish, round_begun.total, round_begun.audience
    about = title(index, wish)
    number = f"{total} question{'s' if total > 1 else ''}"
    few = f"{'Only one question is' if total == 1 else f'Only {total} questions are'} new for "
    short = few + ("you here." if audience == "private" else "this chat.") if round_begun.is_short else ""
    if audience == "private":
        return (escape(f"{short} {'Here it comes.' if total == 1 else 'Here they come.'}"), None) if short else None
    lines = [f"<b>{escape(who)} starts a quiz</b>" if who else "<b>A quiz</b>"]
    lines.append(escape(f"{number}{f': {about}' if about else ''}, {_time(wish, audience)}."))
    if short:
        lines.append(short)
    if audience == "group":
        lines.append("It goes on sooner when all who play have answered.")
    return "\n".join(lines), keyboard([("Stop", QuizPress("stop", round_begun.id))])


def none(found: NoQuestions, index: Index) -> tuple[str, InlineKeyboardMarkup | None]:
    """Nothing can be asked; an open round is offered."""
    about = title(index, found.wish)
    if not about:
        return NONE_AT_ALL, None
    return escape((GRAVE if found.is_grave else NONE_FOR).format(title=about)), offer()


def offer() -> InlineKeyboardMarkup:
    """A round about anything."""
    return keyboard([("A round on anything", QuizPress("open"))])


def running(found: Running) -> str:
    """What to say to who wants a round where one is on."""
    if found.is_ending:
        return ENDING
    return RUNNING.format(number=found.number, total=found.total) if found.number else COMING


def numbered(step: Ask) -> str:
    """What stands before a question."""
    return f"{step.number}/{step.total} · "


def question_buttons(step: Ask) -> InlineKeyboardMarkup:
    """What stands under a question."""
    skip, stop = QuizPress("skip", step.round_id, step.position), QuizPress("stop", step.round_id)
    return keyboard([("Skip", skip), ("Stop", stop), ("Report", ReportPress())])


def after_question() -> InlineKeyboardMarkup:
    """What is left of that when the question is over."""
    return keyboard([("Report", ReportPress())])


def board(found: Board) -> tuple[str, InlineKeyboardMarkup]:
    """How a round went."""
    again = keyboard([("Play again", QuizPress("again", found.round_id))])
    return (_alone(found) if found.audience == "private" else _together(found)), again


def refused(*, no_polls: bool) -> str:
    """Why a round ends where Telegram doesn't take its question."""
    return NO_POLLS if no_polls else TROUBLE


def _alone(found: Board) -> str:
    if not found.lines:
        why = "You seem to be away, so I stop here." if found.is_quiet else "Nothing was answered this time."
        return f"{why} The questions stay above; play again whenever you like."
    line = found.lines[0]
    figures = ", ".join(_figures(line))
    told = f"<b>{line.right} of {found.asked} right</b>" + (f": {figures}." if figures else ".")
    return f"{told}\nYou seem to be away, so I stop here." if found.is_quiet else told


def _together(found: Board) -> str:
    number = f"{found.asked} question{'s' if found.asked != 1 else ''}"
    if found.audience == "channel":
        if not found.asked:
            return "The quiz has ended."
        return f"<b>The quiz has ended</b> after {number}. They stay open for a day."
    quiet = "Nobody has answered for a while, so the round ends here." if found.is_quiet else ""
    if not found.lines:
        return quiet or "The round is over. Nobody answered this time; perhaps the next one suits you better."
    lines = [_line(line, found.asked) for line in found.lines[:MOST_LINES]]
    if len(found.lines) > MOST_LINES:
        lines.append(f"… and {len(found.lines) - MOST_LINES} more")
    return "\n".join([f"<b>The round is over</b> after {number}.", *([quiet] if quiet else []), "", *lines])


def _line(line: Line, asked: int) -> str:
    name = escape(line.name or HIDDEN)
    return " · ".join([f"{line.place}. <b>{name}</b>", f"{line.right} of {asked}", *_figures(line)])


def _figures(line: Line) -> list[str]:
    """Speed and streak, where there are any."""
    speed = [f"{line.seconds:.1f} s on average"] if line.seconds is not None else []
    return [*speed, *([f"{line.streak} in a row"] if line.streak > 1 else [])]


def _time(wish: Wish, audience: str) -> str:
    if audience == "channel":
        return f"one every {CHANNEL_SECONDS} seconds"
    if audience == "private":
        return f"{ALONE_SECONDS} seconds each"
    if wish.difficulty:
        return f"{SECONDS[wish.difficulty]} seconds each"
    return f"{min(SECONDS.values())} to {max(SECONDS.values())} seconds each"
