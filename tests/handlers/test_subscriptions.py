import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from bot.playground import Conversation, Message, Person, Playground
from handlers.buttons import TOO_OLD
from handlers.rights import CANT_TELL
from handlers.subscriptions import (
    A_DAY_MUST_STAY,
    ENDED,
    IN_A_CHANNEL,
    NONE_YET,
    ONLY_ADMINISTRATORS,
    QUESTIONS_COME,
    QUESTIONS_COME_HERE,
)
from tests.handlers.forging import with_button

pytestmark = pytest.mark.usefixtures("bot")
KYIV = "a post comes here every day at 08:30 (Kyiv, UTC"


async def pressed(where: Conversation, message: Message, button: str) -> Message:
    """What a press leads to, which is answered at once."""
    press = await where.press(message, button)
    assert await press.answer() == ("", False, None)
    return await where.expect("", after=None)


async def settings(where: Conversation) -> Message:
    return await where.ask("/settings", "")


def coming(minute: int, zone: str) -> str:
    """The next time that a clock shows that minute of the day, in the words of the bot."""
    now = dt.datetime.now(ZoneInfo(zone))
    later = now.hour * 60 + now.minute >= minute
    date = now.date() + dt.timedelta(days=later)
    return f"{'tomorrow' if later else 'today'}, {date:%A} {date.day} {date:%B}"


# Subscribing in one line


@pytest.mark.parametrize("typed", ["08:30 Europe/Kyiv", "Kyiv 8:30", "kiev, 8.30 am", "at 0830 in Kyiv please"])
async def test_time_and_zone_may_stand_in_one_line_in_any_order(ann: Person, typed: str) -> None:
    done = await ann.private.ask(f"/subscribe {typed}")

    assert done.text.startswith(f"Done: {KYIV}")
    assert f"The first one comes {coming(8 * 60 + 30, 'Europe/Kyiv')}." in done.text


async def test_to_say_it_again_changes_nothing(ann: Person) -> None:
    await ann.private.ask("/subscribe 08:30 Kyiv", "Done")

    await ann.private.ask("/subscribe 08:30 Kyiv", "So it is already: the post comes every day at 08:30")


async def test_what_is_not_named_stays(ann: Person) -> None:
    await ann.private.ask("/subscribe 08:30 Kyiv", "Done")

    await ann.private.ask("/subscribe 20:15", r"Changed: the post comes every day at 20:15 \(Kyiv")
    await ann.private.ask("/subscribe Tokyo", r"Changed: the post comes every day at 20:15 \(Tokyo, UTC\+9\)")


@pytest.mark.parametrize("typed", ["25:00", "08:30 09:30", "Xyzzyplugh", "<b>08:30</b> <i>Atlantis</i>", "☃"])
async def test_nonsense_gets_a_friendly_word_with_an_example(ann: Person, typed: str) -> None:
    await ann.private.ask(f"/subscribe {typed}", r"For example: /subscribe 08:30 Kyiv$")

    assert (await settings(ann.private)).text == NONE_YET


async def test_a_city_that_there_is_twice_is_asked_back(ann: Person) -> None:
    which = await ann.private.ask("/subscribe 08:30 Berlni", "Which one do you mean?")
    berlin = next(label for label in which.buttons if label.startswith("Berlin"))

    done = await pressed(ann.private, which, berlin)

    assert done.text.startswith("Done: a post comes here every day at 08:30 (Berlin")


# Step by step


async def test_hour_and_zone_are_chosen_by_buttons(ann: Person) -> None:
    hours = await ann.private.ask("/subscribe", "At what time")
    assert hours.buttons[:4] == ["06:00", "07:00", "08:00", "09:00"]

    zones = await pressed(ann.private, hours, "09:00")
    assert zones.edited
    assert zones.buttons[0] == "UTC"
    assert zones.buttons[-1] == "Another city …"
    london = next(label for label in zones.buttons if label.startswith("London"))
    done = await pressed(ann.private, zones, london)

    assert done.edited
    assert done.id == hours.id
    assert done.text.startswith("Done: a post comes here every day at 09:00 (London, UTC")
    assert done.buttons == []


