"""Resizes a folder and marks its images with Pillow: the peers of the benchmark, written like the original study.

Class folders are kept. Prints one line of JSON. `wallSeconds` runs from before the first image is read, and before any
process is made, until the last file is written and the processes are gone; it excludes the start of the interpreter and
the imports. `nodes` has what each node did in which time.
"""

import argparse
import concurrent.futures
import json
import multiprocessing
import pathlib
import sys
import time

from PIL import Image, ImageDraw

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}
FILTERS = {"bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}
QUALITY = 95
MARGIN = 5  # of the mark, in pixels
# Forked processes inherit the imports and the options; any other start method would have to repeat both.
CONTEXT = multiprocessing.get_context("fork")

options = None


def prepare(path):
    """One image from file to file."""
    with Image.open(path) as image:
        if options.draft:
            image.draft("RGB", (options.size, options.size))  # the decoder halves the image while it stays large enough
        small = image.convert("RGB").resize((options.size, options.size), FILTERS[options.filter])
    if options.watermark:
        draw = ImageDraw.Draw(small)
        draw.text((MARGIN, options.size - 3 * MARGIN), options.watermark, fill=(255, 255, 255))
    small.save(options.output / path.relative_to(options.input), quality=QUALITY, subsampling="4:2:0")


def run_sequential(paths):
    for path in paths:
        prepare(path)


def run_executor(paths):
    with concurrent.futures.ProcessPoolExecutor(options.ranks, mp_context=CONTEXT) as pool:
        list(pool.map(prepare, paths))


def node(number, paths, said):
    """A node of the original study: one process, which reports its own time."""
    begin = time.monotonic()
    run_sequential(paths)
    said[number] = {"images": len(paths), "seconds": time.monotonic() - begin}


def run_nodes(paths):
    """As many nodes as ranks, each with an equal run of the images."""
    bounds = [len(paths) * number // options.ranks for number in range(options.ranks + 1)]
    with CONTEXT.Manager() as manager:
        said = manager.dict()
        shares = [paths[begin:end] for begin, end in zip(bounds, bounds[1:])]
        nodes = [CONTEXT.Process(target=node, args=(number, share, said)) for number, share in enumerate(shares)]
        for process in nodes:
            process.start()
        for process in nodes:
            process.join()
        return [said[number] for number in range(options.ranks)]


WAYS = {"sequential": run_sequential, "executor": run_executor, "nodes": run_nodes}


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--way", choices=WAYS, default="sequential")
    parser.add_argument("--ranks", type=int, default=1, help="workers of the executor, or nodes")
    parser.add_argument("--size", type=int, default=128, help="width and height of the results")
    parser.add_argument("--watermark", default="", help="text to draw; none if empty")
    parser.add_argument("--filter", choices=FILTERS, default="bicubic", help="Pillow's own default is bicubic")
    parser.add_argument("--draft", action="store_true", help="let the JPEG decoder shrink, too")
    return parser.parse_args()


def main():
    global options
    options = parsed_options()
    paths = sorted(path for path in options.input.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        sys.exit(f"{options.input}: no images here")
    for folder in {path.relative_to(options.input).parent for path in paths}:
        (options.output / folder).mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    nodes = WAYS[options.way](paths)
    seconds = time.monotonic() - begin
    print(json.dumps({"images": len(paths), "wallSeconds": seconds, "nodes": nodes}))


if __name__ == "__main__":
    main()
