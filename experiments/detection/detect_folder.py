"""The ways of the original study, written like its listings: the peers of the benchmark.

Augments a folder in the layout of Pascal VOC with Albumentations, boxes with their images, and prints one line of JSON.
Its seconds run from before the first image is read until the last file is written and the processes are gone; they
exclude the start of the interpreter, the imports and the list of images, as in the original study.
"""

import argparse
import concurrent.futures
import json
import math
import multiprocessing
import os
import pathlib
import sys
import threading
import time
import xml.etree.ElementTree as xml

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations as A  # noqa: E402  (the variable must be set first)
import cv2  # noqa: E402
import joblib  # noqa: E402

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}
# Chunks for each process, in the original study.
FACTOR = 25


class Work:
    """What a process needs; each makes its own."""

    def __init__(self, options):
        self.options, self.local = options, threading.local()
        if options.opencv_threads is not None:
            cv2.setNumThreads(options.opencv_threads)

    def pipeline(self):
        """One for each thread: Albumentations keeps the boxes of a call in the composition."""
        if not hasattr(self.local, "pipeline"):
            loaded = A.load(self.options.pipeline)
            boxes = A.BboxParams("pascal_voc", label_fields=["names"]) if self.options.labels else None
            self.local.pipeline = A.Compose(loaded.transforms, bbox_params=boxes)
        return self.local.pipeline

    def process(self, sample):
        """Reads an image, augments it with its boxes, and writes both."""
        index, path, boxes, names = sample
        image = cv2.imread(os.fspath(path), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise OSError(f"cannot read {path}")
        pipeline = self.pipeline()
        pipeline.set_random_seed((self.options.seed << 32) + index)
        labels = {"bboxes": boxes, "names": names} if self.options.labels else {}
        done = pipeline(image=image, **labels)
        folder = self.options.output / "JPEGImages" if self.options.labels else self.options.output
        name = f"{path.stem}_aug000000"
        quality = [cv2.IMWRITE_JPEG_QUALITY, self.options.quality]
        if not cv2.imwrite(os.fspath(folder / f"{name}.jpg"), done["image"], quality):
            raise OSError(f"cannot write {name}.jpg")
        if self.options.labels:
            write_voc(self.options.output / "Annotations" / f"{name}.xml", f"{name}.jpg", done)
        return index


# The work of this process: made by `begin`, once in each. Loky makes it with the first task.
work = None


def begin(options):
    global work
    work = Work(options)


def process_sample(options, sample):
    if work is None:
        begin(options)
    return work.process(sample)


def process_sample_here(sample):
    return work.process(sample)


def read_voc(path):
    """Boxes in pixels between corners, and the names of their classes."""
    boxes, names = [], []
    for found in xml.parse(path).getroot().iter("object"):
        box = [float(found.find("bndbox").findtext(side)) for side in ("xmin", "ymin", "xmax", "ymax")]
        boxes.append([box[0] - 1, box[1] - 1, box[2], box[3]])
        names.append(found.findtext("name"))
    return boxes, names


def write_voc(path, file_name, done):
    root = xml.Element("annotation")
    xml.SubElement(root, "filename").text = file_name
    size = xml.SubElement(root, "size")
    for name, number in zip(("height", "width"), done["image"].shape[:2], strict=True):
        xml.SubElement(size, name).text = str(number)
    for box, name in zip(done["bboxes"], done["names"], strict=True):
        found = xml.SubElement(root, "object")
        xml.SubElement(found, "name").text = name
        corners = xml.SubElement(found, "bndbox")
        for side, number in zip(("xmin", "ymin", "xmax", "ymax"), (box[0] + 1, box[1] + 1, box[2], box[3])):
            xml.SubElement(corners, side).text = f"{number:.2f}"
    xml.ElementTree(root).write(path)


def samples(options):
    """The list of images, with the boxes of each."""
    folder = options.input / "JPEGImages" if options.labels else options.input
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)
    for index, path in enumerate(paths):
        boxes, names = ([], [])
        if options.labels:
            boxes, names = read_voc(options.input / "Annotations" / f"{path.stem}.xml")
        yield index, path, boxes, names


def run_sequential(options, listed):
    begin(options)
    for sample in listed:
        work.process(sample)


def run_executor(options, listed, start_method):
    chunk_size = max(1, math.ceil(len(listed) / (options.ranks * FACTOR)))
    context = multiprocessing.get_context(start_method)
    with concurrent.futures.ProcessPoolExecutor(
        max_workers=options.ranks, mp_context=context, initializer=begin, initargs=(options,)
    ) as executor:
        list(executor.map(process_sample_here, listed, chunksize=chunk_size))


def run_joblib(options, listed, backend):
    """As the listings do, but without their report of progress (verbose=10)."""
    if backend == "threading":
        begin(options)
    with joblib.parallel_config(backend=backend, n_jobs=options.ranks):
        joblib.Parallel()(joblib.delayed(process_sample)(options, sample) for sample in listed)
    if backend == "loky":  # its processes wait for another call; the other ways have ended theirs
        joblib.externals.loky.get_reusable_executor().shutdown(wait=True)


WAYS = {
    "sequential": run_sequential,
    "executor": lambda options, listed: run_executor(options, listed, "spawn"),
    "executor-fork": lambda options, listed: run_executor(options, listed, "fork"),
    "threading": lambda options, listed: run_joblib(options, listed, "threading"),
    "loky": lambda options, listed: run_joblib(options, listed, "loky"),
}


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--pipeline", type=pathlib.Path, required=True)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quality", type=int, default=95)
    parser.add_argument("--without-labels", dest="labels", action="store_false")
    parser.add_argument("--opencv-threads", type=int, help="cv2.setNumThreads (default: not called, as in the study)")
    return parser.parse_args()


def main():
    options = parsed_options()
    listed = list(samples(options))
    if not listed:
        sys.exit(f"{options.input}: no images here")
    for folder in ["JPEGImages", "Annotations"] if options.labels else ["."]:
        (options.output / folder).mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    WAYS[options.way](options, listed)
    print(json.dumps({"copies": len(listed), "wallSeconds": time.monotonic() - start}))


if __name__ == "__main__":
    main()