async def test_zones_fit_the_persons_language(playground: Playground) -> None:
    olha = await playground.user("Olha", language_code="uk")
    hours = await olha.private.ask("/subscribe", "At what time")

    zones = await pressed(olha.private, hours, "09:00")

    assert zones.buttons[1].startswith("Kyiv")


async def test_who_names_the_zone_first_is_asked_for_the_hour(ann: Person) -> None:
    hours = await ann.private.ask("/subscribe Kyiv", "At what time")

    done = await pressed(ann.private, hours, "08:00")

    assert done.text.startswith("Done: a post comes here every day at 08:00 (Kyiv")


async def test_nothing_comes_before_both_are_chosen(ann: Person) -> None:
    hours = await ann.private.ask("/subscribe", "At what time")
    await pressed(ann.private, hours, "09:00")

    assert (await settings(ann.private)).text == NONE_YET


# The city in words


async def asked_for_city(where: Conversation) -> Message:
    hours = await where.ask("/subscribe", "At what time")
    zones = await pressed(where, hours, "07:00")
    return await pressed(where, zones, "Another city …")


async def test_the_next_message_names_the_city(ann: Person) -> None:
    question = await asked_for_city(ann.private)
    assert "post at 07:00 follow?" in question.text

    await ann.private.ask("kathmandoo", "Which one do you mean?")
    which = (await ann.private.transcript())[-1]
    done = await pressed(ann.private, which, "Kathmandu (UTC+5:45)")

    assert done.text.startswith("Done: a post comes here every day at 07:00 (Kathmandu, UTC+5:45)")


async def test_a_city_that_leaves_no_doubt_is_taken(ann: Person) -> None:
    await asked_for_city(ann.private)

    await ann.private.ask("Tokyo", r"Done: a post comes here every day at 07:00 \(Tokyo, UTC\+9\)")


async def test_a_city_that_nobody_knows_is_asked_for_again(ann: Person) -> None:
    await asked_for_city(ann.private)

    await ann.private.ask("Xyzzyplugh", "I don't know where “Xyzzyplugh” is.*Which city")
    await ann.private.ask("Tokyo", "Done: a post comes here every day at 07:00")


async def test_a_question_of_its_own_is_answered_instead(ann: Person) -> None:
    await asked_for_city(ann.private)

    await ann.private.ask("When was Ada Merrow born?", "1862")
    answer = await ann.private.ask("Tokyo")
    assert "Done" not in answer.text


async def test_a_command_ends_the_waiting(ann: Person) -> None:
    await asked_for_city(ann.private)

    await ann.private.ask("/help", "How to ask")
    await ann.private.ask("Tokyo", "don't tell")


