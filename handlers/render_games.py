"""Games as Telegram shows them: the message that everybody sees, and what one player is told by an alert."""

from html import escape

from telegram import InlineKeyboardMarkup

from bot.services.games import Marked, Scene, Score
from handlers.presses.games import BeginPress, GamePress
from handlers.render_buttons import keyboard
from knowledge.quiz import Question
from knowledge.quiz_wish import Wish

LONGEST_ALERT = 200  # characters
LEAST_TOLD = 30  # characters of an explanation; shorter pieces say nothing
MOST_PLACES = 20  # shown of the scores
LONGEST_NAME = 40  # characters of a player's name
A_PLAYER = "a player"  # somebody who hides
LETTERS = "ABCDEFGHIJ"


def offer(wish: Wish, title: str) -> tuple[str, InlineKeyboardMarkup]:
    """The message of a game that has not begun."""
    number = "1 question" if wish.n == 1 else f"{wish.n} questions"
    text = (
        f"<b>A quiz</b> · {number}{f' · {escape(title)}' if title else ''}\n\n"
        "Everybody here may play: just press what you think is right. Who presses Begin leads the game."
    )
    return text, keyboard([("Begin", BeginPress(wish))])


def scene(shown: Scene) -> tuple[str, InlineKeyboardMarkup]:
    """A game's message as it is to stand there."""
    match shown.state:
        case "open":
            return _open(shown)
        case "revealed":
            return _revealed(shown)
        case "asleep":
            return _asleep(shown)
        case "over":
            return _over(shown)


def marked(given: Marked) -> str:
    """What a player is told of their answer, and nobody else."""
    question = given.question
    if given.again:
        head = f"You have answered already: {LETTERS[given.option]}. Your first answer counts."
    elif given.is_right:
        head = "Right!"
    else:
        head = f"Not quite: it was {LETTERS[question.correct]}, {question.options[question.correct].rstrip('.')}."
    if given.again:
        return head
    return _with_explanation(head, question)


def _with_explanation(head: str, question: Question) -> str:
    """As much of the explanation as fits behind some words, and its footnote."""
    says, _, note = question.explanation.rpartition("\n")
    room = LONGEST_ALERT - len(head) - len(note) - 2
    if len(says) > room:
        says = f"{says[: room - 2].rsplit(' ', 1)[0].rstrip(',;:–(')} …" if room > LEAST_TOLD else ""
    lines = [head, says, note] if len(head) + len(note) + 1 <= LONGEST_ALERT else [head]
    return "\n".join(line for line in lines if line)[:LONGEST_ALERT]


def _open(shown: Scene) -> tuple[str, InlineKeyboardMarkup]:
    answered = {0: "Nobody has answered yet.", 1: "1 player has answered."}
    count = answered.get(shown.answered, f"{shown.answered} players have answered.")
    options = [f"{LETTERS[n]}. {escape(option)}" for n, option in enumerate(shown.question.options)]
    letters = [(LETTERS[n], GamePress("answer", shown.press, n)) for n in range(len(options))]
    text = f"{_head(shown)}\n\n" + "\n".join(options) + f"\n\n<i>{count}</i>"
    row = [("Reveal", GamePress("reveal", shown.press)), ("Report", GamePress("report", shown.press))]
    return text, keyboard(letters, row)


def _revealed(shown: Scene) -> tuple[str, InlineKeyboardMarkup]:
    question = shown.question
    options = [
        f"<b>✓ {LETTERS[n]}. {escape(option)}</b>" if n == question.correct else f"{LETTERS[n]}. {escape(option)}"
        for n, option in enumerate(question.options)
    ]
    count = f"{shown.right} of {shown.answered} got it right." if shown.answered else "Nobody answered."
    says, _, note = question.explanation.rpartition("\n")
    told = f"{count} {escape(says)}\n\n<i>{escape(note)}</i>"
    onward = "Scores" if shown.number == shown.of else "Next"
    row = [(onward, GamePress("next", shown.press)), ("Report", GamePress("report", shown.press))]
    return f"{_head(shown)}\n\n" + "\n".join(options) + f"\n\n{told}", keyboard(row)


def _asleep(shown: Scene) -> tuple[str, InlineKeyboardMarkup]:
    text = (
        f"<b>A break</b> · before question {shown.number} of {shown.of}{_about(shown)}\n\n"
        f"{_scores(shown, 'Nobody has answered yet.')}\n\nPress Go on when you are back."
    )
    return text, keyboard([("Go on", GamePress("wake", shown.press))])


def _over(shown: Scene) -> tuple[str, InlineKeyboardMarkup]:
    number = "1 question" if shown.of == 1 else f"{shown.of} questions"
    text = f"<b>The scores</b> · {number}{_about(shown)}\n\n{_scores(shown, 'Nobody answered this time.')}"
    report = ("Report the last question", GamePress("report", shown.press))
    row = [("Rematch", GamePress("rematch", shown.press)), report]
    return text, keyboard(row)


def _head(shown: Scene) -> str:
    return f"<b>Question {shown.number} of {shown.of}</b>{_about(shown)}\n\n{escape(shown.question.question)}"


def _about(shown: Scene) -> str:
    return f" · {escape(shown.title)}" if shown.title else ""


def _scores(shown: Scene, nobody: str) -> str:
    lines = [_score(score, shown.of) for score in shown.scores[:MOST_PLACES]]
    if len(shown.scores) > MOST_PLACES:
        lines.append(f"… and {len(shown.scores) - MOST_PLACES} more")
    return "\n".join(lines) or nobody


def _score(score: Score, of: int) -> str:
    name = escape((score.name or A_PLAYER)[:LONGEST_NAME])
    time = f" in {score.seconds:.0f} s" if score.right else ""
    return f"{score.place}. {name}: {score.right} of {of}{time}"
