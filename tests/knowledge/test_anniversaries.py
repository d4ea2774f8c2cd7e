"""The ladder from a day's events to a fact worth knowing."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.anniversaries import A_YEAR, Anniversaries, repeats
from knowledge.index import Index, build
from knowledge.pack import load_pack
from knowledge.posts import Post, as_json

LEAP_YEAR = dt.date(2028, 1, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def keeper(lights: Index) -> Anniversaries:
    return Anniversaries.of(lights)


@pytest.fixture(scope="module")
def year(anniversaries: Anniversaries) -> list[Post]:
    """All days of a leap year for one chat."""
    return list(anniversaries.posts(LEAP_YEAR, 366, seed="a chat"))


def made_of(pack_of: Callable[..., Path], facts: str) -> Anniversaries:
    return Anniversaries.of(build([load_pack(pack_of(facts=facts, gaps="[]"))]))


def event(key: str, says: str, date: str = "", more: str = "") -> str:
    dated = f", date: '{date}'" if date else ""
    source = f"source: 'lights.txt:{sum(map(ord, key))}'"
    return f"- {{id: {key}, says: '{says}', about: [skarholm], intent: event{dated}, {source}{more}}}\n"


@pytest.mark.parametrize(
    ("date", "fact", "precision", "years_ago", "lead"),
    [
        ("2026-10-04", "skarholm-lit", "day", 139, "139 years ago today"),
        ("2026-10-05", "vik-saved", "none", None, ""),
        ("2026-03-19", "ada-born", "month", 166, "166 years ago this month"),
        ("2027-01-19", "fog-bell-book", "year", 125, "125 years ago"),
        ("2026-01-19", "vik-saved", "none", None, ""),
        ("1880-10-04", "vik-saved", "none", None, ""),  # what is still to come is no anniversary
    ],
)
def test_each_rung_of_the_ladder(
    keeper: Anniversaries, date: str, fact: str, precision: str, years_ago: int | None, lead: str
) -> None:
    [item] = keeper.post(day(date), seen={}, seed="").items

    assert (item.fact, item.precision, item.years_ago, item.lead) == (fact, precision, years_ago, lead)
    assert item.text == (f"{lead}: {item.says}" if lead else item.says)
    assert item.says == keeper.index.facts[fact].says


def test_all_events_of_a_day_are_told_oldest_first(pack_of: Callable[..., Path]) -> None:
    facts = event("b", "A ship sank off Norvik on 4 May 1902.", "1902-05-04", ", solemn: true")
    facts += event("a", "The tower was painted on 4 May 1899.", "1899-05-04")
    facts += event("c", "The bell was hung on 4 May 1930.", "1930-05-04") + event(
        "d", "A dinghy was bought.", "1903-05"
    )

    post = made_of(pack_of, facts).post(day("2026-05-04"), seen={}, seed="")

    assert post.facts == ("a", "b", "c")
    assert post.solemn


def test_round_anniversaries_come_first_in_a_month(pack_of: Callable[..., Path]) -> None:
    facts = event("a", "The tower was painted in May 1899.", "1899-05")
    facts += event("b", "A ship with timber called in May 1926.", "1926-05")
    facts += event("c", "The keepers went on strike in May 1931.", "1931-05")
    chat = made_of(pack_of, facts).posts(day("2026-05-01"), 3, seed="")

    assert [post.items[0].years_ago for post in chat] == [100, 95, 127]


def test_a_full_month_tells_several_things_a_day_and_what_is_solemn_by_itself(pack_of: Callable[..., Path]) -> None:
    things = "tower bell boat oil wick lens rope flag pump cart stove roof kite drum saw axe net sail oar cow".split()
    facts = "".join(
        event(thing, f"The {thing} was mended in May {1890 + n}.", f"{1890 + n}-05", ", solemn: true" if n < 3 else "")
        for n, thing in enumerate(things)
    )
    posts = list(made_of(pack_of, facts).posts(day("2026-05-24"), 8, seed=""))

    assert max(len(post.items) for post in posts) == 3
    assert all(len(post.items) == 1 for post in posts if post.solemn)
    assert any(post.solemn for post in posts)


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("2026-02-28", ["b", "a"]),
        ("2026-03-01", []),
        ("2028-02-28", ["b"]),
        ("2028-02-29", ["a"]),
    ],
)
def test_29_february_is_remembered_on_the_28th_where_there_is_none(
    date: str, told: list[str], pack_of: Callable[..., Path]
) -> None:
    facts = event("a", "The bell was hung on 29 February 1888.", "1888-02-29")
    facts += event("b", "A ship sank off Norvik on 28 February 1880.", "1880-02-28")

    found = made_of(pack_of, facts)

    assert [fact.id for fact, _ in found.events_of(day(date))] == told


def test_a_day_is_told_again_after_a_year_and_not_before(anniversaries: Anniversaries) -> None:
    def told(seen_on: str) -> tuple[str, ...]:
        seen = {"stalin-became-premier-1941": day(seen_on)}
        return anniversaries.post(day("2027-05-06"), seen=seen, seed="").facts

    assert told("2026-05-06") == ("stalin-became-premier-1941",)
    assert "stalin-became-premier-1941" not in told("2026-05-07")


def test_a_post_can_be_made_again(anniversaries: Anniversaries) -> None:
    """Showing it doesn't change it, nor does looking at later days."""
    date = day("2026-11-23")
    post = anniversaries.post(date, seen={}, seed="1")
    later = anniversaries.post(day("2026-11-24"), seen=dict.fromkeys(post.facts, date), seed="1")
    shown = dict.fromkeys(post.facts, date) | dict.fromkeys(later.facts, later.date)

    assert anniversaries.post(date, seen=shown, seed="1") == post
    assert later.facts != post.facts


