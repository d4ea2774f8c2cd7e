import datetime as dt

import pytest

from bot.services.daily import Daily
from bot.services.subscriptions import REMEMBERED_SECONDS, Ended, Place, Subscription, Subscriptions
from tests.fakes import Clock

ANN = Place(7_000_000_001)
GROUP, TOPIC = Place(-100_500), Place(-100_500, 9)
HOUR, DAY = 3600, 24 * 3600
WEEKEND = 0b1100000


@pytest.fixture
def clock() -> Clock:
    """Tuesday, 5 May 2026, 06:00 in London."""
    return Clock(dt.datetime(2026, 5, 5, 5, tzinfo=dt.UTC).timestamp())


def shown(subscription: Subscription | None) -> str:
    assert subscription is not None
    return f"{subscription.next_local:%a %d %b %H:%M}"


async def test_a_new_subscription_starts_with_the_operators_settings(subscriptions: Subscriptions) -> None:
    begun = await subscriptions.subscribe(ANN)

    assert begun.how == "new"
    assert (begun.subscription.zone, begun.subscription.time) == ("Europe/London", "09:00")
    assert shown(begun.subscription) == "Tue 05 May 09:00"
    assert all(begun.subscription.falls_on(day) for day in range(7))
    assert await subscriptions.get(ANN) == begun.subscription
    assert await subscriptions.get(TOPIC) is None


