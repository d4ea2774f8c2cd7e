import pytest

from bot.services.scores import Board, Figures, Line, Total
from handlers import render_scores
from handlers.render import LONGEST_MESSAGE


def line(
    place: int, name: str | None, right: int, answered: int, seconds: float | None = None, streak: int = 0
) -> Line:
    return Line(place, name, Total(answered, right, seconds), streak)


def test_a_board_as_people_see_it() -> None:
    board = Board(
        "week",
        (line(1, "Ann <3", 5, 6, 4.25, 3), line(1, None, 5, 6), line(3, "Bob", 0, 1, streak=1)),
        line(12, "Cat", 0, 2),
    )

    html, keyboard = render_scores.board(board)

    assert html == (
        "<b>Who answers best · the last 7 days</b>\n\n"
        "1. Ann &lt;3 · 5 of 6 right · 4.2 s · 3 days in a row\n"
        "1. a player · 5 of 6 right\n"
        "3. Bob · 0 of 1 right\n"
        "…\n"
        "12. Cat · 0 of 2 right"
    )
    [row] = keyboard.inline_keyboard
    assert [(button.text, button.callback_data) for button in row] == [("Today", "l:day"), ("All time", "l:all")]


def test_an_empty_board_says_how_to_fill_it() -> None:
    html, keyboard = render_scores.board(Board("day", ()))

    assert "Nobody has answered here today." in html
    assert "/quiz" in html
    assert len(keyboard.inline_keyboard[0]) == 2


@pytest.mark.parametrize("name", ["\u202e\u2066", "", "  ", None])
def test_who_has_no_name_that_can_be_shown_is_a_player(name: str | None) -> None:
    assert "1. a player · " in render_scores.board(Board("all", (line(1, name, 1, 1),)))[0]


def test_the_longest_board_is_one_message() -> None:
    lines = tuple(line(n, "&" * 64, 10**6, 10**6, 10.0**6, 365) for n in range(10))

    assert len(render_scores.board(Board("all", lines, lines[0]))[0]) < LONGEST_MESSAGE


def test_ones_own_figures() -> None:
    totals = {"day": Total(), "week": Total(3, 2, 6.0), "all": Total(30, 20, 5.0)}

    assert render_scores.figures(Figures(totals, 4)) == (  # type: ignore[arg-type]
        "<b>Your answers in all chats</b>\n\n"
        "Today: no answer\n"
        "The last 7 days: 2 of 3 right · 6.0 s\n"
        "All time: 20 of 30 right · 5.0 s\n"
        "The question of the day here: 4 right in a row"
    )


def test_who_has_not_played_is_told_how() -> None:
    figures = Figures({"day": Total(), "week": Total(), "all": Total()}, 0)

    assert "/quiz" in render_scores.figures(figures)


def test_how_somebody_is_shown_can_be_changed_back() -> None:
    hidden, show = render_scores.shown_as("Ann", hidden=True)
    named, hide = render_scores.shown_as("<Ann>", hidden=False)

    assert "a player" in hidden
    assert "&lt;Ann&gt;" in named
    assert show.inline_keyboard[0][0].callback_data == "l:show"
    assert hide.inline_keyboard[0][0].callback_data == "l:hide"
    assert max(len(render_scores.now(hidden=is_hidden)) for is_hidden in (True, False)) <= 200
