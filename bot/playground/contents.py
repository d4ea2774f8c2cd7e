"""What stands in a message: marked-up text as the bot sends it, made into what Telegram tells of it."""

from __future__ import annotations

from bot.playground.entities import FormattedText, parse_html, trimmed, utf16_length, utf16_slice, with_automatic
from bot.playground.errors import bad_request
from bot.playground.keyboards import Strict
from bot.playground.parameters import Formatted
from bot.playground.wire import Json
from bot.playground.world import World

LONGEST_TEXT = 4096


def text_content(world: World, given: Formatted, *, too_long: str) -> Json:
    """A text message's own fields; raises the ApiError that answers an empty, too long or broken text."""
    formatted = with_automatic(trimmed(read(given)))
    if not formatted.text:
        raise bad_request("message text is empty")
    if len(formatted.text) > LONGEST_TEXT:
        raise bad_request(too_long)
    content: Json = {"text": formatted.text}
    if entities := told_entities(world, formatted):
        content["entities"] = entities
    if preview := as_json(given.link_preview_options):
        content["link_preview_options"] = preview
    return content


def read(given: Formatted) -> FormattedText:
    """The text with its entities, whichever way they were given."""
    if given.parse_mode:
        if given.parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        return parse_html(given.text)
    entities = [entity.model_dump(exclude_none=True) for entity in given.entities or ()]
    for entity in entities:
        if entity["offset"] + entity["length"] > utf16_length(given.text):
            raise bad_request("ENTITY_BOUNDS_INVALID")
        try:
            utf16_slice(given.text, entity["offset"], entity["length"])
        except ValueError:
            raise bad_request("entity begins or ends in a middle of a UTF-16 symbol") from None
    return FormattedText(given.text, tuple(entities))


def told_entities(world: World, formatted: FormattedText) -> list[Json]:
    """The entities as a message tells them. A mention by id names its user; one of a stranger stays plain text."""
    return [entity for entity in (_with_user(world, e) for e in formatted.entities) if entity]


def as_json(model: Strict | None) -> Json | None:
    return None if model is None else model.model_dump(exclude_none=True)


def _with_user(world: World, entity: Json) -> Json | None:
    if entity["type"] != "text_mention":
        return entity
    user = world.users.get(entity["user"]["id"])
    return {**entity, "user": user.json()} if user else None
