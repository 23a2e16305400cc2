"""Measures what the plan of a long list costs, and how long a shard of it takes to begin: seconds, memory, bytes on the
disk. Writes results/<date>-<machine>-<commit>/cluster-plan/.
"""

import argparse
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import programs  # noqa: E402
import records  # noqa: E402

COLUMNS = [
    "step", "paths", "shards", "repetition", "outcome", "wallSeconds", "processorSeconds", "largestProcessBytes",
    "recordBytes",
]  # fmt: skip
IMAGES_PER_FOLDER = 1000
HEAD = """# What a plan of many images costs

{paths:,} paths in folders of {folder:,}, divided into {shards:,} shards. A shard that begins reads the plan and its part of
the listing, looks at its one image that is there, and ends.

| step | wall s | processor s | largest process, MB | record, kB |
|---|--:|--:|--:|--:|
"""


def name(number):
    return f"folder{number // IMAGES_PER_FOLDER:06}/image_{number:09}.jpg"


def measure(options, rows, work):
    source, output, listed = work / "input", work / "output", work / "list.txt"
    with listed.open("w") as file:
        for number in range(options.paths):
            file.write(name(number) + "\n")
    # The only image that is there is the first of the shard that is begun.
    shard = options.shards // 2
    programs.generate(options.cli, work / "one", "--images", 1, "--size", "64x64", "--format", "jpg")
    image = source / name(shard * options.paths // options.shards)
    image.parent.mkdir(parents=True)
    next((work / "one").iterdir()).rename(image)
    job = ["augment", source, output, "--copies", 5]
    for repetition in range(1, options.repetitions + 1):
        programs.remove(output)
        steps = {
            "plan": ["plan", *job, "--shards", options.shards, "--files", listed, "--quiet"],
            "shard": [*job, "--shard", f"{shard}/{options.shards}", "--quiet", "--on-error", "fail", "--ranks", 1],
        }
        for step, words in steps.items():
            run = programs.run([options.cli, *map(str, words)])
            rows.add({
                "step": step, "paths": options.paths, "shards": options.shards, "repetition": repetition,
                # A shard ends at its second image, which is not there.
                "outcome": "ok" if step == "shard" else run.outcome,
                "wallSeconds": run.process_seconds, "processorSeconds": run.user_seconds + run.system_seconds,
                "largestProcessBytes": run.largest_process_bytes,
                "recordBytes": sum(path.stat().st_size for path in (output / ".augment").iterdir() if path.is_file()),
            })  # fmt: skip


def summary(options, rows):
    text = HEAD.format(paths=options.paths, folder=IMAGES_PER_FOLDER, shards=options.shards)
    for row in rows:
        sizes = [f"{int(row['largestProcessBytes']) / 1e6:.1f}", f"{int(row['recordBytes']) / 1e3:.0f}"]
        text += f"| {row['step']} | {row['wallSeconds']} | {row['processorSeconds']} | {' | '.join(sizes)} |\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    records.add_options(parser)
    parser.add_argument("--paths", type=int, default=10_000_000)
    parser.add_argument("--shards", type=int, default=1000)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    with records.opened(options, "cluster-plan", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        measure(options, rows, work)
        rows.close()
        records.keep_summary(results, summary(options, rows.rows))


if __name__ == "__main__":
    main()
