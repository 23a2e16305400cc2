"""Runs whole pipelines in Albumentations 2.0.8 and records what was drawn, for `ChainedPipelineTests`.

    chain.py FOLDER IMAGE

FOLDER holds pipelines of Albumentations 2.0.8 as NAME.json. For each, and for each of RUNS seeds, writes
NAME.SEED.raw, the pixels of the result, and into NAME.runs a line of JSON:

    sample   what was applied, as in a manifest: node, name, drawn
    shape    of the result: width, height, channels
    output   name of the file of its pixels

IMAGE is brought to SIZE first; its pixels go to image.raw, their shape to image.json. The transforms of OMITTED become
NoOp.
"""

import json
import os
import pathlib
import sys
import warnings

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
warnings.filterwarnings("ignore")

import albumentations as A  # noqa: E402  (the variable must be set first)
import cv2  # noqa: E402
import numpy as np  # noqa: E402

from cases import blur, color, crop, dropout, geometric  # noqa: E402
from draws import Recording  # noqa: E402

RUNS = 6
SIZE = (1100, 1030)  # that no crop of the published pipelines is larger than
TAIL = {"Normalize", "ToFloat", "FromFloat", "ToTensorV2"}  # of bytes, nothing is left to compare

# What is drawn from a key for every pixel or particle here, and from a generator there, what needs labels, and what has
# another draw than the package. Each of them is compared alone by AlbumentationsTests.
OMITTED = {
    "AdvancedBlur", "ElasticTransform", "GaussNoise", "GridDropout", "ISONoise", "MaskDropout",
    "MultiplicativeNoise", "PiecewiseAffine", "PixelDropout", "RandomFog", "RandomSizedBBoxSafeCrop",
}  # fmt: skip

# Whose draw is nothing, or follows from the image.
CERTAIN = {
    "Equalize", "HorizontalFlip", "InvertImg", "Resize", "ToGray", "ToSepia", "Transpose", "VerticalFlip",
}  # fmt: skip


def holes(params):
    return {"holes": [dropout.rectangle(hole) for hole in params["holes"]], "seed": 0}


def tiles(params):
    return geometric.shuffle_draw_of(params, params["grid"])


def shadows(params):
    return {"shadows": [
        {"x": list(vertices[:, 0]), "y": list(vertices[:, 1]), "intensity": intensity}
        for vertices, intensity in zip(params["vertices_list"], params["intensities"])
    ]}  # fmt: skip


# How the draw follows from the arguments of `apply`; None: as in DRAWS of a family.
DRAWN = {
    "Affine": None, "Blur": None, "CLAHE": None, "CenterCrop": crop.window, "ChannelDropout": None,
    "ChannelShuffle": None, "CoarseDropout": holes, "ColorJitter": None, "Downscale": None, "Emboss": None,
    "FancyPCA": None, "GaussianBlur": None, "GridDistortion": None, "HueSaturationValue": None,
    "ImageCompression": None, "LongestMaxSize": None, "MedianBlur": None, "MotionBlur": None,
    "OpticalDistortion": None, "PadIfNeeded": None, "Perspective": None, "Posterize": None, "RGBShift": None,
    "RandomBrightnessContrast": None, "RandomCrop": crop.window, "RandomGamma": None, "RandomGridShuffle": tiles,
    "RandomResizedCrop": crop.window, "RandomRotate90": None, "RandomScale": None, "RandomShadow": shadows,
    "Rotate": None, "Sharpen": None, "ShiftScaleRotate": None, "SmallestMaxSize": None,
    "Solarize": None,
}  # fmt: skip


def drawn(name, params):
    """The draw as in a manifest."""
    if name in CERTAIN:
        return {}
    values = DRAWN[name] or next(f.DRAWS[name][0].values for f in (color, blur, crop, geometric) if name in f.DRAWS)
    return nested(values(params))


def nested(values):
    """{"a.0": 1, "a.1": 2} as {"a": [1, 2]}."""
    tree = {}
    for path, value in values.items():
        *above, last = path.split(".")
        node = tree
        for key in above:
            node = node.setdefault(key, {})
        node[last] = value
    return listed(tree)


def listed(node):
    """Dictionaries whose keys are numbers as lists, and the numbers of NumPy as those of Python."""
    if isinstance(node, list):
        return [listed(child) for child in node]
    if not isinstance(node, dict):
        return node.item() if isinstance(node, (np.generic, np.ndarray)) else node
    if node and all(key.isdigit() for key in node):
        return [listed(node[str(place)]) for place in range(len(node))]
    return {key: listed(child) for key, child in node.items()}


class Recorder:
    """Keeps what the transforms of a pipeline are applied with."""

    def __init__(self, pipeline):
        self.numbers, self.sample = {}, []
        self.visit(pipeline)
        apply_with_params = A.BasicTransform.apply_with_params

        def recording(transform, params, *arguments, **data):
            entry = {"node": self.numbers[id(transform)], "name": type(transform).__name__}
            if entry["name"] != "NoOp":
                more = {"given": transform.py_random.given, "grid": getattr(transform, "grid", None)}
                self.sample.append(entry | {"drawn": drawn(entry["name"], params | more)})
            transform.py_random.clear()
            return apply_with_params(transform, params, *arguments, **data)

        self.restore = lambda: setattr(A.BasicTransform, "apply_with_params", apply_with_params)
        A.BasicTransform.apply_with_params = recording

    def visit(self, node):
        self.numbers[id(node)] = len(self.numbers)
        if isinstance(node, A.BasicTransform):
            node.py_random = Recording(node.py_random)
        else:
            for child in node.transforms:
                self.visit(child)


def without(node, names):
    """The pipeline with transforms of those names as NoOp, so that the others keep their numbers."""
    if node["__class_fullname__"] in names:
        return {"__class_fullname__": "NoOp", "p": node.get("p", 1)}
    if "transforms" not in node:
        return node
    return node | {"transforms": [without(child, names) for child in node["transforms"]]}


def run(path, image):
    file = json.loads(path.read_text())
    tree = without(file["transform"], OMITTED | TAIL)
    for key in ["bbox_params", "keypoint_params", "additional_targets"]:
        tree.pop(key, None)
    with open(path.with_suffix(".runs"), "w") as lines:
        for seed in range(RUNS):
            pipeline = A.from_dict({"__version__": file["__version__"], "transform": tree})
            pipeline.set_random_seed(seed)
            recorder = Recorder(pipeline)
            try:
                output = np.ascontiguousarray(pipeline(image=image)["image"])
            finally:
                recorder.restore()
            name = f"{path.stem}.{seed}.raw"
            (path.parent / name).write_bytes(output.tobytes())
            shape = [output.shape[1], output.shape[0], output.shape[2] if output.ndim == 3 else 1]
            print(json.dumps({"sample": recorder.sample, "shape": shape, "output": name}), file=lines)


def main():
    folder = pathlib.Path(sys.argv[1])
    cv2.setNumThreads(0)
    photograph = cv2.imread(sys.argv[2], cv2.IMREAD_COLOR_RGB)
    image = cv2.resize(photograph, SIZE, interpolation=cv2.INTER_CUBIC)
    (folder / "image.raw").write_bytes(image.tobytes())
    (folder / "image.json").write_text(json.dumps([image.shape[1], image.shape[0], image.shape[2]]))
    for path in sorted(folder.glob("*.json")):
        if path.name != "image.json":
            run(path, image)


if __name__ == "__main__":
    main()
