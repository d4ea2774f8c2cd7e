import re

import pytest

from bot.playground import Playground
from handlers.subscriptions import NONE_YET, ONLY_ADMINISTRATORS

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.group("Friends", ann)
    await ann.at(group).ask("/ask When was Ada Merrow born?", "1862")

    supergroup = await group.upgrade()

    await ann.at(supergroup).ask("/ask and when did she die?", "3 March 1931")


async def test_a_group_that_becomes_a_supergroup_keeps_its_daily_post(playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.group("Friends", ann)
    await ann.at(group).ask("/subscribe 08:30 Kyiv", "Done")

    supergroup = await group.upgrade()

    await ann.at(supergroup).ask("/settings", "every day at 08:30")


async def test_where_the_bot_was_removed_it_offers_to_go_on_when_it_returns(playground: Playground) -> None:
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    group = await playground.supergroup("Friends", ann, bob)
    await ann.at(group).ask("/subscribe 08:30 Kyiv", "Done")

    await group.set_status("bot", "kicked")
    await group.set_status("bot", "member")

    offer = await ann.at(group).expect(r"good to be here again.*every day at 08:30 \(Kyiv")
    await ann.at(group).ask("/settings", re.escape(NONE_YET))
    press = await bob.at(group).press(offer, "Yes, as it was")
    assert await press.answer() == (ONLY_ADMINISTRATORS, True, None)
    press = await ann.at(group).press(offer, "Yes, as it was")
    assert await press.answer() == ("", False, None)
    await ann.at(group).expect("Here again: the post comes every day at 08:30")


async def test_in_each_topic_it_offers_what_was_there(playground: Playground) -> None:
    ann = await playground.user("Ann")
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    topic = await forum.topic("History")
    await ann.at(forum, topic).ask("/subscribe 08:30 Kyiv", "Done")

    await forum.set_status("bot", "left")
    await forum.set_status("bot", "member")

    offer = await ann.at(forum, topic).expect("good to be here again")
    press = await ann.at(forum, topic).press(offer, "Yes, as it was")
    await press.answer()
    await ann.at(forum, topic).ask("/settings", "every day at 08:30")


async def test_where_nobody_wanted_a_post_it_comes_back_silently(playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.supergroup("Friends", ann)
    await ann.at(group).ask("/subscribe 08:30 Kyiv", "Done")
    await ann.at(group).ask("/unsubscribe", "ends here")

    await group.set_status("bot", "left")
    await group.set_status("bot", "member")

    said = await ann.at(group).say("/help")
    answer = await ann.at(group).expect("")
    assert answer.id == said.id + 1


async def test_who_blocked_the_bot_is_offered_to_go_on(playground: Playground) -> None:
    ann = await playground.user("Ann")
    await ann.private.ask("/subscribe 08:30 Kyiv", "Done")

    await ann.block()
    await ann.unblock()

    offer = await ann.private.expect("good to be here again")
    press = await ann.private.press(offer, "Yes, as it was")
    assert await press.answer() == ("", False, None)
    await ann.private.expect("Here again")


async def test_where_it_was_muted_the_post_goes_on_when_it_may_write_again(playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.supergroup("Friends", ann)
    await ann.at(group).ask("/subscribe 08:30 Kyiv", "Done")

    await group.set_status("bot", "restricted", lacking=["can_send_messages"])
    await group.set_status("bot", "member")

    await ann.at(group).expect("the daily post goes on: every day at 08:30")
    await ann.at(group).ask("/settings", "every day at 08:30")


async def test_in_a_channel_too(playground: Playground) -> None:
    ann = await playground.user("Ann")
    channel = await playground.channel("News", ann)
    await ann.at(channel).ask("/subscribe 08:30 Kyiv", "Done")

    await channel.set_status("bot", "administrator", lacking=["can_post_messages"])
    await channel.set_status("bot", "administrator")

    await ann.at(channel).expect("the daily post goes on")
