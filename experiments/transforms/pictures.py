"""Images from which cases are made, and where the cases are kept."""

import hashlib
import json
import os

import albumentations as A
import cv2
import numpy as np
import simsimd

# Albumentations blends images by it. On processors with instructions for half precision it does so in that, up to three
# levels from what it gives everywhere else.
simsimd.disable_capability("sapphire")

cv2.setNumThreads(1)
# 11 is AVX2, with which OpenCV fuses multiplication and addition.
FUSED = "exact" if cv2.checkHardwareSupport(11) else "fused"


class Generator:
    """NumPy's generator, seeded again for each transform: the draws of one must not depend on another."""

    def __init__(self):
        self.seed()

    def seed(self):
        self.generator = np.random.default_rng(7)

    def __getattr__(self, name):
        return getattr(self.generator, name)


random = Generator()


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

    def close(self, family):
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

    def close(self, family):
        defaults = [json.dumps(defaults_of(name, family)) for name in family.CASES if name != "blur"]
        with open(self.path, "w") as file:
            file.write('{"defaults": [\n' + ",\n".join(defaults) + '\n],\n"cases": [\n' + ",\n".join(self.cases) + "\n]}\n")


def defaults_of(name, family):
    """A transform with its defaults, as Albumentations writes it, or as the family says if it does not."""
    if name in getattr(family, "DEFAULTS", {}):
        return family.DEFAULTS[name]
    return A.to_dict(getattr(A, name)(**family.REQUIRED.get(name, {})))["transform"]


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
