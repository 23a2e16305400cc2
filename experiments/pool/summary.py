"""Makes the tables for the runs of bench.py: summary.py RUNS.CSV prints them."""

import csv
import statistics
import sys

OURS = "ProcPool"
BEFORE = "ProcPool, before"

HEAD = """# ProcPool beside the pools of Python

Median of the repetitions, with the least and the most; runs of one row of scenarios took turns. Ratio: how many times
better {ours} is than the pool of that line in the same scenario, of the medians, with the least and the most of the
rounds; below 1, {ours} is worse. CPU: microseconds of all processes for one task, the start of the program
included. `*`: more workers than cores. Ideal: each task in its turn goes to the worker that is free first, at no cost;
such tasks sleep, and a worker that hangs is not counted. `{before}`: an earlier commit.
"""
TABLE = """
## {title}

| pool | workers | tasks | {unit} | ratio | CPU µs per task |
|---|--:|--:|--:|--:|--:|
"""
MIXED = """
## {title}, {workers} workers

| pool | tasks | seconds | ideal seconds | measured / ideal | ratio |
|---|--:|--:|--:|--:|--:|
"""
MEMORY = """
## Memory of the parent while results come one after another

| pool | tasks | begin MB | end MB | most MB | growth, bytes per task | tasks per second |
|---|--:|--:|--:|--:|--:|--:|
"""

TITLES = {
    "map-chunk-1": ("Tasks that do nothing, one per message", "tasks per second", "rate"),
    "map-default": ("Tasks that do nothing, chunks as by default", "tasks per second", "rate"),
    "apply": ("One task and back", "µs per round trip", "microseconds"),
    "start": ("A new pool, to the first results", "ms", "milliseconds"),
    "image": ("Images of 6.2 MB in and out", "images per second", "rate"),
    "every-fourth-chunk-1": ("Every fourth task long, one per message", "seconds", "seconds"),
    "every-fourth-default": ("Every fourth task long, chunks as by default", "seconds", "seconds"),
    "long-first-chunk-1": ("One long task before many short ones, one per message", "seconds", "seconds"),
    "long-first-default": ("One long task before many short ones, chunks as by default", "seconds", "seconds"),
    "hanging-chunk-1": ("Short tasks beside one that hangs, one per message", "seconds", "seconds"),
    "hanging-default": ("Short tasks beside one that hangs, chunks as by default", "seconds", "seconds"),
}


def value(row, kind):
    """The number shown in a table."""
    tasks, wall = int(row["tasks"]), float(row["wallSeconds"])
    return {
        "rate": tasks / wall, "microseconds": 1e6 * wall / tasks, "milliseconds": 1e3 * wall, "seconds": wall,
    }[kind]  # fmt: skip


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values):
    return f"{number(statistics.median(values))} ({number(min(values))}–{number(max(values))})"


def cpu_microseconds(row):
    return 1e6 * (float(row["userSeconds"]) + float(row["systemSeconds"])) / int(row["tasks"])


def ratios(ours, theirs, kind):
    """The ratio of the medians, and the range over rounds."""
    def better(ours, theirs):
        return ours / theirs if kind == "rate" else theirs / ours

    rounds = [better(*pair) for pair in zip(ours, theirs)]
    middle = better(statistics.median(ours), statistics.median(theirs))
    return f"{number(middle)} ({number(min(rounds))}–{number(max(rounds))})"


def grouped(rows, key):
    """Rows by key, in order of first appearance."""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def table(scenario, workers, rows):
    title, unit, kind = TITLES[scenario]
    by_pool = grouped(rows, lambda row: row["implementation"])
    ours = [value(row, kind) for row in by_pool[OURS]]
    text = TABLE.format(title=f"{title}, {workers} workers", unit=unit)
    for pool, runs in by_pool.items():
        values = [value(row, kind) for row in runs]
        mark = "*" if runs[0]["moreWorkersThanCores"] == "yes" else ""
        cells = [pool, workers + mark, number(int(runs[0]["tasks"])), spread(values)]
        cells.append("" if pool == OURS else ratios(ours, values, kind))
        cells.append(number(statistics.median(map(cpu_microseconds, runs))))
        text += f"| {' | '.join(cells)} |\n"
    return text


def mixed_table(scenario, workers, rows):
    text = MIXED.format(title=TITLES[scenario][0], workers=workers)
    by_pool = grouped(rows, lambda row: row["implementation"])
    ours = by_pool[OURS]
    for pool, runs in by_pool.items():
        ended = [row for row in runs if row["ended"] == "yes"]
        cells = [pool, number(int(runs[0]["tasks"])), ended_seconds(runs), number(float(runs[0]["idealSeconds"]))]
        cells.append(spread([value(row, "seconds") / float(row["idealSeconds"]) for row in ended]) if ended else "")
        is_comparable = pool != OURS and all(row["ended"] == "yes" for row in ours + runs)
        seconds = [[value(row, "seconds") for row in rows] for rows in (ours, runs)]
        cells.append(ratios(*seconds, "seconds") if is_comparable else "")
        text += f"| {' | '.join(cells)} |\n"
    return text


def ended_seconds(runs):
    """Seconds of the runs that ended, and how many did not end within the limit."""
    ended = [value(row, "seconds") for row in runs if row["ended"] == "yes"]
    given_up = [value(row, "seconds") for row in runs if row["ended"] == "no"]
    mark = f"not ended in {number(min(given_up))} s" if given_up else ""
    if not ended or not given_up:
        return spread(ended) if ended else mark
    return f"{spread(ended)}; {len(given_up)} of {len(runs)} {mark}"


def memory_table(rows):
    text = MEMORY
    for pool, runs in grouped(rows, lambda row: row["implementation"]).items():
        begin, end, most = (
            [int(row[column]) for row in runs]
            for column in ("residentBytesBegin", "residentBytesEnd", "residentBytesPeak")
        )
        tasks = int(runs[0]["tasks"])
        growth = [(after - before) / tasks for before, after in zip(begin, most)]
        cells = [pool, number(tasks), *(f"{statistics.median(values) / 1e6:.1f}" for values in (begin, end, most))]
        cells += [spread(growth), spread([value(row, "rate") for row in runs])]
        text += f"| {' | '.join(cells)} |\n"
    return text


def tables(rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs."""
    text = HEAD.format(ours=OURS, before=BEFORE)
    for (scenario, workers), group in grouped(rows, lambda row: (row["scenario"], row["workers"])).items():
        if scenario == "memory":
            text += memory_table(group)
        elif group[0].get("idealSeconds"):
            text += mixed_table(scenario, workers, group)
        else:
            text += table(scenario, workers, group)
    return text


def main():
    with open(sys.argv[1], newline="") as file:
        print(tables(list(csv.DictReader(file))), end="")


if __name__ == "__main__":
    main()
