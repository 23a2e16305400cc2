"""Changes of colour."""

import albumentations as A
import numpy as np
from albumentations.augmentations.dropout.functional import channel_dropout as dropped
from albumentations.augmentations.pixel import functional as pixel

from draws import Draw
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
}
