"""Changes of colour."""

import albumentations as A
import numpy as np
from albumentations.augmentations.dropout.functional import channel_dropout as dropped
from albumentations.augmentations.pixel import functional as pixel

from draws import Draw, uniform
from pictures import FUSED, random


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


STEPS = [pixel.adjust_brightness_torchvision, pixel.adjust_contrast_torchvision, pixel.adjust_saturation_torchvision,
         pixel.adjust_hue_torchvision]


def color_jitter(picture):
    for *factors, order in [(1.13, .87, 1.31, .07, (0, 1, 2, 3)), (.8, 1.2, .8, -.5, (3, 2, 1, 0)),
                            (1.5, 1.9, .4, .21, (2, 0, 3, 1)), (1, .5, 1, 0, (1, 3, 0, 2)), (0, 1, 0, .3, (3, 0, 2, 1)),
                            (1, 0, 3.7, 0, (1, 0, 3, 2))]:
        output = picture.pixels
        for step in order:
            output = STEPS[step](output, factors[step])
        brightness, contrast, saturation, hue = factors
        picture.case("ColorJitter", output, {"brightness": brightness, "contrast": contrast, "saturation": saturation,
                                             "hue": hue, "order": order}, FUSED)


def rgb_shift(picture):
    for shifts in [(10.7, -20.3, 3.999), (-.9, .9, 0), (300, -300, 1)]:
        # A shift of three channels may be 0 in one of them; that of a single channel may not.
        output = pixel.add_noise(picture.pixels, np.array(shifts[:picture.pixels.shape[2]]))
        picture.case("RGBShift", output, dict(zip(["red", "green", "blue"], shifts)))


def to_gray(picture):
    if not picture.is_colour:
        return picture.case("ToGray", picture.run(A.ToGray(p=1)))
    for method in ["weighted_average", "from_lab", "desaturation", "average", "max"]:
        # A row or a column of pixels loses its shape if it has three channels.
        count = 1 if min(picture.width, picture.height) == 1 or method == "average" else 3
        t = A.ToGray(num_output_channels=count, method=method, p=1)
        output = picture.run(t).reshape(picture.height, picture.width, count)
        picture.case("ToGray", output, num_output_channels=count, method=method)
    if picture.width * picture.height > 1:
        output = pixel.to_gray_pca(picture.pixels).reshape(picture.height, picture.width, 1)
        picture.case("ToGray", output, tolerance="one", num_output_channels=1, method="pca")


def to_rgb(picture):
    if min(picture.width, picture.height) > 1:
        picture.case("ToRGB", picture.run(A.ToRGB(p=1)))


def to_sepia(picture):
    picture.case("ToSepia", picture.run(A.ToSepia(p=1)))


def equalize(picture):
    for mode in ["cv", "pil"]:
        for by_channels in [True, False]:
            # Mode pil overwrites a grey image.
            output = pixel.equalize(picture.pixels.copy(), None, mode, by_channels)
            picture.case("Equalize", output, mode=mode, by_channels=by_channels)


def fancy_pca(picture):
    if picture.width * picture.height == 1:
        return
    for alphas in [(.1, -.3, .2), (-2, 5, 9), (4, 0, 0)]:
        signs = axis_signs(picture.pixels) if picture.is_colour else [1]
        count = len(signs)
        output = pixel.fancy_pca(picture.pixels, np.float32(alphas[:count]) * np.float32(signs))
        picture.case("FancyPCA", output, {"alphas": alphas[:count]}, "one")


def axis_signs(pixels):
    """For each axis the sign of its largest component: there our axes are positive."""
    values = pixels.reshape(-1, 3) / np.float32(255)
    axes = np.linalg.eigh(np.cov(values - values.mean(axis=0), rowvar=False))[1][:, ::-1]
    return np.sign(axes[np.abs(axes).argmax(axis=0), range(3)])


