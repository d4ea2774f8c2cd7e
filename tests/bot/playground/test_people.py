"""What people do, and what of it the bot is told."""

import pytest

from bot.playground import NotSeenError, Person, Playground, RefusedError
from bot.playground.wire import Json


async def new_updates(playground: Playground) -> list[Json]:
    """What the bot has not seen yet, confirmed with this call's successor."""
    result = (await playground.call("getUpdates"))["result"]
    if result:
        await playground.call("getUpdates", offset=result[-1]["update_id"] + 1)
    return list(result)


async def test_a_message_reaches_the_bot_as_telegram_tells_it(playground: Playground) -> None:
    person = await playground.user("Ann", username="ann", last_name="Lee", language_code="de")
    said = await person.private.say(" /start now ")

    (update,) = await new_updates(playground)

    assert update["message"] == said.raw
    assert said.raw["from"] == {
        "id": person.id,
        "is_bot": False,
        "first_name": "Ann",
        "last_name": "Lee",
        "username": "ann",
        "language_code": "de",
    }
    assert said.raw["chat"] == {
        "id": person.id,
        "type": "private",
        "first_name": "Ann",
        "last_name": "Lee",
        "username": "ann",
    }
    assert (said.id, said.text) == (1, "/start now")
    assert said.entities == [{"type": "bot_command", "offset": 0, "length": 6}]


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("good morning", False),
        ("/help", True),
        ("/help@footnote_bot", True),
        ("/help@Footnote_Bot", True),
        ("/help@other_bot", False),
        ("so /help me", False),
        ("ask @footnote_bot about it", True),
        ("ask @footnote_bots about it", False),
    ],
)
async def test_of_a_groups_talk_the_bot_sees_only_what_is_meant_for_it(
    playground: Playground, ann: Person, text: str, reaches: bool
) -> None:
    group = await playground.group("Friends", ann)
    await new_updates(playground)

    await ann.at(group).say(text)

    assert len(await new_updates(playground)) == reaches


async def test_replies_to_the_bot_reach_it_and_replies_to_others_do_not(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann)
    mine = await ann.at(group).say("hello")
    await playground.call("sendMessage", chat_id=group.id, text="Ask me")
    asked = await ann.at(group).expect("Ask me")
    await new_updates(playground)

    await ann.at(group).say("to myself", reply_to=mine)
    await ann.at(group).say("to you", reply_to=asked)

    (update,) = await new_updates(playground)
    assert update["message"]["text"] == "to you"
    assert update["message"]["reply_to_message"]["message_id"] == asked.id
    assert update["message"]["message_thread_id"] == asked.id
    assert "is_topic_message" not in update["message"]


@pytest.mark.parametrize("way", ["privacy off", "administrator"])
async def test_a_bot_with_privacy_mode_off_or_in_charge_sees_everything(
    playground: Playground, ann: Person, way: str
) -> None:
    group = await playground.group("Friends", ann, bot="administrator" if way == "administrator" else "member")
    if way == "privacy off":
        await playground.read_all_messages()
    await new_updates(playground)

    await ann.at(group).say("good morning")

    assert len(await new_updates(playground)) == 1


async def test_topics_keep_their_messages_apart(playground: Playground, ann: Person) -> None:
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    news, talk = await forum.topic("News"), await forum.topic("Talk")
    await ann.at(forum, news).say("/help")
    for thread_id in (news, talk):
        await playground.call("sendMessage", chat_id=forum.id, message_thread_id=thread_id, text=f"In {thread_id}")

    seen = await ann.at(forum, talk).expect("In")
    refused = await playground.call("sendMessage", chat_id=forum.id, message_thread_id=1, text="x")

    assert (seen.text, seen.thread_id) == (f"In {talk}", talk)
    assert seen.raw["is_topic_message"]
    assert seen.raw["reply_to_message"]["forum_topic_created"]["name"] == "Talk"
    assert refused["description"] == "Bad Request: message thread not found"


