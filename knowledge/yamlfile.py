"""YAML as people mean it: every scalar is text, a key stands once, and each value knows its line.

YAML's own typing turns `no` into False, `1953-03-05` into a date and `010` into eight; here they stay as written.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML without libyaml: the same result, slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
Loc: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlError(Exception):
    """What is off in a file, and at which line (counting from 1)."""

    line: int
    message: str


class YamlFile:
    """A parsed file: `data` as lists, dicts and text, and the line of each value."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file can't be read, YamlError where it isn't YAML that we accept."""
        self._root = _compose(path)
        self.data: Plain = _plain(self._root, ()) if self._root is not None else []

    def line(self, loc: Loc) -> int:
        """The line of the value at `loc` (keys and positions from the root), or of the nearest one that exists."""
        node = self._root
        if node is None:
            return 1
        line = node.start_mark.line
        for step in loc:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == step), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line
            else:
                break
        return int(line) + 1


def _compose(path: Path) -> yaml.Node | None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlError(1, f"not UTF-8 (byte {error.start}); save the file as UTF-8") from None
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "can't be read"
        raise YamlError(mark.line + 1 if mark else 1, f"not YAML: {problem}; mind indents, quotes and colons") from None
    except yaml.YAMLError as error:
        raise YamlError(1, f"not YAML: {error}") from None


def _plain(node: yaml.Node, above: tuple[yaml.Node, ...]) -> Plain:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if any(node is n for n in above):
        raise YamlError(node.start_mark.line + 1, "an anchor that contains itself; write it out")
    above = (*above, node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, above) for child in node.value]
    result: dict[str, Plain] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError(key.start_mark.line + 1, "a key must be a word")
        if key.value in result:
            raise YamlError(key.start_mark.line + 1, f"{key.value}: stands twice; keep one of them")
        result[key.value] = _plain(value, above)
    return result