def channel_dropout(picture):
    if picture.is_colour:
        for channels, fill in [([0], 0), ([2, 1], 127.6), ([1], 255)]:
            picture.case("ChannelDropout", dropped(picture.pixels, channels, fill), {"channels": channels}, fill=fill)


def random_tone_curve(picture):
    for low, high in [([.25], [.75]), ([.1], [.9]), ([1], [0]), ([.41], [.37])]:
        picture.case("RandomToneCurve", pixel.move_tone_curve(picture.pixels, low[0], high[0]),
                     {"low": low, "high": high})
    if picture.is_colour:
        low, high = [.2, .5, 0], [.8, .1, .6]
        output = pixel.move_tone_curve(picture.pixels, np.array(low), np.array(high))
        picture.case("RandomToneCurve", output, {"low": low, "high": high}, per_channel=True)


def auto_contrast(picture):
    for cutoff, ignore, method in [(0, None, "cdf"), (0, None, "pil"), (10, None, "cdf"), (3.7, 200, "pil"),
                                   (0, 1, "cdf"), (100, None, "cdf"), (50, 99, "pil"), (30, 0, "cdf")]:
        t = A.AutoContrast(cutoff, ignore, method, p=1)
        picture.case("AutoContrast", picture.run(t), cutoff=cutoff, ignore=ignore, method=method)


def planckian_jitter(picture):
    if picture.is_colour:
        for temperature, mode in [(3000, "blackbody"), (4321, "blackbody"), (15000, "blackbody"), (6500, "cied"),
                                  (14999, "cied"), (3500, "cied")]:
            output = pixel.planckian_jitter(picture.pixels, temperature, mode)
            picture.case("PlanckianJitter", output, {"temperature": temperature}, mode=mode)


def illumination(picture):
    for intensity, angle in [(.17, 33.3), (-.2, 200), (.05, 0), (-.11, 90), (.2, 180), (.2, 270), (.1, 45), (-.1, 135),
                             (.2, 225), (.2, 315)]:
        picture.case("Illumination", pixel.apply_linear_illumination(picture.pixels, intensity, angle),
                     {"intensity": intensity, "angle": angle})
    # The package takes grey images without an axis for channels only.
    pixels = picture.pixels if picture.is_colour else picture.pixels[:, :, 0]
    for corner, intensity in enumerate([.2, -.07, .013, -.2]):
        output = pixel.apply_corner_illumination(pixels, intensity, corner).reshape(picture.pixels.shape)
        picture.case("Illumination", output, {"intensity": intensity, "corner": corner}, "one", mode="corner")
    for intensity, x, y, sigma in [(.2, .3, .8, .2), (-.13, .5, .5, 1), (.01, 0, 1, .4)]:
        output = pixel.apply_gaussian_illumination(pixels, intensity, (x, y), sigma).reshape(picture.pixels.shape)
        picture.case("Illumination", output, {"intensity": intensity, "x": x, "y": y, "sigma": sigma}, "one",
                     mode="gaussian")


def plasma_brightness_contrast(picture):
    for brightness, contrast in [(.3, .3), (.2, -.1), (-.2, .9), (1, 0), (-.1, -.1)]:
        pattern = random.random(picture.pixels.shape[:2], dtype=np.float32)
        output = pixel.apply_plasma_brightness_contrast(picture.pixels, brightness, contrast, pattern)
        picture.case("PlasmaBrightnessContrast", output,
                     {"brightness": brightness, "contrast": contrast, "pattern": pattern}, "one")


def plasma_shadow(picture):
    for intensity in [.5, .37, 1, 0]:
        pattern = random.random(picture.pixels.shape[:2], dtype=np.float32)
        output = pixel.apply_plasma_shadow(picture.pixels, intensity, pattern)
        picture.case("PlasmaShadow", output, {"intensity": intensity, "pattern": pattern})


