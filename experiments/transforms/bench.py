"""Times transforms of Albumentations 2.0.8 on one image and one thread, for `augment-cli bench transforms`.

Usage: bench.py FOLDER REPETITION

FOLDER holds image.png and transforms.json, for each name a pipeline of that transform alone. Prints a line
`transform,milliseconds` for each that Albumentations has: the mean of DRAWS calls, or of as many as fit in a second,
after one that is not counted unless it takes a second. Each repetition has different draws.

AUGMENT_INSTRUCTIONS=avx2 limits OpenCV, NumPy, StringZilla and SimSIMD to that instruction set as well.
"""

import json
import os
import pathlib
import random
import sys
import time

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
if os.environ.get("AUGMENT_INSTRUCTIONS") == "avx2":
    os.environ["OPENCV_IPP"] = "avx2"
    os.environ["OPENCV_CPU_DISABLE"] = "AVX512-SKX"
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
    os.environ["OPENBLAS_CORETYPE"] = "Haswell"

import albumentations as A  # noqa: E402  (the variables must be set first)
import cv2  # noqa: E402
import numpy as np  # noqa: E402

if os.environ.get("AUGMENT_INSTRUCTIONS") == "avx2":
    import simsimd  # which adds images
    import stringzilla  # which maps bytes through tables

    stringzilla.reset_capabilities(("serial", "haswell"))
    for instructions in ["skylake", "ice", "genoa", "sapphire", "turin", "sierra"]:
        simsimd.disable_capability(instructions)

DRAWS = 8  # as in TransformBench.swift

# What transforms that look at labels take.
LABELS = {
    "AtLeastOneBBoxRandomCrop": ["bboxes"], "BBoxSafeRandomCrop": ["bboxes"], "RandomSizedBBoxSafeCrop": ["bboxes"],
    "RandomCropNearBBox": ["cropping_bbox"], "ConstrainedCoarseDropout": ["mask"],
    "CropNonEmptyMaskIfExists": ["mask"], "MaskDropout": ["mask"],
}  # fmt: skip


def labels_of(height, width):
    """An object and its mask in the middle third, as in SampleScene+Example.swift."""
    mask = np.zeros((height, width), np.uint8)
    mask[height // 3:2 * height // 3, width // 3:2 * width // 3] = 1
    box = (1 / 3, 1 / 3, 2 / 3, 2 / 3)
    return {
        "bboxes": np.array([box], np.float32), "mask": mask,
        "cropping_bbox": [width // 3, height // 3, 2 * width // 3, 2 * height // 3],
    }  # fmt: skip


def inputs(transform, image):
    """What the transform takes beside the image."""
    height, width = image.shape[:2]
    wanted = LABELS.get(type(transform).__name__, [])
    given = {key: value for key, value in labels_of(height, width).items() if key in wanted}
    key = getattr(transform, "metadata_key", None)
    if key:
        other = np.ascontiguousarray(image[:, ::-1])
        given[key] = {"mosaic_metadata": [{"image": other}], "overlay_metadata": {"image": other}}.get(key, [other])
    return given


def changes(image, pipelines, repetition):
    """The functions to time, by name."""
    yield "GaussianBlur61x61", lambda: cv2.GaussianBlur(image, (61, 61), 10)  # not a transform of Albumentations
    for name, pipeline in pipelines.items():
        if not hasattr(A, name):
            continue
        transform = A.from_dict(pipeline)
        transform.set_random_state(np.random.default_rng(repetition), random.Random(repetition))
        given = inputs(transform, image)
        yield name, lambda transform=transform, given=given: transform(image=image, **given)


def timed(change):
    begin = time.perf_counter()
    change()
    return time.perf_counter() - begin


def main():
    folder, repetition = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    cv2.setNumThreads(0)
    image = cv2.imread(os.fspath(folder / "image.png"), cv2.IMREAD_COLOR_RGB)
    pipelines = json.loads((folder / "transforms.json").read_text())
    for name, change in changes(image, pipelines, repetition):
        seconds, count = timed(change), 1
        if seconds < 1:
            seconds = count = 0
            while count < DRAWS and seconds < 1:
                seconds, count = seconds + timed(change), count + 1
        print(f"{name},{seconds * 1e3 / count:.4f}")


if __name__ == "__main__":
    main()
