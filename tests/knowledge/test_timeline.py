"""Which events stand in a timeline."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.anniversaries import Anniversaries
from knowledge.index import build
from knowledge.pack import load_pack
from knowledge.timeline import MOST, NoTimeline, Timeline, middle, timeline


def drawn(anniversaries: Anniversaries, asked: str) -> Timeline:
    found = timeline(anniversaries, asked)
    assert isinstance(found, Timeline), found
    return found


@pytest.mark.parametrize(
    ("asked", "title", "years", "about"),
    [
        ("1941", "1941", range(1941, 1942), None),
        ("in 1941", "1941", range(1941, 1942), None),
        ("1905-1907", "1905–1907", range(1905, 1908), None),
        ("1905 to 1907", "1905–1907", range(1905, 1908), None),
        ("1941–42", "1941–1942", range(1941, 1943), None),
        ("1907-1905", "1905–1907", range(1905, 1908), None),
        ("Zhukov", "Georgy Zhukov", None, "zhukov"),
        ("zhukof", "Georgy Zhukov", None, "zhukov"),
        ("Zhukov 1941", "Georgy Zhukov, 1941", range(1941, 1942), "zhukov"),
        ("Zhukov from 1941 to 1942", "Georgy Zhukov, 1941–1942", range(1941, 1943), "zhukov"),
        ("1917 Lenin", "Vladimir Lenin, 1917", range(1917, 1918), "lenin"),
    ],
)
def test_years_and_names_are_understood(
    asked: str, title: str, years: range | None, about: str | None, anniversaries: Anniversaries
) -> None:
    found = drawn(anniversaries, asked)

    assert found.title == title
    for entry in found.entries:
        assert years is None or entry.when.first.year in years
        assert about is None or about in anniversaries.index.facts[entry.fact].about


@pytest.mark.parametrize("asked", ["1941", "Stalin", "1917", "1900-1953"])
def test_entries_are_few_in_order_and_none_told_twice(asked: str, anniversaries: Anniversaries) -> None:
    found = drawn(anniversaries, asked)
    facts = [entry.fact for entry in found.entries]

    assert 8 <= len(facts) <= MOST
    assert [middle(e.when) for e in found.entries] == sorted(middle(e.when) for e in found.entries)
    for fact in facts:
        assert not set(facts) & anniversaries.alike.get(fact, {}).keys()
    assert found.first <= min(entry.when.first for entry in found.entries)
    assert found.last >= max(entry.when.last for entry in found.entries)


def test_a_year_has_its_landmarks(anniversaries: Anniversaries) -> None:
    text = drawn(anniversaries, "1941").text

    assert "6 May 1941: On 6 May 1941 Stalin took over from Molotov as Premier of the Soviet Union." in text
    assert "June 1941: Germany invaded the Soviet Union in June 1941" in text
    assert "6 December 1941: Zhukov launched his counteroffensive" in text


def test_entries_are_spread_over_a_life(anniversaries: Anniversaries) -> None:
    decades = {entry.when.first.year // 10 for entry in drawn(anniversaries, "Stalin").entries}

    assert len(decades) >= 5


def test_what_the_document_hedges_stays_hedged(anniversaries: Anniversaries) -> None:
    [entry] = [e for e in drawn(anniversaries, "Lidia Pereprygia 1917").entries if not e.when.certain]

    assert entry.date == "about April 1917"


def test_the_text_tells_where_it_stands(anniversaries: Anniversaries) -> None:
    found = drawn(anniversaries, "Kato Svanidze")
    lines = found.text.splitlines()

    assert lines[0] == "Kato Svanidze"
    assert len(lines) == len(found.entries) + 4
    assert lines[-1].startswith("From: Joseph Stalin, “")
    assert found.documents == ("Joseph Stalin",)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("", "Of what?"),
        ("1066", "My documents date no event of 1066."),
        ("Cleopatra", "My documents don't tell of “Cleopatra”."),
        ("Zhukov 1600", "My documents date no event of Georgy Zhukov, 1600."),
    ],
)
def test_nothing_to_draw_has_a_friendly_reason(asked: str, reason: str, anniversaries: Anniversaries) -> None:
    found = timeline(anniversaries, asked)

    assert isinstance(found, NoTimeline)
    assert found.reason.startswith(reason)


def test_a_pack_without_dates_has_no_timeline(pack_of: Callable[..., Path]) -> None:
    facts = "- {id: a, says: Ada Holm kept bees., about: [ada-holm], intent: habit, source: 'lights.txt:3'}\n"
    found = timeline(Anniversaries.of(build([load_pack(pack_of(facts=facts, gaps="[]"))])), "Ada")

    assert found == NoTimeline("My documents date no event of Ada Holm.")


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=50)
def test_whatever_is_asked_has_an_answer(anniversaries: Anniversaries, asked: str) -> None:
    found = timeline(anniversaries, asked)

    assert isinstance(found, NoTimeline) or found.entries


def test_what_is_put_aside_is_left_out(anniversaries: Anniversaries) -> None:
    first = drawn(anniversaries, "1941").entries[0]

    found = timeline(anniversaries, "1941", without={first.fact})

    assert isinstance(found, Timeline)
    assert first.fact not in [entry.fact for entry in found.entries]
