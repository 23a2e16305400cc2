"""The images of the benchmark, and a sheet of what becomes of them."""

import dataclasses
import pathlib

import numpy as np
from PIL import Image, ImageDraw

TILE, MARGIN, CAPTION = 300, 10, 24  # of the sheet, in pixels


@dataclasses.dataclass
class Picture:
    path: pathlib.Path
    width: int
    height: int
    distinct_colors: int


def cut(source, path, side):
    """The square in the middle of `source`, reduced to `side` pixels and written as PNG."""
    with Image.open(source) as image:
        square = min(image.size)
        left, top = ((length - square) // 2 for length in image.size)
        box = (left, top, left + square, top + square)
        small = image.convert("RGB").resize((side, side), Image.Resampling.LANCZOS, box)
    small.save(path)
    return Picture(path, side, side, len(np.unique(np.asarray(small).reshape(-1, 3), axis=0)))


def decibels(one, other):
    """The peak signal-to-noise ratio of two files in RGB."""
    # By way of RGBA, because some palettes store transparency, if only to say that there is none.
    images = [Image.open(path).convert("RGBA").convert("RGB") for path in (one, other)]
    planes = [np.asarray(image, dtype=np.float64) for image in images]
    error = np.mean((planes[0] - planes[1]) ** 2)
    return float(10 * np.log10(255**2 / error)) if error > 0 else float("inf")


def sheet(rows, colors, path):
    """A row for each original: itself, then its outcomes in the order of `colors`, all as wide as a tile."""
    captions = ["original", *(f"{count} colours" for count in colors)]
    step = TILE + MARGIN
    size = (MARGIN + step * len(captions), CAPTION + step * len(rows) + MARGIN)
    canvas = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(canvas)
    for column, caption in enumerate(captions):
        draw.text((MARGIN + step * column, MARGIN // 2), caption, fill="black")
    for line, (original, outcomes) in enumerate(rows):
        for column, file in enumerate([original, *outcomes]):
            tile = Image.open(file).convert("RGB").resize((TILE, TILE), Image.Resampling.LANCZOS)
            canvas.paste(tile, (MARGIN + step * column, CAPTION + step * line))
    canvas.save(path)
