"""Flips, quarter rotations and warps."""

import functools

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.geometric import functional as geometric

from draws import Draw, uniform
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


def transpose(picture):
    picture.case("Transpose", picture.run(A.Transpose(p=1)))


def time_reverse(picture):
    picture.case("TimeReverse", picture.run(A.TimeReverse(p=1)))


# The symmetries of the square in Albumentations, and their numbers in EXIF.
ORIENTATIONS = {"e": 1, "h": 2, "r180": 3, "v": 4, "t": 5, "r270": 6, "hvt": 7, "r90": 8}


def d4(picture):
    for element, orientation in ORIENTATIONS.items():
        picture.case("D4", geometric.d4(picture.pixels, element), {"orientation": orientation})


def square_symmetry(picture):
    for element, orientation in ORIENTATIONS.items():
        picture.case("SquareSymmetry", geometric.d4(picture.pixels, element), {"orientation": orientation})


def is_tie(picture, angle, common):
    """Whether nearest places lie halfway between two pixels, where OpenCV 5.0 takes the other one."""
    return common["interpolation"] == cv2.INTER_NEAREST and angle % 90 == 0


def shift_scale_rotate(picture):
    parts = [((.06, -.03), (.9, 1.1), 33), ((0, 0), (1.23, .79), 0), ((-.2, .4), (1, 1), 0), ((.01, .02), (.5, .5), -200)]
    for common in resamplings():
        for (x, y), scale, angle in parts:
            t = A.ShiftScaleRotate(p=1, **common)
            t.translate_percent = {"x": (x, x), "y": (y, y)}
            t.scale = {"x": (scale[0],) * 2, "y": (scale[1],) * 2}
            t.rotate = (angle, angle)
            drawn = {"scale": scale, "translation": [int(x * picture.width), int(y * picture.height)],
                     "rotation": angle, "shear": [0, 0]}
            picture.case("ShiftScaleRotate", picture.run(t), drawn, "near", **common)


def rotate(picture):
    for common in resamplings():
        for angle, crop in [(20, False), (-45, True), (77.7, True), (90, False), (0, True), (200, True)]:
            if is_tie(picture, angle, common) or crop and min(picture.width, picture.height) < 5:
                continue  # of so small an image, Albumentations crops nothing
            t = A.Rotate((angle, angle), crop_border=crop, p=1, **common)
            picture.case("Rotate", picture.run(t), {"angle": angle}, "near", crop_border=crop, **common)


def safe_rotate(picture):
    for common in resamplings():
        for angle in [30, -90, 0, 141.3, 45]:
            if not is_tie(picture, angle, common):
                t = A.SafeRotate((angle, angle), p=1, **common)
                picture.case("SafeRotate", picture.run(t), {"angle": angle}, "near", **common)


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


def reaches_far(picture, maps, common):
    """Whether cubic samples are far beyond the edge, where OpenCV 5.0 is wrong: its linear and Lanczos samples agree
    with 4.6, its cubic do not."""
    farthest = max(np.abs(maps["map_x"] - picture.width / 2).max() - picture.width,
                   np.abs(maps["map_y"] - picture.height / 2).max() - picture.height)
    return common["interpolation"] == cv2.INTER_CUBIC and farthest > 0


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
            if reaches_far(picture, maps, common):
                continue
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


def random_grid_shuffle(picture):
    for rows, columns in [(3, 3), (2, 4), (1, 1), (5, 2)]:
        t = A.RandomGridShuffle((rows, columns), p=1)
        t.set_random_seed(rows)
        params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        picture.case("RandomGridShuffle", t.apply(picture.pixels, **params), shuffle_draw_of(params, (rows, columns)),
                     grid=[rows, columns])


def shuffle_draw_of(params, grid):
    tiles = params["tiles"].reshape(*grid, 4).tolist()
    return {"widths": [tile[3] - tile[1] for tile in tiles[0]], "heights": [row[0][2] - row[0][0] for row in tiles],
            "targets": [int(target) for target in params["mapping"]]}


def morphological(picture):
    for operation in ["dilation", "erosion"]:
        for scale in [(2, 3), (5, 5), (1, 4), (6, 1), (13, 8)]:
            t = A.Morphological(scale, operation, p=1)
            picture.case("Morphological", picture.run(t), scale=scale, operation=operation)


def control_points(picture, t, **script):
    """The map of a transform with its normal draws as given; it reads them with a shape, and scales them itself."""
    t.random_generator = Script(**script)
    return t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})


