"""The strategies of the original study, written like its listings: the peers of the benchmark.

Augments a folder with Albumentations and prints one line of JSON. Its seconds run from before the first image is read
until the processes are gone; they exclude the start of the interpreter and the imports.
"""

import argparse
import json
import math
import multiprocessing
import os
import pathlib
import sys
import time

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "pipelines"))

import cv2  # noqa: E402  (the variables must be set first)
import write_pipelines  # noqa: E402

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}
# Forked processes inherit the imports and the options; any other start method would have to repeat both.
CONTEXT = multiprocessing.get_context("fork")

options = None


def read(path):
    pixels = cv2.imread(os.fspath(path))
    if pixels is None:
        raise OSError(f"cannot read {path}")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def augmented(pixels, number, copy):
    """Makes one copy with a new composition. Its draws depend only on the image and the copy."""
    pipeline = write_pipelines.reported()
    pipeline.set_random_seed((options.seed << 40) + number * options.copies + copy)
    return pipeline(image=pixels)["image"]


def save(pixels, name):
    written = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    if not cv2.imwrite(name, written, [cv2.IMWRITE_JPEG_QUALITY, options.quality]):
        raise OSError(f"cannot write {name}")


def name_of(path, copy):
    return os.fspath(options.output / f"aug_{path.stem}_{copy:06}{path.suffix}")


def augment(pixels, path, number, copy):
    """A task of P1."""
    result = augmented(pixels, number, copy)
    if options.saving:
        save(result, name_of(path, copy))


def augment_file(path, number, copy):
    """A task of P2."""
    augment(read(path), path, number, copy)


def augment_to_queue(pixels, path, number, copy, queue):
    """A task of PQ."""
    queue.put((augmented(pixels, number, copy), name_of(path, copy)))


def save_from_queue(queue):
    while (item := queue.get()) is not None:
        save(*item)


def run_sequential(paths):
    for number, path in enumerate(paths):
        pixels = read(path)
        for copy in range(options.copies):
            augment(pixels, path, number, copy)


def run_p1(paths):
    """The main process reads each image once; its pixels travel to the workers."""
    images = [(read(path), path, number) for number, path in enumerate(paths)]
    with CONTEXT.Pool(options.ranks) as pool:
        pool.starmap(augment, [(*image, copy) for image in images for copy in range(options.copies)])


def run_p2(paths):
    """Each task reads its file."""
    images = [(path, number) for number, path in enumerate(paths)]
    with CONTEXT.Pool(options.ranks) as pool:
        pool.starmap(augment_file, [(*image, copy) for image in images for copy in range(options.copies)])


def run_pq(paths):
    """As P1, but some of the ranks only save what the others put into queues of a manager."""
    saver_count = max(1, math.ceil(math.sqrt(options.ranks)) - 1)
    with CONTEXT.Manager() as manager:
        queues = [manager.Queue() for _ in range(saver_count)]
        images = [(read(path), path, number) for number, path in enumerate(paths)]
        tasks = [(*image, copy, queues[copy % saver_count]) for image in images for copy in range(options.copies)]
        savers = [CONTEXT.Process(target=save_from_queue, args=(queue,), daemon=True) for queue in queues]
        for saver in savers:
            saver.start()
        with CONTEXT.Pool(options.ranks - saver_count) as pool:
            pool.starmap(augment_to_queue, tasks)
        for queue in queues:
            queue.put(None)
        for saver in savers:
            saver.join()
    if any(saver.exitcode != 0 for saver in savers):
        sys.exit("a process that saves has failed")


STRATEGIES = {"sequential": run_sequential, "P1": run_p1, "P2": run_p2, "PQ": run_pq}


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--strategy", choices=STRATEGIES, required=True)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quality", type=int, default=95)
    parser.add_argument("--no-saving", dest="saving", action="store_false")
    parsed = parser.parse_args()
    if parsed.strategy == "PQ" and (parsed.ranks < 2 or not parsed.saving):
        parser.error("PQ saves, and needs at least 2 ranks: one to augment and one to save")
    return parsed


def main():
    global options
    options = parsed_options()
    paths = sorted(path for path in options.input.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        sys.exit(f"{options.input}: no images here")
    if options.saving:
        options.output.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(0)
    begin = time.monotonic()
    STRATEGIES[options.strategy](paths)
    print(json.dumps({"copies": len(paths) * options.copies, "wallSeconds": time.monotonic() - begin}))


if __name__ == "__main__":
    main()
