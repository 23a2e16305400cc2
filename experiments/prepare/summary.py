"""Makes the tables for the runs of bench.py: summary.py RUNS.CSV QUALITY.CSV prints them."""

import os
import pathlib
import statistics
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import figures  # noqa: E402
import records  # noqa: E402

OURS, PILLOW, VIPS = "augment-cli", "pillow", "vipsthumbnail"
ONE_CALL, CALL_EACH = "one call", "a call for each image"

HEAD = """# Resizing and marking a folder, beside Pillow and vipsthumbnail

{images} JPEG images in four class folders, resized to 128 × 128, marked with a text and saved. Own seconds: measured by
the program itself, from before its processes are made until they are gone. Whole command: from the start of the program
to its end, with that of an interpreter and its imports. Both: median of the rounds, with the least and the most.
Speedup: over sequential of the same side, of the medians of its own seconds. Ratio: seconds of Pillow to those of
{ours}; above 1, {ours} is faster. `*`: more ranks than cores. {failures}

"""
MARK = ["mode", "configuration", ">own seconds", ">speedup", ">whole command", ">each node"]
RATIOS = ["configuration", ">ratio, own seconds", ">ratio, whole command"]
RESIZE = ["side", "way", ">ms per image", ">own ms per image", ">SSIM Lanczos (least)", ">SSIM area", ">kB"]

RESIZE_HEAD = """
## Resizing alone: time at which quality

The same files in one folder, no mark. Milliseconds: those of the whole command, start included, for one image; those of
the program's own seconds where it tells them. SSIM: mean structural similarity in luma to an exact reduction of the
fully decoded image in 64-bit floating point, by a Lanczos filter (with the least of all images) and by area. All write
JPEG of quality 95, 4:2:0. Threads of vipsthumbnail as ranks of {ours}.

"""


class Runs:
    """Rows, accessible by side."""

    def __init__(self, rows):
        self.rows = [row for row in rows if row["outcome"] == "ok"]

    def sides(self, task):
        """Sides of a task, in order of their first run, with their rows."""
        found = {}
        for row in self.rows:
            if row["task"] == task:
                found.setdefault((row["implementation"], row["way"], int(row["ranks"])), []).append(row)
        return found

    def seconds(self, task, side, column):
        """By repetition; empty if the program does not tell them."""
        rows = self.sides(task).get(side, [])
        return {row["repetition"]: float(row[column]) for row in rows if row[column]}


def mode(side):
    return {"sequential": "sequential", "nodes": "distributed"}.get(side[1], "parallel")


def configuration(runs, side):
    _, way, ranks = side
    crowded = any(row["moreRanksThanCores"] == "yes" for row in runs.sides("mark")[side])
    unit = {"nodes": "node", "ranks": "rank", "executor": "worker"}.get(way)
    return f"{ranks}{'*' if crowded else ''} {unit}{'s' if ranks > 1 else ''}" if unit else "–"


def mark_lines(runs, implementation):
    """The table of the original study, for one side."""
    sides = [side for side in runs.sides("mark") if side[0] == implementation]
    sequential = runs.seconds("mark", (implementation, "sequential", 1), "wallSeconds")
    for side in sorted(sides, key=lambda side: ["sequential", "parallel", "distributed"].index(mode(side))):
        own, whole = (runs.seconds("mark", side, column).values() for column in ("wallSeconds", "processSeconds"))
        speedup = statistics.median(sequential.values()) / statistics.median(own) if sequential else float("nan")
        cells = [mode(side), configuration(runs, side), figures.spread(own, 3), f"{speedup:.2f}"]
        yield [*cells, figures.spread(whole, 3), node_seconds(runs.sides("mark")[side])]


def node_seconds(rows):
    """The median seconds of each node, in their order."""
    told = [list(map(float, row["nodeSeconds"].split())) for row in rows if row["nodeSeconds"]]
    return ", ".join(f"{statistics.median(column):.3f}" for column in zip(*told))


