"""Makes the tables for the runs of bench.py: summary.py RUNS.CSV COMMANDS.CSV prints them."""

import csv
import os
import pathlib
import statistics
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import figures  # noqa: E402
import records  # noqa: E402

OURS, BASELINE = "augment-cli", "numpy"
PEERS = ["numba", "opencv"]
# Each side: implementation, way, and whether its sums are padded.
THREADS, RANKS, UNPADDED = (OURS, "threads", "yes"), (OURS, "ranks", "yes"), (OURS, "threads", "no")
SIDES = [THREADS, RANKS, UNPADDED, *((peer, "", "") for peer in PEERS)]
NAMES = {
    THREADS: f"{OURS}, threads", RANKS: f"{OURS}, ranks", UNPADDED: f"{OURS}, threads, sums not padded",
    ("numba", "", ""): "Numba", ("opencv", "", ""): "OpenCV",
}  # fmt: skip
STUDY_COLUMNS = ["K", "Threads", "T. Seq", "Std. Seq", "T. Par", "Std. Par", "Spd", "Eff", "Inertia"]

HEAD = """# K-means on the colours of an image, beside NumPy, Numba, OpenCV and pngquant

Milliseconds of the clustering alone, without files: mean and standard deviation of the runs. Speedup: over NumPy, as in
the original study, of the means. Efficiency: the side's own time on one thread over that on all, per thread. Ratio:
that time over the one of {ours} with as many threads, of the means. Inertia: sum of the squared distances from the
pixels to their colours; mean of the runs, which begin with other random pixels. `*`: more threads than cores.
"""
CLUSTERING = [
    ">K", ">threads", "side", ">ms", ">speedup", ">efficiency", ">ratio", ">inertia / 10⁶", ">least–most",
    ">iterations",
]  # fmt: skip
COMMANDS = [
    ">K", "side", ">threads", ">whole command, ms", ">own ms", ">PSNR, dB", ">kB", "ours, at no less PSNR", ">ratio",
]  # fmt: skip
COMMANDS_HEAD = """
### Whole commands on {name}, no dithering

From a PNG file to one with a palette. Median of the runs, with the least and the most. The own milliseconds are those
that a program tells, or, for libimagequant from Python, those of its call. Ratio: the whole command over the fastest of
{ours} on as many threads whose PSNR is no less, if there is one; above 1, {ours} is faster.

"""


class Runs:
    """Rows of one image, accessible by cell."""

    def __init__(self, rows):
        self.rows, self.one = rows, rows[0]
        self.colors = sorted({int(row["colors"]) for row in rows})
        self.threads = sorted({int(row["threads"]) for row in rows})
        self.crowded = {int(row["threads"]) for row in rows if row["moreThreadsThanCores"] == "yes"}

    def of(self, side, colors, threads):
        wanted = dict(zip(("implementation", "way"), side), colors=str(colors), threads=str(threads))
        found = [row for row in self.rows if wanted.items() <= row.items()]
        return [row for row in found if side[2] in ("", row["padded"])]

    def seconds(self, side, colors, threads):
        return [float(row["seconds"]) for row in self.of(side, colors, threads)]

    def mean(self, side, colors, threads):
        """Mean seconds; None if there are no runs."""
        seconds = self.seconds(side, colors, threads)
        return statistics.mean(seconds) if seconds else None

    def baseline(self, colors):
        """Seconds of NumPy, the sequential version of the original study."""
        return self.seconds((BASELINE, "", ""), colors, 1)

    def speedup(self, side, colors, threads):
        """Over NumPy; None if either has no runs."""
        baseline, mean = self.baseline(colors), self.mean(side, colors, threads)
        return statistics.mean(baseline) / mean if baseline and mean else None

    def efficiency(self, side, colors, threads):
        one, mean = self.mean(side, colors, 1), self.mean(side, colors, threads)
        return one / mean / threads if one and mean else None

    def mark(self, threads):
        return f"{threads}{'*' if threads in self.crowded else ''}"


def by_input(rows):
    """The runs of each image, in the order of their first row."""
    return {
        name: Runs([row for row in rows if row["input"] == name])
        for name in dict.fromkeys(row["input"] for row in rows)
    }


def milliseconds(seconds):
    mean, deviation = figures.mean_deviation([1000 * value for value in seconds])
    digits = 1 if mean >= 100 else 3 if mean < 1 else 2
    return f"{mean:.{digits}f} ± {deviation:.{digits}f}"


def optional(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}"


def line(runs, side, name, colors, threads):
    """One row of the table; `name` is that of the side."""
    rows = runs.of(side, colors, threads)
    inertia = [float(row["inertia"]) / 1e6 for row in rows]
    iterations = sorted({int(row["iterations"]) for row in rows if row["iterations"]})
    ours, mean = runs.mean(THREADS, colors, threads), runs.mean(side, colors, threads)
    shown = "–".join(str(value) for value in dict.fromkeys((iterations[0], iterations[-1]))) if iterations else ""
    cells = [colors, runs.mark(threads), name, milliseconds(runs.seconds(side, colors, threads))]
    cells += [optional(runs.speedup(side, colors, threads), 1), optional(runs.efficiency(side, colors, threads))]
    cells += [optional(mean / ours if ours and side != THREADS else None)]
    return [*cells, f"{statistics.mean(inertia):.2f}", f"{min(inertia):.2f}–{max(inertia):.2f}", shown]