async def test_in_a_group_the_city_comes_as_a_reply(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Readers", ann)
    here = ann.at(group)
    question = await asked_for_city(here)
    call = [c for c in await playground.calls("sendMessage") if c["parameters"].get("chat_id") == str(group.id)][-1]

    assert question.text.startswith("Ann: Which city")
    assert question.entities[0]["user"]["id"] == ann.id
    assert "force_reply" in str(call["parameters"]["reply_markup"])
    assert "selective" in str(call["parameters"]["reply_markup"])
    said = await here.say("Tokyo", reply_to=question)
    await here.expect(r"Done: a post comes here every day at 07:00 \(Tokyo", after=said)


async def test_in_a_group_only_an_administrators_reply_counts(playground: Playground, ann: Person, bob: Person) -> None:
    group = await playground.supergroup("Readers", ann, bob)
    question = await asked_for_city(ann.at(group))

    said = await bob.at(group).say("Tokyo", reply_to=question)

    await bob.at(group).expect(re.escape(ONLY_ADMINISTRATORS), after=said)
    assert (await settings(ann.at(group))).text == NONE_YET


# Ending and coming back


async def test_unsubscribing_ends_it(ann: Person) -> None:
    await ann.private.ask("/subscribe 08:30 Kyiv", "Done")

    await ann.private.ask("/unsubscribe", re.escape(ENDED))
    await ann.private.ask("/unsubscribe", re.escape(NONE_YET))
    await ann.private.ask("/settings", re.escape(NONE_YET))


async def test_who_comes_back_is_offered_what_they_had(ann: Person) -> None:
    await ann.private.ask("/subscribe 08:30 Kyiv", "Done")
    await ann.private.ask("/unsubscribe", "ends here")

    offer = await ann.private.ask("/subscribe", r"There was a daily post here, every day at 08:30 \(Kyiv")
    back = await pressed(ann.private, offer, "Yes, as it was")

    assert back.text.startswith("Here again: the post comes every day at 08:30 (Kyiv")


# Settings


@pytest.fixture
async def card(ann: Person) -> Message:
    await ann.private.ask("/subscribe 08:30 Kyiv", "Done")
    return await ann.private.ask("/settings", "The daily post comes every day at 08:30")


async def test_settings_show_all_that_can_be_changed(card: Message) -> None:
    assert re.fullmatch(r"Zone: Kyiv \(UTC\+\d\)", card.buttons[1])
    del card.buttons[1]
    assert [b for b in card.buttons if not b.startswith("Zone")] == [
        "Time: 08:30",
        *[f"✓ {day}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")],
        "Silent: off",
        "Daily question: off",
        "End the daily post",
    ]


async def test_weekdays_are_switched_in_place(ann: Person, card: Message) -> None:
    changed = await pressed(ann.private, card, "✓ Sat")
    changed = await pressed(ann.private, changed, "✓ Sun")

    assert changed.id == card.id
    assert "Monday to Friday at 08:30" in changed.text
    changed = await pressed(ann.private, changed, "– Sun")
    assert "on Monday, Tuesday, Wednesday, Thursday, Friday and Sunday at 08:30" in changed.text


async def test_one_weekday_has_to_stay(ann: Person, card: Message) -> None:
    left = card
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"):
        left = await pressed(ann.private, left, f"✓ {day}")
    assert "on Sunday at 08:30" in left.text

    press = await ann.private.press(left, "✓ Sun")

    assert await press.answer() == (A_DAY_MUST_STAY, True, None)


async def test_silence_is_switched(ann: Person, card: Message) -> None:
    changed = await pressed(ann.private, card, "Silent: off")
    assert "Silent: on" in changed.buttons
    changed = await pressed(ann.private, changed, "Silent: on")
    assert "Silent: off" in changed.buttons


async def test_the_daily_question_is_wished_for(ann: Person, card: Message) -> None:
    press = await ann.private.press(card, "Daily question: off")

    assert await press.answer() == (QUESTIONS_COME, True, None)
    assert "Daily question: on" in (await ann.private.expect("The daily post")).buttons


async def test_the_time_is_changed_or_left(ann: Person, card: Message) -> None:
    hours = await pressed(ann.private, card, "Time: 08:30")
    back = await pressed(ann.private, hours, "‹ Back")
    assert back.text == card.text
    hours = await pressed(ann.private, back, "Time: 08:30")

    changed = await pressed(ann.private, hours, "21:00")

    assert changed.text.startswith("Changed: the post comes every day at 21:00 (Kyiv")


async def test_the_zone_is_changed_by_a_button_or_a_city(ann: Person, card: Message) -> None:
    zones = await pressed(ann.private, card, next(b for b in card.buttons if b.startswith("Zone")))
    assert zones.buttons[0].startswith("Kyiv")
    assert zones.buttons[-2:] == ["Another city …", "‹ Back"]
    changed = await pressed(ann.private, zones, "Tokyo (UTC+9)")
    assert "every day at 08:30 (Tokyo, UTC+9)" in changed.text

    anew = await settings(ann.private)
    zones = await pressed(ann.private, anew, "Zone: Tokyo (UTC+9)")
    await pressed(ann.private, zones, "Another city …")

    await ann.private.ask("Dubai", r"Changed: the post comes every day at 08:30 \(Dubai, UTC\+4\)")


