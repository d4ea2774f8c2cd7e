"""Dates read, said, and found in what people write."""

import datetime as dt
import re

import edtf
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.dates import Mentioned, Precision, When, mentioned, parse, say


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("1953-03-05", "1953-03-05", "1953-03-05", "day"),
        ("1920-02-29", "1920-02-29", "1920-02-29", "day"),
        ("1906-07", "1906-07-01", "1906-07-31", "month"),
        ("1920-02", "1920-02-01", "1920-02-29", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("1920-08-XX", "1920-08-01", "1920-08-31", "month"),
        ("1906", "1906-01-01", "1906-12-31", "year"),
        ("0988", "0988-01-01", "0988-12-31", "year"),
        ("193X", "1930-01-01", "1939-12-31", "decade"),
        ("19XX", "1900-01-01", "1999-12-31", "century"),
        ("1932-21", "1932-03-01", "1932-05-31", "season"),
        ("1932-24", "1932-12-01", "1933-02-28", "season"),
        ("1931-24", "1931-12-01", "1932-02-29", "season"),
        ("1932/1933", "1932-01-01", "1933-12-31", "year"),
        ("1941-09-08/1944-01-27", "1941-09-08", "1944-01-27", "day"),
        ("1914-12/1916", "1914-12-01", "1916-12-31", "year"),
        ("1932-05/1932", "1932-05-01", "1932-12-31", "year"),
        ("193X/1945-05-09", "1930-01-01", "1945-05-09", "decade"),
        ("1932-22/1932-10-01", "1932-06-01", "1932-10-01", "season"),
    ],
)
def test_a_date_spans_the_days_that_it_may_mean(text: str, first: str, last: str, precision: Precision) -> None:
    assert parse(text) == When(text, day(first), day(last), precision)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("1940", False, False),
        ("1940~", True, False),
        ("1940?", False, True),
        ("1940%", True, True),
        ("1914-12~", True, False),
        ("1932~/1933", True, False),
        ("1932/1933?", False, True),
        ("1932-21~", True, False),
        ("193X~", True, False),
        ("1984~-06", True, False),
        ("2004-06-~11", True, False),
        ("?2004-06-02", False, True),
    ],
)
def test_marks_tell_what_is_approximate_or_uncertain(text: str, approximate: bool, uncertain: bool) -> None:
    when = parse(text)
    assert (when.edtf, when.approximate, when.uncertain) == (text, approximate, uncertain)


NOT_EDTF = "is not a date in EDTF; write 1953-03-05, 1906-07, 1906, 1932/1933, 1940~, 193X or 1920-08-XX"
OPEN = "is open at an end; give it a beginning and an end: 1930/1935"
SET = "is a set of dates; write the span that they lie in: 1932/1933"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NOT_EDTF),
        ("soon", NOT_EDTF),
        ("0o10", NOT_EDTF),
        ("0000", NOT_EDTF),
        ("-0044", NOT_EDTF),
        ("1953-3-5", NOT_EDTF),
        ("1953-02-29", NOT_EDTF),
        ("1953-13", NOT_EDTF),
        ("1953-00", NOT_EDTF),
        ("1953-25", NOT_EDTF),
        ("1953-21-05", NOT_EDTF),
        ("1953-03-00", NOT_EDTF),
        ("9999-24", NOT_EDTF),
        ("1953 ", NOT_EDTF),
        ("1953\n", NOT_EDTF),
        ("١٩٥٣", NOT_EDTF),
        ("5 March 1953", NOT_EDTF),
        ("1932-1933", NOT_EDTF),
        ("1932–33", NOT_EDTF),
        ("1932/1933/1934", NOT_EDTF),
        ("XXXX", NOT_EDTF),
        ("1XXX", NOT_EDTF),
        ("1X56", NOT_EDTF),
        ("19XX-08", NOT_EDTF),
        ("193X-08", NOT_EDTF),
        ("Y17E8", NOT_EDTF),
        ("1950S2", NOT_EDTF),
        ("1940~~", NOT_EDTF),
        ("1940?~", NOT_EDTF),
        ("~", NOT_EDTF),
        ("1953-03-05T10:00:00", NOT_EDTF),
        ("/1930", OPEN),
        ("1930/", OPEN),
        ("../1930", OPEN),
        ("1930/..", OPEN),
        ("/", OPEN),
        ("1920-XX-05", "leaves the month open; write the year alone (1920), or the month too"),
        ("1920-XX", "leaves the month open; write the year alone (1920), or the month too"),
        ("1919/1920-XX-XX", "leaves the month open; write the year alone (1920), or the month too"),
        ("[1667,1668]", SET),
        ("{1960,1961}", SET),
        ("1933/1932", "ends before it begins; the earlier date comes first"),
        ("1953-03-06/1953-03-05", "ends before it begins; the earlier date comes first"),
    ],
)
def test_what_is_no_span_of_days_is_refused_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(f'{text!r} {message}')}$"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1953-03-05", "5 March 1953"),
        ("1906-07", "July 1906"),
        ("1906", "1906"),
        ("0988", "988"),
        ("1920-08-XX", "August 1920"),
        ("1940~", "about 1940"),
        ("1940?", "perhaps 1940"),
        ("1940%", "about 1940"),
        ("1914-12~", "about December 1914"),
        ("193X", "the 1930s"),
        ("193X~", "about the 1930s"),
        ("18XX", "the 19th century"),
        ("19XX", "the 20th century"),
        ("20XX", "the 21st century"),
        ("12XX", "the 13th century"),
        ("1932-21", "spring 1932"),
        ("1932-22", "summer 1932"),
        ("1932-23", "autumn 1932"),
        ("1932-24", "winter 1932"),
        ("1932/1933", "1932 to 1933"),
        ("1932~/1933~", "about 1932 to 1933"),
        ("1932~/1933", "about 1932 to 1933"),
        ("1932/1933~", "1932 to about 1933"),
        ("1932?/1933~", "perhaps 1932 to about 1933"),
        ("193X/194X", "the 1930s to the 1940s"),
        ("1941-09-08/1944-01-27", "8 September 1941 to 27 January 1944"),
        ("1984~-06", "about June 1984"),
    ],
)
def test_a_date_is_said_as_people_say_it(text: str, said: str) -> None:
    assert say(text) == said


