"""Formatted text: from Telegram's HTML to plain text with entities, and the entities that Telegram finds by itself.

Offsets and lengths count UTF-16 code units, as the Bot API does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from bot.playground.errors import ApiError, bad_request
from bot.playground.wire import Json

KIND_OF_TAG: Mapping[str, str] = {
    "a": "text_link",
    "b": "bold",
    "blockquote": "blockquote",
    "code": "code",
    "del": "strikethrough",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "pre": "pre",
    "s": "strikethrough",
    "span": "spoiler",
    "strike": "strikethrough",
    "strong": "bold",
    "tg-emoji": "custom_emoji",
    "tg-spoiler": "spoiler",
    "u": "underline",
}
MONOSPACE = frozenset({"code", "pre"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})

_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?""")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MENTIONING_LINK = re.compile(r"tg://user\?id=([0-9]+)")
_LINK = re.compile(r"(?:(?:https?|tg)://)?[^\s/.]+\.?[^\s]*", re.IGNORECASE)
_CODE_LANGUAGE = re.compile(r"language-(\S+)")
_AUTOMATIC = re.compile(
    r"""(?P<url>\bhttps?://[^\s<>"]*[^\s<>".,;:!?)\]])
    | (?P<email>\b[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b)
    | (?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/@])
    | (?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})(?!\w)
    | (?<![\w#])(?P<hashtag>\#\w*[^\W\d]\w*)""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Plain text and its entities, sorted by where they begin, the longer first."""

    text: str
    entities: tuple[Json, ...] = ()


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of the text that an entity covers. Half a surrogate pair is a ValueError."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def parse_html(source: str) -> FormattedText:
    """Read `parse_mode=HTML`; raises the ApiError that Telegram would answer to broken markup."""
    return _HtmlReader(source).read()


def trimmed(formatted: FormattedText) -> FormattedText:
    """Without the white space around it, as Telegram stores a text; entities left empty vanish."""
    text = formatted.text.rstrip()
    length = utf16_length(text)
    first = min((entity["offset"] for entity in formatted.entities), default=length)
    leading = min(utf16_length(text) - utf16_length(text.lstrip()), first)
    moved = []
    for entity in formatted.entities:
        end = min(entity["offset"] + entity["length"], length)
        if end > entity["offset"]:
            moved.append({**entity, "offset": entity["offset"] - leading, "length": end - entity["offset"]})
    return FormattedText(text[leading:], tuple(moved))


def with_automatic(formatted: FormattedText) -> FormattedText:
    """With the commands, mentions, hashtags, links and addresses that Telegram marks by itself."""
    closed = [e for e in formatted.entities if e["type"] in MONOSPACE | {"text_link", "text_mention"}]
    found = [e for e in _automatic(formatted.text) if not any(_overlap(e, other) for other in closed)]
    return FormattedText(formatted.text, _sorted((*formatted.entities, *found)))


def _automatic(text: str) -> Iterable[Json]:
    for match in _AUTOMATIC.finditer(text):
        yield {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }


def _overlap(one: Json, other: Json) -> bool:
    starts_before_end = one["offset"] < other["offset"] + other["length"]
    return bool(starts_before_end and other["offset"] < one["offset"] + one["length"])


def _sorted(entities: Iterable[Json]) -> tuple[Json, ...]:
    return tuple(sorted(entities, key=lambda e: (e["offset"], -e["length"])))


def _cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _decoded(text: str) -> str:
    return _REFERENCE.sub(lambda match: unescape(match.group()), text)


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    attributes: Mapping[str, str]
    offset: int


@dataclass(slots=True)
class _HtmlReader:
    source: str
    position: int = 0
    text: str = ""
    offset: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def read(self) -> FormattedText:
        while self.position < len(self.source):
            if self.source.startswith("</", self.position):
                self._read_end_tag()
            elif self.source[self.position] == "<":
                self._read_start_tag()
            else:
                self._read_text()
        if self.open_tags:
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return FormattedText(self.text, _sorted(_without_styled_code(_joined_code_blocks(self.entities))))

    def _read_text(self) -> None:
        end = self.source.find("<", self.position)
        end = len(self.source) if end < 0 else end
        piece = _decoded(self.source[self.position : end])
        self.text += piece
        self.offset += utf16_length(piece)
        self.position = end

    def _read_start_tag(self) -> None:
        place = self._place()
        name_match = _TAG_NAME.match(self.source, self.position + 1)
        name = name_match.group().lower() if name_match else ""
        self.position += 1 + len(name)
        if self.position == len(self.source):
            raise _cannot_parse(f"Unclosed start tag {place}")
        if name not in KIND_OF_TAG:
            raise _cannot_parse(f'Unsupported start tag "{name}" {place}')
        attributes = self._read_attributes(name, place)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" {place}')
        if name == "tg-emoji" and not attributes.get("emoji-id", "").isdecimal():
            raise _cannot_parse("Invalid custom emoji identifier specified")
        self.open_tags.append(_OpenTag(name, attributes, self.offset))

    def _read_attributes(self, name: str, place: str) -> Mapping[str, str]:
        attributes: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self.source, self.position):
            value = match[2] or ""
            quoted = value[:1] in ("'", '"')
            attributes[match[1].lower()] = _decoded(value[1:-1] if quoted else value)
            self.position = match.end()
        end = self.source.find(">", self.position)
        if end < 0 or self.source[self.position : end].strip():
            raise _cannot_parse(f'Unclosed start tag "{name}" {place}')
        self.position = end + 1
        return attributes

    def _read_end_tag(self) -> None:
        place = self._place()
        if not self.open_tags:
            raise _cannot_parse(f"Unexpected end tag {place}")
        end = self.source.find(">", self.position)
        if end < 0:
            raise _cannot_parse(f"Unclosed end tag {place}")
        name = self.source[self.position + 2 : end].strip().lower()
        tag = self.open_tags.pop()
        if name != tag.name:
            raise _cannot_parse(f'Unmatched end tag {place}, expected "</{tag.name}>", found "</{name}>"')
        self.position = end + 1
        if self.offset > tag.offset and (entity := self._entity(tag)):
            self.entities.append({**entity, "offset": tag.offset, "length": self.offset - tag.offset})

    def _entity(self, tag: _OpenTag) -> Json | None:
        covered = utf16_slice(self.text, tag.offset, self.offset - tag.offset)
        match tag.name:
            case "a":
                return _link_entity(tag.attributes.get("href") or covered)
            case "blockquote" if "expandable" in tag.attributes:
                return {"type": "expandable_blockquote"}
            case "code" if language := _CODE_LANGUAGE.fullmatch(tag.attributes.get("class", "")):
                return {"type": "code", "language": language[1]}
            case "tg-emoji":
                return {"type": "custom_emoji", "custom_emoji_id": tag.attributes["emoji-id"]}
            case name:
                return {"type": KIND_OF_TAG[name]}

    def _place(self) -> str:
        return f"at byte offset {len(self.source[: self.position].encode())}"


