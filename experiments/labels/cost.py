"""Measures what labels cost: the default pipeline on images with 20 boxes each, with and without them, alternating; and
the reading of a large COCO file. Writes results/<date>-<machine>-<commit>/labels/.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import programs  # noqa: E402
import records  # noqa: E402

SIZES = ["640x480", "2000x1000"]
BOXES = 20
COLUMNS = [
    "question", "size", "labels", "saving", "repetition", "outcome", "wallSeconds", "transformSeconds",
    "largestProcessBytes", "fileBytes",
]  # fmt: skip
HEAD = """# What labels cost

One process, the default pipeline, {copies} copies of {images} images with {boxes} boxes each (YOLO). Seconds: median of
{repetitions} repetitions, with the least and the most; with and without labels alternate.

| size | saving | without labels | with labels | more | stage transform, more |
|---|---|--:|--:|--:|--:|
"""


def write_boxes(folder, stems):
    draws = random.Random(1)
    for stem in stems:
        lines = []
        for number in range(BOXES):
            width, height = draws.uniform(0.03, 0.25), draws.uniform(0.03, 0.25)
            x, y = draws.uniform(width / 2, 1 - width / 2), draws.uniform(height / 2, 1 - height / 2)
            lines.append(f"{number % 4} {x:.6f} {y:.6f} {width:.6f} {height:.6f}\n")
        (folder / "labels" / f"{stem}.txt").write_text("".join(lines))
    (folder / "data.yaml").write_text("train: images\nval: images\nnc: 4\nnames: [a, b, c, d]\n")


def dataset(options, folder, size):
    (folder / "labels").mkdir(parents=True)
    programs.generate(options.cli, folder / "images", "--images", options.images, "--size", size)
    write_boxes(folder, [path.stem for path in (folder / "images").iterdir()])


def measure(options, rows, work, size):
    folder = work / size
    dataset(options, folder, size)
    for repetition in range(1, options.repetitions + 1):
        for saving in ["no", "yes"]:
            for labels in ["no", "yes"]:
                output = work / "output"
                flags = ["--labels", "none"] if labels == "no" else []
                flags += [output] if saving == "yes" else ["--no-saving"]
                command = [options.cli, "augment", folder, *flags, "--copies", options.copies, "--quiet", "--json"]
                run = programs.run([*map(str, command), "--strategy", "sequential", "--ranks", "1"])
                said = run.said()
                rows.add({
                    "question": "cost", "size": size, "labels": labels, "saving": saving, "repetition": repetition,
                    "outcome": run.outcome, "wallSeconds": said.get("wallSeconds"),
                    "transformSeconds": said.get("stageSeconds", {}).get("transform"),
                    "largestProcessBytes": run.largest_process_bytes,
                })  # fmt: skip
                programs.remove(output)


def write_coco(path, annotations=100_000, corners=205):
    draws = random.Random(2)
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 640, "height": 480} for n in range(1000)]
    with path.open("w") as file:
        file.write('{"images": ' + json.dumps(images) + ', "categories": [{"id": 1, "name": "a"}], "annotations": [')
        for number in range(annotations):
            x, y = draws.uniform(0, 500), draws.uniform(0, 380)
            points = [round(v, 2) for _ in range(corners) for v in (x + draws.uniform(0, 99), y + draws.uniform(0, 99))]
            one = {"id": number, "image_id": number % 1000, "category_id": 1, "iscrowd": 0, "bbox": [x, y, 99, 99]}
            file.write(("," if number else "") + json.dumps({**one, "segmentation": [points]}))
        file.write("]}")


def measure_reading(options, rows, work):
    folder = work / "coco"
    programs.generate(options.cli, folder, "--images", 1, "--size", "640x480")
    (picture,) = folder.iterdir()
    picture.rename(folder / "0.jpg")
    write_coco(folder / "instances_default.json")
    for repetition in range(1, min(3, options.repetitions) + 1):
        run = programs.run([options.cli, "stats", folder, "--json"])
        rows.add({
            "question": "reading", "repetition": repetition, "outcome": run.outcome, "wallSeconds": run.process_seconds,
            "largestProcessBytes": run.largest_process_bytes,
            "fileBytes": (folder / "instances_default.json").stat().st_size,
        })  # fmt: skip


def spread(values):
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def summary(options, rows):
    text = HEAD.format(**vars(options), boxes=BOXES)
    good = [row for row in rows if row["outcome"] == "ok"]
    for size in SIZES:
        for saving in ["no", "yes"]:
            sides = [
                [row for row in good if (row["size"], row["saving"], row["labels"]) == (size, saving, labels)]
                for labels in ["no", "yes"]
            ]
            wall = [[float(row["wallSeconds"]) for row in side] for side in sides]
            stage = [statistics.median(float(row["transformSeconds"]) for row in side) for side in sides]
            more = statistics.median(wall[1]) / statistics.median(wall[0]) - 1
            text += f"| {size} | {saving} | {spread(wall[0])} | {spread(wall[1])} | {more:.1%} | {stage[1] / stage[0] - 1:.1%} |\n"
    reading = [row for row in good if row["question"] == "reading"]
    seconds = [float(row["wallSeconds"]) for row in reading]
    memory = max(int(row["largestProcessBytes"]) for row in reading) / 1e6
    size = int(reading[0]["fileBytes"]) / 1e6
    return text + (
        f"\nReading a COCO file of {size:.0f} MB with 100,000 outlines of 205 corners (`stats`): {spread(seconds)} s, at"
        f" most {memory:.0f} MB of memory, {100_000 * 205 * 16 / 1e6:.0f} of them the corners.\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    records.add_options(parser)
    parser.add_argument("--images", type=int, default=20)
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--repetitions", type=int, default=7)
    options = parser.parse_args()
    with records.opened(options, "labels", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        for size in SIZES:
            measure(options, rows, work, size)
        measure_reading(options, rows, work)
        rows.close()
        records.keep_summary(results, summary(options, rows.rows))


if __name__ == "__main__":
    main()
