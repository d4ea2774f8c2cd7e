import datetime as dt

import pytest

from bot.services.feedback import Feedback
from bot.services.lookup import LONGEST, PAGE, Found, Lookup
from tests.packs import shipped


@pytest.fixture
def lookup(feedback: Feedback) -> Lookup:
    return Lookup(shipped(), feedback)


def everything(lookup: Lookup, text: str) -> list[Found]:
    """All pages of a query."""
    page = lookup.find(text)
    found = list(page.found)
    while page.following is not None:
        page = lookup.find(text, page.following)
        found += page.found
    return found


@pytest.mark.parametrize(
    ("typed", "title", "told"),
    [
        ("who was Kato", "Kato Svanidze", "Stalin's first wife"),
        ("zhukov", "Georgy Zhukov", "senior commanders"),
        ("zhukvo", "Georgy Zhukov", "senior commanders"),
        ("Lenin died when", "Vladimir Lenin · January 1924", "died in January 1924"),
        ("When did Mao visit Stalin in 1955?", "Mao · December 1949", "Mao visited Stalin in December 1949"),
        ("1941", "1941", "1941"),
        ("5 march 1953", "5 march 1953", "Stalin died on 5 March 1953"),
    ],
)
def test_the_answer_comes_first(lookup: Lookup, typed: str, title: str, told: str) -> None:
    first = lookup.find(typed).found[0]

    assert first.title == title
    assert told in first.text
    assert "Not quite" not in first.text
    assert first.sources


@pytest.mark.parametrize(
    ("typed", "word"), [("zhukov", "Zhukov"), ("zhuk", "Zhukov"), ("1941", "1941"), ("march 1953", "1953")]
)
def test_then_come_facts_about_what_is_named(lookup: Lookup, typed: str, word: str) -> None:
    found = everything(lookup, typed)

    assert len(found) >= 2
    about = [f"{f.title} {f.text}" for f in found]
    assert sum(word in text for text in about) >= 0.8 * len(about)


@pytest.mark.parametrize("typed", ["zhukov", "1941", "stalin", "moscow 1941", "famine"])
def test_nothing_is_listed_twice(lookup: Lookup, typed: str) -> None:
    found = everything(lookup, typed)

    assert len({f.key for f in found}) == len({f.text for f in found}) == len(found)
    assert all(1 <= len(f.key.encode()) <= 64 for f in found)


def test_long_lists_have_pages(lookup: Lookup) -> None:
    first = lookup.find("stalin")

    assert (len(first.found), first.following) == (PAGE, PAGE)
    assert lookup.find("stalin", 100_000).found == ()
    assert lookup.find("stalin", 100_000).following is None
    assert lookup.find("stalin", -5) == first


@pytest.mark.parametrize(
    "typed",
    ["nobel prize", "Who won the 1998 World Cup?", "hello", "he", "???", "x" * LONGEST, "x" * 5000, "\u0000", "’" * 99],
)
def test_what_is_not_known_finds_nothing(lookup: Lookup, typed: str) -> None:
    assert lookup.find(typed).found == ()


def test_the_same_is_found_again_under_the_same_keys(lookup: Lookup, feedback: Feedback) -> None:
    assert Lookup(shipped(), feedback).find("zhukov") == lookup.find("zhukov")


def test_each_beginning_of_a_name_is_understood(lookup: Lookup) -> None:
    for name in ("Svanidze", "Zhukov", "Khrushchev", "Collectivisation"):
        for length in (n for n in range(4, len(name)) if name[:n] != "Collect"):  # a word by itself
            assert name in lookup.find(name[:length]).found[0].title, name[:length]


def test_what_is_put_aside_is_not_offered(lookup: Lookup, feedback: Feedback) -> None:
    [before] = [f for f in lookup.find("Lenin died when").found if f.text == "Lenin died in January 1924."]
    feedback.withheld = frozenset(fact for fact, told in shipped().index.facts.items() if told.says == before.text)

    assert before not in everything(lookup, "Lenin died when")


def test_a_day_has_its_events_and_some_facts_that_vary(lookup: Lookup) -> None:
    one, other = (lookup.today(dt.date(2026, 3, day)) for day in (5, 6))

    assert "Stalin died on 5 March 1953" in one.found[0].text
    assert "73 years ago today" in one.found[0].title
    assert len(one.found) > 5
    assert not {f.key for f in one.found} & {f.key for f in other.found}
    assert one == lookup.today(dt.date(2026, 3, 5))


def test_every_year_of_the_pack_can_be_typed(lookup: Lookup) -> None:
    years = sorted({item.when.first.year for item in shipped().index.items if item.when})

    assert [year for year in years if not lookup.find(str(year)).found] == []
