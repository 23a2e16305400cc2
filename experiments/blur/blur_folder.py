"""Blurs a folder with OpenCV: the peers of the benchmark, written like the original study describes its program.

Prints one line of JSON. `wallSeconds` runs from before the first image is read until the last file is written;
`clusterSeconds` are those that starting and stopping Dask's cluster takes besides. Neither contains the start of the
interpreter and its imports.
"""

import argparse
import json
import logging
import os
import pathlib
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import cv2  # noqa: E402  (the variables must be set first)

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}
QUALITY = 95


def blur(path, output, kernel, sigma):
    pixels = cv2.imread(os.fspath(path))
    if pixels is None:
        raise OSError(f"cannot read {path}")
    blurred = cv2.GaussianBlur(pixels, (kernel, kernel), sigma)
    if not cv2.imwrite(os.fspath(output / path.name), blurred, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
        raise OSError(f"cannot write {output / path.name}")


def blur_batch(paths, output, kernel, sigma):
    """A task of the cluster; returns how many images it made."""
    cv2.setNumThreads(1)
    for path in paths:
        blur(path, output, kernel, sigma)
    return len(paths)


def run_sequential(paths, options):
    begin = time.monotonic()
    made = blur_batch(paths, options.output, options.kernel, options.sigma)
    return made, time.monotonic() - begin, None


def run_dask(paths, options):
    from dask.distributed import Client, LocalCluster

    batches = [paths[first : first + options.batch] for first in range(0, len(paths), options.batch)]
    begin = time.monotonic()
    shape = {"n_workers": options.ranks, "threads_per_worker": 1, "processes": True}
    # The dashboard of the cluster would only cost it time.
    with (
        LocalCluster(**shape, dashboard_address=None, silence_logs=logging.ERROR) as cluster,
        Client(cluster) as client,
    ):
        client.run(blur_batch, [], options.output, options.kernel, options.sigma)  # each worker imports OpenCV
        first_image = time.monotonic()
        tasks = client.map(blur_batch, batches, output=options.output, kernel=options.kernel, sigma=options.sigma)
        made = sum(client.gather(tasks))
        wall_seconds = time.monotonic() - first_image
    return made, wall_seconds, time.monotonic() - begin - wall_seconds


WAYS = {"sequential": run_sequential, "dask": run_dask}


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--ranks", type=int, default=1, help="workers of the cluster")
    parser.add_argument("--batch", type=int, default=1, help="images in a task of the cluster")
    parser.add_argument("--kernel", type=int, default=61)
    parser.add_argument("--sigma", type=float, default=10)
    return parser.parse_args()


def main():
    options = parsed_options()
    paths = sorted(path for path in options.input.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        sys.exit(f"{options.input}: no images here")
    options.output.mkdir(parents=True, exist_ok=True)
    made, wall_seconds, cluster_seconds = WAYS[options.way](paths, options)
    print(json.dumps({"images": made, "wallSeconds": wall_seconds, "clusterSeconds": cluster_seconds}))


if __name__ == "__main__":
    main()
