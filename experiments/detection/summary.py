"""Makes the tables for the runs of bench.py: summary.py RUNS.CSV prints them."""

import os
import pathlib
import statistics
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import figures  # noqa: E402
import records  # noqa: E402

OURS, PEER = "augment-cli", "python"
DATASETS = ["small", "medium", "big"]
# Each way of ours, and its peers: the executor starts its processes as on the machine of the original study, and as
# is usual on Linux.
PAIRS = [("executor", ["executor", "executor-fork"]), ("threads", ["threading"]), ("spawn", ["loky"])]
SIDES = [
    *((OURS, ours) for ours, _ in PAIRS),
    *((PEER, peer) for _, peers in PAIRS for peer in peers),
]  # fmt: skip
# Best over 2, 4, 6, 8, 10 and 12 cores: speedup, efficiency and cores of the original study.
REPORTED = {
    ("small", "executor"): (1.56, 0.39, 4), ("small", "threading"): (3.06, 0.77, 4), ("small", "loky"): (1.32, 0.33, 4),
    ("medium", "executor"): (2.79, 0.47, 6), ("medium", "threading"): (2.90, 0.73, 4),
    ("medium", "loky"): (2.39, 0.60, 4), ("big", "executor"): (3.00, 0.50, 6), ("big", "threading"): (2.68, 0.67, 4),
    ("big", "loky"): (2.48, 0.62, 4),
}  # fmt: skip

HEAD = """# Augmentation for object detection, beside Python's ways to run in parallel

Grey images of 640 × 512 pixels, {labels}, one copy of each; reading and saving are counted. Seconds: median of the
repetitions, with the least and the most. Speedup: over sequential of the same side, of the medians. Efficiency: speedup
per rank. Ratio: seconds of Python to those of {ours}, of the medians, with the least and the most of the repetitions;
above 1, {ours} is faster. CPU: milliseconds of all processes for one image, the start of the program included.
`*`: more ranks than cores. {failures}
"""
BEST = ["dataset", "side", "way", ">ranks", ">speedup (efficiency)", ">in the report"]
SECONDS = ["side", "way", ">ranks", ">seconds", ">speedup", ">efficiency", ">CPU", ">page faults / image"]
RATIOS = [">ranks", "ours", "peer", ">peer s / ours"]


class Dataset:
    """The runs on one dataset, accessible by side: implementation, way and ranks."""

    def __init__(self, rows):
        self.rows = [row for row in rows if row["outcome"] == "ok"]
        self.name, self.images = rows[0]["dataset"], int(rows[0]["images"])
        self.crowded = {int(row["ranks"]) for row in rows if row["moreRanksThanCores"] == "yes"}
        self.ranks = sorted({int(row["ranks"]) for row in rows} - {1})

    def of(self, side):
        columns = ("implementation", "way", "ranks")
        wanted = dict(zip(columns, map(str, side), strict=True))
        return [row for row in self.rows if wanted.items() <= row.items()]

    def seconds(self, side):
        """By repetition."""
        return {row["repetition"]: float(row["wallSeconds"]) for row in self.of(side)}

    def speedup(self, side):
        """Over sequential of the same implementation; None if either has no run."""
        base, own = self.seconds((side[0], "sequential", 1)), self.seconds(side)
        if not base or not own:
            return None
        return statistics.median(base.values()) / statistics.median(own.values())

    def median(self, side, *columns):
        """The median of the sum of columns, for one image."""
        return statistics.median(sum(float(row[column]) for column in columns) for row in self.of(side)) / self.images

    def mark(self, ranks):
        return f"{ranks}{'*' if ranks in self.crowded else ''}"


def datasets(rows):
    return [Dataset([row for row in rows if row["dataset"] == name]) for name in dict.fromkeys(r["dataset"] for r in rows)]


def best_lines(dataset):
    """The best rank count of each way, by speedup, as in the tables of the original study."""
    for implementation, way in SIDES:
        sides = [(implementation, way, ranks) for ranks in dataset.ranks]
        known = {side: speedup for side in sides if (speedup := dataset.speedup(side))}
        if not known:
            continue
        side = max(known, key=known.get)
        ranks, speedup = side[2], known[side]
        reported = REPORTED.get((dataset.name, way)) if implementation == PEER else None
        told = "{:.2f} ({:.2f}) on {}".format(*reported) if reported else ""
        gain = f"{speedup:.2f} ({speedup / ranks:.2f})"
        yield [dataset.name, implementation, way, dataset.mark(ranks), gain, told]


def second_lines(dataset):
    sides = [(OURS, "sequential", 1), (PEER, "sequential", 1)]
    sides += [(*side, ranks) for ranks in dataset.ranks for side in SIDES]
    for side in filter(dataset.of, sides):
        implementation, way, ranks = side
        speedup = dataset.speedup(side)
        gains = ["", ""] if speedup is None or ranks == 1 else [f"{speedup:.2f}", f"{speedup / ranks:.2f}"]
        cpu = f"{1000 * dataset.median(side, 'userSeconds', 'systemSeconds'):.1f}"
        faults = f"{dataset.median(side, 'minorFaults'):.0f}"
        yield [implementation, way, dataset.mark(ranks), figures.spread(dataset.seconds(side).values()), *gains, cpu, faults]


def ratio_lines(dataset):
    pairs = [("sequential", "sequential", 1)]
    pairs += [(ours, peer, ranks) for ranks in dataset.ranks for ours, peers in PAIRS for peer in peers]
    for ours, peer, ranks in pairs:
        own, theirs = dataset.seconds((OURS, ours, ranks)), dataset.seconds((PEER, peer, ranks))
        if own and theirs:
            yield [dataset.mark(ranks), ours, peer, figures.ratio(theirs, own)]


def tables(rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs."""
    failed = sum(row["outcome"] != "ok" for row in rows)
    failures = f"Runs that failed, and are left out: {failed} of {len(rows)}."
    labels = "with their boxes" if rows[0]["labels"] == "yes" else "without labels"
    text = HEAD.format(ours=OURS, labels=labels, failures=failures)
    found = datasets(rows)
    best = [line for dataset in found for line in best_lines(dataset)]
    text += f"\n## Best number of ranks of each way\n\n{figures.table(BEST, best)}"
    for dataset in found:
        text += f"\n## {dataset.name.capitalize()}: {dataset.images} images\n\n"
        text += figures.table(SECONDS, second_lines(dataset))
        text += f"\n### Times as fast as the peer\n\n{figures.table(RATIOS, ratio_lines(dataset))}"
    return text


def main():
    print(tables(records.read(sys.argv[1])), end="")


if __name__ == "__main__":
    main()