def piecewise_affine(picture):
    if picture.width * picture.height > 20_000:
        return  # seconds an image
    for common in resamplings():
        for scale, rows, columns, absolute in [(.05, 4, 4, False), (.1, 2, 5, False), (9, 3, 3, True)]:
            unit = scale / 3 if absolute else scale * min(picture.width, picture.height) / 3
            moves = random.normal(0, unit, (rows, columns, 2))
            options = dict(scale=(scale, scale), nb_rows=(rows, rows), nb_cols=(columns, columns),
                           absolute_scale=absolute, **common)
            t = A.PiecewiseAffine(p=1, **options)
            maps = control_points(picture, t, normal=moves)
            drawn = {"rows": rows, "moves": moves[:, :, ::-1].reshape(-1, 2).tolist()}
            picture.case("PiecewiseAffine", t.apply(picture.pixels, **maps), drawn, "near", **options)


def thin_plate_spline(picture):
    for common in resamplings():
        for scale, count in [(.3, 4), (.6, 2), (.2, 5)]:
            moves = random.normal(0, scale / 10, (5 if count == 2 else count * count, 2))
            t = A.ThinPlateSpline((scale, scale), count, p=1, **common)
            maps = control_points(picture, t, normal=moves)
            if reaches_far(picture, maps, common):
                continue
            picture.case("ThinPlateSpline", t.apply(picture.pixels, **maps), {"moves": moves.tolist()}, "near",
                         scale_range=(scale, scale), num_control_points=count, **common)


def grid_elastic_deform(picture):
    for interpolation in [1, 0, 2, 4]:
        for count, magnitude in [(4, 5), (2, 30), (3, 1)]:
            if min(picture.width, picture.height) < 2 * count:
                continue  # cells without area have no perspective
            t = A.GridElasticDeform((count, count), magnitude, interpolation, p=1)
            t.set_random_seed(count)
            params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
            picture.case("GridElasticDeform", t.apply(picture.pixels, **params), deform_draw_of(params, count), "near",
                         num_grid_xy=(count, count), magnitude=magnitude, interpolation=interpolation)


def deform_draw_of(params, count):
    """Of each cell its rectangle, and the corners of its quadrilateral clockwise from the upper left."""
    mesh = params["generated_mesh"].reshape(count, count, 12)
    return {"widths": (mesh[0, :, 2] - mesh[0, :, 0]).tolist(), "heights": (mesh[:, 0, 3] - mesh[:, 0, 1]).tolist(),
            "moves": (mesh[:-1, :-1, 8:10] - mesh[:-1, :-1, 2:4]).reshape(-1, 2).tolist()}


CASES = {
    "HorizontalFlip": horizontal_flip,
    "VerticalFlip": vertical_flip,
    "Transpose": transpose,
    "RandomRotate90": random_rotate90,
    "D4": d4,
    "SquareSymmetry": square_symmetry,
    "TimeReverse": time_reverse,
    "ShiftScaleRotate": shift_scale_rotate,
    "Rotate": rotate,
    "SafeRotate": safe_rotate,
    "Affine": affine,
    "Perspective": perspective,
    "ElasticTransform": elastic_transform,
    "GridDistortion": grid_distortion,
    "OpticalDistortion": optical_distortion,
    "PiecewiseAffine": piecewise_affine,
    "ThinPlateSpline": thin_plate_spline,
    "GridElasticDeform": grid_elastic_deform,
    "RandomGridShuffle": random_grid_shuffle,
    "Morphological": morphological,
}

# Parameters without a default.
REQUIRED = {"GridElasticDeform": dict(num_grid_xy=(4, 4), magnitude=10)}



def affine_draw(params):
    """The parts of the matrix, which moves the centre by the translation."""
    height, width = params["shape"][:2]
    centre = np.array([width / 2 - .5, height / 2 - .5, 1])
    x, y = (params["matrix"] @ centre - centre)[:2]
    angle, scale = np.deg2rad(params["rotate"]), params["scale"]
    rest = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) @ np.diag([scale["x"], scale["y"]])
    shear = params["matrix"][:2, :2] @ np.linalg.inv(rest)
    return {"scale.0": scale["x"], "scale.1": scale["y"], "rotation": params["rotate"],
            "translation.0": round(x), "translation.1": round(y),
            "shear.0": -np.rad2deg(np.arctan(shear[0, 1])), "shear.1": -np.rad2deg(np.arctan(shear[1, 0]))}


def turn_draw(params):
    # The matrix of Rotate has no other part than the angle.
    return {"angle": np.rad2deg(np.arctan2(params["matrix"][0, 1], params["matrix"][0, 0]))}


def corner_draw(params):
    height, width = params["shape"][:2]
    edges = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], float)
    corners = edges @ np.linalg.inv(params["matrix"]).T
    return {f"corners.{i}.{axis}": corners[i, axis] / corners[i, 2] for i in range(4) for axis in range(2)}


