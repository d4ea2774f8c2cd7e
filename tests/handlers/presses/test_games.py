import pytest

from handlers.presses.callback_data import fits
from handlers.presses.games import BeginPress, GameAction, GamePress, read, that_fits
from knowledge.quiz_wish import MOST, Wish
from tests.packs import shipped

ACTIONS: tuple[GameAction, ...] = ("answer", "reveal", "next", "wake", "rematch", "report")
WISHES = [Wish(), Wish(30, "hard", 1941, ("zhukov", "battle-of-moscow")), Wish(1, "medium"), Wish(3, year=1905)]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("number", [1, 30, 999_999])
def test_a_press_is_read_as_it_was_written(action: GameAction, number: int) -> None:
    press = GamePress(action, number, 3 if action == "answer" else 0)

    assert read(press.data()) == press
    assert fits(press)


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_travels_in_a_button(wish: Wish) -> None:
    assert read(BeginPress(wish).data()) == BeginPress(wish)


@pytest.mark.parametrize(
    "data",
    [
        "g:", "g:a:1", "g:a:0:1", "g:a:1:11", "g:r:1:2", "g:x:1", "g:a:-1:0", "g:a:1:0 ", "g:a:9999999:0",
        "g:b:0:::", f"g:b:{MOST + 1}:::", "g:b:5:x::", "g:b:5::19:", "g:b:5:::a b", "g:b:5", "x:a:1:0", "",
    ],
)  # fmt: skip
def test_what_no_button_carries_is_not_read(data: str) -> None:
    assert read(data) is None


def test_a_game_about_any_one_thing_fits_into_a_button() -> None:
    wishes = [Wish(about=(entity,), difficulty="hard", year=1941) for entity in shipped().index.entities]

    assert [wish.about for wish in wishes if that_fits(wish) != wish] == []


def test_of_many_things_those_named_first_fit() -> None:
    many = tuple(f"a-rather-long-name-{n}" for n in range(9))

    fitting = that_fits(Wish(5, "hard", 1941, many))

    assert fitting is not None
    assert many[: len(fitting.about)] == fitting.about
    assert 0 < len(fitting.about) < 9
    assert that_fits(Wish(about=("x" * 80,))) is None
