import html
import re

import pytest

from bot.services.games import Marked, Scene, Score
from bot.storage.games import State
from handlers import render_games
from handlers.render import LONGEST_MESSAGE
from knowledge.quiz import Question
from tests.packs import shipped

QUESTIONS = shipped().quiz.questions(seed=11, n=300)


def seen(state: State, question: Question = QUESTIONS[0], scores: tuple[Score, ...] = ()) -> Scene:
    return Scene(state, "hard, Ada & Tom", question, 2, 5, 7, 3, 2, scores, 1.0)


def plain(message: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", message))


@pytest.mark.parametrize("question", QUESTIONS[:40], ids=lambda question: question.fact)
def test_an_open_question_gives_nothing_away(question: Question) -> None:
    text, keyboard = render_games.scene(seen("open", question))
    letters = [button.text for button in keyboard.inline_keyboard[0]]

    assert "✓" not in text
    assert question.explanation.split("\n")[0] not in plain(text)
    assert letters == list("ABCDEFGHIJ"[: len(question.options)])
    assert text.count("<b>") == 1


def test_a_revealed_question_shows_the_right_option_and_where_it_stands() -> None:
    for question in QUESTIONS[:40]:
        text = plain(render_games.scene(seen("revealed", question))[0])

        assert f"✓ {'ABCD'[question.correct]}. {question.options[question.correct]}\n" in text
        assert text.count("✓") == 1
        assert text.endswith(question.explanation.rpartition("\n")[2])


@pytest.mark.parametrize("state", ["open", "revealed", "asleep", "over"])
def test_every_message_of_a_game_fits_and_its_markup_closes(state: State) -> None:
    scores = tuple(Score(n, "<b>&" * 16, 5, 123.0) for n in range(1, 200))
    for question in QUESTIONS:
        text, keyboard = render_games.scene(seen(state, question, scores))

        assert len(plain(text)) <= LONGEST_MESSAGE
        for tag in ("b", "i"):
            assert text.count(f"<{tag}>") == text.count(f"</{tag}>")
        data = [str(button.callback_data) for row in keyboard.inline_keyboard for button in row]
        assert all(len(d.encode()) <= 64 and ":7" in d for d in data)


def test_alerts_fit_and_tell_where_it_stands() -> None:
    for question in QUESTIONS:
        for option in range(len(question.options)):
            told = render_games.marked(Marked(question, option))

            assert len(told) <= render_games.LONGEST_ALERT
            assert told.splitlines()[-1].startswith("¹ ")
            assert told.startswith("Right!" if option == question.correct else "Not quite: it was ")


def test_who_answered_before_is_told_no_more_than_what_counts() -> None:
    told = render_games.marked(Marked(QUESTIONS[0], 2, again=True))

    assert told == "You have answered already: C. Your first answer counts."


def test_hidden_players_have_no_name_and_equal_ones_share_a_place() -> None:
    scores = (Score(1, "Ann", 3, 12.4), Score(1, None, 3, 12.4), Score(3, "Bob", 0, 0.0))

    text, _ = render_games.scene(seen("over", scores=scores))

    assert "1. Ann: 3 of 5 in 12 s\n1. a player: 3 of 5 in 12 s\n3. Bob: 0 of 5" in text
