"""Augments a folder with Albumentations on a multiprocessing.Pool: the peer that augment-cli is compared with.

Each worker reads an image once, makes all its copies and writes them. Prints one line of JSON; its seconds run from
before the pool is made until it is gone, so they exclude the start of the interpreter and the imports.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import sys
import time

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import albumentations as A  # noqa: E402  (the variables must be set first)
import cv2  # noqa: E402
import numpy as np  # noqa: E402

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}
TASKS_PER_RANK = 16  # enough that the last tasks end together

options = None
pipeline = None


def begin_worker(given_options, next_rank):
    """Runs once in each worker and builds the pipeline, with a seed per worker."""
    global options, pipeline
    options = given_options
    cv2.setNumThreads(0)
    with next_rank.get_lock():
        rank = next_rank.value
        next_rank.value += 1
    pipeline = A.load(options.pipeline, data_format="yaml" if options.pipeline.suffix in {".yaml", ".yml"} else "json")
    seeds = np.random.SeedSequence([options.seed, rank]).spawn(2)
    pipeline.set_random_state(np.random.default_rng(seeds[0]), random.Random(int(seeds[1].generate_state(1)[0])))


def augment(path):
    """Makes the copies of one image; returns their number and size in bytes."""
    image = cv2.imread(os.fspath(path), cv2.IMREAD_COLOR_RGB)
    if image is None:
        return 0, 0
    folder = options.output / path.relative_to(options.input).parent
    byte_count = 0
    for copy in range(options.copies):
        augmented = pipeline(image=image)["image"]
        if options.saving:
            name = folder / f"{path.stem}_aug{copy:06}{path.suffix}"
            pixels = cv2.cvtColor(augmented, cv2.COLOR_RGB2BGR)
            if not cv2.imwrite(os.fspath(name), pixels, [cv2.IMWRITE_JPEG_QUALITY, options.quality]):
                raise OSError(f"cannot write {name}")
            byte_count += name.stat().st_size
    return options.copies, byte_count


def run(paths):
    """Augments all images; returns the number of copies and their size in bytes."""
    # Forked workers inherit the imports; any other start method would be slower by the seconds that imports take.
    context = multiprocessing.get_context("fork")
    chunk_size = max(1, len(paths) // (TASKS_PER_RANK * options.ranks))
    with context.Pool(options.ranks, begin_worker, (options, context.Value("i", 0))) as pool:
        made = list(pool.imap_unordered(augment, paths, chunk_size))
        pool.close()
        pool.join()
    return [sum(column) for column in zip(*made)]


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--pipeline", type=pathlib.Path, required=True)
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--ranks", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quality", type=int, default=95)
    parser.add_argument("--no-saving", dest="saving", action="store_false")
    return parser.parse_args()


def main():
    global options
    options = parsed_options()
    paths = sorted(path for path in options.input.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        sys.exit(f"{options.input}: no images here")
    if options.saving:
        for folder in {path.relative_to(options.input).parent for path in paths}:
            (options.output / folder).mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    copies, byte_count = run(paths)
    wall_seconds = time.monotonic() - begin
    print(json.dumps({"images": len(paths), "copies": copies, "wallSeconds": wall_seconds, "writtenBytes": byte_count}))
    return 0 if copies == len(paths) * options.copies else 1


if __name__ == "__main__":
    sys.exit(main())
