"""YAML as people mean it: every scalar is text, a key stands once, and each value knows its line.

YAML's own typing turns `no` into False, `1953-03-05` into a date and `010` into eight; here they stay as written.
Anchors, tags, tabs and the like are refused: in a pack they are always a text that wanted quotes. So is an unquoted
question inside `[ ]`, which libyaml reads and the pure-Python parser doesn't; what one of them accepts, both do.

A file is read from the parser's events, in a quarter of the time that composing nodes takes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML without libyaml: the same result, slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
Loc: TypeAlias = tuple[str | int, ...]

DEEPEST = 20  # levels: packs have four, and a stack has an end

_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|^%", re.MULTILINE)
_BLOCKS = ("|", ">")
_GLUED = re.compile(r"[|>][-+\d]*#")  # libyaml takes it for a comment
_WANTS_QUOTES = (
    "inside [ ] and { } a text with ? or : wants quotes; or give each item a line of its own that begins with '- '"
)
_WANTS_SPACE = "not YAML: a comment wants a space before its #"
_BEGINS_WITH_A_MARK = "a text that begins with *, & or ! wants quotes; anchors, aliases and tags are not read"


class YamlError(Exception):
    """What is off in a file, and at which line (counting from 1)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(slots=True)
class _Branch:
    """The line of a list or a mapping, and of all in it; a scalar is its line alone."""

    line: int
    below: "list[_Lines] | dict[str, _Lines]"


_Lines: TypeAlias = "int | _Branch"


class YamlFile:
    """A parsed file: `data` as lists, dicts and text, and the line of each value. An empty file is an empty list."""

    def __init__(self, path: Path, repeated: list[YamlError] | None = None) -> None:
        """Raises OSError where the file can't be read, YamlError where it isn't YAML that we accept.

        Where `repeated` is given, keys that stand twice are added to it and the first one counts; else they raise.
        """
        data, lines = _Parser(_text(path), repeated).parse()
        self.data: Plain = data
        self._lines = lines

    def line(self, loc: Loc) -> int:
        """The line of the value at `loc` (keys and positions from the root), or of the nearest one that exists."""
        at = self._lines
        for step in loc:
            if not isinstance(at, _Branch):
                break
            if isinstance(at.below, dict):
                if step not in at.below:
                    break
                at = at.below[str(step)]
            elif isinstance(step, int) and step < len(at.below):
                at = at.below[step]
            else:
                break
        return at.line if isinstance(at, _Branch) else at


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError(1, f"not UTF-8 (byte {error.start}); save the file as UTF-8") from None
    if found := _FORBIDDEN.search(text):
        sign = {"\t": "a tab", "%": "a line that begins with %"}.get(found[0], f"the sign U+{ord(found[0]):04X}")
        raise YamlError(text.count("\n", 0, found.start()) + 1, f"not YAML: {sign}; write spaces or leave it out")
    return text


class _Parser:
    """One pass over the events of a text. PyYAML leaves events untyped, hence `Any`."""

    def __init__(self, text: str, repeated: list[YamlError] | None) -> None:
        self._source = text
        self._repeated = repeated
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)

    def parse(self) -> tuple[Plain, _Lines]:
        try:
            next(self._events)  # the stream begins
            if isinstance(next(self._events), yaml.StreamEndEvent):
                return [], 1
            value = self._value(next(self._events), depth=1)
            next(self._events)  # the document ends
            after = next(self._events)
        except yaml.MarkedYAMLError as error:
            raise _as_ours(error) from None
        if not isinstance(after, yaml.StreamEndEvent):
            raise YamlError(_line(after), "a second document begins ('---'); a file holds one")
        return value

    def _value(self, event: Any, depth: int, line: int = 0, *, in_flow: bool = False) -> tuple[Plain, _Lines]:  # noqa: ANN401
        """The value that an event begins. `line` is that of its key, where it has one."""
        line = line or _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None or event.tag is not None:
            raise YamlError(_line(event), _BEGINS_WITH_A_MARK)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, in_flow=in_flow), line
        if depth > DEEPEST:
            raise YamlError(_line(event), "nested too deep; mind the brackets")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(bool(event.flow_style), depth, line)
        return self._mapping(bool(event.flow_style), depth, line)

    def _sequence(self, flow: bool, depth: int, line: int) -> tuple[Plain, _Lines]:
        items: list[Plain] = []
        lines: list[_Lines] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            if flow and isinstance(event, yaml.MappingStartEvent) and self._source[_index(event)] != "{":
                raise YamlError(_line(event), _WANTS_QUOTES)
            item, at = self._value(event, depth + 1, in_flow=flow)
            items.append(item)
            lines.append(at)
        return items, _Branch(line, lines)

    def _mapping(self, flow: bool, depth: int, line: int) -> tuple[Plain, _Lines]:
        items: dict[str, Plain] = {}
        lines: dict[str, _Lines] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
                raise YamlError(_line(event), "a key must be a word")
            key = self._scalar(event, in_flow=flow)
            value, at = self._value(next(self._events), depth + 1, _line(event), in_flow=flow)
            if key in items:
                self._repeat(key, _line(event), lines[key])
            else:
                items[key], lines[key] = value, at
        return items, _Branch(line, lines)

    def _scalar(self, event: Any, *, in_flow: bool) -> str:  # noqa: ANN401
        if in_flow and not event.style and "?" in event.value:
            raise YamlError(_line(event), _WANTS_QUOTES)
        if event.style in _BLOCKS and _GLUED.match(self._source, _index(event)):
            raise YamlError(_line(event), _WANTS_SPACE)
        return str(event.value)

    def _repeat(self, key: str, line: int, first: _Lines) -> None:
        at = first.line if isinstance(first, _Branch) else first
        error = YamlError(line, f"{key}: stands already at line {at}; keep one of them")
        if self._repeated is None:
            raise error
        self._repeated.append(error)


def _line(event: Any) -> int:  # noqa: ANN401
    return int(event.start_mark.line) + 1


def _index(event: Any) -> int:  # noqa: ANN401
    return int(event.start_mark.index)


def _as_ours(error: yaml.MarkedYAMLError) -> YamlError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    problem = error.problem or error.context or "can't be read"
    if problem.endswith("but got '?'"):  # how the pure-Python parser sees an unquoted question inside brackets,
        return YamlError(line, _WANTS_QUOTES)
    if problem.endswith("found '#'"):  # and a comment right behind | or >
        return YamlError(line, _WANTS_SPACE)
    return YamlError(line, f"not YAML: {problem}; mind indents, quotes and colons")
