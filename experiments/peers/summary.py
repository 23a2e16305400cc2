"""Makes the table for the runs of bench.py: summary.py RUNS.CSV prints it."""

import csv
import itertools
import statistics
import sys

OURS, PEER = "augment-cli", "albumentations-pool"

HEAD = """# Images per second beside Albumentations with multiprocessing.Pool

Copies made in a second: median of the repetitions, with the least and the most. Ratio: {ours} to {peer},
of the medians, with the least and the most of the pairs that ran one after the other. CPU: milliseconds of all
processes for one copy, the start of the program included. `*`: more ranks than cores.

| pipeline | input | images × copies | saving | ranks | {ours} | {peer} | ratio | CPU {ours} | CPU {peer} |
|---|---|--:|---|--:|--:|--:|--:|--:|--:|
"""


def spread(values, digits=1):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def milliseconds_per_copy(row):
    copies = int(row["images"]) * int(row["copies"])
    return 1000 * (float(row["userSeconds"]) + float(row["systemSeconds"])) / copies


def line(setting, rows):
    """One row of the table: all runs of one setting."""
    pipeline, name, images, copies, saving, ranks, crowded = setting
    runs = {side: [row for row in rows if row["implementation"] == side] for side in (OURS, PEER)}
    rates = {side: [float(row["imagesPerSecond"]) for row in runs[side]] for side in runs}
    cpu = {side: statistics.median(map(milliseconds_per_copy, runs[side])) for side in runs}
    pairs = [ours / peer for ours, peer in zip(rates[OURS], rates[PEER])]
    ratio = statistics.median(rates[OURS]) / statistics.median(rates[PEER])
    cells = [pipeline, name, f"{images} × {copies}", saving, ranks + ("*" if crowded == "yes" else "")]
    cells += [spread(rates[OURS]), spread(rates[PEER]), f"{ratio:.2f} ({min(pairs):.2f}–{max(pairs):.2f})"]
    return f"| {' | '.join(cells)} | {cpu[OURS]:.1f} | {cpu[PEER]:.1f} |\n"


def table(rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs; older ones name no pipeline."""
    columns = ["pipeline", "input", "images", "copies", "saving", "ranks", "moreRanksThanCores"]
    groups = itertools.groupby(rows, key=lambda row: tuple(row.get(column, "default") for column in columns))
    return HEAD.format(ours=OURS, peer=PEER) + "".join(line(setting, list(group)) for setting, group in groups)


def main():
    with open(sys.argv[1], newline="") as file:
        print(table(list(csv.DictReader(file))), end="")


if __name__ == "__main__":
    main()
