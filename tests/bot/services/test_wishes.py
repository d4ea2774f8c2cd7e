import datetime as dt

import pytest

from bot.services.wishes import Misread, Wish, read_wish

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "time", "zone"),
    [
        ("", None, None),
        ("08:30 Europe/Kyiv", "08:30", "Europe/Kyiv"),
        ("Europe/Kyiv 08:30", "08:30", "Europe/Kyiv"),
        ("kiev 8am", "08:00", "Europe/Kyiv"),
        ("8.30 pm", "20:30", None),
        ("8:30 P.M. New York", "20:30", "America/New_York"),
        ("8 pm, New York", "20:00", "America/New_York"),
        ("12am", "00:00", None),
        ("12 pm tokyo", "12:00", "Asia/Tokyo"),
        ("noon in Paris", "12:00", "Europe/Paris"),
        ("midnight", "00:00", None),
        ("24:00", "00:00", None),
        ("20", "20:00", None),
        ("0830 london", "08:30", "Europe/London"),
        ("20h30 Paris", "20:30", "Europe/Paris"),
        ("8 30", "08:30", None),
        ("8-30", "08:30", None),
        ("Zürich 8 Uhr", "08:00", "Europe/Zurich"),
        ("9 o'clock Rome", "09:00", "Europe/Rome"),
        ("at 9 in the morning in Kyiv", "09:00", "Europe/Kyiv"),
        ("9 in the evening", "21:00", None),
        ("20 in the evening", "20:00", None),
        ("every day at 7 Calcutta please", "07:00", "Asia/Kolkata"),
        ("Calcutta", None, "Asia/Kolkata"),
        ("UTC+3 20", "20:00", "Etc/GMT-3"),
        ("20 UTC+3", "20:00", "Etc/GMT-3"),
        ("8:30 utc +5:30", "08:30", "Asia/Kolkata"),
        ("7 -5", "07:00", "Etc/GMT+5"),
        ("UTC−3 9", "09:00", "Etc/GMT+3"),
        ("10 30 pm utc", "22:30", "UTC"),
        ("Kyiv, Ukraine 8", "08:00", "Europe/Kyiv"),
        ("Україна 9", "09:00", "Europe/Kyiv"),
    ],
)
def test_a_time_and_a_place_are_read_in_any_order(written: str, time: str | None, zone: str | None) -> None:
    wish = read_wish(written, NOW)

    assert isinstance(wish, Wish), wish
    assert wish.zone == zone
    assert wish.candidates == ()
    assert (None if wish.minute is None else f"{wish.minute // 60:02}:{wish.minute % 60:02}") == time


def test_a_place_that_may_be_several_leaves_a_choice_and_keeps_the_time() -> None:
    wish = read_wish("7:15 australia", NOW)

    assert isinstance(wish, Wish)
    assert (wish.minute, wish.zone) == (7 * 60 + 15, None)
    assert "Australia/Sydney" in [zone.name for zone in wish.candidates]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("25:00", "“25:00” is no time of day"),
        ("8:75 Kyiv", "“8:75” is no time of day"),
        ("13pm", "“13pm” is no time of day"),
        ("0 am", "“0 am” is no time of day"),
        ("8:00 9:00", "Write one time"),
        ("8 noon", "Write one time"),
        ("8 xyzzy", "don't know where “xyzzy” is"),
        ("UTC+25", "don't know where “UTC+25” is"),
        ("x" * 4000, "don't know where “" + "x" * 60 + "” is"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(written: str, said: str) -> None:
    misread = read_wish(written, NOW)

    assert isinstance(misread, Misread), misread
    assert said in misread.why
    assert len(misread.why) < 200
