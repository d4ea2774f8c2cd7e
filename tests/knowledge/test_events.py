"""The calendar of the events that are known to the day."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import events
from knowledge.index import Index, build
from knowledge.pack import load_pack

# Read in the two documents, not in the pack: every day and month that they name, with the year that is in the
# sentence, before it in the paragraph, or in the heading. Left out, as no event of a known year is dated by them: the
# baptism of a 29 December without a year, and what is left of two captions, "2 February 1943" and "4 July 1944".
KNOWN_TO_THE_DAY = {
    "1917-10-10": ["majority of the Central Committee for a coup"],
    "1917-10-24": ["raided the offices", "saved some of the printing equipment"],
    "1917-10-25": ["Smolny"],
    "1917-10-26": ["Council of People's Commissars"],
    "1920-05-07": ["captured Kiev"],
    "1920-05-26": ["Southwest Front"],
    "1920-06-10": ["retook Kiev"],
    "1920-07-16": ["carry the war into Poland"],
    "1920-08-17": ["demanded to be released"],
    "1920-09-01": ["was released from the military"],
    "1921-03-18": ["Riga"],
    "1939-05-03": ["dismissed his foreign minister"],
    "1939-09-17": ["marched into eastern Poland"],
    "1939-09-28": ["swapped some of their new conquests"],
    "1941-05-06": ["took over from Molotov as Premier"],
    "1941-12-06": ["counteroffensive at Moscow"],
    "1945-08-08": ["invaded Manchuria"],
    "1953-03-01": ["found semi-conscious"],
    "1953-03-02": ["were called to the Volynskoe dacha", "was drunk"],
    "1953-03-05": ["Stalin died", "the Central Committee met", "order of precedence"],
    "1953-03-06": ["was announced"],
    "1953-03-09": ["laid to rest"],
}


def test_every_event_of_a_known_day_is_there_and_nothing_else(shipped: Index) -> None:
    told: dict[str, list[str]] = {}
    for fact, when in events.calendar(shipped):
        told.setdefault(when.edtf, []).append(fact.says)

    assert list(told) == list(KNOWN_TO_THE_DAY)
    for day, parts in KNOWN_TO_THE_DAY.items():
        assert len(told[day]) == len(parts), told[day]
        for says, part in zip(told[day], parts, strict=True):
            assert part in says


def test_old_russian_dates_say_that_their_calendar_is_not_named(shipped: Index) -> None:
    for entry in events.as_json(shipped, events.calendar(shipped)):
        assert entry["calendar"] == ("unstated" if str(entry["date"]) < "1918-02-14" else None)


def test_the_printed_form_has_the_promised_keys(shipped: Index) -> None:
    entry = events.as_json(shipped, events.calendar(shipped))[0]

    assert list(entry) == ["date", "text", "fact", "sources", "calendar", "solemn"]
    assert entry["sources"] == [
        {
            "document": "joseph-stalin.txt",
            "title": "Joseph Stalin",
            "section": "Russian Revolution: 1917",
            "line": 45,
            "sentences": [7],
        }
    ]


FACT = (
    "- {{id: f{n}, says: '{says}', about: [skarholm], intent: {intent}, date: '{date}', "
    "source: 'lights.txt:{n}'{more}}}\n"
)
OPENING = ("The light of Skarholm was lit by its keeper with a match.", "event", "1887-10-04", "")


def told(pack_of: Callable[..., Path], *facts: tuple[str, str, str, str]) -> list[str]:
    written = "".join(
        FACT.format(n=n, says=says, intent=intent, date=date, more=more)
        for n, (says, intent, date, more) in enumerate(facts, 3)
    )
    return [fact.id for fact, _ in events.calendar(build([load_pack(pack_of(facts=written, gaps="[]"))]))]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (("The keeper lit the light of Skarholm with a match.", "event", "1887-10-04", ""), ["f3"]),
        (("A ship sank off Norvik.", "event", "1887-10-04", ""), ["f3", "f4"]),
        (("A ship sank off Norvik.", "event", "1887-10-04", ", disputed: true"), ["f3"]),
        (("A ship sank off Norvik.", "event", "1887-10-04~", ""), ["f3"]),
        (("A ship sank off Norvik.", "event", "1887-10", ""), ["f3"]),
        (("The tower is a hundred feet high.", "description", "1887-10-04", ""), ["f3"]),
        (("The tower is a hundred feet high.", "description", "1887-10-03", ""), ["f4", "f3"]),
        (("A fair was held at Norvik.", "event", "1887-10-02/1887-10-05", ""), ["f4", "f3"]),
        (("The keeper lit the light of Skarholm with a match.", "event", "1887-10-02/1887-10-05", ""), ["f3"]),
    ],
    ids="told twice|another event|disputed|about that day|that month|describes|alone on its day|days|days of one".split(
        "|"
    ),
)
def test_each_event_stands_once(
    second: tuple[str, str, str, str], expected: list[str], pack_of: Callable[..., Path]
) -> None:
    assert told(pack_of, OPENING, second) == expected


def test_a_pack_without_days_has_an_empty_calendar(pack_of: Callable[..., Path]) -> None:
    assert told(pack_of, ("A ship sank off Norvik.", "event", "1887", "")) == []
