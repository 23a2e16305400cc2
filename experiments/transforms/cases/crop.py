"""Crops, sizes and pads."""

import albumentations as A


def center_crop(picture):
    width, height = picture.width, picture.height
    if width > 2 and height > 2:
        w, h = width // 2 + 1, height // 3 + 1
        picture.case("CenterCrop", picture.run(A.CenterCrop(h, w)),
                     {"x": (width - w) // 2, "y": (height - h) // 2, "width": w, "height": h}, height=h, width=w)
    for position in ["center", "top_left", "top_right", "bottom_left", "bottom_right"]:
        for border, fill in [(0, 90.0), (0, (200.0, 100.0, 50.0)), (1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0)]:
            if not picture.is_colour and not isinstance(fill, float):
                continue
            w, h = width + 7, max(1, height - 3)
            options = dict(pad_if_needed=True, pad_position=position, border_mode=border, fill=fill)
            left = {"center": 3, "top_left": 0, "bottom_left": 0}.get(position, 7)
            picture.case("CenterCrop", picture.run(A.CenterCrop(h, w, **options)),
                         {"x": -left, "y": (height - h) // 2, "width": w, "height": h}, height=h, width=w, **options)


CASES = {
    "CenterCrop": center_crop,
}

# Parameters without a default.
REQUIRED = {"CenterCrop": {"height": 224, "width": 224}}

# What the package draws: see draws.py.
DRAWS = {}
