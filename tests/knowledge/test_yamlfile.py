"""Files as people write them, read alike by libyaml and by the pure-Python parser."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge import yamlfile
from knowledge.yamlfile import YamlError, YamlFile

LOADERS = [pytest.param(yaml.CBaseLoader, id="libyaml"), pytest.param(yaml.BaseLoader, id="pure")]
PACKAGE = Path(yamlfile.__file__).parent


@pytest.fixture(params=LOADERS)
def _each_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "_Loader", request.param)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.yaml"


def read(file: Path, text: str) -> yamlfile.Plain:
    file.write_text(text, encoding="utf-8")
    return YamlFile(file).data


def mistake(file: Path, text: str) -> tuple[int, str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(YamlError) as caught:
        YamlFile(file)
    return caught.value.line, caught.value.message


@pytest.mark.usefixtures("_each_loader")
class TestWithEachLoader:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("no", "no"),
            ("Yes", "Yes"),
            ("on", "on"),
            ("off", "off"),
            ("true", "true"),
            ("null", "null"),
            ("~", "~"),
            ("", ""),
            ("010", "010"),
            ("0o10", "0o10"),
            ("0x1F", "0x1F"),
            ("1_000", "1_000"),
            ("12:30", "12:30"),
            ("1953-03-05", "1953-03-05"),
            ("1e3", "1e3"),
            (".5", ".5"),
            ("<<", "<<"),
            ("'it''s so'", "it's so"),
            ('"caf\\u00e9"', "café"),
            ("Who was she?", "Who was she?"),
            ("12 # of them", "12"),
            ("|\n  two\n  lines", "two\nlines\n"),
            (">-\n  one\n  line", "one line"),
            ("😀 ok", "😀 ok"),
        ],
    )
    def test_a_value_stays_as_it_is_written(self, file: Path, written: str, expected: str) -> None:
        assert read(file, f"key: {written}\n") == {"key": expected}

    def test_keys_and_items_stay_as_they_are_written(self, file: Path) -> None:
        assert read(file, "no: [yes, 010]\n1: {on: off}\n") == {"no": ["yes", "010"], "1": {"on": "off"}}

    @pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
    def test_an_empty_file_is_an_empty_list(self, file: Path, text: str) -> None:
        assert read(file, text) == []
        assert YamlFile(file).line(("any", 3)) == 1

    @pytest.mark.parametrize("text", ["\ufeff- a\r\n- b: c\r\n", "- a\n- b: c", "--- \n- a\n- b: c\n...\n"])
    def test_byte_order_marks_and_windows_line_ends_do_no_harm(self, file: Path, text: str) -> None:
        file.write_bytes(text.encode())
        assert YamlFile(file).data == ["a", {"b": "c"}]

    @pytest.mark.parametrize(
        ("loc", "line"),
        [
            ((), 2),
            ((0,), 2),
            ((0, "id"), 2),
            ((0, "asks"), 3),
            ((0, "asks", 1), 5),
            ((0, "asks", 7), 3),
            ((0, "source", 1), 6),
            ((0, "unheard"), 2),
            ((0, "id", "deeper"), 2),
            ((1, "values", "dead"), 10),
            ((1, "values", "dead", 0), 10),
            ((1, 5), 8),
            ((9,), 2),
            (("id",), 2),
        ],
    )
    def test_a_value_knows_its_line_or_the_nearest(self, file: Path, loc: yamlfile.Loc, line: int) -> None:
        text = """# a comment
- id: a
  asks:
    - one
    - two
  source: [x, y]

- id: b
  values:
    dead: 3
