"""Inline mode: what is typed, offered, chosen, pressed and edited in chats that the bot doesn't see."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from bot.playground import InlineMessage, NotSeenError, Person, Playground, RefusedError
from bot.playground.wire import Json

BUTTONS = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}, {"text": "B", "callback_data": "b"}]]}


def article(result_id: str = "1", **more: object) -> Json:
    """A result that sends its title, in bold."""
    title = f"Title {result_id}"
    content = {"message_text": f"<b>{title}</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": result_id, "title": title, "input_message_content": content, **more}


async def told(playground: Playground, kind: str) -> list[Any]:
    """What updates of this kind bring."""
    return [update[kind] for update in await playground.updates() if kind in update]


async def next_query(playground: Playground) -> Json:
    """The next inline query that the bot has not read yet, once somebody types it."""
    while True:
        for update in (await playground.call("getUpdates", timeout=2))["result"]:
            await playground.call("getUpdates", offset=update["update_id"] + 1)
            if "inline_query" in update:
                return dict(update["inline_query"])


async def answer(playground: Playground, *results: Json, **more: object) -> Json:
    """Answer the newest inline query."""
    query = (await told(playground, "inline_query"))[-1]
    return await playground.call("answerInlineQuery", inline_query_id=query["id"], results=list(results), **more)


async def game(playground: Playground, person: Person, markup: Json | None = BUTTONS) -> InlineMessage:
    """A message that somebody sent through the bot, with buttons unless told otherwise."""
    typed = await person.type_inline(f"quiz {markup is None}")
    offered = article() if markup is None else article(reply_markup=markup)
    await answer(playground, offered, cache_time=0)
    return await (await typed.results()).choose(0)


async def edit(playground: Playground, message: InlineMessage, text: str, **more: object) -> Json:
    return await playground.call("editMessageText", inline_message_id=message.id, text=text, **more)


async def test_what_is_typed_reaches_the_bot_and_what_it_offers_the_person(playground: Playground, ann: Person) -> None:
    typed = await ann.type_inline("who was Kato", chat_type="group")

    answered = await answer(
        playground, article("1", description="One line"), article("2"), next_offset="50", is_personal=True, cache_time=9
    )

    assert answered == {"ok": True, "result": True}
    (query,) = await told(playground, "inline_query")
    assert query == {
        "id": typed.id,
        "from": ann.raw,
        "chat_type": "group",
        "query": "who was Kato",
        "offset": "",
    }
    results = await typed.results()
    assert results.titles == ["Title 1", "Title 2"]
    assert results.descriptions == ["One line", ""]
    assert (results.next_offset, results.button, results.is_cached) == ("50", "", False)
    assert (results.raw["is_personal"], results.raw["cache_time"]) == (True, 9)
    await playground.assert_no_violations()


async def test_an_answer_waits_for_its_query_and_the_person_for_the_answer(playground: Playground, ann: Person) -> None:
    waiting = asyncio.create_task(ann.inline("1941", timeout=30))
    await next_query(playground)

    await answer(playground, article())

    async with asyncio.timeout(10):  # it would wait for 30 s
        assert (await waiting).titles == ["Title 1"]
    with pytest.raises(NotSeenError, match="'1942' was not answered within 0 s"):
        await ann.inline("1942", timeout=0)


@pytest.mark.parametrize(
    ("results", "more", "reason"),
    [
        ([article(str(n)) for n in range(51)], {}, "too many inline query results specified"),
        ([article(), article()], {}, "RESULT_ID_DUPLICATE"),
        ([article("")], {}, "RESULT_ID_INVALID"),
        ([article("é" * 33)], {}, "RESULT_ID_INVALID"),
        ([article() | {"title": " "}], {}, "ARTICLE_TITLE_EMPTY"),
        ([article() | {"type": "photo"}], {}, 'parameter "results.0.type" is wrong'),
        ([article(colour="red")], {}, 'unknown parameter "results.0.colour"'),
        ([article() | {"input_message_content": {"message_text": ""}}], {}, "message text is empty"),
        ([article() | {"input_message_content": {"message_text": "x" * 4097}}], {}, "MESSAGE_TOO_LONG"),
        (
            [article() | {"input_message_content": {"message_text": "<b>", "parse_mode": "HTML"}}],
            {},
            "can't parse entities",
        ),
        (
            [article(reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]})],
            {},
            "BUTTON_DATA_INVALID",
        ),
        (
            [
                article(
                    reply_markup={"inline_keyboard": [[{"text": "x", "web_app": {"url": "https://example.org"}}]]},
                )
            ],
            {},
            "BUTTON_TYPE_INVALID",
        ),
        ([], {"next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
        ([], {"cache_time": -1}, 'parameter "cache_time" is wrong'),
        ([], {"button": {"text": "Ask me"}}, "exactly one of the fields"),
        ([], {"button": {"text": " ", "start_parameter": "x"}}, "SWITCH_PM_TEXT_EMPTY"),
        ([], {"button": {"text": "Ask me", "start_parameter": "x" * 65}}, "START_PARAM_INVALID"),
        ([], {"button": {"text": "Ask me", "start_parameter": ""}}, "START_PARAM_INVALID"),
        ([], {"button": {"text": "Ask me", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ([], {"switch_pm_text": "Ask me"}, 'unknown parameter "switch_pm_text"'),
    ],
)
async def test_an_answer_that_telegram_refuses_is_refused_and_may_be_mended(
    playground: Playground, ann: Person, results: list[Json], more: Json, reason: str
) -> None:
    await ann.type_inline("1941")

    refused = await answer(playground, *results, **more)

    assert refused["description"].startswith(f"Bad Request: {reason}")
    assert len(await playground.violations()) == 1
    assert (await answer(playground, article()))["ok"]


async def test_the_largest_answer_passes(playground: Playground, ann: Person) -> None:
    typed = await ann.type_inline("x" * 256)

    await answer(
        playground,
        *[article(f"{number:064}", reply_markup=BUTTONS) for number in range(50)],
        next_offset="x" * 64,
        button={"text": "Ask me", "start_parameter": "x" * 64},
    )

    assert len((await typed.results()).titles) == 50
    await playground.assert_no_violations()


async def test_a_query_is_answered_once_and_in_time(playground: Playground, ann: Person) -> None:
    await ann.type_inline("first")
    await answer(playground, article())
    again = await answer(playground, article())
    late = await ann.type_inline("second")
    await late.expire()
    too_late = await answer(playground, article())

    for refused in (again, too_late):
        assert (
            refused["description"]
            == "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_what_was_offered_once_is_offered_again_without_asking_the_bot(
    playground: Playground, ann: Person
) -> None:
    bob = await playground.user("Bob")
    await ann.type_inline("1941")
    await answer(playground, article("shared"))
    await ann.type_inline("1942")
    await answer(playground, article("own"), is_personal=True)
    await ann.type_inline("1943")
    await answer(playground, article("fresh"), cache_time=0)

    for person in (ann, bob):
        cached = await person.inline("1941")
        assert (cached.ids, cached.is_cached) == (["shared"], True)
    assert (await ann.inline("1942")).is_cached
    for query, person in (("1942", bob), ("1943", ann), ("1941", ann)):
        await person.type_inline(query, offset="50" if query == "1941" else "")

    assert [query["query"] for query in await told(playground, "inline_query")] == [
        "1941",
        "1942",
        "1943",
        "1942",
        "1943",
        "1941",
    ]


async def test_a_person_scrolls_on_where_more_is_promised(playground: Playground, ann: Person) -> None:
    typed = await ann.type_inline("1941")
    await answer(playground, article("1"), next_offset="1")
    await next_query(playground)
    first = await typed.results()
    scrolling = asyncio.create_task(first.more())
    await next_query(playground)
    await answer(playground, article("2"))

    second = await scrolling

    assert second.ids == ["2"]
    assert (await told(playground, "inline_query"))[1]["offset"] == "1"
    with pytest.raises(RefusedError, match="no more results"):
        await second.more()


async def test_the_button_above_the_results_starts_the_bot(playground: Playground) -> None:
    bob = await playground.user("Bob")
    typed = await bob.type_inline("nothing like it")
    await answer(playground, button={"text": "Ask me in private", "start_parameter": "inline"})
    results = await typed.results()

    said = await results.press_button()

    assert (results.titles, results.button, said.text) == ([], "Ask me in private", "/start inline")
    assert (await told(playground, "message"))[-1]["text"] == "/start inline"
    with pytest.raises(RefusedError, match="no result 0"):
        await results.choose(0)


async def test_a_chosen_result_stands_where_the_bot_sees_nothing_of_it(playground: Playground, ann: Person) -> None:
    before = await playground.updates()
    sent = await game(playground, ann)

    shown = await sent.now()

    assert shown.text == "Title 1"
    assert shown.entities == [{"type": "bold", "offset": 0, "length": 7}]
    assert shown.buttons == ["A", "B"]
    assert shown.raw["via_bot"]["username"] == "footnote_bot"
    assert sent.id
    assert [list(update)[1] for update in (await playground.updates())[len(before) :]] == ["inline_query"]
    refused = await playground.call("sendMessage", chat_id=sent.chat_id, text="x")
    assert refused["description"] == "Bad Request: chat not found"


async def test_a_message_without_buttons_has_no_id(playground: Playground, ann: Person) -> None:
    assert (await game(playground, ann, None)).id is None
    assert (await game(playground, ann, {"inline_keyboard": []})).id is None


async def test_the_bot_is_told_of_choices_only_where_its_owner_wants_it(playground: Playground, ann: Person) -> None:
    await game(playground, ann)
    assert await told(playground, "chosen_inline_result") == []
    await playground.inline_mode(feedback=True)

    sent, plain = await game(playground, ann), await game(playground, ann, None)

    assert await told(playground, "chosen_inline_result") == [
        {"result_id": "1", "from": ann.raw, "query": "quiz False", "inline_message_id": sent.id},
        {"result_id": "1", "from": ann.raw, "query": "quiz True"},
    ]
    assert plain.id is None


async def test_only_the_wanted_kinds_of_updates_come(playground: Playground, ann: Person) -> None:
    await playground.inline_mode(feedback=True)
    await playground.call("getUpdates", allowed_updates=["inline_query"])
    await game(playground, ann)
    await playground.call("getUpdates", allowed_updates=["callback_query"])
    await ann.type_inline("unheard")

    assert len(await told(playground, "inline_query")) == 1
    assert await told(playground, "chosen_inline_result") == []


async def test_a_result_may_go_into_a_chat_that_the_bot_sees(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann)
    typed = await ann.type_inline("quiz", chat_type="supergroup")
    await answer(playground, article(reply_markup=BUTTONS))

    sent = await (await typed.results()).choose("1", into=group)

    message = (await told(playground, "message"))[-1]
    assert message["via_bot"]["username"] == "footnote_bot"
    assert (message["chat"]["id"], message["message_id"]) == (group.id, sent.message_id)
    assert [shown.text for shown in await group.transcript()][-1] == "Title 1"
    edited = await playground.call("editMessageText", chat_id=group.id, message_id=sent.message_id, text="x")
    assert edited["description"] == "Bad Request: message can't be edited"
    eve = await playground.user("Eve")
    with pytest.raises(RefusedError, match="Eve is not in the chat"):
        await eve.press(sent, "A")
    await eve.type_inline("quiz")
    with pytest.raises(RefusedError, match="Eve is not in the chat"):
        await (await eve.inline("quiz")).choose(0, into=group)


async def test_what_is_typed_in_the_bots_own_chat_goes_there(playground: Playground, ann: Person) -> None:
    typed = await ann.type_inline("quiz", chat_type="sender")
    await answer(playground, article())

    sent = await (await typed.results()).choose()

    assert sent.chat_id == ann.id
    assert (await told(playground, "message"))[-1]["via_bot"]
    assert (await ann.private.transcript())[-1].text == "Title 1"


async def test_anybody_presses_the_buttons_of_an_inline_message(playground: Playground, ann: Person) -> None:
    eve = await playground.user("Eve")
    sent = await game(playground, ann)

    presses = [await ann.press(sent, "A"), await eve.press(sent, data="b")]
    for press in presses:
        await playground.call("answerCallbackQuery", callback_query_id=press.id, text="Noted", show_alert=True)

    first, second = await told(playground, "callback_query")
    assert first == {
        "id": presses[0].id,
        "from": ann.raw,
        "inline_message_id": sent.id,
        "chat_instance": second["chat_instance"],
        "data": "a",
    }
    assert (second["from"]["id"], second["data"]) == (eve.id, "b")
    assert await presses[1].answer() == ("Noted", True, None)
    with pytest.raises(RefusedError, match="no button 'C' among"):
        await eve.press(sent, "C")
    await playground.assert_no_violations()


async def test_an_inline_message_changes_before_everybodys_eyes(playground: Playground, ann: Person) -> None:
    sent = await game(playground, ann)

    answers = [
        await edit(playground, sent, "<i>One</i> has answered", parse_mode="HTML", reply_markup=BUTTONS),
        await playground.call("editMessageReplyMarkup", inline_message_id=sent.id),
        await edit(playground, sent, "Over"),
    ]

    assert answers == [{"ok": True, "result": True}] * 3
    seen = await sent.expect("has answered")
    assert (seen.text, seen.edited, seen.buttons) == ("One has answered", True, ["A", "B"])
    assert (await sent.expect("Over")).buttons == []
    versions = await sent.versions()
    assert [(version.text, version.buttons) for version in versions] == [
        ("Title 1", ["A", "B"]),
        ("One has answered", ["A", "B"]),
        ("One has answered", []),
        ("Over", []),
    ]
    assert all(earlier.at <= later.at for earlier, later in pairwise(versions))
    with pytest.raises(NotSeenError, match="nothing like 'again'"):
        await sent.expect("again", timeout=0)


async def test_an_edit_that_telegram_refuses_is_refused(playground: Playground, ann: Person) -> None:
    sent = await game(playground, ann)

    refusals = [
        await edit(
            playground, sent, "Title 1", entities=[{"type": "bold", "offset": 0, "length": 7}], reply_markup=BUTTONS
        ),
        await edit(playground, sent, ""),
        await playground.call("editMessageText", inline_message_id="unknown", text="x"),
        await playground.call("editMessageReplyMarkup", inline_message_id="unknown"),
        await edit(playground, sent, "x", chat_id=ann.id),
    ]

    for refused, reason in zip(
        refusals,
        [
            "message is not modified",
            "message text is empty",
            "MESSAGE_ID_INVALID",
            "MESSAGE_ID_INVALID",
            "inline_message_id can't be combined with chat_id",
        ],
        strict=True,
    ):
        assert refused["description"].startswith(f"Bad Request: {reason}")
    assert len(await sent.versions()) == 1


async def test_each_inline_message_is_held_to_a_groups_limit(playground: Playground, ann: Person) -> None:
    one, two = await game(playground, ann), await game(playground, ann)
    await playground.enforce_limits()

    answers = [await edit(playground, one, f"{number}") for number in range(21)]

    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert 50 < answers[20]["parameters"]["retry_after"] <= 60
    assert (await edit(playground, two, "x"))["ok"]


async def test_many_who_press_at_once_are_all_told_to_the_bot(playground: Playground, ann: Person) -> None:
    players = [await playground.user(f"Player {number}") for number in range(30)]
    sent = await game(playground, ann)

    presses = await asyncio.gather(*(player.press(sent, "A") for player in players))

    queries = await told(playground, "callback_query")
    assert {query["id"] for query in queries} == {press.id for press in presses}
    assert {query["from"]["id"] for query in queries} == {player.id for player in players}


async def test_without_inline_mode_nobody_types_anything(playground: Playground, ann: Person) -> None:
    assert (await playground.call("getMe"))["result"]["supports_inline_queries"]

    await playground.inline_mode(False)

    assert not (await playground.call("getMe"))["result"]["supports_inline_queries"]
    with pytest.raises(RefusedError, match="the bot has no inline mode"):
        await ann.type_inline("1941")


async def test_what_nobody_could_type_or_choose_is_refused_with_a_reason(playground: Playground, ann: Person) -> None:
    typed = await ann.type_inline("1941")
    await answer(playground, article())
    results = await typed.results()

    with pytest.raises(RefusedError, match="at most 256 characters"):
        await ann.type_inline("x" * 257)
    with pytest.raises(RefusedError, match="there is no result '2' to choose"):
        await results.choose("2")
    with pytest.raises(RefusedError, match="no button that starts the bot"):
        await results.press_button()
    with pytest.raises(RefusedError, match="nobody typed the inline query 7"):
        await playground.post("inline-queries/7/expire", {})
