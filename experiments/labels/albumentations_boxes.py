"""Writes where Albumentations 2.0.8 moves boxes and keypoints with fixed parameters, and which boxes its filters keep.

    albumentations_boxes.py FILE

A line of `geometries` is one case:

    transform   as in a pipeline file
    drawn       the draw of the transform, as in a manifest; of ElasticTransform the displacements themselves
    size        width and height before and after
    kind        "straight": sides stay parallel to those of the image; "tilted": they do not; "field": Albumentations
                paints the box on whole pixels; "mirrored": a border mirrors the image
    boxes       each with x1, y1, x2, y2 before and after, not clipped; `null` if it is gone; all of them if mirrored
    keypoints   each with x, y before and after, in pixel centres; straight and tilted only
    boxShift    whole pixels from where Albumentations has the boxes to where it has the image

A line of `filters` is a sequence of crops with thresholds, boxes, and for each whether it is kept.
"""

import json
import os
import sys
import warnings

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
warnings.filterwarnings("ignore")

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.geometric import functional as geometric

cv2.setNumThreads(1)
SIZES = [(128, 96), (75, 110)]
random = np.random.default_rng(11)


class Script:
    """A stub random generator that returns given values."""

    def __init__(self, **values):
        self.values = values

    def __getattr__(self, name):
        def take(*args, **kwargs):
            value = self.values[name]
            return value.pop(0) if isinstance(value, list) else value.copy()

        return take


