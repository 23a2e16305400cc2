"""Filters."""

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.blur import functional as blur
from albumentations.augmentations.pixel import functional as pixel

from draws import Draw, uniform
from pictures import FUSED, Script, random


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


def image_compression(picture):
    for kind, quality in [("jpeg", 30), ("webp", 20), ("jpeg", 95), ("webp", 80), ("jpeg", 75), ("jpeg", 99),
                          ("jpeg", 100), ("jpeg", 1), ("webp", 100)]:
        t = A.ImageCompression(kind, (quality, quality), p=1)
        picture.case("ImageCompression", picture.run(t), {"quality": quality}, compression_type=kind)


def box_blur(picture):
    for size in [3, 5, 7, 9, 15, 17, 31]:
        picture.case("Blur", picture.run(A.Blur((size, size), p=1)), {"size": size})


def median_blur(picture):
    for size in [3, 5, 7, 9, 21]:
        picture.case("MedianBlur", picture.run(A.MedianBlur((size, size), p=1)), {"size": size})


def filtered(picture, transform, kernel):
    """The result of a transform that draws a kernel, with that kernel."""
    return transform.apply(picture.pixels, kernel).reshape(picture.pixels.shape)


def emboss(picture):
    for alpha, strength in [(.3, .5), (.2, .2), (1.0, 1.0), (0, 1), (.437, .211)]:
        t = A.Emboss((alpha, alpha), (strength, strength), p=1)
        kernel = t.get_params()["emboss_matrix"].astype(np.float32)
        picture.case("Emboss", filtered(picture, t, kernel), {"alpha": alpha, "strength": strength}, kernel=kernel)


def downscale(picture):
    for scale, down, up in [(.25, 0, 0), (.613, 0, 0), (.4, 3, 1), (.25, 1, 2), (.7, 2, 4), (.33, 4, 0), (.5, 5, 1),
                            (1, 0, 0), (.9, 5, 5)]:
        if min(picture.width, picture.height) * scale > .5:
            pair = {"upscale": up, "downscale": down}
            t = A.Downscale((scale, scale), pair, p=1)
            # Cubic weights differ by a few last bits between OpenCV 4.6 and 5.0.
            tolerance = "near" if 2 in (down, up) else "exact"
            picture.case("Downscale", picture.run(t), {"scale": scale}, tolerance, interpolation_pair=pair)


def ringing_overshoot(picture):
    for size, cutoff in [(7, 1.2), (11, .9), (3, .8), (15, 1.5), (13, .8)]:
        t = A.RingingOvershoot((size, size), (cutoff, cutoff), p=1)
        kernel = t.get_params()["kernel"]
        tolerance = "exact" if size < 13 else "one"
        picture.case("RingingOvershoot", filtered(picture, t, kernel), {"size": size, "cutoff": cutoff}, tolerance)


def advanced_blur(picture):
    for size, x, y, angle, beta in [(7, .5, .9, 30, .7), (3, .3, .4, -80, 4), (5, 1, .2, 0, 1), (9, 2, 1, 45, 7.5)]:
        noise = random.uniform(.9, 1.1, (size, size))
        t = A.AdvancedBlur((size, size), p=1)
        t.py_random = Script(randint=0, uniform=[x, y, angle, beta], random=[.1])
        t.random_generator = Script(uniform=noise)
        drawn = {"size": size, "sigmaX": x, "sigmaY": y, "angle": angle, "beta": beta, "seed": 0, "noise": noise}
        picture.case("AdvancedBlur", filtered(picture, t, t.get_params()["kernel"]), drawn)


def glass_blur(picture):
    for sigma, reach, iterations, mode in [(.7, 4, 2, "fast"), (.7, 2, 2, "exact"), (1.5, 1, 3, "fast"),
                                           (.3, 9, 1, "fast"), (.4, 3, 1, "exact")]:
        count = (picture.height - 2 * reach) * (picture.width - 2 * reach)
        is_small = min(picture.width, picture.height) <= 2 * reach
        if is_small or mode == "exact" and count > 20_000:
            continue
        moves = random.integers(-reach, reach, (count, iterations, 2))
        output = blur.glass_blur(picture.pixels, sigma, reach, iterations, moves, mode).reshape(picture.pixels.shape)
        drawn = {"seed": 0, "moves": moves.reshape(count, -1).astype(np.int32)}
        picture.case("GlassBlur", output, drawn, sigma=sigma, max_delta=reach, iterations=iterations, mode=mode)


