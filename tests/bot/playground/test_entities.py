import pytest

from bot.playground.entities import FormattedText, parse_html, trimmed, utf16_length, with_automatic
from bot.playground.errors import ApiError


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i> <em>b</em>", "a b", [("italic", 0, 1), ("italic", 2, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<b>a <i>b</i></b>", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("😀 <b>é</b>", "😀 é", [("bold", 3, 1)]),
        ("<b>😀</b>", "😀", [("bold", 0, 2)]),
        ("2 &lt; 3 &amp; 4 &#62; 3 &quot;", '2 < 3 & 4 > 3 "', []),
        ("&nbsp; & &unknown;", "&nbsp; & &unknown;", []),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<b></b>a", "a", []),
        ("<B>a</b>", "a", [("bold", 0, 1)]),
        ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ("<code><b>a</b></code>", "a", [("code", 0, 1)]),
        ('<a href="nowhere">a</a>', "a", []),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed = parse_html(html)

    assert parsed.text == text
    assert [(e["type"], e["offset"], e["length"]) for e in parsed.entities] == entities


@pytest.mark.parametrize(
    ("html", "entity"),
    [
        (
            '<a href="https://example.org/?a=1&amp;b=2">a</a>',
            {"type": "text_link", "url": "https://example.org/?a=1&b=2"},
        ),
        ("<a href='example.org'>a</a>", {"type": "text_link", "url": "http://example.org"}),
        ('<a href="tg://user?id=7">a</a>', {"type": "text_mention", "user": {"id": 7}}),
        ('<tg-emoji emoji-id="5368">a</tg-emoji>', {"type": "custom_emoji", "custom_emoji_id": "5368"}),
        ('<pre><code class="language-python">a</code></pre>', {"type": "pre", "language": "python"}),
        ("<pre><code>a</code></pre>", {"type": "pre"}),
        ('<code class="language-python">a</code>', {"type": "code"}),
    ],
)
def test_tags_keep_what_their_attributes_tell(html: str, entity: dict[str, object]) -> None:
    assert parse_html(html).entities == ({**entity, "offset": 0, "length": 1},)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é <p>a</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("1<2", "Unclosed start tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(html)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/help@footnote_bot now", [("bot_command", "/help@footnote_bot")]),
        ("and/or 1/2", []),
        ("ask @footnote_bot!", [("mention", "@footnote_bot")]),
        ("me@example.org", [("email", "me@example.org")]),
        ("see https://example.org/a?b#c.", [("url", "https://example.org/a?b#c")]),
        ("on #history, #1", [("hashtag", "#history")]),
        ("😀 /start", [("bot_command", "/start")]),
    ],
)
def test_commands_mentions_and_links_are_found(text: str, found: list[tuple[str, str]]) -> None:
    units = text.encode("utf-16-le")
    entities = with_automatic(FormattedText(text)).entities

    def covered(offset: int, length: int) -> str:
        return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")

    assert [(e["type"], covered(e["offset"], e["length"])) for e in entities] == found


def test_nothing_is_found_inside_code_and_links() -> None:
    parsed = parse_html('<code>/start</code> <a href="https://example.org">@somebody</a>')

    assert [e["type"] for e in with_automatic(parsed).entities] == ["code", "text_link"]


def test_white_space_around_a_text_goes_and_its_entities_move_along() -> None:
    assert trimmed(parse_html(" \n a <b>b </b> ")) == FormattedText(
        "a b", ({"type": "bold", "offset": 2, "length": 1},)
    )


def test_a_text_of_formatted_white_space_has_neither_text_nor_entities() -> None:
    assert trimmed(parse_html("<b> </b>")) == FormattedText("")


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert utf16_length("a😀é") == 4