async def test_settings_end_it_too(ann: Person, card: Message) -> None:
    ended = await pressed(ann.private, card, "End the daily post")

    assert ended.text == ENDED
    assert ended.buttons == []


async def test_a_press_that_comes_twice_switches_once(ann: Person, card: Message) -> None:
    presses = [await ann.private.press(card, "Silent: off") for _ in range(2)]

    assert [await press.answer() for press in presses] == [("", False, None)] * 2
    assert "Silent: on" in (await settings(ann.private)).buttons


async def test_old_settings_of_an_ended_post_say_so(ann: Person, card: Message) -> None:
    await ann.private.ask("/unsubscribe", "ends here")

    shown = await pressed(ann.private, card, "✓ Mon")

    assert shown.text == NONE_YET
    assert shown.buttons == []


@pytest.mark.parametrize(
    "data",
    [
        "p:",
        "p:set",
        "p:set:1440:UTC",
        "p:set:60:Nowhere/Land",
        "p:set:60:../../etc/passwd",
        "p:weekday:7:1",
        "p:fly",
        "p:set:60:America",
    ],
)
async def test_a_forged_button_explains_itself(data: str, playground: Playground, ann: Person) -> None:
    message = await with_button(playground, ann, data)

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)
    assert (await settings(ann.private)).text == NONE_YET


# Groups, topics, channels


@pytest.mark.parametrize("command", ["/subscribe", "/subscribe 08:30 Kyiv", "/unsubscribe", "/settings"])
async def test_a_member_of_a_group_is_told_that_administrators_decide(
    command: str, playground: Playground, ann: Person, bob: Person
) -> None:
    group = await playground.group("Readers", ann, bob)
    await ann.at(group).ask("/subscribe 09:00 Kyiv", "Done")

    said = await bob.at(group).say(command)
    refused = await bob.at(group).expect("", after=said)

    assert refused.text == ONLY_ADMINISTRATORS
    assert refused.raw["reply_to_message"]["message_id"] == said.id
    assert "every day at 09:00" in (await settings(ann.at(group))).text


async def test_a_members_press_is_told_the_same_and_changes_nothing(
    playground: Playground, ann: Person, bob: Person
) -> None:
    group = await playground.supergroup("Readers", ann, bob)
    await ann.at(group).ask("/subscribe 09:00 Kyiv", "Done")
    card = await settings(ann.at(group))

    for button in ("✓ Mon", "Silent: off", "End the daily post", "Time: 09:00"):
        press = await bob.at(group).press(card, button)
        assert await press.answer() == (ONLY_ADMINISTRATORS, True, None)

    again = await settings(ann.at(group))
    assert (again.text, again.buttons) == (card.text, card.buttons)


async def test_an_administrator_decides_and_one_no_longer_does_not(
    playground: Playground, ann: Person, bob: Person
) -> None:
    group = await playground.supergroup("Readers", ann, bob, administrators=[bob])
    carl = await playground.user("Carl")
    await group.set_status(carl, "administrator")
    await bob.at(group).ask("/subscribe 09:00 Kyiv", "Done")
    await group.set_status(carl, "member")

    await carl.at(group).ask("/unsubscribe", re.escape(ONLY_ADMINISTRATORS))


async def test_an_administrator_may_hide_behind_the_group(playground: Playground, ann: Person, bob: Person) -> None:
    group = await playground.supergroup("Readers", ann, bob, administrators=[bob])

    said = await bob.at(group).say("/subscribe 09:00 Kyiv", anonymous=True)

    assert said.sender == "Readers"
    await bob.at(group).expect("Done", after=said)
    said = await bob.at(group).say("/settings", anonymous=True)
    card = await bob.at(group).expect("The daily post", after=said)
    changed = await pressed(bob.at(group), card, "Silent: off")
    assert "Silent: on" in changed.buttons