async def test_subscribing_again_changes_nothing_but_what_is_named(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(ANN, zone="Asia/Kathmandu", minute=20 * 60)

    again = await subscriptions.subscribe(ANN)
    changed = await subscriptions.subscribe(ANN, minute=7 * 60 + 30)

    assert again.how == "kept"
    assert changed.how == "changed"
    assert (changed.subscription.zone, changed.subscription.time) == ("Asia/Kathmandu", "07:30")
    assert shown(changed.subscription) == "Wed 06 May 07:30"


async def test_who_subscribes_again_finds_the_settings_of_before(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(ANN, zone="Asia/Kathmandu", minute=450)
    await subscriptions.change(ANN, weekdays=WEEKEND, silent=True, daily_quiz=True)

    assert await subscriptions.unsubscribe(ANN)
    ended = await subscriptions.get(ANN)
    again = await subscriptions.subscribe(ANN)

    assert ended is not None
    assert (ended.is_active, ended.ended_because) == (False, Ended.WISHED)
    assert again.how == "revived"
    assert again.subscription.is_active
    assert (again.subscription.time, again.subscription.weekdays) == ("07:30", WEEKEND)
    assert (again.subscription.silent, again.subscription.daily_quiz) == (True, True)
    assert shown(again.subscription) == "Sat 09 May 07:30"


async def test_unsubscribing_twice_does_no_harm(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(ANN)

    assert await subscriptions.unsubscribe(ANN)
    assert not await subscriptions.unsubscribe(ANN)
    assert not await subscriptions.unsubscribe(TOPIC)


async def test_settings_change_one_by_one(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(ANN)

    hour = await subscriptions.change(ANN, minute=22 * 60)
    zone = await subscriptions.change(ANN, zone="America/New_York")
    days = await subscriptions.change(ANN, weekdays=WEEKEND)
    silent = await subscriptions.change(ANN, silent=True)

    assert [shown(s) for s in (hour, zone, days)] == ["Tue 05 May 22:00", "Tue 05 May 22:00", "Sat 09 May 22:00"]
    assert silent is not None
    assert silent.silent
    assert silent.falls_on(5)
    assert not silent.falls_on(0)
    assert await subscriptions.get(ANN) == silent


async def test_only_what_goes_on_can_be_changed(subscriptions: Subscriptions) -> None:
    assert await subscriptions.change(ANN, silent=True) is None
    await subscriptions.subscribe(ANN)
    await subscriptions.unsubscribe(ANN)

    assert await subscriptions.change(ANN, silent=True) is None


async def test_a_subscription_without_a_weekday_is_refused(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(ANN)

    with pytest.raises(ValueError, match="weekday"):
        await subscriptions.change(ANN, weekdays=0)

    kept = await subscriptions.get(ANN)
    assert kept is not None
    assert kept.weekdays == 0b1111111


async def test_a_later_hour_brings_no_second_post_of_the_date(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(ANN)
    clock.now += 4 * HOUR
    await daily.plan()

    later = await subscriptions.change(ANN, minute=20 * 60)

    assert shown(later) == "Wed 06 May 20:00"


async def test_each_topic_goes_its_own_way(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(GROUP)
    await subscriptions.subscribe(TOPIC, minute=60)

    await subscriptions.unsubscribe(TOPIC)

    kept = await subscriptions.get(GROUP)
    assert kept is not None
    assert kept.is_active


async def test_a_chat_that_is_lost_loses_all_and_gets_back_what_nobody_ended(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(GROUP)
    await subscriptions.subscribe(TOPIC, minute=60)
    await subscriptions.subscribe(Place(GROUP.chat_id, 10))
    await subscriptions.unsubscribe(Place(GROUP.chat_id, 10))
    await subscriptions.subscribe(ANN)

    ended = await subscriptions.end(GROUP.chat_id, Ended.REMOVED)
    revived = await subscriptions.revive(GROUP.chat_id)

    assert [s.place for s in ended] == [GROUP, TOPIC]
    assert [s.place for s in revived] == [GROUP, TOPIC]
    assert [s.time for s in revived] == ["09:00", "01:00"]
    assert all(s.is_active for s in revived)
    assert await subscriptions.revive(GROUP.chat_id) == ()


async def test_one_topic_can_be_lost_alone(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(GROUP)
    await subscriptions.subscribe(TOPIC)

    ended = await subscriptions.end(GROUP.chat_id, Ended.TOPIC_GONE, TOPIC.thread_id)

    assert [s.place for s in ended] == [TOPIC]
    assert await subscriptions.revive(GROUP.chat_id) == ()


@pytest.mark.parametrize(
    ("because", "returns"),
    [
        (Ended.WISHED, False),
        (Ended.TOPIC_GONE, False),
        (Ended.BLOCKED, True),
        (Ended.REMOVED, True),
        (Ended.NO_RIGHTS, True),
        (Ended.CHAT_GONE, True),
    ],
)
async def test_only_what_nobody_wished_to_end_goes_on_by_itself(
    because: Ended, returns: bool, subscriptions: Subscriptions
) -> None:
    await subscriptions.subscribe(ANN)
    await subscriptions.end(ANN.chat_id, because)

    assert bool(await subscriptions.revive(ANN.chat_id)) == returns


async def test_what_was_due_when_a_subscription_ended_is_not_sent(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(ANN)
    clock.now += 4 * HOUR
    await daily.plan()
    await subscriptions.unsubscribe(ANN)

    assert await daily.unsent(10) == []
    again = await subscriptions.subscribe(ANN)
    assert shown(again.subscription) == "Wed 06 May 09:00"


async def test_what_ended_long_ago_is_forgotten(subscriptions: Subscriptions, daily: Daily, clock: Clock) -> None:
    await subscriptions.subscribe(ANN)
    clock.now += DAY
    await daily.plan()
    await subscriptions.unsubscribe(ANN)
    clock.now += REMEMBERED_SECONDS
    await subscriptions.forget_old()
    remembered = await subscriptions.get(ANN)
    clock.now += 1

    await subscriptions.forget_old()

    assert remembered is not None
    assert await subscriptions.get(ANN) is None
    assert (await subscriptions.subscribe(ANN)).how == "new"


async def test_a_zone_that_zone_data_has_dropped_counts_as_utc(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    begun = await subscriptions.subscribe(ANN, zone="Europe/Atlantis")

    assert begun.subscription.zone == "UTC"
    clock.now += 4 * HOUR
    assert await daily.plan() == 1


async def test_what_nobody_ended_is_interrupted(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(GROUP)
    await subscriptions.subscribe(TOPIC)
    await subscriptions.unsubscribe(TOPIC)

    assert await subscriptions.interrupted(GROUP.chat_id) == ()
    await subscriptions.end(GROUP.chat_id, Ended.REMOVED)

    assert [s.place for s in await subscriptions.interrupted(GROUP.chat_id)] == [GROUP]