def _link_entity(target: str) -> Json | None:
    """Telegram keeps the words of a link that leads nowhere and drops the link."""
    target = target.strip()
    if mention := _MENTIONING_LINK.fullmatch(target):
        return {"type": "text_mention", "user": {"id": int(mention[1])}}
    if not _LINK.fullmatch(target) or ("://" not in target and "." not in target):
        return None
    return {"type": "text_link", "url": target if "://" in target else f"http://{target}"}


def _joined_code_blocks(entities: Iterable[Json]) -> list[Json]:
    """`<pre><code class="language-x">` is one block that knows its language; a lone `code` knows none."""
    entities = list(entities)
    blocks = {(e["offset"], e["length"]): e for e in entities if e["type"] == "pre"}
    kept = []
    for entity in entities:
        language = entity.pop("language", None) if entity["type"] == "code" else None
        block = blocks.get((entity["offset"], entity["length"])) if entity["type"] == "code" else None
        if block is None:
            kept.append(entity)
        elif language:
            block["language"] = language
    return kept


def _without_styled_code(entities: Iterable[Json]) -> list[Json]:
    """Nothing but a quotation may hold code: other entities are cut around it."""
    entities = list(entities)
    code = [e for e in entities if e["type"] in MONOSPACE]
    kept: list[Json] = []
    for entity in entities:
        pieces = [entity]
        if entity["type"] not in MONOSPACE | QUOTES:
            for block in code:
                pieces = [rest for piece in pieces for rest in _cut(piece, block)]
        kept += pieces
    return kept


def _cut(entity: Json, block: Json) -> Iterable[Json]:
    if not _overlap(entity, block):
        yield entity
        return
    start, end = entity["offset"], entity["offset"] + entity["length"]
    block_start, block_end = block["offset"], block["offset"] + block["length"]
    if start < block_start:
        yield {**entity, "length": block_start - start}
    if block_end < end:
        yield {**entity, "offset": block_end, "length": end - block_end}
