"""Facts that tell the same thing."""

import pytest

from knowledge.anniversaries import Anniversaries
from knowledge.index import Index
from knowledge.likeness import likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("litvinov-replaced-by-molotov", "molotov-became-foreign-minister"),  # from either man's side
        ("polish-soviet-war-ends", "peace-of-riga-description"),  # an event and what it was
        ("territory-swap-september-1939", "lithuania-to-soviets-1939"),  # the whole and a part
    ],
)
def test_an_event_told_twice_is_seen(one: str, other: str, anniversaries: Anniversaries) -> None:
    assert other in anniversaries.alike[one]
    assert one in anniversaries.alike[other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("poles-take-kiev", "red-army-retakes-kiev"),  # of one place
        ("stalin-died-5-march-1953", "collective-leadership-eight-members"),  # of one day
        ("lenin-chairman-of-sovnarkom", "stalin-became-premier-1941"),  # of one kind
    ],
)
def test_different_events_are_not_taken_for_one(one: str, other: str, anniversaries: Anniversaries) -> None:
    assert other not in anniversaries.alike.get(one, {})


def test_shares_are_between_0_and_1_and_mutual(anniversaries: Anniversaries) -> None:
    for fact, others in anniversaries.alike.items():
        assert fact not in others
        for other, share in others.items():
            assert 0 < share <= 1.0000001
            assert anniversaries.alike[other][fact] == share


def test_a_small_pack_has_nothing_alike(lights: Index) -> None:
    assert "skarholm-lit" not in likeness(lights)