def best(runs, implementation):
    """The configuration with the least median of its own seconds."""
    medians = {
        side: statistics.median(runs.seconds("mark", side, "wallSeconds").values())
        for side in runs.sides("mark")
        if side[0] == implementation
    }
    side = min(medians, key=medians.get)
    detail = configuration(runs, side)
    return f"{mode(side)}{'' if detail == '–' else f', {detail}'} ({medians[side]:.3f} s)"


def ratio_lines(runs):
    """Ours beside the peer of the same configuration."""
    for side in runs.sides("mark"):
        implementation, way, ranks = side
        peer = (PILLOW, {"ranks": "executor"}.get(way, way), ranks)
        if implementation != OURS or peer not in runs.sides("mark"):
            continue
        ratios = [
            figures.ratio(runs.seconds("mark", peer, column), runs.seconds("mark", side, column))
            for column in ("wallSeconds", "processSeconds")
        ]
        yield [f"{mode(side)} {configuration(runs, side)}".removesuffix(" –"), *ratios]


def full_name(way, ranks):
    return f"{way}, {ranks} threads" if way == ONE_CALL else way


def resize_lines(runs, judged):
    for side, rows in runs.sides("resize").items():
        implementation, way, ranks = side
        images = int(rows[0]["images"])
        whole = [1000 * value / images for value in runs.seconds("resize", side, "processSeconds").values()]
        own = [1000 * value / images for value in runs.seconds("resize", side, "wallSeconds").values()]
        found = judged.get((implementation, way))
        cells = [implementation, full_name(way, ranks), figures.spread(whole)]
        cells.append(figures.spread(own) if own else "")
        if found:
            least = f"{float(found['lanczosMean']):.4f} ({float(found['lanczosLeast']):.4f})"
            cells += [least, f"{float(found['areaMean']):.4f}", f"{int(found['writtenBytes']) / 1000:.0f}"]
        yield [*cells, *[""] * (len(RESIZE) - len(cells))]


def thumbnails(runs, judged):
    """How many times as fast ours is as vipsthumbnail, and whether its quality is no less."""
    text = ""
    for implementation, way, ranks in runs.sides("resize"):
        ours, peer = (OURS, way, ranks), (VIPS, way, ranks)
        if implementation != VIPS or ours not in runs.sides("resize"):
            continue
        times = figures.ratio(*(runs.seconds("resize", side, "processSeconds") for side in (peer, ours)))
        found = [judged.get(side[:2]) for side in (ours, peer)]
        if all(found):
            one, other = (float(each["lanczosMean"]) for each in found)
            text += f"- {full_name(way, ranks)}: {times} times as fast, SSIM {one:.4f} beside {other:.4f}\n"
    return f"\n{OURS} beside {VIPS}, whole commands:\n\n{text}" if text else ""


def tables(rows, quality_rows):
    """`rows`: dictionaries with the columns of runs.csv, in the order of the runs; `quality_rows`: of quality.csv."""
    runs = Runs(rows)
    failed = sum(row["outcome"] != "ok" for row in rows)
    failures = f"Runs that failed, and are left out: {failed} of {len(rows)}."
    text = HEAD.format(images=rows[0]["images"], ours=OURS, failures=failures)
    for implementation in (OURS, PILLOW):
        if any(side[0] == implementation for side in runs.sides("mark")):
            text += f"## {implementation}\n\n{figures.table(MARK, mark_lines(runs, implementation))}"
            text += f"\nBest configuration: {best(runs, implementation)}.\n\n"
    text += f"## Times as fast as Pillow\n\n{figures.table(RATIOS, ratio_lines(runs))}"
    judged = {(row["implementation"], row["way"]): row for row in quality_rows}
    text += RESIZE_HEAD.format(ours=OURS) + figures.table(RESIZE, resize_lines(runs, judged))
    return text + thumbnails(runs, judged)


def main():
    print(tables(*map(records.read, sys.argv[1:3])), end="")


if __name__ == "__main__":
    main()