async def test_who_hides_is_not_named_when_asked_for_a_city(playground: Playground, ann: Person, bob: Person) -> None:
    group = await playground.supergroup("Readers", ann, bob, administrators=[bob])
    here = bob.at(group)
    said = await here.say("/subscribe", anonymous=True)
    hours = await here.expect("At what time", after=said)
    zones = await pressed(here, hours, "07:00")

    question = await pressed(here, zones, "Another city …")

    assert "Bob" not in question.text
    said = await here.say("Tokyo", reply_to=question, anonymous=True)
    await here.expect("Done: a post comes here every day at 07:00", after=said)


async def test_where_telegram_does_not_tell_nothing_changes(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Readers", ann)
    await playground.fault("getChatMember", code=500)

    await ann.at(group).ask("/subscribe 09:00 Kyiv", re.escape(CANT_TELL))

    await ann.at(group).ask("/settings", re.escape(NONE_YET))


async def test_each_topic_has_a_post_of_its_own(playground: Playground, ann: Person) -> None:
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    news, history = await forum.topic("News"), await forum.topic("History")

    done = await ann.at(forum, history).ask("/subscribe 08:30 Kyiv", "Done")

    assert done.thread_id == history
    await ann.at(forum, news).ask("/settings", re.escape(NONE_YET))
    await ann.at(forum).ask("/settings", re.escape(NONE_YET))
    await ann.at(forum, news).ask("/subscribe 21:00 UTC", "Done")
    await ann.at(forum, news).ask("/unsubscribe", "ends here")
    card = await ann.at(forum, history).ask("/settings", "every day at 08:30")
    changed = await pressed(ann.at(forum, history), card, "Silent: off")
    assert changed.thread_id == history


async def test_in_a_channel_posts_subscribe(playground: Playground, ann: Person, bob: Person) -> None:
    channel = await playground.channel("News", ann, bob)
    here = ann.at(channel)

    done = await here.ask("/subscribe 08:30 Kyiv", "Done")

    assert done.sender == "News"
    card = await here.ask("/settings", "every day at 08:30")
    press = await bob.at(channel).press(card, "Silent: off")
    assert await press.answer() == (ONLY_ADMINISTRATORS, True, None)
    changed = await pressed(here, card, "Silent: off")
    assert "Silent: on" in changed.buttons


async def test_in_a_channel_it_is_said_that_answers_stay_unseen(playground: Playground, ann: Person) -> None:
    here = ann.at(await playground.channel("News", ann))
    await here.ask("/subscribe 08:30 Kyiv", "Done")
    card = await here.ask("/settings", "every day at 08:30")

    press = await here.press(card, "Daily question: off")

    assert await press.answer() == (QUESTIONS_COME_HERE, True, None)


@pytest.mark.parametrize("word", [QUESTIONS_COME, QUESTIONS_COME_HERE, A_DAY_MUST_STAY, IN_A_CHANNEL])
def test_what_is_said_at_a_press_has_room(word: str) -> None:
    assert len(word) <= 200


async def test_in_a_channel_the_city_stands_behind_the_command(playground: Playground, ann: Person) -> None:
    channel = await playground.channel("News", ann)
    hours = await ann.at(channel).ask("/subscribe", "At what time")
    zones = await pressed(ann.at(channel), hours, "07:00")

    press = await ann.at(channel).press(zones, "Another city …")

    assert await press.answer() == (IN_A_CHANNEL, True, None)


async def test_a_channels_other_posts_are_left_alone(playground: Playground, ann: Person) -> None:
    channel = await playground.channel("News", ann)

    said = await ann.at(channel).say("When was Ada Merrow born?")
    answered = await ann.at(channel).ask("/unsubscribe", re.escape(NONE_YET))

    assert answered.id == said.id + 2