class Image:
    """A size with boxes and keypoints, of which cases are made."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.boxes = np.array(list(self.random_boxes(8)) + [
            (0, 0, width, height), (0, 0, 20, 10), (width - 15, height - 12, width, height), (20, 10, 60, 50),
            (width / 2 - .5, 3.25, width / 2 + .5, 4), (7, 31, 8, 90),
        ], float)  # fmt: skip
        self.keypoints = np.array(list(self.random_points(8)) + [(0, 0), (width - 1, height - 1), (width / 2, 7.5)], float)

    def random_boxes(self, count):
        for _ in range(count):
            x, y = sorted(random.uniform(0, self.width, 2)), sorted(random.uniform(0, self.height, 2))
            yield tuple(np.round((x[0], y[0], x[1] + .5, y[1] + .5), 3).clip(0, [self.width, self.height] * 2))

    def random_points(self, count):
        for _ in range(count):
            yield tuple(np.round((random.uniform(0, self.width - 1), random.uniform(0, self.height - 1)), 3))

    @property
    def shape(self):
        return self.height, self.width, 3

    def parameters(self, transform, **drawn):
        """What the transform would hand its own methods."""
        given = {"shape": self.shape}
        return given | transform.get_params_dependent_on_data(given, {}) | drawn

    def case(self, transform, drawn, parameters, size=None, kind="straight", shift=(0, 0), **settings):
        width, height = size or (self.width, self.height)
        result = {
            "transform": {"__class_fullname__": type(transform).__name__, **settings},
            "drawn": drawn,
            "size": [[self.width, self.height], [width, height]],
            "kind": kind,
            "boxes": [[list(box), self.moved(transform, box, parameters, (width, height), kind)] for box in self.boxes],
        }
        if kind in ["straight", "tilted"]:
            result["keypoints"] = [[list(point), self.moved_point(transform, point, parameters)] for point in self.keypoints]
        if any(shift):
            result["boxShift"] = [int(step) for step in shift]
        return result

    def moved(self, transform, box, parameters, size, kind):
        # In double precision, where Compose would round to single.
        shares = np.array([box]) / np.array([self.width, self.height] * 2)
        moved = transform.apply_to_bboxes(shares, **dict(parameters)) * np.array([*size] * 2)
        rows = [rounded(row[:4]) for row in moved]
        return rows if kind == "mirrored" else rows[0] if rows else None

    def moved_point(self, transform, point, parameters):
        return rounded(transform.apply_to_keypoints(np.array([[*point, 0, 0, 1]]), **dict(parameters))[0][:2])


def rounded(values):
    return [round(float(value), 5) for value in values]


def orientations(image):
    for transform in [A.HorizontalFlip(p=1), A.VerticalFlip(p=1)]:
        yield image.case(transform, {}, {"shape": image.shape})
    for quarters in range(4):
        size = (image.height, image.width) if quarters % 2 else None
        yield image.case(A.RandomRotate90(p=1), {"quarters": quarters}, {"shape": image.shape, "factor": quarters}, size)


def crops(image):
    width, height = image.width // 2 + 1, image.height // 3
    plain = A.CenterCrop(height, width)
    left, top, *_ = image.parameters(plain)["crop_coords"]
    drawn = {"x": int(left), "y": int(top), "width": width, "height": height}
    yield image.case(plain, drawn, image.parameters(plain), (width, height), height=height, width=width)
    width, height = image.width + 7, image.height - 3
    for position, left in [("center", 3), ("top_left", 0), ("bottom_right", 7)]:
        for border in [cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT_101]:
            settings = dict(height=height, width=width, pad_if_needed=True, pad_position=position, border_mode=border)
            transform = A.CenterCrop(**settings)
            drawn = {"x": -left, "y": 1, "width": width, "height": height}
            kind = "mirrored" if border == cv2.BORDER_REFLECT_101 else "straight"
            yield image.case(transform, drawn, image.parameters(transform), (width, height), kind, **settings)


AFFINE_PARTS = [
    dict(scale=(1.23, .79)), dict(rotate=27.3), dict(rotate=-90), dict(shear=(12, -7)), dict(translate=(3, -5)),
    dict(scale=(.7, .6), rotate=200, translate=(9, -4)), dict(scale=(.5, .5), rotate=45), dict(rotate=180),
]  # fmt: skip


def affine(image):
    for part in AFFINE_PARTS:
        for fit in [False, True]:
            yield affine_case(image, part, fit, cv2.BORDER_CONSTANT)
    yield affine_case(image, dict(scale=(.8, .8), rotate=10), False, cv2.BORDER_REFLECT_101)


def affine_case(image, part, fit, border):
    (sx, sy), angle = part.get("scale", (1, 1)), part.get("rotate", 0)
    (shx, shy), (tx, ty) = part.get("shear", (0, 0)), part.get("translate", (0, 0))
    transform = A.Affine(scale={"x": (sx, sx), "y": (sy, sy)}, rotate=(angle, angle), shear={"x": (shx, shx), "y": (shy, shy)},
                         translate_px={"x": (tx, tx), "y": (ty, ty)}, fit_output=fit, border_mode=border, p=1)
    parameters = image.parameters(transform)
    # Not output_shape, which an image that is not moved does not take on.
    height, width = transform.apply(np.zeros(image.shape, np.uint8), **parameters).shape[:2]
    drawn = {"scale": [sx, sy], "translation": [tx, ty], "rotation": angle, "shear": [shx, shy]}
    kind = "straight" if angle % 90 == 0 and (shx, shy) == (0, 0) else "tilted"
    kind = kind if border == cv2.BORDER_CONSTANT else "mirrored"
    return image.case(transform, drawn, parameters, (width, height), kind, shift_of_boxes(parameters), fit_output=fit,
                      border_mode=border)


def shift_of_boxes(parameters):
    """With fit_output, image and boxes are moved to the edges of the output each by a floor of its own."""
    centre = np.array([.5, .5, 1])
    image = parameters["matrix"] @ np.array([0, 0, 1]) + np.array([.5, .5, 0])
    boxes = parameters["bbox_matrix"] @ centre
    shift = np.rint((image - boxes)[:2])
    assert np.allclose((image - boxes)[:2], shift)
    return shift


def perspective(image):
    for scale, keep, fit in [(.08, True, False), (.1, False, False), (.05, True, True), (.1, False, True), (.2, True, False)]:
        inward = random.normal(0, scale, (4, 2))
        points = geometric.generate_perspective_points((image.height, image.width), scale, Script(normal=inward))
        points = np.round(geometric.order_points(points), 3).astype(np.float32)
        yield perspective_case(image, points, keep, fit)
    if (image.width, image.height) == (128, 96):
        yield perspective_case(image, np.array([(6, 4), (121, 7), (118, 90), (9, 86)], np.float32), True, False)


def perspective_case(image, points, keep, fit):
    corners = [rounded(point) for point in points]
    matrix, width, height = geometric.compute_perspective_params(points.copy(), (image.height, image.width))
    if fit:
        matrix, width, height = geometric.expand_transform(matrix, (image.height, image.width))
    transform = A.Perspective(keep_size=keep, fit_output=fit, p=1)
    sides = {"shape": image.shape, "max_height": height, "max_width": width}
    parameters = sides | {"matrix": matrix, "matrix_bbox": matrix}
    return image.case(transform, {"corners": corners}, parameters, None if keep else (int(width), int(height)),
                      "tilted", keep_size=keep, fit_output=fit)


def grid_distortion(image):
    draws = [(5, True, [1.1, .9, 1, 1.2, .8, 1], [.9, 1.1, 1.05, .95, 1, 1])]
    for steps, normalized in [(5, False), (3, True), (8, True)]:
        draws.append((steps, normalized, *np.round(random.uniform(.75, 1.3, (2, steps + 1)), 3).tolist()))
    for steps, normalized, columns, rows in draws:
        transform = A.GridDistortion(steps, (-.3, .3), normalized=normalized, p=1)
        transform.py_random = Script(uniform=[value - 1 for value in columns + rows])
        yield image.case(transform, {"columns": columns, "rows": rows}, image.parameters(transform), kind="field",
                         num_steps=steps, normalized=normalized)


def optical_distortion(image):
    for mode, k in [("camera", .05), ("camera", -.3), ("fisheye", .3), ("fisheye", -.2)]:
        transform = A.OpticalDistortion((k, k), mode=mode, p=1)
        yield image.case(transform, {"k": k}, image.parameters(transform), kind="field", mode=mode)


def elastic_transform(image):
    for alpha, sigma in [(60, 5), (300, 12)]:
        transform = A.ElasticTransform(alpha, sigma, p=1)
        noise = random.standard_normal((2, image.height, image.width), dtype=np.float32)
        transform.random_generator = Script(standard_normal=noise)
        maps = image.parameters(transform)
        columns, rows = np.meshgrid(np.arange(image.width), np.arange(image.height))
        # Few digits, and exact in single precision.
        dx, dy = (np.rint(32 * field) / 32 for field in (maps["map_x"] - columns, maps["map_y"] - rows))
        maps |= {"map_x": (columns + dx).astype(np.float32), "map_y": (rows + dy).astype(np.float32)}
        yield image.case(transform, {"dx": dx.ravel().tolist(), "dy": dy.ravel().tolist()}, maps, kind="field",
                         alpha=alpha, sigma=sigma)


def geometries():
    for width, height in SIZES:
        image = Image(width, height)
        for cases in [orientations, crops, affine, perspective, grid_distortion, optical_distortion]:
            yield from cases(image)
    yield from elastic_transform(Image(60, 44))


THRESHOLDS = [
    {}, {"min_area": 300}, {"min_visibility": .5}, {"min_width": 9}, {"min_height": 12.5}, {"max_accept_ratio": 2},
    {"min_area": 40, "min_visibility": .3, "min_width": 3, "min_height": 3, "max_accept_ratio": 6},
]  # fmt: skip


def filters():
    image = Image(120, 90)
    for crops in [[(0, 0, 120, 90)], [(20, 10, 110, 80)], [(20, 10, 110, 80), (15, 20, 60, 65)]]:
        for thresholds in THRESHOLDS:
            boxes = list(image.random_boxes(60))
            parameters = A.BboxParams("pascal_voc", ["number"], **thresholds)
            pipeline = A.Compose([A.Crop(*crop, p=1) for crop in crops], bbox_params=parameters)
            kept = pipeline(image=np.zeros(image.shape, np.uint8), bboxes=boxes, number=list(range(len(boxes))))["number"]
            yield {"size": [image.width, image.height], "crops": crops, "thresholds": thresholds,
                   "boxes": [[float(value) for value in box] for box in boxes],
                   "kept": [number in {int(value) for value in kept} for number in range(len(boxes))]}


def lines(cases):
    return ",\n".join(json.dumps(case) for case in cases)


def main(path):
    with open(path, "w") as file:
        file.write(f'{{"geometries": [\n{lines(geometries())}\n],\n"filters": [\n{lines(filters())}\n]}}\n')


main(sys.argv[1])
