"""Makes the tables for the runs of bench.py: summary.py RUNS.CSV prints them."""

import csv
import statistics
import sys

OURS, PEER = "augment-cli", "python"
PAIRS = [("main-reads", "P1"), ("worker-reads", "P2"), ("savers", "PQ")]
STRATEGIES = [*((OURS, ours) for ours, _ in PAIRS), (OURS, "adaptive"), *((PEER, peer) for _, peer in PAIRS)]

HEAD = """# The study beside Python: Albumentations with multiprocessing

{images} checkerboards of {size} pixels × {copies} copies. Seconds: median of the repetitions, with the least and the
most. Ratio: seconds of Python to those of {ours}, of the medians, with the least and the most of the
repetitions; above 1, {ours} is faster. adaptive stands beside that strategy of Python which is fastest in the
same place. CPU: milliseconds of all processes for one copy, the start of the program included. `*`: more ranks than
cores. {failures}

| saving | ranks | {ours} | Python | {ours} s | Python s | ratio | CPU {ours} | CPU Python |
|---|--:|---|---|--:|--:|--:|--:|--:|
"""
SCALING = """
## {title}

| saving | of | strategy |{ranks} |
|---|---|---|{rule}
"""


class Runs:
    """Rows, accessible by cell."""

    def __init__(self, rows):
        self.rows = rows
        self.failed = [row for row in rows if row["outcome"] != "ok"]
        self.ranks = sorted({int(row["ranks"]) for row in rows})
        self.savings = list(dict.fromkeys(row["saving"] for row in rows))
        self.crowded = {int(row["ranks"]) for row in rows if row["moreRanksThanCores"] == "yes"}

    def of(self, cell):
        """The successful runs of a cell, by repetition."""
        columns = ("saving", "ranks", "implementation", "strategy")
        wanted = dict(zip(columns, map(str, cell)))
        found = [row for row in self.rows if row["outcome"] == "ok" and wanted.items() <= row.items()]
        return {row["repetition"]: row for row in found}

    def seconds(self, cell):
        return {repetition: float(row["wallSeconds"]) for repetition, row in self.of(cell).items()}

    def median(self, cell):
        """Median seconds; None if no run succeeded."""
        seconds = self.seconds(cell).values()
        return statistics.median(seconds) if seconds else None

    def cpu(self, cell):
        def milliseconds(row):
            seconds = float(row["userSeconds"]) + float(row["systemSeconds"])
            return 1000 * seconds / (int(row["images"]) * int(row["copies"]))

        return f"{statistics.median(map(milliseconds, self.of(cell).values())):.1f}"

    def pairs(self, saving, ranks):
        """Our strategies and their Python counterparts, where both have runs."""
        known = [pair for pair in [("sequential", "sequential"), *PAIRS] if self.median((saving, ranks, PEER, pair[1]))]
        if known and ranks > 1:
            fastest = min((peer for _, peer in known), key=lambda peer: self.median((saving, ranks, PEER, peer)))
            known.append(("adaptive", fastest))
        return [pair for pair in known if self.median((saving, ranks, OURS, pair[0]))]

    def mark(self, ranks):
        return f"{ranks}{'*' if ranks in self.crowded else ''}"


def spread(values, middle=None):
    middle = statistics.median(values) if middle is None else middle
    return f"{middle:.2f} ({min(values):.2f}–{max(values):.2f})"


def line(runs, saving, ranks, pair):
    """One row of the table of ratios."""
    ours, peer = (saving, ranks, OURS, pair[0]), (saving, ranks, PEER, pair[1])
    our_seconds, peer_seconds = runs.seconds(ours), runs.seconds(peer)
    each = [peer_seconds[one] / our_seconds[one] for one in our_seconds if one in peer_seconds]
    middle = runs.median(peer) / runs.median(ours)
    cells = [saving, runs.mark(ranks), *pair, spread(our_seconds.values()), spread(peer_seconds.values())]
    cells += [spread(each or [middle], middle), runs.cpu(ours), runs.cpu(peer)]
    return f"| {' | '.join(cells)} |\n"


def scaling(runs, title, base_of):
    """A table of the seconds of a base, which may depend on the strategy, over those for each number of ranks."""
    ranks = [count for count in runs.ranks if count > 1]
    heads = "".join(f" {runs.mark(count)} |" for count in ranks)
    head, text = SCALING.format(title=title, ranks=heads[:-2], rule="--:|" * len(ranks)), ""
    for saving in runs.savings:
        for side, strategy in STRATEGIES:
            base = runs.median((saving, *base_of(side, strategy)))
            here = [runs.median((saving, count, side, strategy)) for count in ranks]
            if base is None or not any(here):
                continue
            cells = [saving, side, strategy, *(f"{base / seconds:.2f}" if seconds else "–" for seconds in here)]
            text += f"| {' | '.join(cells)} |\n"
    return head + text if text else ""


def tables(rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs."""
    runs, one = Runs(rows), rows[0]
    size = f"{one['widthPixels']} × {one['heightPixels']}"
    failures = f"Runs that failed, and are left out: {len(runs.failed)} of {len(rows)}."
    text = HEAD.format(ours=OURS, images=one["images"], copies=one["copies"], size=size, failures=failures)
    for saving in runs.savings:
        for ranks in runs.ranks:
            text += "".join(line(runs, saving, ranks, pair) for pair in runs.pairs(saving, ranks))
    text += scaling(runs, "Times as fast as sequential of the same side", lambda side, _: (1, side, "sequential"))
    return text + scaling(runs, "Times as fast as the same strategy on 2 ranks", lambda side, own: (2, side, own))


def main():
    with open(sys.argv[1], newline="") as file:
        print(tables(list(csv.DictReader(file))), end="")


if __name__ == "__main__":
    main()
