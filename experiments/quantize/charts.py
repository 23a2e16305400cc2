"""Draws the plots of the original study with gnuplot: charts.py RUNS.CSV FOLDER.

Speedup, efficiency and time against threads, for each resolution, and speedup against the number of colours.
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import records  # noqa: E402
import summary  # noqa: E402

SIDES = [side for side in summary.SIDES if side != summary.UNPADDED]
COLORS = ["#1b6ca8", "#69b3e7", "#c0392b", "#7f8c8d"]
PANEL_WIDTH, HEIGHT = 360, 400
GAP = "NaN"

KINDS = {
    "speedup": ("speedup over NumPy", "set logscale y"),
    "efficiency": ("efficiency", "unset logscale y; set yrange [0:*]"),
    "time": ("milliseconds", "set logscale y"),
}


def value(runs, kind, side, colors, threads):
    """The number to draw; None if there is none."""
    if kind == "speedup":
        return runs.speedup(side, colors, threads)
    if kind == "efficiency":
        return runs.efficiency(side, colors, threads)
    mean = runs.mean(side, colors, threads)
    return None if mean is None else 1000 * mean


def block(name, lines):
    """Data inside the script: a line of numbers for each place on the horizontal axis."""
    rows = [" ".join(GAP if number is None else f"{number:.6g}" for number in line) for line in lines]
    return f"${name} << EOD\n" + "\n".join(rows) + "\nEOD\n"


def curves(name):
    """The plot command: a curve for each side, from the columns of a block."""
    parts = [
        f'${name} using 1:{column} with linespoints lw 2 pt 7 ps 0.6 lc rgb "{color}" title "{summary.NAMES[side]}"'
        for column, (side, color) in enumerate(zip(SIDES, COLORS, strict=True), start=2)
    ]
    return "plot " + ", ".join(parts) + "\n"


def chart(path, title, panels, axes):
    """Writes one picture; each panel is a title and the lines of its data."""
    script = f'set terminal svg size {PANEL_WIDTH * len(panels)},{HEIGHT} font "sans,12" background "white"\n'
    script += f'set output "{path}"\nset multiplot layout 1,{len(panels)} title "{title}"\n'
    script += f"set grid\nset key outside below center maxrows 2 samplen 1 font ',9'\nset logscale x 2\n{axes}\n"
    for number, (name, lines) in enumerate(panels):
        places = [line[0] for line in lines]
        script += f"set xrange [{min(places) / 1.1}:{max(places) * 1.1}]\n"
        ticks = ", ".join(f'"{place}" {place}' for place in places)
        script += block(f"data{number}", lines) + f'set title "{name}"\nset xtics ({ticks})\n' + curves(f"data{number}")
    subprocess.run(["gnuplot"], input=script + "unset multiplot\n", text=True, check=True)


def against_threads(runs, kind):
    """A panel for each number of colours."""
    return [
        (
            f"K = {colors}",
            [[threads, *(value(runs, kind, side, colors, threads) for side in SIDES)] for threads in runs.threads],
        )
        for colors in runs.colors
    ]


def against_colors(runs):
    """The best speedup of each side on any number of threads."""
    lines = []
    for colors in runs.colors:
        found = [[runs.speedup(side, colors, threads) for threads in runs.threads] for side in SIDES]
        lines.append([colors, *(max(filter(None, speedups), default=None) for speedups in found)])
    return lines


def draw(rows, folder):
    images = summary.by_input(rows)
    for name, runs in images.items():
        size = f"{runs.one['widthPixels']} × {runs.one['heightPixels']}"
        for kind, (label, scale) in KINDS.items():
            axes = f'set xlabel "threads"\nset ylabel "{label}"\n{scale}'
            chart(folder / f"{kind}-{name}.svg", f"{name}, {size} pixels: {label}", against_threads(runs, kind), axes)
    panels = [
        (f"{name}, {runs.one['widthPixels']} × {runs.one['heightPixels']}", against_colors(runs))
        for name, runs in images.items()
    ]
    axes = 'set xlabel "K"\nset ylabel "best speedup over NumPy"\nset logscale y'
    chart(folder / "speedup-by-colors.svg", "Speedup against the number of colours", panels, axes)


def main():
    draw(records.read(sys.argv[1]), pathlib.Path(sys.argv[2]))


if __name__ == "__main__":
    main()
