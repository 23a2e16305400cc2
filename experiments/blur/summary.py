"""Makes the tables for the runs of bench.py: summary.py RUNS.CSV prints them."""

import os
import pathlib
import statistics
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import figures  # noqa: E402
import records  # noqa: E402

OURS, OPENCV, DASK = "augment-cli", "opencv", "dask"
# What the speedup of each side is measured against.
BASELINES = {OURS: OURS, DASK: OPENCV, OPENCV: OPENCV}

HEAD = """# Blurring a folder, beside OpenCV and Dask

Gaussian blur of 61 × 61, sigma 10, of images of {size} pixels; reading and saving are counted. Seconds: median of the
trials, with the least and the most. Speedup: over sequential of the same side, of the medians; that of Dask is OpenCV
from Python. Efficiency: speedup per rank. Serial share: by Amdahl's law for as many processors as there are ranks, or
cores if there are fewer; the ceiling is its inverse. No share where the speedup reaches the processors, or is below 1.
CPU: milliseconds of all processes for one image, the start of the program included. `*`: more ranks than cores.
{failures}

{ours} makes and ends its processes within its seconds. Dask has two lines: as in the original study, without the
start and stop of its cluster, and with them.
"""
SECONDS = [
    "side", "strategy", ">ranks", ">seconds", ">images/s", ">speedup", ">efficiency", ">serial share", ">ceiling",
    ">CPU",
]  # fmt: skip
RATIOS = [">ranks", "peer", f"{OURS} strategy", ">peer s / ours", ">with the cluster's start and stop"]


class Phase:
    """The runs of one phase, accessible by side."""

    def __init__(self, rows):
        self.rows = [row for row in rows if row["outcome"] == "ok"]
        self.images, self.batch, self.number = rows[0]["images"], rows[0]["batch"], rows[0]["phase"]
        crowded = {int(row["ranks"]) for row in rows if row["moreRanksThanCores"] == "yes"}
        self.cores = max((int(row["ranks"]) for row in rows if int(row["ranks"]) not in crowded), default=1)
        self.crowded = crowded

    def sides(self):
        """Each side with its runs, in order of ranks."""
        found = {}
        for row in self.rows:
            found.setdefault((int(row["ranks"]), row["implementation"], row["strategy"]), []).append(row)
        return dict(sorted(found.items(), key=lambda item: item[0][0]))

    def seconds(self, side, with_cluster=False):
        """By trial."""
        return {row["repetition"]: seconds_of(row, with_cluster) for row in self.sides().get(side, [])}

    def mark(self, ranks):
        return f"{ranks}{'*' if ranks in self.crowded else ''}"


def seconds_of(row, with_cluster):
    return float(row["wallSeconds"]) + (float(row["clusterSeconds"] or 0) if with_cluster else 0)


def side_line(phase, side, with_cluster):
    ranks, implementation, strategy = side
    rows = phase.sides()[side]
    seconds = phase.seconds(side, with_cluster).values()
    middle = statistics.median(seconds)
    name = f"{strategy}, cluster counted" if with_cluster else strategy
    cells = [implementation, name, phase.mark(ranks), figures.spread(seconds), f"{int(phase.images) / middle:.1f}"]
    baseline = phase.seconds((1, BASELINES[implementation], "sequential")).values()
    return [*cells, *scaling_cells(phase, ranks, baseline, middle), cpu_milliseconds(rows, phase)]


def scaling_cells(phase, ranks, baseline, middle):
    if ranks == 1 or not baseline:
        return ["", "", "", ""]
    speedup = statistics.median(baseline) / middle
    share = figures.serial_share(speedup, min(ranks, phase.cores))
    shares = ["–", "–"] if share is None else [f"{100 * share:.1f} %", f"{1 / share:.1f}"]
    return [f"{speedup:.2f}", f"{100 * speedup / ranks:.0f} %", *shares]


def cpu_milliseconds(rows, phase):
    seconds = [float(row["userSeconds"]) + float(row["systemSeconds"]) for row in rows]
    return f"{1000 * statistics.median(seconds) / int(phase.images):.0f}"


def ratio_lines(phase):
    for ranks, implementation, strategy in phase.sides():
        if implementation != OURS:
            continue
        peer = (ranks, OPENCV, "sequential") if ranks == 1 else (ranks, DASK, "dask")
        ours, theirs = phase.seconds((ranks, implementation, strategy)), phase.seconds(peer)
        if theirs:
            counted = figures.ratio(phase.seconds(peer, with_cluster=True), ours) if ranks > 1 else ""
            yield [phase.mark(ranks), peer[1], strategy, figures.ratio(theirs, ours), counted]


def sensors_text(rows):
    """What the machine told about itself while the runs lasted."""
    text = ""
    for column, unit in [("megahertz", "MHz"), ("celsius", "°C")]:
        values = [float(row[column]) for row in rows if row[column]]
        told = f"{min(values):.0f} to {max(values):.0f} {unit}" if values else f"no {unit} told by this machine"
        text += f"{', ' if text else ''}{told}"
    return text


def phase_tables(phase):
    lines = [
        side_line(phase, side, with_cluster)
        for side in phase.sides()
        for with_cluster in ([False, True] if side[1] == DASK else [False])
    ]
    decibels = [float(row["decibels"]) for row in phase.rows if row["implementation"] == OURS]
    nearness = f"{OURS}'s first image is {min(decibels):.1f} dB or more from OpenCV's blur." if decibels else ""
    return (
        f"\n## Phase {phase.number}: {phase.images} images, batches of {phase.batch}\n\n{figures.table(SECONDS, lines)}"
        f"\n{nearness} While the runs lasted: {sensors_text(phase.rows)}.\n"
        f"\n### Times as fast as the peer on the same ranks\n\n{figures.table(RATIOS, ratio_lines(phase))}"
    )


def tables(rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs."""
    failed = sum(row["outcome"] != "ok" for row in rows)
    failures = f"Runs that failed, and are left out: {failed} of {len(rows)}."
    size = f"{rows[0]['widthPixels']} × {rows[0]['heightPixels']}"
    text = HEAD.format(size=size, ours=OURS, failures=failures)
    for number in dict.fromkeys(row["phase"] for row in rows):
        text += phase_tables(Phase([row for row in rows if row["phase"] == number]))
    return text


def main():
    print(tables(records.read(sys.argv[1])), end="")


if __name__ == "__main__":
    main()
