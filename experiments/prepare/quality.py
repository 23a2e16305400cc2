"""How near a small image is to an exact reduction of the large one."""

import functools

import numpy as np
import scipy.ndimage
from PIL import Image

# As in the publication of the structural similarity index, for 8 bits.
DEVIATION, RADIUS = 1.5, 5
STABILISERS = ((0.01 * 255) ** 2, (0.03 * 255) ** 2)
LUMA = (0.299, 0.587, 0.114)


def lanczos(distance):
    """Windowed sinc with three lobes; `distance` in pixels of the small image."""
    return np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0)


def area(distance, scale):
    """How much of each source pixel lies under the small pixel; `distance` in pixels of the small image."""
    return np.clip((1 + 1 / scale) / 2 - np.abs(distance), 0, 1 / scale)


@functools.cache
def weights(source, small, kind):
    """A matrix that reduces `source` samples to `small`: a row of weights for each."""
    scale = source / small
    centres = (np.arange(small) + 0.5) * scale
    distance = (np.arange(source) + 0.5 - centres[:, None]) / scale
    found = lanczos(distance) if kind == "lanczos" else area(distance, scale)
    return found / found.sum(axis=1, keepdims=True)


def luma(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64) @ LUMA


def reduced(path, size, kind):
    """The reference: every pixel decoded, reduced in 64-bit floating point, and not rounded."""
    pixels = luma(path)
    rows, columns = (weights(length, size, kind) for length in pixels.shape)
    return np.clip(rows @ pixels @ columns.T, 0, 255)


def smoothed(pixels):
    return scipy.ndimage.gaussian_filter(pixels, DEVIATION, radius=RADIUS)[RADIUS:-RADIUS, RADIUS:-RADIUS]


def similarity(one, other):
    """The mean structural similarity of two planes, 1 if they are equal."""
    means = smoothed(one), smoothed(other)
    variances = [smoothed(plane * plane) - mean * mean for plane, mean in zip((one, other), means)]
    covariance = smoothed(one * other) - means[0] * means[1]
    first, second = STABILISERS
    alike = (2 * means[0] * means[1] + first) * (2 * covariance + second)
    return float(np.mean(alike / ((means[0] ** 2 + means[1] ** 2 + first) * (sum(variances) + second))))


def similarities(sources, folder, size, kind):
    """The similarity of each file in `folder` to the reduction of the source of the same name."""
    found = {path.stem: path for path in folder.rglob("*.jp*g")}
    return [similarity(reference(source, size, kind), luma(found[source.stem])) for source in sources]


@functools.cache
def reference(source, size, kind):
    return reduced(source, size, kind)
