"""Times transforms of Albumentations 2.0.8 on one image and one thread, for `augment-cli bench transforms`.

Usage: bench.py IMAGE REPETITION TRANSFORM ...

Prints a line `transform,milliseconds` for each, at its defaults: the mean of DRAWS calls, after one that is not
counted. Each repetition has different draws.
"""

import os
import random
import sys
import time

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import albumentations as A  # noqa: E402  (the variables must be set first)
import cv2  # noqa: E402
import numpy as np  # noqa: E402

cv2.setNumThreads(0)
path, repetition, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
image = cv2.imread(path, cv2.IMREAD_COLOR_RGB)

DRAWS = 8  # as in TransformBench.swift



def change_named(name):
    """The function to time: image in, image out."""
    if name == "GaussianBlur61x61":  # not a transform of Albumentations
        return lambda image: cv2.GaussianBlur(image, (61, 61), 10)
    transform = getattr(A, name)(p=1)
    transform.set_random_state(np.random.default_rng(repetition), random.Random(repetition))
    return transform


for name in names:
    transform = change_named(name)
    transform(image=image)
    begin = time.perf_counter()
    for _ in range(DRAWS):
        transform(image=image)
    print(f"{name},{(time.perf_counter() - begin) * 1e3 / DRAWS:.4f}")
