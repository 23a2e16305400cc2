"""Flips, quarter rotations and warps."""

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.geometric import functional as geometric

from pictures import Script, random

RESAMPLINGS = [(1, 0, 0), (0, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 0), (1, 0, (200., 100., 50.)), (1, 0, 90.)]


def resamplings():
    for interpolation, border, fill in RESAMPLINGS:
        yield dict(interpolation=interpolation, border_mode=border, fill=fill)


def horizontal_flip(picture):
    picture.case("HorizontalFlip", picture.run(A.HorizontalFlip(p=1)))


def vertical_flip(picture):
    picture.case("VerticalFlip", picture.run(A.VerticalFlip(p=1)))


def random_rotate90(picture):
    for quarters in range(4):
        picture.case("RandomRotate90", geometric.rot90(picture.pixels, quarters), {"quarters": quarters})


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


def optical_distortion(picture):
    for common in resamplings():
        for mode, k in [("camera", .05), ("camera", -.4), ("fisheye", .3)]:
            t = A.OpticalDistortion((k, k), mode=mode, p=1, **common)
            picture.case("OpticalDistortion", picture.run(t), {"k": k}, "near", mode=mode, **common)


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


CASES = {
    "HorizontalFlip": horizontal_flip,
    "VerticalFlip": vertical_flip,
    "RandomRotate90": random_rotate90,
    "Affine": affine,
    "ElasticTransform": elastic_transform,
    "GridDistortion": grid_distortion,
    "OpticalDistortion": optical_distortion,
    "Perspective": perspective,
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
DRAWS = {}