def clustering_lines(runs):
    own_baseline = (OURS, "sequential", "yes")
    for colors in runs.colors:
        if runs.baseline(colors):
            yield line(runs, (BASELINE, "", ""), "NumPy", colors, 1)
        if runs.of(own_baseline, colors, 1):
            yield line(runs, own_baseline, f"{OURS}, sequential", colors, 1)
        for threads in runs.threads:
            for side in SIDES:
                if runs.of(side, colors, threads):
                    yield line(runs, side, NAMES[side], colors, threads)


def sameness(runs):
    """Whether any number of threads gives the inertia of our sequential version."""
    ours = [row for row in runs.rows if row["implementation"] == OURS]
    found = {}
    for row in ours:
        found.setdefault((row["colors"], row["repetition"]), set()).add(float(row["inertia"]))
    if not found:
        return ""
    worst = max((max(values) - min(values)) / min(values) for values in found.values())
    if worst == 0:
        return f"\nThe inertia of {OURS} is the same on every number of threads and ranks.\n"
    return f"\nThe inertia of {OURS} differs between numbers of threads and ranks by up to {100 * worst:.4f} %.\n"


def title(runs):
    one = runs.one
    size = f"{one['widthPixels']} × {one['heightPixels']} pixels"
    return f"\n## {one['input']}: {size}, {one['distinctColors']} distinct colours\n\n"


def command_lines(rows):
    """The whole commands of one image, each beside ours with as many threads."""
    cells = {}
    for row in rows:
        key = int(row["colors"]), f"{row['implementation']} {row['setting']}".strip(), row["threads"]
        cells.setdefault(key, []).append(row)
    for (colors, name, threads), found in cells.items():
        shown = [spread(found, "processSeconds"), spread(found, "ownSeconds"), optional(median(found, "decibels"))]
        shown.append(optional(median(found, "writtenBytes", 1e-3), 1))
        rivals = [key for key in cells if key[0] == colors and key[2] == threads and key[1].startswith(OURS)]
        yield [colors, name, threads, *shown, *rivalry(found, {key[1]: cells[key] for key in rivals}, name)]


def rivalry(found, ours, name):
    """The fastest of ours that is no worse than what was found, and the ratio of the whole commands."""
    if name in ours or not ours:
        return ["", ""]
    equal = [other for other, rows in ours.items() if median(rows, "decibels") >= median(found, "decibels")]
    if not equal:
        return ["none", ""]
    fastest = min(equal, key=lambda other: median(ours[other], "processSeconds"))
    ratio = median(found, "processSeconds") / median(ours[fastest], "processSeconds")
    return [fastest.removeprefix(f"{OURS} "), f"{ratio:.2f}"]


def median(rows, column, factor=1.0):
    values = [factor * float(row[column]) for row in rows if row[column]]
    return statistics.median(values) if values else None


def spread(rows, column):
    values = [1000 * float(row[column]) for row in rows if row[column]]
    return figures.spread(values, 1) if values else ""


def keep_study_table(rows, path):
    """Writes the table of the original study for every image and side; the sequential times are those of NumPy."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Image", "Side", *STUDY_COLUMNS])
        for name, runs in by_input(rows).items():
            for side, side_name in NAMES.items():
                writer.writerows([name, side_name, *line] for line in study_lines(runs, side))


def study_lines(runs, side):
    for colors in runs.colors:
        for threads in runs.threads:
            rows = runs.of(side, colors, threads)
            if rows and runs.baseline(colors):
                pairs = [figures.mean_deviation(runs.baseline(colors))]
                pairs.append(figures.mean_deviation(runs.seconds(side, colors, threads)))
                speedup = pairs[0][0] / pairs[1][0]
                inertia = statistics.mean(float(row["inertia"]) for row in rows)
                times = [f"{value:.6f}" for pair in pairs for value in pair]
                yield [colors, threads, *times, f"{speedup:.3f}", f"{speedup / threads:.3f}", f"{inertia:.0f}"]


def tables(rows, command_rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs; `command_rows`: of commands.csv."""
    text = HEAD.format(ours=OURS)
    for name, runs in by_input(rows).items():
        text += title(runs) + figures.table(CLUSTERING, clustering_lines(runs)) + sameness(runs)
        made = [row for row in command_rows if row["input"] == name and row["outcome"] == "ok"]
        if made:
            text += COMMANDS_HEAD.format(name=name, ours=OURS)
            text += figures.table(COMMANDS, command_lines(made))
    failed = sum(row["outcome"] != "ok" for row in command_rows)
    return f"{text}\nCommands that failed, and are left out: {failed} of {len(command_rows)}.\n"


def main():
    print(tables(*map(records.read, sys.argv[1:3])), end="")


if __name__ == "__main__":
    main()