def test_what_is_no_date_is_not_said() -> None:
    with pytest.raises(ValueError, match=r"^'1930/\.\.' is open at an end"):
        say("1930/..")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1932", "1932-05-01", True),
        ("1932/1933", "1933-12-31", True),
        ("1932", "1933", False),
        ("1932-05", "1932-06", False),
        ("193X", "1939-12-31/1940", True),
    ],
)
def test_dates_overlap_where_a_day_may_be_of_both(one: str, other: str, expected: bool) -> None:
    assert parse(one).overlaps(parse(other)) is expected
    assert parse(other).overlaps(parse(one)) is expected


def test_the_years_of_a_date_count_both_ends() -> None:
    assert list(parse("1931-24/1933").years) == [1931, 1932, 1933]


KNOWN = st.builds(lambda date, size: date.isoformat()[:size], st.dates(), st.sampled_from((4, 7, 10)))
MARKED = st.builds(str.__add__, KNOWN, st.sampled_from(["", "~", "?", "%"]))
VAGUE = st.one_of(
    st.dates().map(lambda d: d.isoformat()[:7] + "-XX"),
    st.integers(1, 999).map(lambda n: f"{n:03}X"),
    st.integers(1, 99).map(lambda n: f"{n:02}XX"),
)  # in an interval, the library wants these unmarked


@given(st.one_of(MARKED, VAGUE, st.builds("{}/{}".format, MARKED, MARKED), st.builds("{}/{}".format, VAGUE, KNOWN)))
@settings(max_examples=60, deadline=None)
def test_dates_mean_what_the_edtf_library_takes_them_for(text: str) -> None:
    theirs = edtf.parse_edtf(text)
    first, last = (dt.date(*bound[:3]) for bound in (theirs.lower_strict(), theirs.upper_strict()))
    assume(first <= last)
    ours = parse(text)
    assert (ours.first, ours.last) == (first, last)
    assert (ours.approximate, ours.uncertain) == (any(m in text for m in "~%"), any(m in text for m in "?%"))


