"""Changes of colour."""

import albumentations as A
from albumentations.augmentations.pixel import functional as pixel

from pictures import FUSED


def random_brightness_contrast(picture):
    for contrast, brightness, by_max, safe in [(.2, .04, True, False), (-.37, .2, True, False), (.1, -.3, False, False),
                                               (.2, .1, True, True), (0, 0, True, False), (-1.5, .9, True, True)]:
        t = A.RandomBrightnessContrast((brightness, brightness), (contrast, contrast), by_max, safe, p=1)
        picture.case("RandomBrightnessContrast", picture.run(t), {"contrast": 1 + contrast, "brightness": brightness},
                     brightness_by_max=by_max, ensure_safe_range=safe)


def hue_saturation_value(picture):
    for h, s, v in [(15.5, -20.7, 12.3), (-.4, .6, -.9), (-130.2, 40, -60), (0, 0, 0), (0, 30, 0), (200, -255, 255)]:
        t = A.HueSaturationValue((h, h), (s, s), (v, v), p=1)
        picture.case("HueSaturationValue", picture.run(t), {"hue": h, "saturation": s, "value": v}, FUSED)


def clahe(picture):
    for clip, grid in [(3.0, (8, 8)), (1.0, (8, 8)), (39.7, (3, 5)), (2.2, (1, 1))]:
        t = A.CLAHE((clip, clip), grid, p=1)
        picture.case("CLAHE", picture.run(t), {"clipLimit": clip}, tile_grid_size=grid)


def random_gamma(picture):
    for gamma in [80, 93.7, 100, 120, 250, 40.1]:
        picture.case("RandomGamma", pixel.gamma_transform(picture.pixels, gamma / 100), {"gamma": gamma / 100})


def channel_shuffle(picture):
    if picture.is_colour:
        for order in [(2, 0, 1), (0, 1, 2), (1, 0, 2), (1, 2, 0)]:
            picture.case("ChannelShuffle", pixel.channel_shuffle(picture.pixels, list(order)), {"order": order})


def posterize(picture):
    for bits in [1, 3, 7]:
        t = A.Posterize(num_bits=(bits, bits), p=1)
        picture.case("Posterize", picture.run(t), {"bits": [bits]}, num_bits=bits)
    if picture.is_colour:
        t = A.Posterize(num_bits=[(1, 1), (4, 4), (6, 6)], p=1)
        picture.case("Posterize", picture.run(t), {"bits": [1, 4, 6]}, num_bits=[[1, 1], [4, 4], [6, 6]])


def invert_img(picture):
    picture.case("InvertImg", picture.run(A.InvertImg(p=1)))


def solarize(picture):
    for threshold in [.5, 0, .4, 1, 128 / 255]:
        t = A.Solarize((threshold, threshold), p=1)
        picture.case("Solarize", picture.run(t), {"threshold": threshold}, threshold_range=[threshold, threshold])


CASES = {
    "RandomBrightnessContrast": random_brightness_contrast,
    "HueSaturationValue": hue_saturation_value,
    "CLAHE": clahe,
    "RandomGamma": random_gamma,
    "ChannelShuffle": channel_shuffle,
    "Posterize": posterize,
    "InvertImg": invert_img,
    "Solarize": solarize,
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
DRAWS = {}