def he_stain(picture):
    if not picture.is_colour:
        return
    for number, (preset, matrix) in enumerate(pixel.STAIN_MATRICES.items()):
        scales, shifts, background = [1.3, .7], [.1 * number - .3, .13], number % 2 == 1
        output = pixel.apply_he_stain_augmentation(picture.pixels, matrix, np.array(scales), np.array(shifts), background)
        picture.case("HEStain", output, {"preset": preset, "scales": scales, "shifts": shifts}, "one",
                     augment_background=background)
    if picture.width * picture.height == 1:
        return
    for method in ["macenko", "vahadane"]:
        extractor = pixel.get_normalizer(method)
        extractor.fit(picture.pixels)
        scales, shifts = [1.1, .8], [.1, -.05]
        output = pixel.apply_he_stain_augmentation(
            picture.pixels, extractor.stain_matrix_target, np.array(scales), np.array(shifts), True)
        picture.case("HEStain", output, {"scales": scales, "shifts": shifts}, "one", method=method,
                     augment_background=True)


def superpixels(picture):
    for count, size, interpolation, share in [(100, 128, 1, .3), (10, 40, 0, .5), (37, None, 1, 1), (5, 64, 3, .5)]:
        painted = random.random(count) < share
        if size is not None and max(picture.width, picture.height) > size * min(picture.width, picture.height):
            continue
        # Fewer than one pixel to a segment is an error.
        if count <= picture.width * picture.height and painted.any():
            output = pixel.superpixels(picture.pixels, count, painted, size, interpolation)
            output = output.reshape(picture.pixels.shape)
            picture.case("Superpixels", output, {"painted": painted.astype(int)}, max_size=size,
                         interpolation=interpolation, n_segments=[count, count])


def chromatic_aberration(picture):
    if picture.is_colour:
        for primary_red, secondary_red, primary_blue, secondary_blue, interpolation in [
                (.02, .05, .01, .03, 1), (-.2, -.3, .1, .2, 1), (.3, .1, -.4, 0, 0), (.1, .1, -.1, -.1, 2), (0, 0, 0, 0, 1)]:
            output = pixel.chromatic_aberration(
                picture.pixels, primary_red, secondary_red, primary_blue, secondary_blue, interpolation)
            picture.case("ChromaticAberration", output, {
                "primaryRed": primary_red, "secondaryRed": secondary_red, "primaryBlue": primary_blue,
                "secondaryBlue": secondary_blue}, "near", interpolation=interpolation)


