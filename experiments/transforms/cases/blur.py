"""Filters."""

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.blur import functional as blur
from albumentations.augmentations.pixel import functional as pixel

from pictures import FUSED, Script


def gaussian_blur(picture):
    for sigma, size in [(.2, 0), (.5, 0), (1.0, 0), (1.37, 0), (3.0, 0), (2.0, 4), (.9, 9), (12.5, 0)]:
        t = A.GaussianBlur((size, size), (sigma, sigma), p=1)
        picture.case("GaussianBlur", picture.run(t), {"sigma": sigma, "size": size}, FUSED)


def sharpen(picture):
    for alpha, lightness in [(.4, .75), (.2, 1.0), (1.0, .5), (0, 1)]:
        t = A.Sharpen((alpha, alpha), (lightness, lightness), p=1)
        picture.case("Sharpen", picture.run(t), {"alpha": alpha, "lightness": lightness},
                     kernel=t.get_params()["sharpening_matrix"].astype(np.float32))
    for alpha, size, sigma in [(.5, 5, 1.0), (1.0, 9, 2.5)]:
        # In floating point, because on bytes the differences wrap around.
        plane = picture.pixels if picture.is_colour else picture.pixels[:, :, 0]
        exact = pixel.sharpen_gaussian(plane.astype(np.float32) / 255, alpha, size, sigma)
        output = np.clip(np.rint(exact * 255), 0, 255).astype(np.uint8).reshape(picture.pixels.shape)
        picture.case("Sharpen", output, {"alpha": alpha, "lightness": 1}, "one", method="gaussian", kernel_size=size,
                     sigma=sigma)


def motion_blur(picture):
    for size, angle, direction, shift in [(7, 30, .4, (0, 0)), (3, 211.1, -1, (0, 0)), (5, 90, 0, (.7, -.2)),
                                          (7, 300.2, .9, (-1, 1)), (9, 77, -.3, (.1, .1)), (11, 45, 0, (0, 0)),
                                          (15, 20, .1, (0, 0)), (31, 130, 0, (.5, .5))]:
        kernel = blur.create_motion_kernel(size, angle, direction, shift != (0, 0), Script(uniform=list(shift)))
        kernel = kernel.astype(np.float32) / np.sum(kernel)
        drawn = {"size": size, "angle": angle, "direction": direction, "shiftX": shift[0], "shiftY": shift[1]}
        picture.case("MotionBlur", pixel.convolve(picture.pixels, kernel), drawn, kernel=kernel)


def wide_blur(picture):
    """Not a pipeline transform: the blur of the `anonymize` job."""
    for size, sigma in [(3, .8), (9, 2.5), (61, 10)]:
        output = cv2.GaussianBlur(picture.pixels, (size, size), sigma)
        picture.case("blur", output, {"size": size, "sigma": sigma})


CASES = {
    "GaussianBlur": gaussian_blur,
    "Sharpen": sharpen,
    "MotionBlur": motion_blur,
    "blur": wide_blur,
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
DRAWS = {}