def orientation_draw(params):
    return {"orientation": ORIENTATIONS[params["group_element"]]}


def shuffle_draw(params):
    drawn = shuffle_draw_of(params, (3, 4))
    return {f"{key}.{i}": value for key, values in drawn.items() for i, value in enumerate(values)}


def deform_draw(params):
    drawn = deform_draw_of(params, 3)
    values = {f"{key}.{i}": value for key in ["widths", "heights"] for i, value in enumerate(drawn[key])}
    return values | {f"moves.{i}.{axis}": move[axis] for i, move in enumerate(drawn["moves"]) for axis in range(2)}


def control_draw(params):
    """The place of the pixel at the middle control of 3 × 3, where nothing else counts."""
    return {"moves.4.0": params["map_x"][2, 2] - 2, "moves.4.1": params["map_y"][2, 2] - 2}


@functools.cache
def spline_inverse(width, height):
    """From the places of five pixels to those of the five controls of a grid of 2: a spline is linear in these."""
    controls = geometric.generate_control_points(2)
    pixels = np.array([[0, 0], [0, height - 1], [width - 1, 0], [width - 1, height - 1], [width // 2, height // 2]])
    columns = []
    for unit in np.eye(5):
        weights = geometric.compute_tps_weights(controls, np.stack([unit, unit], -1))
        columns.append(geometric.tps_transform(pixels / [width, height], controls, *weights)[:, 0])
    return controls, pixels, np.linalg.inv(np.stack(columns, -1))


def spline_draw(params):
    height, width = params["shape"][:2]
    controls, pixels, inverse = spline_inverse(width, height)
    places = np.stack([params[key][pixels[:, 1], pixels[:, 0]] for key in ["map_x", "map_y"]], -1) / [width, height]
    moves = inverse @ places - controls
    return {f"moves.{i}.{axis}": moves[i, axis] for i in range(5) for axis in range(2)}


def steps_draw(params):
    factors = [1 + number for number in params["given"]["uniform"]]
    columns, rows = factors[:len(factors) // 2], factors[len(factors) // 2:]
    return {f"{key}.{i}": value for key, values in [("columns", columns), ("rows", rows)]
            for i, value in enumerate(values)}


# What the package draws: see draws.py.
DRAWS = {
    "RandomRotate90": [Draw(A.RandomRotate90(), lambda p: {"quarters": p["factor"]})],
    "D4": [Draw(A.D4(), orientation_draw)],
    "SquareSymmetry": [Draw(A.SquareSymmetry(), orientation_draw)],
    "ShiftScaleRotate": [
        Draw(A.ShiftScaleRotate(), affine_draw),
        Draw(A.ShiftScaleRotate(shift_limit_x=(.1, .3), scale_limit=(-.5, .2), rotate_limit=180), affine_draw),
    ],
    "Rotate": [Draw(A.Rotate(), turn_draw), Draw(A.Rotate((-10, 30)), turn_draw)],
    "SafeRotate": [Draw(A.SafeRotate((-20, 80)), lambda p: {"angle": p["rotate"]})],
    "Affine": [
        Draw(A.Affine(scale=(.5, 1.5), rotate=(-45, 45), shear={"x": (-10, 5), "y": (0, 20)}, translate_px=(-9, 4)),
             affine_draw),
        Draw(A.Affine(scale=(.8, 2), keep_ratio=True, balanced_scale=True, translate_percent={"x": (-.1, .3)}),
             affine_draw),
    ],
    "OpticalDistortion": [Draw(A.OpticalDistortion((-.3, .5)), uniform("k"), width=5, height=5)],
    "GridDistortion": [Draw(A.GridDistortion(3, (-.2, .4)), steps_draw, width=30, height=30)],
    "PiecewiseAffine": [
        Draw(A.PiecewiseAffine((.05, .1), 3, 3), control_draw, width=5, height=5),
        Draw(A.PiecewiseAffine(nb_rows=(2, 5)), lambda p: {"rows": p["given"]["randint"][0]}, width=9, height=9),
    ],
    "ThinPlateSpline": [Draw(A.ThinPlateSpline((.1, .5), 2), spline_draw, width=20, height=15)],
    "GridElasticDeform": [Draw(A.GridElasticDeform((3, 3), 7), deform_draw, width=40, height=37)],
    "RandomGridShuffle": [Draw(A.RandomGridShuffle((3, 4)), shuffle_draw, width=21, height=17)],
    "Perspective": [Draw(A.Perspective(), corner_draw)],
}
