"""A page to draw on, in letters large enough for a phone.

Pillow rather than Matplotlib: a page of text beside a line needs words measured and placed by the pixel and no axes,
and Matplotlib needs Pillow and several packages more. The letters come with a package (Source Sans Pro: Latin with its
diacritics, Cyrillic and Greek), so that a picture is the same on every machine.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

# All lengths are pixels of the finished picture.
WIDTH = 1080  # of a phone's screen
MARGIN = 56
COLOURS = 64  # enough for a few tones and their edges, and a quarter of the bytes
SMOOTH = 2  # drawn so many times larger and then scaled down: Pillow's lines have jagged edges

PAPER, INK, FAINT, LINE, MARK = "#faf8f3", "#1d2126", "#66655f", "#b9b5aa", "#35566e"

Font = tuple[Literal["Regular", "Semibold", "Bold"], int]  # weight and size; 28 is about 2 mm on a phone
TITLE: Font = ("Bold", 60)
HEAD: Font = ("Semibold", 32)
BODY: Font = ("Regular", 33)
SMALL: Font = ("Regular", 28)
LEADING = 1.24  # from one line of text to the next, in sizes


class Page:
    """A picture that is being drawn, in pixels of the finished one."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("RGB", (WIDTH * SMOOTH, height * SMOOTH), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(self, lines: Sequence[str], x: float, y: float, font: Font, colour: str, anchor: str = "la") -> None:
        """Lines of text, from a top left corner down unless the anchor says otherwise."""
        for n, line in enumerate(lines):
            at = (x * SMOOTH, (y + height(n, font)) * SMOOTH)
            self._draw.text(at, line, colour, letters((font[0], font[1] * SMOOTH)), anchor)

    def line(self, points: Sequence[tuple[float, float]], width: int) -> None:
        """A line from point to point."""
        self._draw.line([(x * SMOOTH, y * SMOOTH) for x, y in points], LINE, width * SMOOTH, "curve")

    def disc(self, x: float, y: float, radius: float, fill: str, edge: str = MARK) -> None:
        """A disc around a point."""
        box = [at * SMOOTH for at in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill, edge, 4 * SMOOTH)

    def bar(self, box: tuple[float, float, float, float], fill: str, edge: str = MARK, corner: int = 5) -> None:
        """A bar between left, top, right and bottom, with rounded corners."""
        self._draw.rounded_rectangle([at * SMOOTH for at in box], corner * SMOOTH, fill, edge, 4 * SMOOTH)

    def png(self) -> bytes:
        """The picture as it is now."""
        size = (self._image.width // SMOOTH, self._image.height // SMOOTH)
        file = BytesIO()
        small = self._image.resize(size, Image.Resampling.LANCZOS)
        small.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()


def broken(text: str, font: Font, width: float) -> tuple[str, ...]:
    """A text in lines of at most a width; a word that is longer goes on in the next line."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if letters(font).getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while letters(font).getlength(line) > width:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or letters(font).getlength(line[:n]) <= width)
            lines.append(line[:fits])
            line = line[fits:]
    return (*lines, line)


def height(lines: int, font: Font) -> float:
    """How high so many lines are."""
    return lines * font[1] * LEADING


@lru_cache(maxsize=16)
def letters(font: Font) -> ImageFont.FreeTypeFont:
    """A font to draw or to measure with."""
    weight, size = font
    file = resources.files("font_source_sans_pro") / "files" / f"SourceSansPro-{weight}.ttf"
    with file.open("rb") as data:
        return ImageFont.truetype(BytesIO(data.read()), size)