"""
        read(file, text)
        assert YamlFile(file).line(loc) == line

    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("- id: a\n  says: x\n  id: b\n", 3, "id: stands already at line 1; keep one of them"),
            ("a: {b: 1, b: 2}\n", 1, "b: stands already at line 1; keep one of them"),
            ("a:\n  - x\nb: y\na: z\n", 4, "a: stands already at line 1; keep one of them"),
            ("- ? [a]\n  : b\n", 1, "a key must be a word"),
            ("a: *b\n", 1, yamlfile._BEGINS_WITH_A_MARK),
            ("a: b\nc: &d e\n", 2, yamlfile._BEGINS_WITH_A_MARK),
            ("- !important x\n", 1, yamlfile._BEGINS_WITH_A_MARK),
            ("- &x [*x]\n", 1, yamlfile._BEGINS_WITH_A_MARK),
            ("a:\n  b:\tc\n", 2, "not YAML: a tab; write spaces or leave it out"),
            ("a: x\x85y\n", 1, "not YAML: the sign U+0085; write spaces or leave it out"),
            ("a: b\nc: \x00\n", 2, "not YAML: the sign U+0000; write spaces or leave it out"),
            ("%YAML 1.2\n---\na: b\n", 1, "not YAML: a line that begins with %; write spaces or leave it out"),
            ("a: b\n---\nc: d\n", 2, "a second document begins ('---'); a file holds one"),
            ("a: |#\n", 1, yamlfile._WANTS_SPACE),
            ("[" * 50 + "]" * 50, 1, "nested too deep; mind the brackets"),
            ("[" * 50_000, 1, "nested too deep; mind the brackets"),
            ("a: " + "- " * 3, 1, None),
            ("- a\nb: c\n", 2, None),
            ("a:\n  'x\n", 2, None),
            ("a: b: c\n", 1, None),
            ("says: He said: yes\n", 1, None),
            ("a: [b\nc: d\n", 2, None),
        ],
    )
    def test_what_is_no_yaml_of_ours_names_its_line(
        self, file: Path, text: str, line: int, message: str | None
    ) -> None:
        found = mistake(file, text)
        if message is None:
            assert found[0] in (line, line + 1)  # at the end of a file the parsers count differently
            assert found[1].startswith("not YAML: ")
            assert found[1].endswith("; mind indents, quotes and colons")
            assert "\n" not in found[1]
        else:
            assert found == (line, message)

    @pytest.mark.parametrize(
        "asks",
        [
            "[Where was X born?, Who?]",
            "[Who?]",
            "[a?b]",
            "[[Who?]]",
            "{Who?: x}",
            "{x: Who?}",
            "[a, ?x]",
            "[? x]",
            "[He said: yes]",
        ],
    )
    def test_unquoted_questions_inside_brackets_are_refused_alike(self, file: Path, asks: str) -> None:
        assert mistake(file, f"- id: x\n  asks: {asks}\n") == (2, yamlfile._WANTS_QUOTES)

    @pytest.mark.parametrize(
        ("asks", "expected"),
        [
            ("['Who, and where?', \"What: this?\"]", ["Who, and where?", "What: this?"]),
            ("\n  - Who, and where?\n  - 'What: this?'", ["Who, and where?", "What: this?"]),
            ("[{says: 'Who?'}, plain]", [{"says": "Who?"}, "plain"]),
        ],
    )
    def test_quoted_questions_and_questions_on_lines_of_their_own_are_read(
        self, file: Path, asks: str, expected: list[yamlfile.Plain]
    ) -> None:
        assert read(file, f"asks: {asks}\n") == {"asks": expected}

    def test_keys_that_stand_twice_can_be_gathered_and_the_first_counts(self, file: Path) -> None:
        file.write_text("- {a: 1, a: 2}\n- b: 3\n  b: 4\n", encoding="utf-8")
        repeated: list[YamlError] = []
        assert YamlFile(file, repeated).data == [{"a": "1"}, {"b": "3"}]
        assert [(e.line, e.message) for e in repeated] == [
            (1, "a: stands already at line 1; keep one of them"),
            (3, "b: stands already at line 2; keep one of them"),
        ]

    def test_another_encoding_is_named(self, file: Path) -> None:
        file.write_bytes(b"name: caf\xe9\n")
        with pytest.raises(YamlError, match=r"^line 1: not UTF-8 \(byte 9\); save the file as UTF-8$"):
            YamlFile(file)

    def test_a_missing_file_is_an_os_error(self, file: Path) -> None:
        with pytest.raises(FileNotFoundError):
            YamlFile(file)


def both(file: Path, text: str) -> list[Any]:
    """What each loader makes of a text: its data, or None where it is refused."""
    file.write_text(text, encoding="utf-8")
    results: list[Any] = []
    for loader in (yaml.CBaseLoader, yaml.BaseLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yamlfile, "_Loader", loader)
            try:
                results.append(YamlFile(file).data)
            except YamlError:
                results.append(None)
    return results


SNIPPETS = st.sampled_from(
    [*"?:,[]{}-'\"|>#*&!%@` \n\té😀=<~\\.0a", ": ", "- ", "\n- ", "\n  ", "k: ", "---\n", "? ", "[a, b]", "k: |\n  x\n"]
)


@given(st.lists(SNIPPETS, max_size=14).map("".join))
@example("a: [Who?]")
@example("\n\n>#")
@example("[?:x]")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None)
def test_both_loaders_accept_the_same_texts_with_the_same_result(file: Path, text: str) -> None:
    first, second = both(file, text)
    assert first == second


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_read_or_refused_alike(file: Path, text: str) -> None:
    first, second = both(file, text.encode("utf-8", "replace").decode())
    assert first == second


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.yaml")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_file_that_ships_reads_alike_with_both_loaders(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "_Loader", yaml.CBaseLoader)
    fast = YamlFile(path)
    monkeypatch.setattr(yamlfile, "_Loader", yaml.BaseLoader)
    slow = YamlFile(path)
    assert fast.data
    assert slow.data == fast.data
    assert slow._lines == fast._lines


def test_an_error_can_be_copied_raised_again_and_carry_a_traceback() -> None:
    error = YamlError(3, "no good")
    error.__traceback__ = None  # what contextlib does to an error that passes through it
    assert str(copy.copy(error)) == "line 3: no good"
