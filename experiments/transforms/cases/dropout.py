"""What overwrites parts of an image."""

import albumentations as A
import numpy as np
from albumentations.augmentations.dropout import functional as dropout

from draws import Draw
from pictures import random


def rectangle(hole):
    x, y, right, bottom = (int(side) for side in hole)
    return {"x": x, "y": y, "width": right - x, "height": bottom - y}


def some_holes(picture, count):
    """Some of them overlap, and some are empty."""
    sides = np.array([picture.width, picture.height])
    corners = np.sort(random.integers(0, sides + 1, (count, 2, 2)), axis=1)
    return corners.reshape(count, 4)


def fills(picture):
    yield from [0.0, 127.6]
    if picture.is_colour:
        yield 200.0, 100.9, 50.0


def holes(name, count, **parameters):
    """Cases of a transform that overwrites given holes."""
    def make(picture):
        for fill in fills(picture):
            given = some_holes(picture, count)
            transform = getattr(A, name)(fill=fill, p=1, **parameters)
            picture.case(name, transform.apply(picture.pixels, holes=given, seed=1),
                         {"holes": [rectangle(hole) for hole in given], "seed": 1}, fill=fill, **parameters)

    return make


def grid_dropout(picture):
    """The cells and the places in them are given, as if they had been drawn."""
    for parameters in [{}, {"ratio": .3, "unit_size_range": (2, 4)}, {"holes_number_xy": (3, 2), "shift_xy": (1, 2)},
                       {"shift_xy": (0, 1), "ratio": 1}]:
        shape = (picture.height, picture.width)
        if min(shape) < 5:
            continue
        transform = A.GridDropout(random_offset="shift_xy" not in parameters, p=1, **parameters)
        transform.set_random_seed(int(random.integers(0, 1000)))
        sizes = []
        whole = dropout.split_uniform_grid

        def split(*arguments):
            cells = whole(*arguments)
            sizes.append(cells)
            return cells

        dropout.split_uniform_grid = split
        drawn = transform.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        dropout.split_uniform_grid = whole
        cells = sizes[0]
        rows = [int(cell[2] - cell[0]) for cell in cells if cell[1] == 0]
        columns = [int(cell[3] - cell[1]) for cell in cells if cell[0] == 0]
        picture.case("GridDropout", transform.apply(picture.pixels, **drawn),
                     {"rows": rows, "columns": columns, "seed": 1, "holes": [rectangle(hole) for hole in drawn["holes"]]},
                     random_offset=transform.random_offset, **parameters)


def pixel_dropout(picture):
    for per_channel in [False, True]:
        for value in fills(picture):
            transform = A.PixelDropout(.3, per_channel=per_channel, drop_value=value, p=1)
            transform.set_random_seed(int(random.integers(0, 1000)))
            drawn = transform.get_params_dependent_on_data({}, {"image": picture.pixels})
            output = transform.apply(picture.pixels, drawn["drop_mask"], drawn["drop_values"])
            marks = drawn["drop_mask"].reshape(picture.height, -1).astype(np.int32)
            levels = list(value) if isinstance(value, tuple) else [value]
            picture.case("PixelDropout", output, {"marks": marks, "levels": levels}, per_channel=per_channel,
                         drop_value=value)


def mask_dropout(picture):
    for fill in [0.0, 99.5]:
        area = random.integers(0, 3, (picture.height, picture.width)) == 0
        output = A.MaskDropout(fill=fill, p=1).apply(picture.pixels, area)
        picture.case("MaskDropout", output, {"area": runs(area)}, fill=fill)


def runs(area):
    """Lengths of runs, column by column, the first outside."""
    values = area.T.ravel()
    ends = np.flatnonzero(np.diff(values)) + 1
    counts = np.diff(np.concatenate([[0], ends, [values.size]]))
    if values[0]:
        counts = np.concatenate([[0], counts])
    return {"width": area.shape[1], "height": area.shape[0], "counts": counts.tolist()}


def stripes(name, key):
    """They have no fill of their own."""
    def make(picture):
        given = some_holes(picture, 1)
        side = ["time_mask_param", "freq_mask_param"].index(key)
        given[:, 1 - side], given[:, 3 - side] = 0, picture.pixels.shape[side]
        length = min(picture.width, picture.height)
        output = getattr(A, name)(length, p=1).apply(picture.pixels, holes=given, seed=1)
        picture.case(name, output, {"holes": [rectangle(hole) for hole in given], "seed": 1}, **{key: length})

    return make


CASES = {
    "CoarseDropout": holes("CoarseDropout", 4),
    "GridDropout": grid_dropout,
    "PixelDropout": pixel_dropout,
    "MaskDropout": mask_dropout,
    "Erasing": holes("Erasing", 1),
    "ConstrainedCoarseDropout": holes("ConstrainedCoarseDropout", 3, bbox_labels=["a"]),
    "XYMasking": holes("XYMasking", 2),
    "TimeMasking": stripes("TimeMasking", "time_mask_param"),
    "FrequencyMasking": stripes("FrequencyMasking", "freq_mask_param"),
}


# Parameters without a default.
REQUIRED = {}


def numbers(p, count=1):
    """The first holes of a draw."""
    return {f"holes.{i}.{side}": value for i in range(min(count, len(p["holes"])))
            for side, value in rectangle(p["holes"][i]).items()}


def grid(p):
    """Sides of the first cells, of which the holes of ratio 1 are all but one pixel."""
    x, y, right, bottom = p["holes"][0]
    return {"rows.0": bottom - y + 1, "columns.0": right - x + 1}


# One object.
MASK = np.zeros((150, 200), np.uint8)
MASK[40:100, 30:120] = 1

# What the package draws: see draws.py.
DRAWS = {
    "CoarseDropout": [Draw(A.CoarseDropout(), numbers), Draw(A.CoarseDropout((2, 3), (10, 300), (0, 20)), numbers)],
    "GridDropout": [Draw(A.GridDropout(ratio=1, random_offset=False), grid, 203, 157),
                    Draw(A.GridDropout(ratio=1, random_offset=False, unit_size_range=(5, 9)), grid)],
    "ConstrainedCoarseDropout": [
        Draw(A.ConstrainedCoarseDropout((1, 1), (.2, .6), (.1, .5), mask_indices=[1]), numbers, mask=MASK)],
    "Erasing": [Draw(A.Erasing(), numbers), Draw(A.Erasing((.2, .9), (.1, 2)), numbers)],
    "XYMasking": [Draw(A.XYMasking((1, 3), (1, 2), (5, 20), 30), numbers)],
    "TimeMasking": [Draw(A.TimeMasking(), numbers)],
    "FrequencyMasking": [Draw(A.FrequencyMasking(), numbers)],
    "PixelDropout": [Draw(A.PixelDropout(drop_value=None),
                          lambda p: {f"levels.{i}": p["drop_values"][0, 0, i] for i in range(3)}, 20, 20)],
}
