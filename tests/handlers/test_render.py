import html
import re
from dataclasses import replace

import pytest

from bot.services.answering import Explained, Given, Shown
from handlers import render
from handlers.render import Button
from knowledge.results import Ambiguous, Answered, Choice, Corrected, Source, Unknown, Why

KEY = "abcdefghij_-"
SOURCE = Source("a.txt", "A & B", "On <things>", 5, (2,))
WHY = Why(
    slot="date",
    intents=("birth",),
    entities=("Ada Merrow",),
    unknown=(),
    score=0.91,
    threshold=0.4,
    fact="ada-birth",
    runner_up="ada-death",
    runner_up_score=0.28,
    features=(("covered_by_says", 2.5), ("in_order", -0.25)),
)


def shown_length(message: str) -> int:
    """The characters that Telegram counts: those left when the markup is gone."""
    return len(html.unescape(re.sub(r"<[^>]+>", "", message)))


@pytest.mark.parametrize(
    "button",
    [Button("s", KEY), Button("m", KEY), Button("w", KEY), Button("c", KEY, 0), Button("c", KEY, 3)],
    ids=Button.data,
)
def test_a_button_is_read_as_it_was_written(button: Button) -> None:
    assert render.button(button.data()) == button
    assert len(button.data().encode()) <= 64


@pytest.mark.parametrize(
    "data", ["", "s", "s:", f"S:{KEY}", f"s:{KEY}:1", f"c:{KEY}", f"c:{KEY}:10", f"c:{KEY}:²", f"s:{KEY}\n", "s:…"]
)
def test_data_that_is_not_ours_is_no_button(data: str) -> None:
    assert render.button(data) is None


@pytest.mark.parametrize("kind", [Answered, Corrected])
def test_an_answer_is_escaped_and_has_its_footnote(kind: type[Answered] | type[Corrected]) -> None:
    text, keyboard = render.answer(Given(kind("1 < 2 & 3", ("f",), (SOURCE,), 1.0), KEY))

    assert text.startswith("1 &lt; 2 &amp; 3\n\n<i>¹ ")
    assert "A &amp; B" in text
    assert "On &lt;things&gt;" in text
    assert keyboard
    assert [(b.text, b.callback_data) for b in keyboard.inline_keyboard[0]] == [
        ("Source", f"s:{KEY}"),
        ("More", f"m:{KEY}"),
        ("Why", f"w:{KEY}"),
    ]


def test_what_is_not_known_has_no_footnote_unless_the_documents_raise_it() -> None:
    without, _ = render.answer(Given(Unknown("Not told.", (), (), 0.0), KEY))
    raised, _ = render.answer(Given(Unknown("Not told.", (), (SOURCE,), 0.9), KEY))

    assert without == "Not told."
    assert "A &amp; B" in raised


def test_choices_are_buttons_below_one_another_with_labels_that_fit() -> None:
    choices = (Choice("Short?", "one"), Choice("Long " * 40, "two"))

    text, keyboard = render.answer(Given(Ambiguous("Which one?", choices, 0.3), KEY))

    assert text == "Which one?"
    assert keyboard
    [[first], [second]] = keyboard.inline_keyboard
    assert (first.text, first.callback_data) == ("Short?", f"c:{KEY}:0")
    assert (len(second.text) <= 60, second.text[-1], second.callback_data) == (True, "…", f"c:{KEY}:1")


def test_sources_name_place_and_sentences() -> None:
    places = [SOURCE, replace(SOURCE, sentences=(2, 3, 4)), replace(SOURCE, sentences=())]

    told = render.sources(Shown(tuple((place, None) for place in places)))

    assert [part.rpartition("</b>")[2] for part in told.split("\n\n")] == [", sentence 2", ", sentences 2 to 4", ""]


def test_passages_are_quoted_escaped_and_shortened() -> None:
    told = render.sources(Shown(((SOURCE, "x < y & " * 500),)))

    assert told.count("<blockquote>") == 1
    assert told.endswith("…</blockquote>")
    assert shown_length(told) < 1400


def test_sources_fit_into_one_message() -> None:
    told = render.sources(Shown(tuple((replace(SOURCE, line=n), "word " * 200) for n in range(20))))

    assert 2000 < shown_length(told) <= 4096
    assert told.count("<blockquote>") == told.count("</blockquote>")


def test_an_explanation_tells_what_counted() -> None:
    assert render.explanation(Explained(WHY)).splitlines() == [
        "<b>Asked for:</b> date",
        "<b>About:</b> Ada Merrow",
        "<b>Sure:</b> 91% (I speak from 40% on)",
        "<b>Runner-up:</b> 28%",
        "<b>What counted:</b> covered by says +2.5, in order -0.2",
    ]


def test_an_explanation_fits_into_one_message_whatever_was_asked() -> None:
    why = replace(WHY, unknown=tuple("<&>" * 400 for _ in range(60)), entities=("É" * 300,) * 60)

    told = render.explanation(Explained(why))

    assert shown_length(told) <= 4096


def test_a_picked_fact_was_not_guessed() -> None:
    assert "nothing was guessed" in render.explanation(Explained(None))
