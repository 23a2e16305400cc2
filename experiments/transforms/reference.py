"""Writes the results of Albumentations 2.0.8 on some images with fixed parameters, for the tests of the transforms.

    reference.py FOLDER TRANSFORM [PHOTOGRAPH ...]    raw pixels and cases.jsonl of one transform, for AlbumentationsTests
    reference.py --all FILE                           defaults and a few cases of every transform, for ReferenceTests

A line of cases.jsonl is one case:

    transform   as in a pipeline file
    drawn       the draw of the transform, as in a manifest
    input, inputShape, output, outputShape    files of raw pixels; width, height, channels
    tolerance   "exact"; "fused": exact if OpenCV has fused multiply-adds; "one": within one level; "near": a warp
    kernel, isFused    weights row by row and whether OpenCV fuses, where a tie may be rounded either way

To add a transform, write a function that calls `case`, and add it to CASES under the name of the transform.
"""

import hashlib
import json
import os
import sys
import warnings

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
warnings.filterwarnings("ignore")

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.blur import functional as blur
from albumentations.augmentations.geometric import functional as geometric
from albumentations.augmentations.pixel import functional as pixel

cv2.setNumThreads(1)
random = np.random.default_rng(7)
# 11 is AVX2, with which OpenCV fuses multiplication and addition.
FUSED = "exact" if cv2.checkHardwareSupport(11) else "fused"


class Folder:
    """Keeps cases with all their pixels."""

    def __init__(self, path):
        self.path, self.lines, self.inputs = path, [], {}

    def store(self, name, array):
        np.ascontiguousarray(array).tofile(os.path.join(self.path, name))
        return name

    def keep(self, case, image_name, image, output):
        number = len(self.lines)
        if image_name not in self.inputs:
            self.inputs[image_name] = self.store(f"{image_name}.in", image)
        for key, value in case["drawn"].items():
            if isinstance(value, np.ndarray) and value.ndim > 1:
                case["drawn"][key] = self.store(f"{number}.{key}", value)
        case |= {"input": self.inputs[image_name], "output": self.store(f"{number}.out", output)}
        self.lines.append(json.dumps(case, default=plain))

    def close(self):
        with open(os.path.join(self.path, "cases.jsonl"), "w") as file:
            file.write("\n".join(self.lines) + "\n")


