"""Crops, sizes and pads."""

import math

import albumentations as A
import numpy as np

from draws import Draw
from pictures import Script

PADDINGS = [(0, 90.0), (0, (200.0, 100.0, 50.0)), (1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0)]
POSITIONS = ["center", "top_left", "top_right", "bottom_left", "bottom_right"]
# The exact nearest pixel is another in OpenCV 5.0; those of 4.x agree with each other.
INTERPOLATIONS = [1, 3, 0, 2, 4, 5]


def tolerance(interpolation):
    """The package's OpenCV has Intel's IPP do cubic resizes; where a value lies halfway, both may round differently."""
    return "one" if interpolation == 2 else "exact"


def paddings(picture):
    for border, fill in PADDINGS:
        if picture.is_colour or isinstance(fill, float):
            yield dict(border_mode=border, fill=fill)


def placed(picture):
    """Each position with a padding, and each padding with a position."""
    every = list(paddings(picture))
    for place in range(max(len(POSITIONS), len(every))):
        yield POSITIONS[place % len(POSITIONS)], every[place % len(every)]


def resizings():
    for interpolation in INTERPOLATIONS:
        yield dict(interpolation=interpolation)
    yield dict(interpolation=2, area_for_downscale="image")


def window(params):
    """What a crop takes, in pixels of the image before padding."""
    x, y, right, bottom = params["crop_coords"]
    pads = params.get("pad_params") or {"pad_left": 0, "pad_top": 0}
    return {"x": x - pads["pad_left"], "y": y - pads["pad_top"], "width": right - x, "height": bottom - y}


def drawn(picture, transform, numbers, data=None):
    """What a transform draws for a picture from given random numbers."""
    transform.py_random = Script(**numbers)
    params = {"shape": picture.pixels.shape}
    params |= transform.get_params_dependent_on_data(params, data or {})
    return params


