"""Draws the map for the runs of map.py, and makes its tables: map_chart.py RUNS.CSV FOLDER."""

import csv
import math
import pathlib
import shutil
import statistics
import subprocess
import sys

SEQUENTIAL, AUTO = "sequential", "auto"

HEAD = """# Where several ranks overtake one process: {job}

Seconds of the whole command, from start to exit, of one process divided by those of the ranks: medians of
{repetitions} repetitions. Above 1, the ranks are faster. `*`: more ranks than the machine has cores.
"""
SCRIPT = """
set terminal {terminal}
set output '{file}'
set multiplot layout {height},2
set palette defined (-1 '#2166ac', 0 '#f7f7f7', 1 '#d6604d')
set cbrange [-1:1]
unset colorbox
set tics out nomirror scale 0.5
unset key
set xlabel 'images'
set ylabel 'pixels a side'
set xrange [-0.5:{columns}-0.5]
set yrange [-0.5:{lines}-0.5]
set xtics ({counts}) rotate by 60 right
set ytics ({sides})
"""
PANEL = """
$grid{number} << END
{grid}
END
set contour base
unset surface
set cntrparam levels discrete 0
set table $line{number}
splot $grid{number} using 1:2:3 notitle
unset table
unset contour
set surface
set title '{title}'
plot $grid{number} using 1:2:3 with image, $line{number} using 1:2 with lines linewidth 3 linecolor rgb '#000000', \\
  $grid{number} using 1:2:4 with labels font ',8'
"""


class Runs:
    """Rows, accessible by cell."""

    def __init__(self, rows):
        self.rows = rows
        self.sides = sorted({int(row["sidePixels"]) for row in rows})
        self.counts = sorted({int(row["images"]) for row in rows})
        self.ways = [way for way in dict.fromkeys(row["way"] for row in rows) if way != SEQUENTIAL]
        self.ways.sort(key=lambda way: (way == AUTO, way if way == AUTO else int(way)))
        self.crowded = {row["way"] for row in rows if row["moreRanksThanCores"] == "yes"}
        self.seconds = {}
        self.chosen = {}
        for row in rows:
            key = (int(row["sidePixels"]), int(row["images"]), row["way"])
            self.seconds.setdefault(key, []).append(float(row["processSeconds"]))
            self.chosen[key] = row["ranks"]

    def ratio(self, side, images, way):
        """Seconds of one process / seconds of a way; None where the cell was left out."""
        one, way = ((side, images, name) for name in (SEQUENTIAL, way))
        if one not in self.seconds or way not in self.seconds:
            return None
        return statistics.median(self.seconds[one]) / statistics.median(self.seconds[way])

    def title(self, way):
        if way == AUTO:
            return "--ranks auto"
        return f"{way} ranks{' *' if way in self.crowded else ''}"


def table(runs, way):
    """The ratios of one way, a line per size."""
    text = f"\n## {runs.title(way)}\n\n| pixels a side |" + "".join(f" {count} |" for count in runs.counts)
    text += "\n|--:|" + "--:|" * len(runs.counts) + "\n"
    for side in runs.sides:
        ratios = [runs.ratio(side, count, way) for count in runs.counts]
        cells = [f"{ratio:.2f}" if ratio else "–" for ratio in ratios]
        if way == AUTO:
            ranks = [runs.chosen.get((side, count, way)) for count in runs.counts]
            cells = [f"{cell} ({count})" if count else cell for cell, count in zip(cells, ranks)]
        text += f"| {side} | {' | '.join(cells)} |\n"
    return text


def tables(rows):
    runs = Runs(rows)
    repetitions = len({row["repetition"] for row in rows})
    text = HEAD.format(job=rows[0]["job"], repetitions=repetitions) + "".join(table(runs, way) for way in runs.ways)
    return text + ("\nIn brackets: the ranks that auto chose.\n" if AUTO in runs.ways else "")


def progress(rows, side, images):
    """A progress line for the terminal."""
    runs = Runs([row for row in rows if (row["sidePixels"], row["images"]) == (str(side), str(images))])
    ratios = ", ".join(f"{way} {runs.ratio(side, images, way):.2f}" for way in runs.ways)
    return f"{images} images of {side}x{side}: one process / ranks: {ratios}"


def panel(runs, number, way):
    """One map: binary logarithms of the ratios, with the line at 0, where both are equally fast."""
    lines = []
    for y, side in enumerate(runs.sides):
        for x, count in enumerate(runs.counts):
            ratio = runs.ratio(side, count, way)
            lines.append(f"{x} {y} {math.log2(ratio):.4f} {ratio:.2f}" if ratio else f'{x} {y} NaN " "')
        lines.append("")
    return PANEL.format(number=number, grid="\n".join(lines), title=runs.title(way))


def draw(rows, folder):
    """Writes map.svg and map.png, a map per way, if gnuplot is installed. Red: the ranks are faster."""
    if not shutil.which("gnuplot"):
        print("no picture: gnuplot is not installed", file=sys.stderr)
        return
    runs = Runs(rows)
    panels = "".join(panel(runs, number, way) for number, way in enumerate(runs.ways))
    height = math.ceil(len(runs.ways) / 2)
    for terminal, name in [("svg", "map.svg"), ("pngcairo", "map.png")]:
        script = SCRIPT.format(
            terminal=f"{terminal} size 1200,{450 * height} background rgb 'white'", file=pathlib.Path(folder) / name,
            height=height, columns=len(runs.counts), lines=len(runs.sides),
            counts=", ".join(f"'{count}' {index}" for index, count in enumerate(runs.counts)),
            sides=", ".join(f"'{side}' {index}" for index, side in enumerate(runs.sides)),
        )  # fmt: skip
        subprocess.run(["gnuplot"], input=script + panels, text=True, check=True)


def main():
    with open(sys.argv[1], newline="") as file:
        rows = list(csv.DictReader(file))
    print(tables(rows), end="")
    draw(rows, sys.argv[2])


if __name__ == "__main__":
    main()