def zoom_blur(picture):
    for largest, step in [(1.31, .02), (1.02, .02), (1.5, .1), (3.0, .7), (1.1, .013)]:
        factors = np.arange(1.0, largest, step)
        output = blur.zoom_blur(picture.pixels, factors).reshape(picture.pixels.shape)
        picture.case("ZoomBlur", output, {"maxFactor": largest, "stepFactor": step}, "one")


def defocus(picture):
    for radius, alias in [(3, .1), (6, .3), (8, .5), (10, .42), (1, 0), (13, .2)]:
        output = blur.defocus(picture.pixels, radius, alias).reshape(picture.pixels.shape)
        picture.case("Defocus", output, {"radius": radius, "aliasBlur": alias}, "one")


def unsharp_mask(picture):
    for size, sigma, alpha, threshold in [(3, 0, .3, 10), (7, 0, .5, 10), (5, 1.2, 1.0, 3), (9, 2, .25, 30),
                                          (5, 0, .4, 0)]:
        output = pixel.unsharp_mask(picture.pixels, size, sigma, alpha, threshold).reshape(picture.pixels.shape)
        picture.case("UnsharpMask", output, {"size": size, "sigma": sigma, "alpha": alpha}, FUSED, threshold=threshold)


CASES = {
    "GaussianBlur": gaussian_blur,
    "Sharpen": sharpen,
    "MotionBlur": motion_blur,
    "ImageCompression": image_compression,
    "MedianBlur": median_blur,
    "Blur": box_blur,
    "Emboss": emboss,
    "Downscale": downscale,
    "GlassBlur": glass_blur,
    "ZoomBlur": zoom_blur,
    "Defocus": defocus,
    "UnsharpMask": unsharp_mask,
    "RingingOvershoot": ringing_overshoot,
    "AdvancedBlur": advanced_blur,
    "blur": wide_blur,
}

# Parameters without a default.
REQUIRED = {}


def motion(params):
    drawn = uniform("angle", "direction", "shiftX", "shiftY")(params)
    return {"size": len(params["kernel"]), "shiftX": 0, "shiftY": 0} | drawn


# What the package draws: see draws.py.
DRAWS = {
    "GaussianBlur": [Draw(A.GaussianBlur(), lambda p: {
        "size": p["given"]["randint"][0], **uniform("sigma")(p)})],
    "Sharpen": [Draw(A.Sharpen(), uniform("alpha", "lightness"))],
    "MotionBlur": [Draw(A.MotionBlur((3, 12)), motion)],
    "ImageCompression": [Draw(A.ImageCompression("jpeg", (20, 90)), lambda p: {"quality": p["quality"]})],
    "MedianBlur": [Draw(A.MedianBlur((4, 10)), lambda p: {"size": p["kernel"]})],
    "Blur": [Draw(A.Blur(8), lambda p: {"size": p["kernel"]})],
    "Emboss": [Draw(A.Emboss(), uniform("alpha", "strength"))],
    "Downscale": [Draw(A.Downscale((.2, .9)), lambda p: {"scale": p["scale"]})],
    "ZoomBlur": [Draw(A.ZoomBlur((1.3, 1.5)), lambda p: {
        "stepFactor": p["given"]["uniform"][0],
        "maxFactor": max(1 + p["given"]["uniform"][0], p["given"]["uniform"][1]),
    })],
    "Defocus": [Draw(A.Defocus(), lambda p: {"radius": p["radius"], "aliasBlur": p["alias_blur"]})],
    "UnsharpMask": [Draw(A.UnsharpMask(sigma_limit=2), lambda p: {
        "size": p["ksize"],
        "sigma": p["sigma"],
        "alpha": p["alpha"],
    })],
    "RingingOvershoot": [Draw(A.RingingOvershoot(), lambda p: {
        "size": len(p["kernel"]), **uniform("cutoff")(p)})],
    "AdvancedBlur": [Draw(A.AdvancedBlur((3, 9)), lambda p: {
        "size": len(p["kernel"]), **uniform("sigmaX", "sigmaY", "angle", "beta")(p)})],
}