@settings(deadline=None)
@given(st.one_of(st.text(max_size=20), st.text("0123456789X-/~?%.[]", max_size=14)))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        when = parse(text)
    except ValueError as error:
        assert str(error).startswith(repr(text))  # noqa: PT017 - a text is either refused with a reason or said
    else:
        assert when.first <= when.last
        assert say(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what happened on 5 march 1953", [Mentioned(1953, 3, 5)]),
        ("on the 5th of march, 1953", [Mentioned(1953, 3, 5)]),
        ("on march 5th 1953", [Mentioned(1953, 3, 5)]),
        ("on march the 5th", [Mentioned(None, 3, 5)]),
        ("mar. 5, 1953", [Mentioned(1953, 3, 5)]),
        ("5 sept 1941", [Mentioned(1941, 9, 5)]),
        ("1953-03-05", [Mentioned(1953, 3, 5)]),
        ("1953-03", [Mentioned(1953, 3)]),
        ("5.3.1953", [Mentioned(1953, 3, 5)]),
        ("05/03/1953", [Mentioned(1953, 3, 5)]),
        ("3/25/1953", [Mentioned(1953, 3, 25)]),
        ("29 february 1920", [Mentioned(1920, 2, 29)]),
        ("march 1953", [Mentioned(1953, 3)]),
        ("in march of 1953", [Mentioned(1953, 3)]),
        ("december '41", [Mentioned(1941, 12)]),
        ("december 41", [Mentioned(1941, 12)]),
        ("moved in '61?", [Mentioned(1961)]),
        ("in the '30s", []),
        ("in december", [Mentioned(None, 12)]),
        ("in may", [Mentioned(None, 5)]),
        ("what may he have said", []),
        ("he may come", []),
        ("9 may", [Mentioned(None, 5, 9)]),
        ("1937", [Mentioned(1937)]),
        ("between 1932 and 1933", [Mentioned(1932), Mentioned(1933)]),
        ("from may 1941 to 9 may 1945", [Mentioned(1941, 5), Mentioned(1945, 5, 9)]),
        ("1953-00", [Mentioned(1953)]),
        ("1953-13-05", [Mentioned(1953)]),
        ("35 march", [Mentioned(None, 3)]),
        ("32.13.1953", [Mentioned(1953)]),
        ("2,700 records", []),
        ("no date at all", []),
        ("", []),
    ],
)
def test_dates_are_found_in_the_usual_forms(text: str, expected: list[Mentioned]) -> None:
    assert mentioned(text) == expected


@pytest.mark.parametrize(
    ("date", "edtf_date", "expected"),
    [
        (Mentioned(1953), "1953-03-05", True),
        (Mentioned(1952), "1953-03-05", False),
        (Mentioned(1953, 3), "1953-03-05", True),
        (Mentioned(1953, 4), "1953-03-05", False),
        (Mentioned(1953, 3, 5), "1953-03-05", True),
        (Mentioned(1953, 3, 6), "1953-03-05", False),
        (Mentioned(None, 3, 5), "1953-03-05", True),
        (Mentioned(None, 3), "1953-03-05", True),
        (Mentioned(1953, 3, 5), "1953-03", False),
        (Mentioned(1953, 3, 5), "1953", False),
        (Mentioned(1953, 3), "1953-03", True),
        (Mentioned(1953, 3), "1953", True),
        (Mentioned(1932), "1932/1933", True),
        (Mentioned(1933), "1932/1933", True),
        (Mentioned(1934), "1932/1933", False),
        (Mentioned(1937), "193X", True),
        (Mentioned(1932, 4), "1932-21", True),
        (Mentioned(1932, 6), "1932-21", False),
        (Mentioned(None, 1), "1932-24", True),
        (Mentioned(1933, 1), "1932-24", True),
        (Mentioned(1932, 1), "1932-24", False),
        (Mentioned(1941, 9, 8), "1941-09-08/1944-01-27", True),
        (Mentioned(1944, 1, 27), "1941-09-08/1944-01-27", True),
        (Mentioned(1942, 5), "1941-09-08/1944-01-27", True),
        (Mentioned(1942, 1, 27), "1941-09-08/1944-01-27", False),
        (Mentioned(None, 9, 27), "1941-09-08/1944-01-27", False),
        (Mentioned(1920, 2, 29), "1920-02-29", True),
        (Mentioned(None, 2, 29), "1920-02-29", True),
        (Mentioned(1921, 2, 29), "1920-02-29", False),
        (Mentioned(1921, 2, 29), "1921-02", False),
        (Mentioned(1921, 2, 29), "1921-02-28", False),
        (Mentioned(1900, 2), "1900-02", True),
        (Mentioned(1953, 13), "1953", False),
        (Mentioned(1953, 0), "1953", False),
        (Mentioned(None, 13), "1932/1934", False),
        (Mentioned(None, 0), "1932/1934", False),
        (Mentioned(1953, 1, 1), "1953", False),
        (Mentioned(1953, 12, 31), "1953", False),
        (Mentioned(), "1953", True),
    ],
)
def test_a_mentioned_date_fits_what_may_be_meant(date: Mentioned, edtf_date: str, expected: bool) -> None:
    assert date.fits(parse(edtf_date)) is expected


@given(st.one_of(st.text(max_size=60), st.text("0123456789-/. marchyjune'", max_size=40)))
def test_any_message_has_dates_that_are_possible(text: str) -> None:
    for date in mentioned(text):
        assert date.month is None or 1 <= date.month <= 12
        assert date.day is None or 1 <= date.day <= 31
        assert date.fits(parse("1953-03-05")) in (True, False)
