import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.services.zones import LIKELY, MOST, OFFERED, SPOKEN, WELL_KNOWN, find_zones, is_zone, likely, named

JULY, JANUARY = dt.datetime(2026, 7, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Kyiv", "Europe/Kyiv"),
        ("kiev", "Europe/Kyiv"),
        ("Київ", "Europe/Kyiv"),
        ("Japan", "Asia/Tokyo"),
        ("  new   york ", "America/New_York"),
        ("New_York", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Calcutta", "Asia/Kolkata"),
        ("Mumbai", "Asia/Kolkata"),
        ("India", "Asia/Kolkata"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("St. Petersburg", "Europe/Moscow"),
        ("lord howe", "Australia/Lord_Howe"),
        ("EST", "America/New_York"),
        ("CET", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
        ("Z", "UTC"),
        ("UTC+0", "UTC"),
        ("UTC+3", "Etc/GMT-3"),
        ("gmt -5", "Etc/GMT+5"),
        ("+14", "Etc/GMT-14"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC+0545", "Asia/Kathmandu"),
        ("UTC-2:30", "America/St_Johns"),
    ],
)
def test_a_place_that_is_called_so_is_certain(written: str, zone: str) -> None:
    found = find_zones(written, JULY)

    assert found.certain
    assert found.zones[0].name == zone


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("kyev", "Europe/Kyiv"),
        ("Kathmandoo", "Asia/Kathmandu"),
        ("berlni", "Europe/Berlin"),
        ("moskow", "Europe/Moscow"),
        ("san fransisco", "America/Los_Angeles"),
        ("Buenos Airs", "America/Argentina/Buenos_Aires"),
        ("Ukraine", "Europe/Kyiv"),
        ("New Yo", "America/New_York"),
        ("USA", "America/New_York"),
        ("Australia", "Australia/Sydney"),
    ],
)
def test_what_is_misspelt_or_large_is_among_a_few_to_choose_from(written: str, zone: str) -> None:
    found = find_zones(written, JANUARY)

    assert zone in [z.name for z in found.zones]
    assert not found.certain
    assert len(found.zones) <= MOST


@pytest.mark.parametrize("written", ["", "   ", "!?", "xyzzy", "UTC+15", "UTC-99", "a", "\N{PILE OF POO}"])
def test_what_is_no_place_finds_none(written: str) -> None:
    found = find_zones(written, JULY)

    assert found.zones == ()
    assert not found.certain


def test_an_offset_comes_with_places_that_have_it_now() -> None:
    def cities(moment: dt.datetime) -> list[str]:
        return [zone.city for zone in find_zones("UTC+3", moment).zones]

    assert cities(JULY)[0] == cities(JANUARY)[0] == "UTC+3"
    assert "Kyiv" in cities(JULY)
    assert "Kyiv" not in cities(JANUARY)
    assert "Istanbul" in cities(JANUARY)


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Kyiv", "Kyiv (UTC+3)"),
        ("America/New_York", "New York (UTC−4)"),
        ("Asia/Kathmandu", "Kathmandu (UTC+5:45)"),
        ("America/St_Johns", "St Johns (UTC−2:30)"),
        ("Atlantic/Reykjavik", "Reykjavik (UTC)"),
        ("Etc/GMT-3", "UTC+3"),
        ("Etc/GMT+5", "UTC−5"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_labelled_with_its_city_and_offset(zone: str, label: str) -> None:
    assert named(zone).label(JULY) == label


@pytest.mark.parametrize("zone", [*SPOKEN, *WELL_KNOWN])
def test_every_zone_that_is_named_exists(zone: str) -> None:
    assert ZoneInfo(zone)


@pytest.mark.parametrize("name", ["UTC", "Europe/Kyiv", "Etc/GMT-14", "America/Argentina/Buenos_Aires"])
def test_a_zone_is_known(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "America", "Kyiv\0"])
def test_anything_else_is_not(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize("language", [None, "", "en", "uk", "pt-br", "xx", *LIKELY])
def test_likely_zones_begin_with_the_one_that_is_set_and_are_all_different(language: str | None) -> None:
    offered = likely(language, "Asia/Kathmandu")

    assert offered[0] == named("Asia/Kathmandu")
    assert len(set(offered)) == OFFERED
    assert all(is_zone(zone.name) for zone in offered)


def test_likely_zones_fit_the_language() -> None:
    assert named("Europe/Kyiv") == likely("uk", "UTC")[1]
    assert named("America/Sao_Paulo") == likely("pt-BR", "UTC")[1]
