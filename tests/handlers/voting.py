"""Answers to questions that are asked as polls."""

from bot.playground import Message, Person


async def answer(asked: Message, person: Person, is_right: bool = True, **how: bool) -> None:
    """Choose the right option or a wrong one, as the poll itself tells."""
    right = (await person.playground.poll(asked))["correct_option_ids"][0]
    await person.vote(asked, right if is_right else (right + 1) % len(asked.options), **how)
