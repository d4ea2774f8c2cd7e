"""Looking up names, and mending words."""

import pytest

from knowledge.entities import Mention, Names, Spelling
from knowledge.pack import Entity

NAMES = Names.of(
    [
        Entity(id="old-town", kind="place", name="the Old Town", aliases=("Altstadt",)),
        Entity(id="town", kind="place", name="Town"),
        Entity(id="ann-a", kind="person", name="Ann Abel", aliases=("Ann",)),
        Entity(id="ann-b", kind="person", name="Ann Berg", aliases=("Ann",)),
    ]
)
SPELLING = Spelling(
    {"kharkov": 3, "brown": 1, "born": 5, "stalin": 9, "threaten": 2}, ["when", "how"], frozenset(["stain"])
)


def test_the_longest_name_wins() -> None:
    assert NAMES.find("in old town".split()) == [Mention(1, 3, ("old-town",))]


def test_an_article_before_a_name_is_no_part_of_it() -> None:
    assert NAMES.find("the old town".split()) == [Mention(1, 3, ("old-town",))]


def test_a_shared_name_has_all_its_bearers() -> None:
    assert NAMES.find(["ann"]) == [Mention(0, 1, ("ann-a", "ann-b"))]


def test_a_full_name_has_one_bearer() -> None:
    assert NAMES.find(["ann", "berg"]) == [Mention(0, 2, ("ann-b",))]


@pytest.mark.parametrize(
    ("word", "mended"),
    [
        ("stlain", "stalin"),
        ("bron", "born"),
        ("kharkvo", "kharkov"),
        ("thretn", "threaten"),
        ("whn", "when"),
        ("xy", None),
        ("zzzzzz", None),
        ("k2khov", None),
        ("s" * 41, None),
        ("staiin", "stalin"),
    ],
)
def test_words_are_mended_by_their_length(word: str, mended: str | None) -> None:
    assert SPELLING.mend(word) == mended


def test_a_correct_word_is_no_slip() -> None:
    assert "stain" in SPELLING
    assert "stlain" not in SPELLING
