"""Measures what a record costs: a run on many small images, and what the same command takes once it is finished. Writes
results/<date>-<machine>-<commit>/resume/.
"""

import argparse
import os
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import programs  # noqa: E402
import records  # noqa: E402

COLUMNS = [
    "step", "images", "repetition", "outcome", "wallSeconds", "processorSeconds", "largestProcessBytes", "recordBytes",
]  # fmt: skip
HEAD = """# What it takes to find that nothing is left to do

A copy of each of many images of 32x24, {ranks} ranks. `make` is the run that makes them; `again` is the same command once
they are there, which compares the plan with the input and looks for each copy: medians of {repetitions}, with the least
and the most. The largest process is the main one.

| images | step | wall s | processor s | largest process, MB | record, MB |
|--:|---|--:|--:|--:|--:|
"""


def measure(options, rows, work):
    source, output = work / "input", work / "output"
    for images in options.images:
        programs.remove(source)
        programs.remove(output)
        programs.generate(options.cli, source, "--images", images, "--size", "32x24")
        command = [options.cli, "augment", source, output, "--copies", 1, "--ranks", options.ranks, "--quiet"]
        for repetition in range(options.repetitions + 1):
            run = programs.run([str(word) for word in command])
            record = output / ".augment"
            rows.add({
                "step": "again" if repetition else "make", "images": images, "repetition": repetition,
                "outcome": run.outcome, "wallSeconds": run.process_seconds,
                "processorSeconds": run.user_seconds + run.system_seconds,
                "largestProcessBytes": run.largest_process_bytes,
                "recordBytes": sum(path.stat().st_size for path in record.iterdir()),
            })  # fmt: skip


def cell(values, digits):
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def summary(options, rows):
    lines = [HEAD.format(ranks=options.ranks, repetitions=options.repetitions)]
    for images in options.images:
        for step in ["make", "again"]:
            found = [row for row in rows if (row["images"], row["step"], row["outcome"]) == (str(images), step, "ok")]
            if not found:
                continue
            columns = [("wallSeconds", 1, 2), ("processorSeconds", 1, 2), ("largestProcessBytes", 1e6, 0)]
            cells = [cell([float(row[name]) / unit for row in found], digits) for name, unit, digits in columns]
            cells.append(f"{int(found[-1]['recordBytes']) / 1e6:.1f}")
            lines.append(f"| {images:,} | {step} | {' | '.join(cells)} |\n")
    return "".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    records.add_options(parser)
    parser.add_argument("--images", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    with records.opened(options, "resume", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        measure(options, rows, work)
        rows.close()
        records.keep_summary(results, summary(options, rows.rows))


if __name__ == "__main__":
    main()
