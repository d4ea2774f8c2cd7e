"""What is typed after the bot's name in any chat: facts, and a game."""

import asyncio
import signal
from typing import Any

from tests.bot.dialogues.speaking import Someone, Telegram
from tests.bot.processes import BotProcess


async def facts_and_a_game(telegram: Telegram, bot: BotProcess) -> None:
    """Facts are listed and sent; a game is played, killed into, and played again, within the limits of edits."""
    ann, bob = await telegram.user("Ann"), await telegram.user("Bob")
    await telegram.control("limits", enabled=True)
    facts = await ann.inline("zhukov")
    assert len(facts) == int(facts.answer["next_offset"]) == 25, facts.answer
    sent = await facts.choose(0)
    assert "¹" in sent.text, sent.text
    for typed in ("", "1941", "x" * 256, "quiz 10 hard 1941"):
        assert await ann.inline(typed) or typed.startswith("x"), typed
    assert (await bob.inline("zhukov")).cached
    game = await (await ann.inline("quiz 1")).choose(0)

    async def press(who: Someone, button: str) -> dict[str, Any]:
        shown = await telegram.control("inline_message", id=game["inline_message_id"])
        pressed = await who.press(
            shown.get("message", shown) | {"inline_message_id": game["inline_message_id"]}, button
        )
        return dict(await pressed.answer(timeout=15))

    async def shows(pattern: str) -> None:
        told = {"inline_message_id": game["inline_message_id"], "regex": pattern, "timeout": 10}
        assert await telegram.control("wait_for", **told), pattern

    assert await press(ann, "Begin") == {}
    await shows("Question 1 of 1")
    first, second = await asyncio.gather(press(ann, "A"), press(bob, "A"))
    assert first["show_alert"], first
    assert first["text"] == second["text"], (first, second)
    await asyncio.to_thread(bot.stop, signal.SIGKILL)
    await asyncio.to_thread(bot.start)
    assert "already" in (await press(bob, "B"))["text"]
    await shows("2 players have answered")
    assert (await press(bob, "Reveal"))["show_alert"]
    assert await press(ann, "Reveal") == {}
    await shows("of 2 got it right")
    assert await press(ann, "Scores") == {}
    await shows("The scores")
    counted = await telegram.control("limits", enabled=False)
    assert counted["refused"] == 0, counted