CASES = {
    "RandomBrightnessContrast": random_brightness_contrast,
    "HueSaturationValue": hue_saturation_value,
    "CLAHE": clahe,
    "RandomGamma": random_gamma,
    "ChannelShuffle": channel_shuffle,
    "Posterize": posterize,
    "InvertImg": invert_img,
    "Solarize": solarize,
    "ColorJitter": color_jitter,
    "RGBShift": rgb_shift,
    "ToGray": to_gray,
    "Equalize": equalize,
    "FancyPCA": fancy_pca,
    "ChannelDropout": channel_dropout,
    "RandomToneCurve": random_tone_curve,
    "ToSepia": to_sepia,
    "AutoContrast": auto_contrast,
    "ToRGB": to_rgb,
    "PlanckianJitter": planckian_jitter,
    "Illumination": illumination,
    "PlasmaBrightnessContrast": plasma_brightness_contrast,
    "PlasmaShadow": plasma_shadow,
    "HEStain": he_stain,
    "Superpixels": superpixels,
    "ChromaticAberration": chromatic_aberration,
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
def jitter(p):
    return {"brightness": p["brightness"], "contrast": p["contrast"], "saturation": p["saturation"], "hue": p["hue"],
            **{f"order.{place}": step for place, step in enumerate(p["order"])}}


def listed(name, values):
    return {f"{name}.{place}": value for place, value in enumerate(np.atleast_1d(values))}


def curve(p):
    return listed("low", p["low_y"]) | listed("high", p["high_y"])


def light(p):
    center = dict(zip("xy", p["center"])) if "center" in p else {}
    return {key: p[key] for key in ["intensity", "angle", "corner", "sigma"] if key in p} | center


def stains(p):
    return listed("scales", p["scale_factors"]) | listed("shifts", p["shift_values"])


def fringes(p):
    return {"primaryRed": p["primary_distortion_red"], "secondaryRed": p["secondary_distortion_red"],
            "primaryBlue": p["primary_distortion_blue"], "secondaryBlue": p["secondary_distortion_blue"]}


def temperature(p):
    return {"temperature": p["temperature"]}


DRAWS = {
    "RandomBrightnessContrast": [
        Draw(A.RandomBrightnessContrast(), lambda p: {"contrast": p["alpha"], "brightness": p["beta"] / 255})],
    "HueSaturationValue": [Draw(A.HueSaturationValue(), lambda p: {
        "hue": p["hue_shift"], "saturation": p["sat_shift"], "value": p["val_shift"]})],
    "CLAHE": [Draw(A.CLAHE((1, 7)), lambda p: {"clipLimit": p["clip_limit"]})],
    "RandomGamma": [Draw(A.RandomGamma(), lambda p: {"gamma": p["gamma"]})],
    "ChannelShuffle": [Draw(A.ChannelShuffle(), lambda p: listed("order", p["channels_shuffled"]))],
    "Posterize": [Draw(A.Posterize((2, 6)), lambda p: listed("bits", p["num_bits"])),
                  Draw(A.Posterize([(1, 2), (3, 7), (4, 4)]), lambda p: listed("bits", p["num_bits"]))],
    "Solarize": [Draw(A.Solarize((.2, .9)), lambda p: {"threshold": p["threshold"]})],
    "ColorJitter": [Draw(A.ColorJitter(), jitter), Draw(A.ColorJitter(.4, 2, (.3, .5), .1), jitter)],
    "RGBShift": [Draw(A.RGBShift(), lambda p: dict(zip(["red", "green", "blue"], p["noise_map"]))),
                 Draw(A.RGBShift(1, (-3, .5), (.2, .4)), lambda p: dict(zip(["red", "green", "blue"], p["noise_map"])))],
    "FancyPCA": [Draw(A.FancyPCA(.3), lambda p: listed("alphas", p["alpha_vector"]))],
    "ChannelDropout": [Draw(A.ChannelDropout((1, 1)), lambda p: listed("channels", p["channels_to_drop"])),
                       Draw(A.ChannelDropout((1, 2)), lambda p: {"channels.0": p["channels_to_drop"][0]})],
    "RandomToneCurve": [Draw(A.RandomToneCurve(.3), curve), Draw(A.RandomToneCurve(.1, True), curve)],
    "PlanckianJitter": [Draw(A.PlanckianJitter(), temperature),
                        Draw(A.PlanckianJitter("cied", (4500, 9000), "gaussian"), temperature)],
    "Illumination": [Draw(A.Illumination(), light), Draw(A.Illumination("corner", (.05, .1), "darken"), light),
                     Draw(A.Illumination("gaussian", effect_type="brighten"), light)],
    "PlasmaBrightnessContrast": [Draw(A.PlasmaBrightnessContrast((-.2, .4)), lambda p: {
        "brightness": p["brightness_factor"], "contrast": p["contrast_factor"]}, width=2, height=2)],
    "PlasmaShadow": [Draw(A.PlasmaShadow(), lambda p: {"intensity": p["intensity"]}, width=2, height=2)],
    "HEStain": [Draw(A.HEStain(), stains)],
    "Superpixels": [Draw(A.Superpixels((.1, .7), (20, 90)), lambda p: {
        "segments": p["n_segments"], **uniform("share")(p)})],
    "ChromaticAberration": [Draw(A.ChromaticAberration(mode=mode), fringes)
                            for mode in ["green_purple", "red_blue", "random"]],
}
