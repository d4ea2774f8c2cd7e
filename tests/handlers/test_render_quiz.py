import html
import re
from dataclasses import replace

import pytest

from bot.services.library import Library
from bot.services.polls import Place
from bot.services.rounds import Ask, Begun, Board, NoQuestions, Running
from bot.services.standings import Line
from handlers import render_quiz
from knowledge.quiz import Question
from knowledge.quiz_wish import Wish

GROUP = Place(-5)
ANN, HIDDEN = Line(1, "Ann <3", 4, 6.24, 3), Line(2, None, 0, None, 0)
BOARD = Board(7, GROUP, "group", Wish(), 5, 5, (ANN, HIDDEN), is_quiet=False)
QUESTION = Question("Who?", ("a", "b", "c"), 1, "", "f", (), "who", "easy")


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_a_board_tells_places_right_answers_speed_and_streaks() -> None:
    text, keyboard = render_quiz.board(BOARD)

    assert plain(text) == (
        "The round is over after 5 questions.\n\n"
        "1. Ann <3 · 4 of 5 · 6.2 s on average · 3 in a row\n2. a player · 0 of 5"
    )
    assert keyboard.inline_keyboard[0][0].callback_data == "q:again:7"


def test_a_board_of_very_many_fits_into_a_message() -> None:
    lines = tuple(Line(n, "&" * 64, 30, 59.9, 30) for n in range(1, 501))

    text, _ = render_quiz.board(replace(BOARD, lines=lines))

    assert len(plain(text)) <= 4096
    assert plain(text).endswith("… and 470 more")


@pytest.mark.parametrize(
    ("board", "told"),
    [
        (replace(BOARD, lines=()), "Nobody answered this time"),
        (replace(BOARD, lines=(), is_quiet=True), "Nobody has answered for a while"),
        (replace(BOARD, is_quiet=True), "Nobody has answered for a while"),
        (replace(BOARD, asked=1), "after 1 question."),
        (replace(BOARD, audience="private", lines=(ANN,)), "4 of 5 right: 6.2 s on average, 3 in a row."),
        (replace(BOARD, audience="private", lines=(HIDDEN,)), "0 of 5 right."),
        (replace(BOARD, audience="private", lines=(ANN,), is_quiet=True), "You seem to be away"),
        (replace(BOARD, audience="private", lines=()), "Nothing was answered"),
        (replace(BOARD, audience="private", lines=(), is_quiet=True), "You seem to be away"),
        (replace(BOARD, audience="channel", lines=()), "The quiz has ended after 5 questions."),
        (replace(BOARD, audience="channel", lines=(), asked=0), "The quiz has ended."),
    ],
)
def test_a_board_finds_the_words_for_what_happened(board: Board, told: str) -> None:
    text, _ = render_quiz.board(board)

    assert told in plain(text)


def test_the_word_that_a_round_begins_says_who_how_many_about_what_and_how_long(library: Library) -> None:
    begun = Begun(7, Wish(10, "hard", 1941, ("ada-merrow",)), 10, "group")

    told = render_quiz.begun(begun, library.index, "Ann & Bob")

    assert told is not None
    assert plain(told[0]).startswith(
        "Ann & Bob starts a quiz\n10 questions: hard, Ada Merrow, 1941, 30 seconds each.\nIt goes on sooner"
    )
    assert told[1] is not None
    assert told[1].inline_keyboard[0][0].callback_data == "q:stop:7"


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        (Begun(7, Wish(), 5, "group"), "5 questions, 20 to 30 seconds each."),
        (Begun(7, Wish(), 1, "group"), "Only one question is new for this chat."),
        (Begun(7, Wish(), 4, "group"), "Only 4 questions are new for this chat."),
        (Begun(7, Wish(), 5, "channel"), "5 questions, one every 60 seconds."),
        (Begun(7, Wish(), 4, "private"), "Only 4 questions are new for you here. Here they come."),
        (Begun(7, Wish(), 1, "private"), "Only one question is new for you here. Here it comes."),
    ],
)
def test_it_says_what_is_so(begun: Begun, told: str, library: Library) -> None:
    shown = render_quiz.begun(begun, library.index, None)

    assert shown is not None
    assert told in plain(shown[0])


def test_in_private_a_full_round_begins_without_a_word(library: Library) -> None:
    assert render_quiz.begun(Begun(7, Wish(), 5, "private"), library.index, "Ann") is None


def test_where_there_is_nothing_another_round_is_offered(library: Library) -> None:
    text, keyboard = render_quiz.none(NoQuestions(Wish(year=1789), is_grave=False), library.index)
    grave, _ = render_quiz.none(NoQuestions(Wish(about=("ada-merrow",)), is_grave=True), library.index)
    empty, none = render_quiz.none(NoQuestions(Wish(), is_grave=False), library.index)

    assert "1789" in text
    assert keyboard is not None
    assert keyboard.inline_keyboard[0][0].callback_data == "q:open"
    assert "not for a game" in grave
    assert (empty, none) == (render_quiz.NONE_AT_ALL, None)


def test_a_question_says_its_number_and_has_its_buttons() -> None:
    ask = Ask(7, GROUP, "group", 4, QUESTION, 3, 5)

    assert render_quiz.numbered(ask) == "3/5 · "
    [row] = render_quiz.question_buttons(ask).inline_keyboard
    assert [(b.text, b.callback_data) for b in row] == [
        ("Skip", "q:skip:7:4"),
        ("Stop", "q:stop:7"),
        ("Report", "r:"),
    ]


def test_a_running_round_is_pointed_at() -> None:
    running = Running(7, 1, 2, 5, 30, is_ending=False)

    assert "question 2 of 5" in render_quiz.running(running)
    assert render_quiz.running(replace(running, number=0, message_id=None)) == render_quiz.COMING
    assert render_quiz.running(replace(running, is_ending=True)) == render_quiz.ENDING
