"""The shapes of ratings and the site's mark, as masks for images: the drawings of parts/glyph.html and parts/mark.html.

Drawn four times as large and made smaller, so that their edges are smooth.
"""

from functools import cache

from PIL import Image, ImageDraw

FINER = 4
ON, OFF = 255, 0
Points = list[tuple[float, float]]
CROSS: tuple[Points, ...] = ([(7.3, 7.3), (16.7, 16.7)], [(16.7, 7.3), (7.3, 16.7)])


class _Sheet:
    """A square of `units` to draw on, in those units."""

    def __init__(self, units: int, size: int) -> None:
        self.scale = size * FINER / units
        self.size = size
        self.image = Image.new("L", (size * FINER, size * FINER), OFF)
        self.pen = ImageDraw.Draw(self.image)

    def _box(self, low: float, high: float) -> tuple[float, float, float, float]:
        return (low * self.scale, low * self.scale, high * self.scale, high * self.scale)

    def disc(self, low: float, high: float, colour: int = ON) -> None:
        self.pen.ellipse(self._box(low, high), fill=colour)

    def square(self, low: float, high: float, radius: float, colour: int = ON) -> None:
        self.pen.rounded_rectangle(self._box(low, high), radius * self.scale, fill=colour)

    def stroke(self, points: Points, width: float, colour: int = ON) -> None:
        """A line with round ends and joints."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        self.pen.line(scaled, fill=colour, width=round(width * self.scale))
        half = width * self.scale / 2
        for x, y in scaled:
            self.pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def half(self) -> None:
        """Keep the left half filled: what is right of the middle was drawn hollow."""
        self.pen.pieslice(self._box(1, 23), 90, 270, fill=ON)

    def done(self) -> Image.Image:
        return self.image.resize((self.size, self.size), Image.Resampling.LANCZOS)


@cache
def shape(tone: str, size: int) -> Image.Image:
    """Circles lean to true, squares to false, a half of each between; dashes are neither."""
    sheet = _Sheet(24, size)
    if tone == "true":
        sheet.disc(1, 23)
        sheet.stroke([(6.5, 12.5), (10.3, 16.3), (17.5, 8.3)], 2.8, OFF)
    elif tone == "mostly_true":
        sheet.disc(1, 23)
        sheet.disc(3.6, 20.4, OFF)
        sheet.stroke([(7.3, 12.4), (10.5, 15.6), (16.7, 8.8)], 2.6)
    elif tone == "mixed":
        sheet.square(1, 23, 2.8)
        sheet.square(3.6, 20.4, 0.5, OFF)
        sheet.pen.rectangle((0, 0, 12 * sheet.scale, 24 * sheet.scale), fill=OFF)
        sheet.half()
    elif tone == "mostly_false":
        sheet.square(1, 23, 2.8)
        sheet.square(3.6, 20.4, 0.5, OFF)
        for line in ([(8.0, 8.0), (16.0, 16.0)], [(16.0, 8.0), (8.0, 16.0)]):
            sheet.stroke(line, 2.6)
    elif tone == "false":
        sheet.square(1, 23, 2.5)
        for line in CROSS:
            sheet.stroke(line, 2.8, OFF)
    else:
        for start in range(0, 360, 40):
            sheet.pen.arc(sheet._box(1, 23), start, start + 23, fill=ON, width=round(2.4 * sheet.scale))
        sheet.stroke([(7.5, 12), (16.5, 12)], 2.6)
    return sheet.done()


@cache
def mark(size: int) -> Image.Image:
    """The site's mark: a tick in a speech bubble."""
    sheet = _Sheet(32, size)
    bubble: Points = [(4, 5), (28, 5), (28, 22), (15, 22), (8, 28), (8, 22), (4, 22), (4, 5)]
    sheet.stroke(bubble, 2.6)
    sheet.stroke([(10, 13.5), (14.2, 17.7), (22.5, 9.5)], 3)
    return sheet.done()
