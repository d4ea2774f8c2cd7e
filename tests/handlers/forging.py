"""Messages with buttons that the bot's program never made."""

from bot.playground import Message, Person, Playground


async def with_button(playground: Playground, person: Person, data: str) -> Message:
    """A message of the bot's with a button that carries this."""
    keyboard = {"inline_keyboard": [[{"text": "Press me", "callback_data": data}]]}
    await person.private.ask("/help", "How to ask")
    sent = await playground.call("sendMessage", chat_id=person.id, text="Look", reply_markup=keyboard)
    return Message(sent["result"])