def padded_crop(picture, name, numbers):
    """Crops of a fixed size at a place that `numbers` give."""
    width, height = picture.width, picture.height
    make = getattr(A, name)
    if width > 2 and height > 2:
        sizes = dict(height=height // 3 + 1, width=width // 2 + 1)
        transform = make(**sizes)
        params = drawn(picture, transform, numbers())
        picture.case(name, transform.apply(picture.pixels, **params), window(params), **sizes)
    for position, padding in placed(picture):
        options = dict(height=max(1, height - 3), width=width + 7, pad_if_needed=True, pad_position=position, **padding)
        transform = make(**options)
        params = drawn(picture, transform, numbers())
        picture.case(name, transform.apply(picture.pixels, **params), window(params), **options)


def center_crop(picture):
    padded_crop(picture, "CenterCrop", dict)


def random_crop(picture):
    padded_crop(picture, "RandomCrop", lambda: {"random": [.71, .34]})


def resize(picture):
    width, height = picture.width, picture.height
    for resizing in resizings():
        for w, h in [(width // 2 + 1, height // 3 + 1), (2 * width + 1, height * 3), (width + 5, max(1, height // 2)),
                     (max(1, width // 2), max(1, height // 2)), (width, height)]:
            options = dict(height=h, width=w, **resizing)
            picture.case("Resize", picture.run(A.Resize(**options)), None, tolerance(resizing["interpolation"]), **options)


def random_scale(picture):
    for resizing in resizings():
        for scale in [.61, 1.7, .5, 1.0]:
            if min(picture.width, picture.height) * scale >= 1:
                transform = A.RandomScale(scale_limit=(scale - 1, scale - 1), p=1, **resizing)
                picture.case("RandomScale", transform.apply(picture.pixels, scale=scale), {"scale": scale},
                             tolerance(resizing["interpolation"]), **resizing)


def max_size(picture, name):
    width, height = picture.width, picture.height
    for resizing in resizings():
        for sizes in [dict(max_size=41), dict(max_size=140), dict(max_size_hw=(30, 70)),
                      dict(max_size_hw=(None, width // 2 + 1)), dict(max_size_hw=(height + 3, None))]:
            transform = getattr(A, name)(**sizes, **resizing)
            params = drawn(picture, transform, {})
            longest = max(width, height) * params["scale"]
            if longest < 3000:
                picture.case(name, transform.apply(picture.pixels, **params), {"scale": params["scale"]},
                             tolerance(resizing["interpolation"]), **sizes, **resizing)


def longest_max_size(picture):
    max_size(picture, "LongestMaxSize")


def smallest_max_size(picture):
    max_size(picture, "SmallestMaxSize")


def resized_crop(picture, transform, numbers, **options):
    params = drawn(picture, transform, numbers)
    picture.case(type(transform).__name__, transform.apply(picture.pixels, **params), window(params),
                 tolerance(options["interpolation"]), **options)


def random_sized_crop(picture):
    for resizing in resizings():
        for height, ratio, size in [(7, 1.5, (31, 42)), (40, .8, (16, 17)), (1000, 1.0, (25, 50)), (5, 1.0, (5, 5))]:
            options = dict(min_max_height=(height, height), w2h_ratio=ratio, size=size, **resizing)
            numbers = {"randint": [height], "random": [.63, .27]}
            resized_crop(picture, A.RandomSizedCrop(**options), numbers, **options)


def random_resized_crop(picture):
    area = picture.width * picture.height
    for resizing in resizings():
        for share, ratio, size in [(.3, 1.2, (31, 42)), (.9, .97, (16, 17)), (.5, 400, (20, 30))]:
            options = dict(scale=(share, share), ratio=(ratio, ratio), size=size, **resizing)
            logarithm = math.log(ratio)
            numbers = {"uniform": [share * area, logarithm] * 10, "random": [.63, .27]}
            if ratio == 400 and picture.width < 200:
                continue  # no part has these proportions, and the package fails
            resized_crop(picture, A.RandomResizedCrop(**options), numbers, **options)


def pad_window(picture, params):
    top, bottom, left, right = (params[f"pad_{side}"] for side in ["top", "bottom", "left", "right"])
    return {"x": -left, "y": -top, "width": picture.width + left + right, "height": picture.height + top + bottom}


def pad_if_needed(picture):
    width, height = picture.width, picture.height
    for position, padding in placed(picture):
        for sizes in [dict(min_height=height + 9, min_width=width + 4),
                      dict(min_height=max(1, height - 3), min_width=3 * width + 2),
                      dict(min_height=None, min_width=None, pad_height_divisor=16, pad_width_divisor=7)]:
            options = dict(position=position, **sizes, **padding)
            transform = A.PadIfNeeded(**options)
            params = drawn(picture, transform, {})
            picture.case("PadIfNeeded", transform.apply(picture.pixels, **params), pad_window(picture, params),
                         **options)


def pad(picture):
    for sides in [5, (3, 8), (1, 2, 3, 4), (0, 0, 40, 0), 0]:
        for padding in paddings(picture):
            picture.case("Pad", picture.run(A.Pad(padding=sides, **padding)), padding=sides, **padding)


def crop(picture):
    width, height = picture.width, picture.height
    for right, bottom in [(width, height), (width // 2 + 1, height // 2 + 1)]:
        sides = dict(x_min=right // 3, y_min=bottom // 4, x_max=right, y_max=bottom)
        part = dict(crop_coords=tuple(sides.values()))
        picture.case("Crop", picture.run(A.Crop(**sides)), window(part), **sides)
    for position, padding in placed(picture):
        options = dict(x_min=3, y_min=1, x_max=width + 9, y_max=max(2, height - 2), pad_if_needed=True,
                       pad_position=position, **padding)
        transform = A.Crop(**options)
        params = drawn(picture, transform, {})
        picture.case("Crop", transform.apply(picture.pixels, **params), window(params), **options)


def random_crop_from_borders(picture):
    width, height = picture.width, picture.height
    if width < 5 or height < 5:
        return
    options = dict(crop_left=.5, crop_right=.4, crop_top=.2, crop_bottom=.3)
    transform = A.RandomCropFromBorders(**options)
    params = drawn(picture, transform, {"randint": [width // 3, width - 1, 0, height - 1]})
    picture.case("RandomCropFromBorders", transform.apply(picture.pixels, **params), window(params), **options)


def box_safe_crops(picture, name, **options):
    """Crops around one box, around two, and anywhere."""
    make = getattr(A, name)
    for boxes in [[(.2, .3, .5, .6)], [(.1, .3, .4, .9), (.5, .2, .6, .4)], []]:
        data = {"bboxes": np.array(boxes, dtype=np.float32)}
        transform = make(erosion_rate=.2, **options)
        params = drawn(picture, transform, {"random": [.3, .6, .9, .5], "randint": [picture.height]}, data)
        part = window(params)
        if part["width"] > 0 and part["height"] > 0:
            picture.case(name, transform.apply(picture.pixels, **params), part,
                         tolerance(options.get("interpolation")), erosion_rate=.2, **options)


def bbox_safe_random_crop(picture):
    box_safe_crops(picture, "BBoxSafeRandomCrop")


def random_sized_bbox_safe_crop(picture):
    for interpolation in INTERPOLATIONS:
        box_safe_crops(picture, "RandomSizedBBoxSafeCrop", height=24, width=31, interpolation=interpolation)


def at_least_one_bbox_random_crop(picture):
    options = dict(height=picture.height // 3 + 1, width=picture.width // 2 + 1, erosion_factor=.1)
    transform = A.AtLeastOneBBoxRandomCrop(**options)
    params = drawn(picture, transform, {"choice": [np.array([.2, .3, .5, .6])], "uniform": [.6, .4]},
                   {"bboxes": np.array([(.2, .3, .5, .6)], dtype=np.float32)})
    picture.case("AtLeastOneBBoxRandomCrop", transform.apply(picture.pixels, **params), window(params), **options)


def crop_non_empty_mask_if_exists(picture):
    options = dict(height=picture.height // 3 + 1, width=picture.width // 2 + 1)
    mask = np.zeros((picture.height, picture.width), np.uint8)
    mask[picture.height // 2:, picture.width // 2:] = 1
    transform = A.CropNonEmptyMaskIfExists(**options)
    pixel = (picture.height // 2, picture.width // 2)
    params = drawn(picture, transform, {"choice": [pixel], "randint": [1, 0]}, {"mask": mask})
    picture.case("CropNonEmptyMaskIfExists", transform.apply(picture.pixels, **params), window(params), **options)


def random_crop_near_bbox(picture):
    width, height = picture.width, picture.height
    if width < 9 or height < 9:
        return
    box = (width // 3, height // 4, width - 2, height - 3)
    transform = A.RandomCropNearBBox(max_part_shift=(.2, .5))
    params = drawn(picture, transform, {"randint": [1, 2, -1, 1]}, {"cropping_bbox": box})
    picture.case("RandomCropNearBBox", transform.apply(picture.pixels, **params), window(params),
                 max_part_shift=(.2, .5))


def crop_and_pad(picture):
    width, height = picture.width, picture.height
    for interpolation in INTERPOLATIONS:
        for sides in [(3, -2, 5, 7), (-height // 3, -1, -1, -width // 4), (0, 0, 0, 0), (height + 5, 0, -1, 0), (-900,) * 4]:
            for border, fill in [(0, 90.0), (1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0)]:
                if interpolation != 1 and border != 0:
                    continue
                for keep in [True, False]:
                    options = dict(px=sides, keep_size=keep, interpolation=interpolation, border_mode=border, fill=fill)
                    transform = A.CropAndPad(**options)
                    try:
                        output = transform.apply(picture.pixels, **{"shape": picture.pixels.shape, **drawn(
                            picture, transform, {})})
                    except ValueError:
                        continue  # nothing would be left
                    values = dict(zip(["top", "right", "bottom", "left"], sides), fill=fill, maskFill=0)
                    picture.case("CropAndPad", output, values, tolerance(interpolation), **options)


CASES = {
    "CenterCrop": center_crop,
    "RandomCrop": random_crop,
    "Resize": resize,
    "RandomScale": random_scale,
    "LongestMaxSize": longest_max_size,
    "SmallestMaxSize": smallest_max_size,
    "RandomSizedCrop": random_sized_crop,
    "RandomResizedCrop": random_resized_crop,
    "PadIfNeeded": pad_if_needed,
    "Pad": pad,
    "Crop": crop,
    "RandomCropFromBorders": random_crop_from_borders,
    "BBoxSafeRandomCrop": bbox_safe_random_crop,
    "RandomSizedBBoxSafeCrop": random_sized_bbox_safe_crop,
    "AtLeastOneBBoxRandomCrop": at_least_one_bbox_random_crop,
    "CropNonEmptyMaskIfExists": crop_non_empty_mask_if_exists,
    "RandomCropNearBBox": random_crop_near_bbox,
    "CropAndPad": crop_and_pad,
}

# Parameters without a default.
REQUIRED = {
    "CenterCrop": {"height": 224, "width": 224},
    "RandomCrop": {"height": 224, "width": 224},
    "Resize": {"height": 224, "width": 224},
    "LongestMaxSize": {"max_size": 1024},
    "SmallestMaxSize": {"max_size": 1024},
    "RandomSizedCrop": {"min_max_height": (112, 224), "size": (224, 224)},
    "RandomResizedCrop": {"size": (224, 224)},
    "RandomSizedBBoxSafeCrop": {"height": 224, "width": 224},
    "AtLeastOneBBoxRandomCrop": {"height": 224, "width": 224},
    "CropNonEmptyMaskIfExists": {"height": 224, "width": 224},
    "CropAndPad": {"px": 0},
}

BOXES = [(20, 30, 90, 60), (100, 80, 170, 140)]
MASK = np.zeros((150, 200), np.uint8)
MASK[20:40, 30:150], MASK[100:140, 170:190] = 3, 5


def padded(params):
    height, width = params["shape"][:2]
    return {"x": -params["pad_left"], "y": -params["pad_top"],
            "width": width + params["pad_left"] + params["pad_right"],
            "height": height + params["pad_top"] + params["pad_bottom"]}


def sides(params):
    """What `CropAndPad` adds to each side."""
    left, top, right, bottom = params["crop_params"] or (0, 0, 200, 150)
    above, below, before, behind = params["pad_params"] or (0, 0, 0, 0)
    return {"top": above - top, "right": behind - (200 - right), "bottom": below - (150 - bottom), "left": before - left}


# What the package draws: see draws.py.
DRAWS = {
    "CenterCrop": [Draw(A.CenterCrop(200, 260, pad_if_needed=True, pad_position="random"), window)],
    "RandomCrop": [
        Draw(A.RandomCrop(80, 90), window),
        Draw(A.RandomCrop(170, 90, pad_if_needed=True, pad_position="random"), window),
    ],
    "RandomScale": [Draw(A.RandomScale((-.3, .5)), lambda params: {"scale": params["scale"]})],
    "LongestMaxSize": [Draw(A.LongestMaxSize([100, 150, 170]), lambda params: {"scale": params["scale"]})],
    "SmallestMaxSize": [Draw(A.SmallestMaxSize([100, 150, 170]), lambda params: {"scale": params["scale"]})],
    "RandomSizedCrop": [Draw(A.RandomSizedCrop((30, 170), (64, 64), w2h_ratio=1.2), window)],
    "RandomResizedCrop": [
        Draw(A.RandomResizedCrop((64, 64)), window),
        Draw(A.RandomResizedCrop((64, 64), scale=(.7, 1), ratio=(1.9, 2.5)), window),
    ],
    "PadIfNeeded": [
        Draw(A.PadIfNeeded(300, 260, position="random"), padded),
    ],
    "Crop": [Draw(A.Crop(20, 10, 300, 250, pad_if_needed=True, pad_position="random"), window)],
    "RandomCropFromBorders": [Draw(A.RandomCropFromBorders(.2, .4, .5, .5), window)],
    "BBoxSafeRandomCrop": [
        Draw(A.BBoxSafeRandomCrop(.3), window, boxes=BOXES),
        Draw(A.BBoxSafeRandomCrop(.3), window, boxes=BOXES[:1]),
        Draw(A.BBoxSafeRandomCrop(.3), window, boxes=[]),
    ],
    "RandomSizedBBoxSafeCrop": [Draw(A.RandomSizedBBoxSafeCrop(64, 64), window, boxes=BOXES)],
    "AtLeastOneBBoxRandomCrop": [
        Draw(A.AtLeastOneBBoxRandomCrop(60, 50, erosion_factor=factor), window, boxes=boxes)
        for factor, boxes in [(0, BOXES), (.4, BOXES), (1, BOXES), (0, [])]
    ],
    "CropNonEmptyMaskIfExists": [
        Draw(A.CropNonEmptyMaskIfExists(50, 40, ignore_values=ignored), window, mask=MASK)
        for ignored in [None, [3], [3, 5]]
    ],
    "RandomCropNearBBox": [
        Draw(A.RandomCropNearBBox((.4, .2)), window, more={"cropping_bbox": BOXES[0]}, boxes=BOXES[:1]),
        Draw(A.RandomCropNearBBox((1, 1)), window, more={"cropping_bbox": BOXES[0]}, boxes=BOXES[:1]),
    ],
    "CropAndPad": [
        Draw(A.CropAndPad(px=(-20, 30)), sides),
        Draw(A.CropAndPad(px=(-20, 30), sample_independently=False), sides),
        Draw(A.CropAndPad(percent=(-.2, .1)), sides),
        Draw(A.CropAndPad(percent=((0, .1), (-.2, 0), (.1, .3), (0, .2)), fill=(20, 90), fill_mask=(5, 50)),
             lambda params: sides(params) | {"fill": params["fill"], "maskFill": params["fill_mask"]}),
        Draw(A.CropAndPad(px=([1, 5, 9], [3, 4, 5], [-2, -3, -9], [0, 1, 7])), sides),
    ],
}
