"""K-means on the colours of an image: the peers of the benchmark.

`numpy` and `numba` are written like the original study describes its programs; `opencv` is cv2.kmeans. All begin with
the same centroids, the colours of random pixels. Prints a line of JSON for each run; reading the image, compiling and a
first call are not counted.
"""

import argparse
import json
import os
import pathlib
import time

ITERATIONS, TOLERANCE = 20, 1e-4
CACHE_LINE_BYTES = 64

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("image", type=pathlib.Path)
parser.add_argument("--ways", nargs="+", choices=["numpy", "numba", "opencv"], required=True)
parser.add_argument("--colors", type=int, nargs="+", default=[8, 16, 32])
parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4, 8], help="of Numba and OpenCV")
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()

# Numba never takes more threads than this, whatever it is told later.
os.environ["NUMBA_NUM_THREADS"] = str(max(options.threads))
# The faster of the layers that Numba brings along; without this it takes any TBB that the system happens to have.
os.environ["NUMBA_THREADING_LAYER"] = "omp"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import cv2  # noqa: E402  (the variables must be set first)
import numba  # noqa: E402
import numpy as np  # noqa: E402


def kmeans_numpy(pixels, centroids, threads):
    """The sequential version: whole arrays of distances."""
    for iteration in range(1, ITERATIONS + 1):
        distances = np.sqrt(((pixels[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2))
        labels = np.argmin(distances, axis=1)
        means = np.zeros_like(centroids)  # an empty cluster becomes black
        for cluster in range(len(centroids)):
            members = pixels[labels == cluster]
            if len(members) > 0:
                means[cluster] = members.mean(axis=0)
        moved = np.linalg.norm(means - centroids, axis=1).max()
        centroids = means
        if moved < TOLERANCE:
            break
    return centroids, iteration


@numba.njit(parallel=True)
def assign(pixels, centroids, labels):
    """Numba spreads the pixels over the threads by itself."""
    for pixel in numba.prange(len(pixels)):
        nearest, least = 0, np.inf
        for cluster in range(len(centroids)):
            red = pixels[pixel, 0] - centroids[cluster, 0]
            green = pixels[pixel, 1] - centroids[cluster, 1]
            blue = pixels[pixel, 2] - centroids[cluster, 2]
            distance = red * red + green * green + blue * blue
            if distance < least:
                nearest, least = cluster, distance
        labels[pixel] = nearest


@numba.njit(parallel=True)
def means_of(pixels, labels, centroids, threads, padded):
    """Each thread has a chunk of the pixels and accumulators on cache lines of its own."""
    count = len(centroids)
    sums = np.zeros((3, threads, padded))
    sizes = np.zeros((threads, padded), dtype=np.int64)
    chunk = (len(pixels) + threads - 1) // threads
    for thread in numba.prange(threads):
        for pixel in range(thread * chunk, min(len(pixels), (thread + 1) * chunk)):
            cluster = labels[pixel]
            sizes[thread, cluster] += 1
            for channel in range(3):
                sums[channel, thread, cluster] += pixels[pixel, channel]
    means = np.zeros_like(centroids)
    for cluster in range(count):
        size = sizes[:, cluster].sum()
        if size > 0:
            for channel in range(3):
                means[cluster, channel] = sums[channel, :, cluster].sum() / size
    return means


def kmeans_numba(pixels, centroids, threads):
    numba.set_num_threads(threads)
    labels = np.zeros(len(pixels), dtype=np.int32)
    lanes = CACHE_LINE_BYTES // 8
    # Rounded up to whole lines, and one more, because an array need not begin where a line does.
    padded = (len(centroids) + lanes - 1) // lanes * lanes + lanes
    for iteration in range(1, ITERATIONS + 1):
        assign(pixels, centroids, labels)
        means = means_of(pixels, labels, centroids, threads, padded)
        moved = np.sqrt(((means - centroids) ** 2).sum(axis=1)).max()
        centroids = means
        if moved < TOLERANCE:
            break
    return centroids, iteration


def kmeans_opencv(pixels, centroids, threads):
    cv2.setNumThreads(threads)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, ITERATIONS, TOLERANCE)
    labels = nearest_labels(pixels, centroids)
    begin = time.perf_counter()
    _, _, found = cv2.kmeans(pixels, len(centroids), labels, criteria, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    return found, None, time.perf_counter() - begin


def nearest_labels(pixels, centroids):
    """OpenCV takes labels where the others take centroids; finding these is not counted."""
    labels = np.zeros(len(pixels), dtype=np.int32)
    assign(pixels, centroids, labels)
    return labels[:, None]


WAYS = {"numpy": kmeans_numpy, "numba": kmeans_numba, "opencv": kmeans_opencv}


def inertia(pixels, centroids):
    """The sum of the squared distances from each pixel to its colour, whichever way the colours were found."""
    labels = nearest_labels(pixels, centroids.astype(np.float32))[:, 0]
    return float(((pixels.astype(np.float64) - centroids.astype(np.float64)[labels]) ** 2).sum())


def measured(way, pixels, colors, threads):
    random = np.random.default_rng(options.seed)
    centroids = pixels[random.choice(len(pixels), colors, replace=False)]
    begin = time.perf_counter()
    found, iterations, *own = WAYS[way](pixels, centroids, threads)
    seconds = own[0] if own else time.perf_counter() - begin
    return {
        "way": way, "colors": colors, "threads": threads, "seconds": seconds, "iterations": iterations,
        "inertia": inertia(pixels, found),
    }  # fmt: skip


def main():
    image = cv2.imread(os.fspath(options.image), cv2.IMREAD_COLOR_RGB)
    pixels = image.reshape(-1, 3).astype(np.float32)
    for way in options.ways:
        for threads in [1] if way == "numpy" else options.threads:
            WAYS[way](pixels[:1000].copy(), pixels[:8].copy(), threads)  # compiles, and starts the threads
            for colors in options.colors:
                print(json.dumps(measured(way, pixels, colors, threads)), flush=True)


if __name__ == "__main__":
    main()