class Excerpt:
    """Keeps a few cases of each transform with some pixels, and a digest where bytes must be equal."""

    def __init__(self, path):
        self.path, self.cases, self.counts = path, [], {}

    def keep(self, case, image_name, image, output):
        name = case["transform"]["__class_fullname__"]
        has_rows = any(isinstance(value, np.ndarray) and value.ndim > 1 for value in case["drawn"].values())
        count = self.counts[name, image_name] = self.counts.get((name, image_name), 0) + 1
        if count > (1 if has_rows else 4):
            return
        places = [(output.shape[0] * i // 8, output.shape[1] * j // 8) for i in range(1, 8, 2) for j in range(1, 8, 2)]
        case.pop("kernel", None)
        case["pixels"] = [[x, y, *np.atleast_1d(output[y, x]).tolist()] for y, x in places]
        if case["tolerance"] == "exact":
            case["digest"] = hashlib.md5(np.ascontiguousarray(output).tobytes()).hexdigest()
        self.cases.append(json.dumps(case, default=plain))

    def close(self):
        defaults = [json.dumps(A.to_dict(getattr(A, name)(**REQUIRED.get(name, {})))["transform"])
                    for name in CASES if name != "blur"]
        with open(self.path, "w") as file:
            file.write('{"defaults": [\n' + ",\n".join(defaults) + '\n],\n"cases": [\n' + ",\n".join(self.cases) + "\n]}\n")


def plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value.item()


def shape_of(image):
    return [image.shape[1], image.shape[0], 1 if image.ndim == 2 else image.shape[2]]


class Picture:
    """An image from which cases are made."""

    def __init__(self, name, pixels, keeper):
        self.name, self.pixels, self.keeper = name, pixels, keeper
        self.height, self.width = pixels.shape[:2]
        self.is_colour = pixels.shape[2] == 3

    def case(self, name, output, drawn=None, tolerance="exact", kernel=None, **parameters):
        """Keeps one case; an array of rows in its draw goes to a separate file."""
        entry = {
            "transform": {"__class_fullname__": name, **parameters},
            "drawn": drawn if drawn is not None else {},
            "inputShape": shape_of(self.pixels),
            "outputShape": shape_of(output),
            "tolerance": tolerance,
        }
        if kernel is not None:
            entry |= {"kernel": kernel.ravel(), "isFused": FUSED == "exact"}
        self.keeper.keep(entry, self.name, self.pixels, output)

    def run(self, transform):
        return A.Compose([transform])(image=self.pixels)["image"]


def images(keeper, photographs, gradient_size, sizes):
    """Photographs and synthetic images of awkward sizes, in colour and in grey."""
    for index, path in enumerate(photographs):
        yield from both(f"photo{index}", cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB), keeper)
    y, x = np.mgrid[:gradient_size[1], :gradient_size[0]]
    gradient = np.stack([2 * x % 256, y * 255 // 95, (7 * x + 13 * y) % 256], -1).astype(np.uint8)
    yield from both("gradient", gradient, keeper)
    for width, height in sizes:
        noise = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        yield from both(f"noise{width}x{height}", noise, keeper)


def both(name, image, keeper):
    yield Picture(name, image, keeper)
    yield Picture(f"{name}-grey", np.ascontiguousarray(image[:, :, 1:2]), keeper)


class Script:
    """A stub random generator that returns given values."""

    def __init__(self, **values):
        self.values = values

    def __getattr__(self, name):
        def take(*args, **kwargs):
            value = self.values[name]
            return value.pop(0) if isinstance(value, list) else value.copy()

        return take


# Flips and rotations.


def horizontal_flip(picture):
    picture.case("HorizontalFlip", picture.run(A.HorizontalFlip(p=1)))


def vertical_flip(picture):
    picture.case("VerticalFlip", picture.run(A.VerticalFlip(p=1)))


def random_rotate90(picture):
    for quarters in range(4):
        picture.case("RandomRotate90", geometric.rot90(picture.pixels, quarters), {"quarters": quarters})


# Colour.


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


# Filters and noise.


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


def iso_noise(picture):
    if not picture.is_colour:
        return
    for color_shift, intensity in [(.03, .3), (.05, .5), (1.0, 2.0)]:
        events = random.poisson(.2 * intensity, picture.pixels.shape[:2])
        hue = random.normal(0, color_shift * intensity, picture.pixels.shape[:2]).astype(np.float32)
        output = pixel.iso_noise(picture.pixels, color_shift, intensity, Script(poisson=events, normal=hue))
        picture.case("ISONoise", output, {"events": events.astype(np.int32), "hue": hue, "intensity": intensity}, FUSED)


# Crops.


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


# Warps.

RESAMPLINGS = [(1, 0, 0), (0, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 0), (1, 0, (200., 100., 50.)), (1, 0, 90.)]


def resamplings():
    for interpolation, border, fill in RESAMPLINGS:
        yield dict(interpolation=interpolation, border_mode=border, fill=fill)


def optical_distortion(picture):
    for common in resamplings():
        for mode, k in [("camera", .05), ("camera", -.4), ("fisheye", .3)]:
            t = A.OpticalDistortion((k, k), mode=mode, p=1, **common)
            picture.case("OpticalDistortion", picture.run(t), {"k": k}, "near", mode=mode, **common)


def grid_distortion(picture):
    if min(picture.width, picture.height) < 5:
        return
    for common in resamplings():
        for steps, normalized in [(5, True), (5, False), (3, True)]:
            columns, rows = list(random.uniform(.7, 1.3, steps + 1)), list(random.uniform(.7, 1.3, steps + 1))
            t = A.GridDistortion(steps, (-.3, .3), normalized=normalized, p=1, **common)
            t.py_random = Script(uniform=[v - 1 for v in columns + rows])
            maps = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
            picture.case("GridDistortion", t.apply(picture.pixels, **maps), {"columns": columns, "rows": rows}, "near",
                         num_steps=steps, normalized=normalized, **common)


def perspective(picture):
    width, height = picture.width, picture.height
    for common in resamplings():
        for scale, keep, fit in [(.08, True, False), (.2, False, False), (.05, True, True), (.1, False, True)]:
            if fit and min(width, height) < 5:
                continue  # rounded to whole pixels, a line of them has no area and no matrix
            inward = random.normal(0, scale, (4, 2))
            points = geometric.generate_perspective_points((height, width), scale, Script(normal=inward))
            points = geometric.order_points(points)
            corners = points.copy()
            matrix, mw, mh = geometric.compute_perspective_params(points, (height, width))
            if fit:
                matrix, mw, mh = geometric.expand_transform(matrix, (height, width))
            if mw < 1 or mh < 1 or mw > 3 * width or mh > 3 * height:
                continue
            output = A.Perspective(keep_size=keep, fit_output=fit, p=1, **common).apply(
                picture.pixels, matrix=matrix, max_height=mh, max_width=mw)
            picture.case("Perspective", output, {"corners": corners.tolist()}, "near", keep_size=keep, fit_output=fit,
                         **common)


def elastic_transform(picture):
    width, height = picture.width, picture.height
    for common in resamplings():
        for alpha, sigma, same, distribution in [(1, 50, False, "gaussian"), (50, 5, False, "gaussian"),
                                                 (300, 13, True, "gaussian"), (900, 60, False, "gaussian"),
                                                 (40, 20, False, "uniform")]:
            shape = (1 if same else 2, height, width)
            noise = random.standard_normal(shape, dtype=np.float32)
            if distribution == "uniform":
                noise = random.uniform(-1, 1, shape).astype(np.float32)
            options = dict(alpha=alpha, sigma=sigma, same_dxdy=same, noise_distribution=distribution, **common)
            t = A.ElasticTransform(p=1, **options)
            t.random_generator = Script(standard_normal=noise, uniform=noise)
            maps = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
            farthest = max(np.abs(maps["map_x"] - width / 2).max() - width,
                           np.abs(maps["map_y"] - height / 2).max() - height)
            if common["interpolation"] == cv2.INTER_CUBIC and farthest > 0:
                continue  # OpenCV 5.0 is wrong there: its linear and Lanczos samples agree with 4.6, its cubic do not
            picture.case("ElasticTransform", t.apply(picture.pixels, **maps), {"noise": noise.reshape(-1, width)},
                         "near", **options)


def affine(picture):
    parts = [dict(scale=(1.23, .79), rotate=0), dict(rotate=27.3), dict(rotate=-90), dict(shear=(12, -7)),
             dict(scale=(.7, .7), rotate=200, translate=(9, -4)), dict(), dict(translate=(3, 5))]
    for common in resamplings():
        for part in parts:
            if common["interpolation"] == cv2.INTER_NEAREST and part in parts[2:3]:
                continue  # halfway between two pixels, OpenCV 5.0 takes the other one
            for fit in [False, True]:
                affine_case(picture, part, fit, common)


def affine_case(picture, part, fit, common):
    (sx, sy), angle = part.get("scale", (1, 1)), part.get("rotate", 0)
    (shx, shy), (tx, ty) = part.get("shear", (0, 0)), part.get("translate", (0, 0))
    t = A.Affine(scale={"x": (sx, sx), "y": (sy, sy)}, rotate=(angle, angle), shear={"x": (shx, shx), "y": (shy, shy)},
                 translate_px={"x": (tx, tx), "y": (ty, ty)}, fit_output=fit, p=1, **common)
    drawn = {"scale": [sx, sy], "translation": [tx, ty], "rotation": angle, "shear": [shx, shy]}
    picture.case("Affine", picture.run(t), drawn, "near", fit_output=fit, **common)


CASES = {
    "HorizontalFlip": horizontal_flip, "VerticalFlip": vertical_flip, "RandomRotate90": random_rotate90,
    "RandomBrightnessContrast": random_brightness_contrast, "HueSaturationValue": hue_saturation_value, "CLAHE": clahe,
    "RandomGamma": random_gamma, "ChannelShuffle": channel_shuffle, "Posterize": posterize,
    "InvertImg": invert_img, "Solarize": solarize,
    "GaussianBlur": gaussian_blur, "Sharpen": sharpen, "MotionBlur": motion_blur, "blur": wide_blur,
    "ISONoise": iso_noise, "CenterCrop": center_crop, "ElasticTransform": elastic_transform,
    "GridDistortion": grid_distortion, "OpticalDistortion": optical_distortion, "Perspective": perspective,
    "Affine": affine,
}


# Parameters without a default.
REQUIRED = {"CenterCrop": {"height": 224, "width": 224}}


def main(arguments):
    global random
    if arguments[0] == "--all":
        keeper, makers = Excerpt(arguments[1]), CASES.values()
        pictures = list(images(keeper, [], (24, 18), []))
    else:
        keeper, makers = Folder(arguments[0]), [CASES[arguments[1]]]
        sizes = [(97, 131), (33, 20), (9, 1), (1, 8), (1, 1), (6, 5)]
        pictures = list(images(keeper, arguments[2:], (128, 96), sizes))
    for make in makers:
        random = np.random.default_rng(7)  # the draws of one transform must not depend on another
        for picture in pictures:
            make(picture)
    keeper.close()


main(sys.argv[1:])