def test_chats_differ(anniversaries: Anniversaries) -> None:
    posts = {anniversaries.post(day("2026-11-23"), seen={}, seed=str(chat)).facts for chat in range(50)}

    assert len(posts) > 5


def test_no_fact_comes_twice_in_a_year_and_no_day_is_empty(
    year: list[Post], capsys: pytest.CaptureFixture[str]
) -> None:
    again = repeats(year)
    rungs = Counter(post.items[0].precision for post in year if post.items)
    with capsys.disabled():
        print(f"\n{len(year)} days, {again} facts told twice; by precision {dict(rungs)}")  # noqa: T201

    assert again == 0
    assert rungs.total() == 366
    assert rungs["day"] == 22  # as many as the documents date
    assert rungs["month"] > 150


def test_repeats_are_counted(anniversaries: Anniversaries) -> None:
    post = anniversaries.post(day("2026-05-06"), seen={}, seed="")

    assert repeats([post, Post(post.date + dt.timedelta(days=A_YEAR), post.items)]) == 0
    assert repeats([post, Post(post.date + dt.timedelta(days=A_YEAR - 1), post.items)]) == 1


def test_a_chat_of_many_years_is_never_told_a_fact_twice_within_one(anniversaries: Anniversaries) -> None:
    posts = list(anniversaries.posts(day("2025-03-01"), 4 * 366, seed="old"))

    assert repeats(posts) == 0
    assert all(post.items for post in posts)


def test_posts_made_one_by_one_tell_no_fact_twice_in_a_year(anniversaries: Anniversaries) -> None:
    """As by `footnote today --date …`, which remembers nothing."""
    days = [day("2026-12-20") + dt.timedelta(days=n) for n in range(0, 40, 4)]

    assert repeats([anniversaries.sample(date) for date in days]) == 0


def test_precision_is_told_honestly(year: list[Post], anniversaries: Anniversaries) -> None:
    for post in year:
        for item in post.items:
            when = anniversaries.index.by_id[item.fact].when
            if item.precision == "none":
                assert item.years_ago is None
                continue
            assert when is not None
            assert when.certain
            assert when.precision == item.precision
            assert item.years_ago == post.date.year - when.first.year
            if item.precision == "day":
                assert (when.first.month, when.first.day) == (post.date.month, post.date.day)
            if item.precision == "month":
                assert post.date.month in (when.first.month, when.last.month)
            if item.precision == "year":
                assert item.years_ago % 5 == 0


def test_old_russian_dates_carry_their_note(year: list[Post], anniversaries: Anniversaries) -> None:
    noted = [item for post in year for item in post.items if item.note]

    assert noted
    for post in year:
        for item in post.items:
            unstated = anniversaries.index.facts[item.fact].calendar == "unstated"
            assert bool(item.note) == (unstated and item.precision in ("day", "month"))


def test_nothing_disputed_is_told_as_if_it_were_not(year: list[Post], anniversaries: Anniversaries) -> None:
    for post in year:
        for fact in (anniversaries.index.facts[key] for key in post.facts):
            assert not fact.disputed or fact.according_to or len(fact.versus) > 1


def test_posts_of_one_week_tell_different_things(year: list[Post], anniversaries: Anniversaries) -> None:
    """But for the events of a day, which stand where they stand."""
    told = [(n, item.fact) for n, post in enumerate(year) for item in post.items if item.precision != "day"]
    for position, (n, fact) in enumerate(told):
        for m, earlier in told[:position]:
            assert n - m > 7 or fact not in anniversaries.alike.get(earlier, ()), (earlier, fact)


def test_persons_sections_and_kinds_vary(year: list[Post], anniversaries: Anniversaries) -> None:
    facts = [anniversaries.index.facts[post.facts[0]] for post in year if post.items[0].precision == "none"]
    weeks = [facts[n : n + 7] for n in range(0, len(facts) - 7, 7)]

    assert sum(len({fact.intent for fact in week}) for week in weeks) / len(weeks) > 5
    assert sum(len({fact.source[0].line for fact in week}) for week in weeks) / len(weeks) > 6


