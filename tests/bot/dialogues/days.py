"""Pages of days, the daily post and its settings."""

import datetime as dt

from tests.bot.dialogues.speaking import A_PAGE, Telegram, pressed


async def through_days(telegram: Telegram) -> None:
    """Pages are turned, traced to their sources and shared; a week and a timeline are shown; nonsense is answered."""
    ann = await telegram.user("Ann")
    chat = ann.private()
    for typed in ("/today", "/onthisday tomorrow", "/thisweek", "/onthisday nonsense", "/timeline nonsense"):
        await chat.say(typed)
        await chat.expect("")
    await chat.say("/onthisday 3 March")
    page = await chat.expect("On this day · 3 March")
    share = page["reply_markup"]["inline_keyboard"][1][1]["url"]
    assert "start%3Dday_0303" in share, share
    for _ in range(2):
        await pressed(ann, page, "4 March ▶")
    turned = await chat.expect_edit("4 March")
    await pressed(ann, turned, "◀ 3 March")
    page = await chat.expect_edit("On this day · 3 March")
    await pressed(ann, page, "Source")
    await chat.expect("sentence")
    await pressed(ann, page, "More about Ada Merrow")
    await chat.expect("Ada Merrow")
    await chat.say("/start day_0303")
    await chat.expect("On this day · 3 March")
    await chat.say("/timeline Ada Merrow")
    picture = await chat.expect("Ada Merrow")
    await pressed(ann, picture, "As text")
    await chat.expect("3 March 1931: ")


async def through_settings(telegram: Telegram) -> None:
    """Hour and zone by buttons, a city in words, every setting, the end, and all of it again."""
    ann = await telegram.user("Ann", language_code="uk")
    chat = ann.private()
    await chat.say("/subscribe")
    hours = await chat.expect("At what time")
    await pressed(ann, hours, "09:00")
    zones = await chat.expect_edit("Whose clock")
    await pressed(ann, zones, "Another city …")
    await chat.expect("Which city")
    await chat.say("kathmandoo")
    which = await chat.expect("Which one")
    await pressed(ann, which, "Kathmandu (UTC+5:45)")
    await chat.expect_edit("Done: a post comes here every day at 09:00")
    await chat.say("/settings")
    card = await chat.expect("The daily post")
    for button in ("✓ Sun", "Silent: off", "Daily question: off", "Time: 09:00"):
        press = await ann.press(card, button)
        await press.answer()
        card = await chat.expect_edit("")
    await pressed(ann, card, "‹ Back")
    card = await chat.expect_edit("The daily post")
    await pressed(ann, card, "End the daily post")
    await chat.expect_edit("ends here")
    await chat.say("/subscribe 08:30 Kyiv")
    await chat.expect("Here again")


async def with_rights(telegram: Telegram) -> None:
    """In groups and topics administrators decide, hidden ones too, also when the group has moved."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    group = await telegram.group("Friends", ann, bob, type="group")
    here, there = ann.at(group), bob.at(group)
    await here.say("/subscribe 08:30 Kyiv")
    await here.expect("Done")
    await there.skip()
    await there.say("/unsubscribe")
    await there.expect("Only administrators")
    await here.skip()
    await here.say("/settings")
    card = await here.expect("every day at 08:30")
    press = await bob.press(card, "Silent: off")
    assert (await press.answer())["show_alert"]
    supergroup = await group.migrate()
    await ann.at(supergroup).say("/settings")
    await ann.at(supergroup).expect("every day at 08:30")

    forum = await telegram.group("Forum", ann, bob, topics=True)
    await forum.member(bob, "administrator")
    topic = await forum.topic("Keepers")
    inside = bob.at(forum, topic)
    await inside.say("/subscribe", anonymous=True)
    hours = await inside.expect("At what time")
    await pressed(bob, hours, "07:00")
    zones = await inside.expect_edit("Whose clock")
    await pressed(bob, zones, "Another city …")
    question = await inside.expect("Which city")
    await inside.say("Tokyo", reply_to=question)
    done = await inside.expect("Done")
    assert done["message_thread_id"] == topic


async def through_posts(telegram: Telegram) -> None:
    """A post comes once, also after faults; where it can't come the subscription ends, and is offered again."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    group = await telegram.group("Friends", ann, type="group")
    forum = await telegram.group("Forum", ann, topics=True)
    muted = await telegram.group("Muted", ann, topics=True)
    open_topic, closed = await forum.topic("Open"), await forum.topic("Closed")
    places = [ann.private(), bob.private(), ann.at(group), ann.at(forum, open_topic), ann.at(forum, closed)]
    places.append(ann.at(muted))
    due = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=75)
    for place in places:
        await place.say(f"/subscribe {due:%H:%M} UTC")
        await place.expect("Done")
        await place.skip()
    supergroup = await group.migrate()
    await bob.block()
    await telegram.control("close_topic", chat_id=forum.id, thread_id=closed)
    await muted.member("bot", "restricted", rights={"can_send_messages": False})
    await telegram.fault("500", method="sendMessage", times=1)
    await telegram.fault("flood", method="sendMessage", times=1, retry_after=1)
    for place in (ann.private(), ann.at(supergroup), ann.at(forum, open_topic)):
        page = await place.expect(A_PAGE, timeout=110)
        assert "Source" in page.buttons, page.buttons
        await pressed(ann, page, "Source")
        await place.expect("¹|paragraph", timeout=10)
        await place.expect_silence(2)
    await muted.member("bot", "member")
    await ann.at(muted).expect("the daily post goes on", timeout=10)
    await bob.unblock()
    offer = await bob.private().expect("good to be here again", timeout=10)
    await pressed(bob, offer, "Yes, as it was")
    await bob.private().expect_edit("Here again")
