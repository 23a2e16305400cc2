"""Noise."""

import albumentations as A
import numpy as np
from albucore import multiply
from albumentations.augmentations.pixel import functional as pixel

from draws import Draw, uniform
from pictures import FUSED, Script, random


def iso_noise(picture):
    if not picture.is_colour:
        return
    for color_shift, intensity in [(.03, .3), (.05, .5), (1.0, 2.0)]:
        events = random.poisson(.2 * intensity, picture.pixels.shape[:2])
        hue = random.normal(0, color_shift * intensity, picture.pixels.shape[:2]).astype(np.float32)
        output = pixel.iso_noise(picture.pixels, color_shift, intensity, Script(poisson=events, normal=hue))
        picture.case("ISONoise", output, {"events": events.astype(np.int32), "hue": hue, "intensity": intensity}, FUSED)


def rows(array):
    """A row for each row of the image, as the maker reads it."""
    return np.ascontiguousarray(array.reshape(array.shape[0], -1), dtype=np.float32)


def shape_of_noise(picture, shared):
    return (picture.height, picture.width, 1 if shared else picture.pixels.shape[2])


def gauss_noise(picture):
    for deviation, mean, shared in [(.2, 0, False), (.44, .3, True), (.02, -.1, False), (.004, 0, True), (.0, .5, False)]:
        noise = random.normal(mean, deviation, shape_of_noise(picture, shared)).astype(np.float32) * 255
        noise = np.broadcast_to(noise, picture.pixels.shape)
        output = A.GaussNoise(p=1).apply(picture.pixels, noise)
        picture.case("GaussNoise", output, {"noise": rows(noise)}, std_range=(deviation, deviation),
                     mean_range=(mean, mean), per_channel=not shared)


def multiplicative_noise(picture):
    channels = picture.pixels.shape[2]
    for low, high in [(.9, 1.1), (0, 3)]:
        factors = random.uniform(low, high, channels).astype(np.float32)
        for count in {1, channels}:
            given = np.repeat(factors[:1], channels) if count == 1 else factors
            picture.case("MultiplicativeNoise", multiply(picture.pixels, given if channels > 1 else given.squeeze()),
                         {"factors": [float(value) for value in factors[:count]], "seed": 0},
                         multiplier=(low, high), per_channel=count > 1)
        for shared in [False, True]:
            factors = random.uniform(low, high, shape_of_noise(picture, shared)).astype(np.float32)
            factors = np.repeat(factors, channels, axis=-1) if shared else factors
            picture.case("MultiplicativeNoise", multiply(picture.pixels, factors), {"noise": rows(factors)},
                         multiplier=(low, high), per_channel=not shared, elementwise=True)


def additive_noise(picture):
    channels = picture.pixels.shape[2]
    for scale in [.1, 1]:
        noise = random.uniform(-scale, scale, channels) * 255
        picture.case("AdditiveNoise", A.AdditiveNoise(p=1).apply(picture.pixels, noise),
                     {"levels": noise.tolist(), "parameters": [], "seed": 0})
    for kind, draw in [("gaussian", random.normal), ("laplace", random.laplace), ("uniform", random.uniform)]:
        for shared in [False, True]:
            noise = np.broadcast_to(draw(-.1, .2, shape_of_noise(picture, shared)), picture.pixels.shape) * 255
            picture.case("AdditiveNoise", A.AdditiveNoise(p=1).apply(picture.pixels, noise), {"noise": rows(noise)},
                         noise_type=kind, spatial_mode="shared" if shared else "per_pixel")


def shot_noise(picture):
    for scale in [.1, .3, .01, 2]:
        linear = np.power(picture.pixels / 255, 2.2)
        counts = random.poisson(linear / scale)
        output = pixel.shot_noise(picture.pixels, scale, Script(poisson=counts))
        picture.case("ShotNoise", output, {"counts": counts.reshape(picture.height, -1).astype(np.int32), "scale": scale},
                     "one", scale_range=(scale, scale))


def salt_and_pepper(picture):
    marks = random.integers(0, 3, picture.pixels.shape[:2])
    output = pixel.apply_salt_and_pepper(picture.pixels, marks == 1, marks == 2)
    levels = np.array([0, 255, -255], dtype=np.float32)[marks]
    noise = np.broadcast_to(levels[..., None], picture.pixels.shape)
    picture.case("SaltAndPepper", output, {"noise": rows(noise)})


CASES = {
    "ISONoise": iso_noise,
    "GaussNoise": gauss_noise,
    "MultiplicativeNoise": multiplicative_noise,
    "AdditiveNoise": additive_noise,
    "ShotNoise": shot_noise,
    "SaltAndPepper": salt_and_pepper,
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
DRAWS = {
    # Deviation and mean of the noise itself, in images whose noise tells them well enough.
    "GaussNoise": [Draw(A.GaussNoise((.1, .2), (0, 0)), lambda p: {"standardDeviation": p["noise_map"].std() / 255}, 40, 30),
                   Draw(A.GaussNoise((.01, .01), (-.5, .5)), lambda p: {"mean": p["noise_map"].mean() / 255}, 40, 30)],
    "MultiplicativeNoise": [
        Draw(A.MultiplicativeNoise(), lambda p: {"factors.0": p["multiplier"][0]}),
        Draw(A.MultiplicativeNoise((0, 2), per_channel=True),
             lambda p: {f"factors.{i}": p["multiplier"].ravel()[i] for i in range(3)})],
    "AdditiveNoise": [
        Draw(A.AdditiveNoise(kind, "constant", params), lambda p, first=first: {
            f"levels.{i}": p["noise_map"][i] for i in range(first, 3)})
        # OpenCV's generator gives almost 0 as its first normal number, for every one of the seeds that are used.
        for kind, params, first in [("uniform", {"ranges": [(-.1, .1), (0, .2), (.5, 1)]}, 0), ("gaussian", None, 1),
                                    ("laplace", None, 0), ("beta", None, 0)]],
    "ISONoise": [Draw(A.ISONoise(), uniform("colorShift", "intensity"))],
    "ShotNoise": [Draw(A.ShotNoise(), lambda p: {"scale": p["scale"]})],
    "SaltAndPepper": [Draw(A.SaltAndPepper((.1, .9)),
                           lambda p: {"salt": p["salt_mask"].sum(), "pepper": p["pepper_mask"].sum()}, 40, 30)],
}
