"""Writes what Albumentations 2.0.8 makes of some images with fixed parameters, for AlbumentationsTests.swift.

Usage: reference.py FOLDER [PHOTOGRAPH ...]

FOLDER gets raw pixels and cases.txt, one line per case:
transform, input, width, height, channels, output, width, height, parameters (name=value ...), separated by tabs.
"""

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
folder, photographs = sys.argv[1], sys.argv[2:]
random = np.random.default_rng(7)
fused = cv2.checkHardwareSupport(11)  # AVX2, with which OpenCV fuses multiplication and addition
lines, inputs = [], {}


def images():
    """(name, RGB image): photographs, and synthetic images of awkward sizes."""
    for index, path in enumerate(photographs):
        yield f"photo{index}", cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
    y, x = np.mgrid[:96, :128]
    yield "gradient", np.stack([2 * x % 256, y * 255 // 95, (7 * x + 13 * y) % 256], -1).astype(np.uint8)
    for width, height in [(97, 131), (33, 20), (9, 1), (1, 8), (1, 1), (6, 5)]:
        yield f"noise{width}x{height}", random.integers(0, 256, (height, width, 3), dtype=np.uint8)


def store(name, array):
    np.ascontiguousarray(array).tofile(os.path.join(folder, name))
    return name


def case(name, image_name, image, output, **parameters):
    """Notes one case; an array among the parameters goes to a file of its own."""
    number = len(lines)
    parameters["fused"] = fused
    if image_name not in inputs:
        inputs[image_name] = store(f"{image_name}.in", image)
    texts = []
    for key, value in parameters.items():
        if isinstance(value, np.ndarray) and value.ndim > 1:
            value = store(f"{number}.{key}", value)
        elif isinstance(value, (list, tuple, np.ndarray)):
            value = ",".join(repr(float(v)) for v in value)
        texts.append(f"{key}={value}")
    channels = 1 if image.ndim == 2 else image.shape[2]
    where = [image.shape[1], image.shape[0], channels, store(f"{number}.out", output), output.shape[1], output.shape[0]]
    lines.append("\t".join([name, inputs[image_name], *map(str, where), " ".join(texts)]))


def run(transform, image):
    return A.Compose([transform])(image=image)["image"]


class Script:
    """Stands in for a generator: gives out what it was given."""

    def __init__(self, **values):
        self.values = values

    def __getattr__(self, name):
        def take(*args, **kwargs):
            value = self.values[name]
            return value.pop(0) if isinstance(value, list) else value.copy()

        return take


def photometric(name, image):
    for contrast, brightness, by_max, safe in [(.2, .04, True, False), (-.37, .2, True, False), (.1, -.3, False, False),
                                               (.2, .1, True, True), (0, 0, True, False), (-1.5, .9, True, True)]:
        t = A.RandomBrightnessContrast((brightness, brightness), (contrast, contrast), by_max, safe, p=1)
        case("RandomBrightnessContrast", name, image, run(t, image), contrast=1 + contrast, brightness=brightness,
             by_max=by_max, safe=safe)
    for h, s, v in [(15.5, -20.7, 12.3), (-.4, .6, -.9), (-130.2, 40, -60), (0, 0, 0), (0, 30, 0), (200, -255, 255)]:
        t = A.HueSaturationValue((h, h), (s, s), (v, v), p=1)
        case("HueSaturationValue", name, image, run(t, image), hue=h, saturation=s, value=v)
    for clip, grid in [(3.0, (8, 8)), (1.0, (8, 8)), (39.7, (3, 5)), (2.2, (1, 1))]:
        t = A.CLAHE((clip, clip), grid, p=1)
        case("CLAHE", name, image, run(t, image), clip=clip, columns=grid[0], rows=grid[1])
    for gamma in [80, 93.7, 100, 120, 250, 40.1]:
        output = pixel.gamma_transform(image, gamma / 100)
        case("RandomGamma", name, image, output, gamma=gamma / 100)
    for sigma, size in [(.2, 0), (.5, 0), (1.0, 0), (1.37, 0), (3.0, 0), (2.0, 4), (.9, 9), (12.5, 0)]:
        t = A.GaussianBlur((size, size), (sigma, sigma), p=1)
        case("GaussianBlur", name, image, run(t, image), sigma=sigma, size=size)
    for alpha, lightness in [(.4, .75), (.2, 1.0), (1.0, .5), (0, 1)]:
        t = A.Sharpen((alpha, alpha), (lightness, lightness), p=1)
        case("Sharpen", name, image, run(t, image), alpha=alpha, lightness=lightness, method="kernel",
             kernel=t.get_params()["sharpening_matrix"].astype(np.float32))
    for alpha, size, sigma in [(.5, 5, 1.0), (1.0, 9, 2.5)]:
        t = A.Sharpen((alpha, alpha), method="gaussian", kernel_size=size, sigma=sigma, p=1)
        # In floating point: on bytes the differences wrap around.
        plane = image[:, :, 0] if image.shape[2] == 1 else image
        exact = pixel.sharpen_gaussian(plane.astype(np.float32) / 255, alpha, size, sigma)
        output = np.clip(np.rint(exact * 255), 0, 255).astype(np.uint8).reshape(image.shape)
        case("Sharpen", name, image, output, alpha=alpha, lightness=1, method="gaussian", size=size, sigma=sigma)
    for size, angle, direction, shift in [(7, 30, .4, (0, 0)), (3, 211.1, -1, (0, 0)), (5, 90, 0, (.7, -.2)),
                                          (7, 300.2, .9, (-1, 1)), (9, 77, -.3, (.1, .1)), (11, 45, 0, (0, 0)),
                                          (15, 20, .1, (0, 0)), (31, 130, 0, (.5, .5))]:
        shifted = shift != (0, 0)
        kernel = blur.create_motion_kernel(size, angle, direction, shifted, Script(uniform=list(shift)))
        kernel = kernel.astype(np.float32) / np.sum(kernel)
        case("MotionBlur", name, image, pixel.convolve(image, kernel), size=size, angle=angle, direction=direction,
             shift_x=shift[0], shift_y=shift[1], kernel=kernel)


def blurred(name, image):
    for size, sigma in ((3, 0.8), (9, 2.5), (61, 10)):
        case("blur", name, image, cv2.GaussianBlur(image, (size, size), sigma), size=size, sigma=sigma)


def colored(name, image):
    for order in [(2, 0, 1), (0, 1, 2), (1, 0, 2), (1, 2, 0)]:
        case("ChannelShuffle", name, image, pixel.channel_shuffle(image, list(order)), order=order)
    for color_shift, intensity in [(.03, .3), (.05, .5), (1.0, 2.0)]:
        events = random.poisson(.2 * intensity, image.shape[:2])
        hue = random.normal(0, color_shift * intensity, image.shape[:2]).astype(np.float32)
        output = pixel.iso_noise(image, color_shift, intensity, Script(poisson=events, normal=hue))
        case("ISONoise", name, image, output, events=events.astype(np.int32), hue=hue, intensity=intensity)


def geometry(name, image):
    case("HorizontalFlip", name, image, run(A.HorizontalFlip(p=1), image))
    case("VerticalFlip", name, image, run(A.VerticalFlip(p=1), image))
    for quarters in range(4):
        case("RandomRotate90", name, image, geometric.rot90(image, quarters), quarters=quarters)


RESAMPLINGS = [(1, 0, 0), (0, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 0), (1, 0, (200., 100., 50.)), (1, 0, 90.)]


def warps(name, image):
    height, width = image.shape[:2]
    for interpolation, border, fill in RESAMPLINGS:
        # Options first: what they change is the same in all four.
        common = dict(interpolation=interpolation, border_mode=border, fill=fill)
        note = dict(interpolation=interpolation, border=border, fill=fill)
        for mode, k in [("camera", .05), ("camera", -.4), ("fisheye", .3)]:
            t = A.OpticalDistortion((k, k), mode=mode, p=1, **common)
            case("OpticalDistortion", name, image, run(t, image), k=k, mode=mode, **note)
        perspective(name, image, width, height, common, note)
        if min(width, height) >= 5:
            grid(name, image, width, height, common, note)
        elastic(name, image, width, height, common, note)


def grid(name, image, width, height, common, note):
    for steps, normalized in [(5, True), (5, False), (3, True)]:
        columns, rows = list(random.uniform(.7, 1.3, steps + 1)), list(random.uniform(.7, 1.3, steps + 1))
        t = A.GridDistortion(steps, (-.3, .3), normalized=normalized, p=1, **common)
        t.py_random = Script(uniform=[v - 1 for v in columns + rows])
        maps = t.get_params_dependent_on_data({"shape": image.shape}, {})
        case("GridDistortion", name, image, t.apply(image, **maps), columns=columns, rows=rows, steps=steps,
             normalized=normalized, **note)


def perspective(name, image, width, height, common, note):
    for scale, keep, fit in [(.08, True, False), (.2, False, False), (.05, True, True), (.1, False, True)]:
        if fit and min(width, height) < 5:
            continue  # to whole pixels rounded, a line of them has no area and no matrix
        inward = random.normal(0, scale, (4, 2))
        points = geometric.generate_perspective_points((height, width), scale, Script(normal=inward))
        points = geometric.order_points(points)
        corners = points.ravel().copy()
        matrix, mw, mh = geometric.compute_perspective_params(points, (height, width))
        if fit:
            matrix, mw, mh = geometric.expand_transform(matrix, (height, width))
        if mw < 1 or mh < 1 or mw > 3 * width or mh > 3 * height:
            continue
        output = A.Perspective(keep_size=keep, fit_output=fit, p=1, **common).apply(
            image, matrix=matrix, max_height=mh, max_width=mw)
        case("Perspective", name, image, output, corners=corners, keep=keep, fit=fit, **note)


def elastic(name, image, width, height, common, note):
    for alpha, sigma, same, distribution in [(1, 50, False, "gaussian"), (50, 5, False, "gaussian"),
                                             (300, 13, True, "gaussian"), (900, 60, False, "gaussian"),
                                             (40, 20, False, "uniform")]:
        shape = (1 if same else 2, height, width)
        noise = random.standard_normal(shape, dtype=np.float32)
        if distribution == "uniform":
            noise = random.uniform(-1, 1, shape).astype(np.float32)
        t = A.ElasticTransform(alpha, sigma, same_dxdy=same, noise_distribution=distribution, p=1, **common)
        t.random_generator = Script(standard_normal=noise, uniform=noise)
        maps = t.get_params_dependent_on_data({"shape": image.shape}, {})
        farthest = max(np.abs(maps["map_x"] - width / 2).max() - width, np.abs(maps["map_y"] - height / 2).max() - height)
        if common["interpolation"] == cv2.INTER_CUBIC and farthest > 0:
            continue  # OpenCV 5.0 loses its way there: its linear and Lanczos samples agree with 4.6, its cubic do not
        case("ElasticTransform", name, image, t.apply(image, **maps), noise=noise.reshape(-1, width), alpha=alpha,
             sigma=sigma, same=same, distribution=distribution, **note)


for image_name, image in images():
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).reshape(*image.shape[:2], 1)
    for name, channels in [(image_name, image), (f"{image_name}-grey", grey)]:
        geometry(name, channels)
        photometric(name, channels)
        blurred(name, channels)
        warps(name, channels)
    colored(image_name, image)

with open(os.path.join(folder, "cases.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