async def test_adding_promoting_and_removing_the_bot_are_told_to_it(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann, bot=None)
    await new_updates(playground)

    await group.set_status("bot", "member")
    await group.set_status("bot", "administrator")
    await group.set_status("bot", "kicked")

    updates = await new_updates(playground)
    changes = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for update in updates
        if (change := update.get("my_chat_member"))
    ]
    assert changes == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    assert [list(u["message"])[-1] for u in updates if "message" in u] == ["new_chat_members"]


async def test_the_comings_and_goings_of_others_are_service_messages(playground: Playground, ann: Person) -> None:
    group = await playground.group("Friends", ann)
    bob = await playground.user("Bob")
    await new_updates(playground)

    await group.set_status(bob, "member")
    await bob.at(group).say("/help")
    await group.set_status(bob, "left", by=bob)

    joined, asked, left = [update["message"] for update in await new_updates(playground)]
    assert joined["new_chat_members"][0]["id"] == bob.id
    assert asked["from"]["id"] == bob.id
    assert left["left_chat_member"]["id"] == bob.id
    with pytest.raises(RefusedError, match="Bob is not in the chat"):
        await bob.at(group).say("/help")
    with pytest.raises(RefusedError, match="not in charge"):
        await group.set_status(ann, "left", by=bob)


async def test_blocking_and_unblocking_are_told_to_the_bot(playground: Playground, ann: Person) -> None:
    await new_updates(playground)

    await ann.block()
    refused = await playground.call("sendMessage", chat_id=ann.id, text="x")
    await ann.unblock()

    statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in await new_updates(playground)]
    assert statuses == ["kicked", "member"]
    assert refused["error_code"] == 403
    assert (await playground.call("sendMessage", chat_id=ann.id, text="x"))["ok"]
    await playground.assert_no_violations()


async def test_an_upgraded_group_goes_on_under_its_new_id(playground: Playground, ann: Person) -> None:
    group = await playground.group("Friends", ann)
    upgraded = await group.upgrade()

    refused = await playground.call("sendMessage", chat_id=group.id, text="x")

    assert refused["parameters"] == {"migrate_to_chat_id": upgraded.id}
    with pytest.raises(RefusedError, match="the group has moved"):
        await ann.at(group).say("/help")
    assert await ann.at(upgraded).say("/help")


async def test_a_press_reaches_the_bot_and_its_answer_the_person(playground: Playground, ann: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}
    await playground.call("sendMessage", chat_id=ann.id, text="Sure?", reply_markup=markup)
    asked = await ann.private.expect("Sure")
    await new_updates(playground)

    press = await ann.private.press(asked, "No")
    (update,) = await new_updates(playground)
    await playground.call("answerCallbackQuery", callback_query_id=press.id, text="Pity", show_alert=True)

    assert asked.buttons == ["Yes", "No"]
    assert update["callback_query"]["id"] == press.id
    assert update["callback_query"]["data"] == "n"
    assert update["callback_query"]["message"] == asked.raw
    assert await press.answer() == ("Pity", True, None)


