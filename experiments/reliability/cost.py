"""Measures what safety costs: the default pipeline with and without the guards of its workers, and under each durability.
The variants alternate. Writes results/<date>-<machine>-<commit>/safety/.
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

GUARDS = {"guarded": [], "no sandbox": ["--no-sandbox"], "no guards": ["--no-sandbox", "--image-timeout", "none"]}
DURABILITIES = {name: ["--durability", name] for name in ["none", "batch", "file"]}
COLUMNS = ["question", "variant", "images", "repetition", "outcome", "wallSeconds", "cpuSeconds"]
HEAD = """# What safety costs

The default pipeline, 5 copies of each of {images} images of 640x480, {ranks} ranks. Seconds of the whole command: median
of {repetitions} repetitions, with the least and the most; the variants alternate. The share is that of medians.

| | variant | wall s | CPU s | wall, share | CPU, share |
|---|---|--:|--:|--:|--:|
"""


def measure(options, rows, work, question, variants):
    source, output = work / "input", work / "output"
    for repetition in range(options.repetitions + 1):
        for variant, flags in variants.items():
            ranks = ["--ranks", str(options.ranks), "--quiet"]
            run = programs.run([str(options.cli), "augment", str(source), str(output), *ranks, *flags])
            programs.remove(output)
            if repetition == 0:
                continue  # the first finds nothing in the caches
            rows.add({
                "question": question, "variant": variant, "images": options.images, "repetition": repetition,
                "outcome": run.outcome, "wallSeconds": run.process_seconds,
                "cpuSeconds": run.user_seconds + run.system_seconds,
            })  # fmt: skip


def summary(options, rows):
    lines = [HEAD.format(images=options.images, ranks=options.ranks, repetitions=options.repetitions)]
    for question, variants, base in [("guards", GUARDS, "no guards"), ("durability", DURABILITIES, "none")]:
        medians = {variant: {} for variant in variants}
        cells = {variant: {} for variant in variants}
        for variant in variants:
            for column in ["wallSeconds", "cpuSeconds"]:
                found = [r for r in rows if r["question"] == question and r["variant"] == variant and r["outcome"] == "ok"]
                values = [float(row[column]) for row in found]
                medians[variant][column] = statistics.median(values)
                cells[variant][column] = f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"
        for variant in variants:
            shares = [f"{medians[variant][c] / medians[base][c]:.3f}" for c in ["wallSeconds", "cpuSeconds"]]
            lines.append(f"| {question} | {variant} | {' | '.join([*cells[variant].values(), *shares])} |\n")
    return "".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    records.add_options(parser)
    parser.add_argument("--images", type=int, default=240)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=15)
    options = parser.parse_args()
    with records.opened(options, "safety", __file__) as (results, work):
        programs.generate(options.cli, work / "input", "--images", options.images, "--size", "640x480")
        rows = records.Rows(results / "runs.csv", COLUMNS)
        measure(options, rows, work, "guards", GUARDS)
        measure(options, rows, work, "durability", DURABILITIES)
        rows.close()
        records.keep_summary(results, summary(options, rows.rows))


if __name__ == "__main__":
    main()
