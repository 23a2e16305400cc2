"""Noise."""

import numpy as np
from albumentations.augmentations.pixel import functional as pixel

from pictures import FUSED, Script, random


def iso_noise(picture):
    if not picture.is_colour:
        return
    for color_shift, intensity in [(.03, .3), (.05, .5), (1.0, 2.0)]:
        events = random.poisson(.2 * intensity, picture.pixels.shape[:2])
        hue = random.normal(0, color_shift * intensity, picture.pixels.shape[:2]).astype(np.float32)
        output = pixel.iso_noise(picture.pixels, color_shift, intensity, Script(poisson=events, normal=hue))
        picture.case("ISONoise", output, {"events": events.astype(np.int32), "hue": hue, "intensity": intensity}, FUSED)


CASES = {
    "ISONoise": iso_noise,
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
DRAWS = {}