async def test_what_nobody_could_do_is_refused_with_a_reason(playground: Playground, ann: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Read", "url": "https://example.org"}]]}
    await playground.call("sendMessage", chat_id=ann.id, text="Source", reply_markup=markup)
    source = await ann.private.expect("Source")

    with pytest.raises(RefusedError, match="no button 'Write' among"):
        await ann.private.press(source, "Write")
    with pytest.raises(RefusedError, match="asks the bot nothing"):
        await ann.private.press(source, "Read")
    with pytest.raises(RefusedError, match="1 to 4096 characters"):
        await ann.private.say(" ")
    await ann.block()
    with pytest.raises(RefusedError, match="Ann has blocked the bot"):
        await ann.private.say("hello")


@pytest.mark.parametrize(
    ("method", "path", "form", "reason"),
    [
        ("post", "users", {"first_name": "Ann", "id": "ANN"}, "there is a user 5100000001 already"),
        ("post", "chats", {"type": "private", "title": "x", "members": ["ANN"]}, "a private chat comes with its user"),
        ("post", "chats", {"type": "group", "title": "x", "members": ["ANN"], "is_forum": True}, "only a supergroup"),
        ("post", "chats", {"type": "group", "title": "x", "members": [4200000042]}, "the bot is not a person"),
        ("post", "chats", {"type": "group", "title": "x", "members": [7]}, "there is no user 7"),
        ("post", "chats/7/messages", {"user_id": "ANN", "text": "x"}, "there is no chat 7"),
        (
            "post",
            "chats/ANN/messages",
            {"user_id": "ANN", "text": "x", "reply_to": 9},
            "there is no message 9 to reply",
        ),
        ("post", "chats/ANN/messages", {"user_id": "ANN", "text": "x", "message_thread_id": 9}, "there is no topic 9"),
        ("post", "chats/ANN/presses", {"user_id": "ANN", "message_id": 9, "text": "x"}, "there is no message 9"),
        ("post", "chats/ANN/topics", {"user_id": "ANN", "name": "x"}, "the chat has no topics"),
        ("post", "chats/ANN/upgrade", {}, "only a group can be upgraded"),
        ("post", "users/ANN/unblock", {}, "Footnote is member already"),
        ("put", "chats/ANN/members/ANN", {"status": "left"}, "nobody joins or leaves a private chat"),
        ("post", "presses/7/expire", {}, "nobody pressed a button as 7"),
        ("post", "updates/redeliver", {"update_id": 7}, "there is no such update"),
    ],
)
async def test_what_makes_no_sense_among_people_is_refused_with_a_reason(
    playground: Playground, ann: Person, method: str, path: str, form: Json, reason: str
) -> None:
    def named(value: object) -> object:
        if isinstance(value, list):
            return [named(item) for item in value]
        return ann.id if value == "ANN" else value

    act = playground.put if method == "put" else playground.post
    with pytest.raises(RefusedError, match=reason):
        await act(path.replace("ANN", str(ann.id)), {name: named(value) for name, value in form.items()})


async def test_expecting_reads_on_from_the_last_match(playground: Playground, ann: Person) -> None:
    for text in ("one", "two", "three"):
        await playground.call("sendMessage", chat_id=ann.id, text=text)

    assert (await ann.private.expect("^t")).text == "two"
    assert (await ann.private.expect("^t")).text == "three"
    with pytest.raises(NotSeenError, match=r"nothing like '\^t' within 0 s\n(.*\n)*Footnote: three"):
        await ann.private.expect("^t", timeout=0)


async def test_an_edit_is_expected_like_a_message(playground: Playground, ann: Person) -> None:
    sent = await playground.call("sendMessage", chat_id=ann.id, text="one")
    await playground.call("editMessageText", chat_id=ann.id, message_id=sent["result"]["message_id"], text="<two>")

    edit = await ann.private.expect("two")

    assert edit.edited
    assert edit.raw["edit_date"]
    assert [message.text for message in await ann.private.transcript()] == ["/start", "<two>"]


async def test_a_press_that_nobody_answers_is_not_seen(playground: Playground, ann: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await playground.call("sendMessage", chat_id=ann.id, text="Sure?", reply_markup=markup)
    press = await ann.private.press(await ann.private.expect("Sure"), data="y")
    await press.expire()

    too_late = await playground.call("answerCallbackQuery", callback_query_id=press.id)

    assert "query is too old" in too_late["description"]
    with pytest.raises(NotSeenError):
        await press.answer(timeout=0)


async def test_deleted_messages_leave_the_transcript(playground: Playground, ann: Person) -> None:
    sent = await playground.call("sendMessage", chat_id=ann.id, text="oops")
    await playground.call("deleteMessage", chat_id=ann.id, message_id=sent["result"]["message_id"])

    assert [message.text for message in await ann.private.transcript()] == ["/start"]
    events = await playground.get("events", {"chat_id": ann.id})
    assert [event["kind"] for event in events] == ["message", "message", "delete"]


async def test_a_channel_speaks_in_its_own_name(playground: Playground, ann: Person) -> None:
    channel = await playground.channel("News", ann)
    await new_updates(playground)

    said = await ann.at(channel).say("/today")
    sent = await playground.call("sendMessage", chat_id=channel.id, text="It was a Tuesday")

    (update,) = await new_updates(playground)
    assert update["channel_post"] == said.raw
    assert said.raw["sender_chat"] == sent["result"]["sender_chat"] == said.raw["chat"]
    assert "from" not in said.raw
    assert said.raw["chat"] == {"id": channel.id, "type": "channel", "title": "News"}


async def test_in_a_channel_only_administrators_write(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    channel = await playground.channel("News", ann, bob)

    with pytest.raises(RefusedError, match="not in charge"):
        await bob.at(channel).say("hello")


async def test_without_the_right_to_post_the_bot_writes_nothing_in_a_channel(
    playground: Playground, ann: Person
) -> None:
    channel = await playground.channel("News", ann)
    await new_updates(playground)

    await channel.set_status("bot", "administrator", lacking=["can_post_messages"])

    (update,) = await new_updates(playground)
    assert update["my_chat_member"]["old_chat_member"]["can_post_messages"] is True
    assert update["my_chat_member"]["new_chat_member"]["can_post_messages"] is False
    answer = await playground.call("sendMessage", chat_id=channel.id, text="Look")
    assert answer["description"] == "Bad Request: need administrator rights in the channel chat"
    await playground.assert_no_violations()


async def test_an_administrator_can_hide_behind_the_group(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann)
    await new_updates(playground)

    said = await ann.at(group).say("/today", anonymous=True)

    (update,) = await new_updates(playground)
    assert update["message"]["from"]["username"] == "GroupAnonymousBot"
    assert update["message"]["sender_chat"] == update["message"]["chat"]
    assert said.sender == "Friends"
    member = await playground.call("getChatMember", chat_id=group.id, user_id=ann.id)
    assert member["result"]["is_anonymous"] is True


async def test_others_cannot_hide(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.supergroup("Friends", ann, bob)

    with pytest.raises(RefusedError, match="not in charge"):
        await bob.at(group).say("/today", anonymous=True)


async def test_a_muted_bot_is_told_so_and_writes_nothing(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann)
    await new_updates(playground)

    await group.set_status("bot", "restricted", lacking=["can_send_messages"])

    (update,) = await new_updates(playground)
    told = update["my_chat_member"]["new_chat_member"]
    assert (told["status"], told["can_send_messages"], told["can_send_photos"]) == ("restricted", False, True)
    answer = await playground.call("sendMessage", chat_id=group.id, text="Look")
    assert answer["description"] == "Bad Request: not enough rights to send text messages to the chat"
    await playground.assert_no_violations()


async def test_in_a_closed_topic_only_administrators_write(playground: Playground, ann: Person) -> None:
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    topic = await forum.topic("News")

    await forum.close_topic(topic)

    answer = await playground.call("sendMessage", chat_id=forum.id, message_thread_id=topic, text="Look")
    assert answer["description"] == "Bad Request: TOPIC_CLOSED"
    await forum.set_status("bot", "administrator")
    assert (await playground.call("sendMessage", chat_id=forum.id, message_thread_id=topic, text="Look"))["ok"]
    await playground.assert_no_violations()


async def test_a_link_to_the_bot_starts_it_with_its_parameter(playground: Playground) -> None:
    bob = await playground.user("Bob")

    said = await bob.follow("https://t.me/footnote_bot?start=day_0305")

    assert said.text == "/start day_0305"
    with pytest.raises(RefusedError, match="does not start the bot"):
        await bob.follow("https://t.me/footnote_bot?start=day 0305")
