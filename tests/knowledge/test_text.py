"""Words, stems and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import numbers, plain, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße", "strasse"),
        ("CAFÉ", "cafe"),
        ("Zürich’s", "zurich's"),
        ("‘so’", "'so'"),
        ("O\u02bcNeil", "o'neil"),
        ("Ёлка", "елка"),
        ("İstanbul", "istanbul"),
        ("№ ５", "no 5"),
        ("ﬁn", "fin"),
        ("Plain ASCII's", "plain ascii's"),
    ],
)
def test_texts_are_compared_without_case_and_accents(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text)
    assert plain(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada's light, Jon’s bell!", ["ada", "light", "jon", "bell"]),
        ("The keepers' boats", ["the", "keepers", "boats"]),
        ("don't O'Neil", ["dont", "oneil"]),
        ("well-known snake_case", ["well", "known", "snake", "case"]),
        ("5,000 men in 1941–42", ["5", "000", "men", "in", "1941", "42"]),
        ("Vyšehrad, ბათუმი", ["vysehrad", "ბათუმი"]),
        ("… — !", []),
        ("", []),
    ],
)
def test_a_text_has_words_in_plain_form(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("running", "run"), ("ships", "ship"), ("lighthouses", "lighthous"), ("1941", "1941")]
)
def test_a_word_has_a_stem(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # figures
        ("600,000 men", [600_000]),
        ("1,053,829 of 2", [1_053_829, 2]),
        ("20 000 books", [20_000]),
        ("20\u202f000 books", [20_000]),
        ("2.5 and 3", [2.5, 3]),
        ("1.2 million", [1_200_000]),
        ("5.5–6.5 million", [5.5, 6_500_000]),
        ("3 bn, 4k, 5 thousand", [3_000_000_000, 4_000, 5_000]),
        ("$7m", [7_000_000]),
        ("35 km, 5 kegs", [35, 5]),
        ("38%", [38]),
        ("5th March 1953", [5, 1953]),
        ("v2", []),
        # years
        ("1932–33", [1932, 33, 1933]),
        ("1932-1933", [1932, 1933]),
        ("1932/33", [1932, 33, 1933]),
        ("1917/12", [1917, 12]),
        ("the 1930s", [1930]),
        # words
        ("twenty-six", [26]),
        ("twenty six", [26]),
        ("Three Keepers", [3]),
        ("two hundred and five", [205]),
        ("two hundred and fifty thousand", [250_000]),
        ("three hundred sixty-five", [365]),
        ("one million two hundred thousand", [1_200_000]),
        ("two thousand and five", [2005]),
        ("twenty-six million", [26_000_000]),
        ("two dozen", [24]),
        ("a dozen eggs", [12]),
        ("a dozen twenty-year-olds", [12, 20]),
        ("nineteen hundred", [1900]),
        ("nineteen seventeen", [1917]),
        ("nineteen forty-one", [1941]),
        ("five, six and seven", [5, 6, 7]),
        ("two three", [2, 3]),
        ("six and seven", [6, 7]),
        ("ten to twelve", [10, 12]),
        ("two hundred and nobody", [200]),
        ("two hundred and and five", [200, 5]),
        ("zero", [0]),
        ("one", []),
        ("one of them", []),
        ("one hundred", [100]),
        ("twenty-one", [21]),
        ("hundreds of millions", []),
        ("a million", []),
        # ordinals in words
        ("the twenty-second congress", []),
        ("the two hundredth", []),
        ("the fifth", []),
        ("five fifths", [5]),
        # in order
        ("six ships, 7 boats, eight nets", [6, 7, 8]),
        ("… six … 7 eight", [6, 7, 8]),
        ("………… six, 7", [6, 7]),
        ("½ of six, 7 of Ünïts eight", [6, 7, 8]),
        ("", []),
    ],
)
def test_numbers_are_found_in_order_in_figures_and_in_words(text: str, expected: list[float]) -> None:
    assert numbers(text) == expected


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from("one two twenty hundred dozen million and first - , 5 1,000 k".split())).map(" ".join),
    )
)
def test_any_text_has_numbers_from_zero_on(text: str) -> None:
    assert all(n >= 0 for n in numbers(text))


@given(st.integers(min_value=0, max_value=10**12))
def test_grouped_figures_are_the_number(number: int) -> None:
    assert numbers(f"There were {number:,} of them") == [number]