@pytest.mark.parametrize(
    "facts",
    [
        event("a", "Skarholm stands."),
        event("a", "Skarholm stands.")
        + event("b", "The bell of the skerry rings in fog, once every half minute or so."),
        event("a", "The bell was hung on 4 May 1930.", "1930-05-04"),
        event("a", "Lit in about 1887.", "1887~") + event("b", "Dark since the 1990s.", "199X"),
    ],
    ids=["one fact", "no dates", "one day", "nothing certain"],
)
def test_the_smallest_packs_have_something_for_every_day(facts: str, pack_of: Callable[..., Path]) -> None:
    posts = list(made_of(pack_of, facts).posts(LEAP_YEAR, 400, seed=""))

    assert all(len(post.items) == 1 for post in posts)


def test_the_event_of_a_day_has_its_day_even_in_a_pack_of_nothing_else(pack_of: Callable[..., Path]) -> None:
    found = made_of(pack_of, event("a", "The bell was hung on 4 May 1930.", "1930-05-04"))
    posts = {post.date: post for post in found.posts(LEAP_YEAR, 366, seed="")}

    assert posts[day("2028-05-04")].items[0].precision == "day"


def test_where_nothing_can_be_told_unasked_a_post_is_empty(pack_of: Callable[..., Path]) -> None:
    found = made_of(pack_of, event("a", "She kept bees.", "1930-05-04"))

    assert found.post(day("2026-05-04"), seen={}, seed="") == Post(day("2026-05-04"), ())


def test_an_unknown_fact_among_those_seen_does_no_harm(anniversaries: Anniversaries) -> None:
    seen = {"no-longer-in-the-pack": day("2026-11-22")}

    assert anniversaries.post(day("2026-11-23"), seen=seen, seed="").items


def test_the_printed_form_has_the_promised_keys(anniversaries: Anniversaries) -> None:
    printed = as_json(anniversaries.post(day("2026-10-25"), seen={}, seed=""))

    assert printed == {
        "date": "2026-10-25",
        "solemn": False,
        "items": [
            {
                "precision": "day",
                "years_ago": 109,
                "text": "109 years ago today: Early on 25 October 1917 Stalin and Lenin sat together at a Central "
                "Committee meeting in the Smolny Institute, the place from which the October Revolution was directed.",
                "fact": "stalin-smolny-25-october",
                "sources": [
                    {
                        "document": "joseph-stalin.txt",
                        "title": "Joseph Stalin",
                        "section": "Russian Revolution: 1917",
                        "line": 46,
                        "sentences": [2],
                    }
                ],
                "solemn": False,
                "note": "The document doesn't name the calendar of this date.",
            }
        ],
    }


def memories(index: Index) -> st.SearchStrategy[Mapping[str, dt.date]]:
    """What a chat may have seen, and when; some of it in the future."""
    return st.dictionaries(st.sampled_from(sorted(index.facts)), st.dates(), max_size=len(index.facts))


@given(st.data(), st.dates(), st.text(max_size=5))
@settings(deadline=None)
def test_whatever_a_chat_has_seen_each_date_has_its_post_in_the_facts_own_words(
    keeper: Anniversaries, data: st.DataObject, date: dt.date, seed: str
) -> None:
    seen = data.draw(memories(keeper.index))
    post = keeper.post(date, seen=seen, seed=seed)

    assert post.items
    assert post == keeper.post(date, seen=seen, seed=seed)
    assert len(set(post.facts)) == len(post.facts)
    assert all(item.text.endswith(keeper.index.facts[item.fact].says) for item in post.items)
    assert all(item.years_ago is None or item.years_ago >= 0 for item in post.items)


def test_what_is_put_aside_is_told_on_no_rung(keeper: Anniversaries) -> None:
    """Day after day the fact that would be told is put aside too, until none is left."""
    aside: set[str] = set()
    told = []
    while items := keeper.post(day("2026-10-04"), seen={}, seed="", without=aside).items:
        assert not aside & {item.fact for item in items}
        told.append(items[0].precision)
        aside |= {item.fact for item in items}

    assert told[0] == "day"
    assert told[-1] == "none"
    assert aside == set(keeper.tellable)


def test_what_is_put_aside_is_not_told_again_when_all_has_been_told(keeper: Anniversaries) -> None:
    yesterday = day("2026-10-03")
    seen = dict.fromkeys(keeper.tellable, yesterday)
    [again] = keeper.post(day("2026-10-04"), seen=seen, seed="").items

    [other] = keeper.post(day("2026-10-04"), seen=seen, seed="", without={again.fact}).items

    assert other.fact != again.fact
