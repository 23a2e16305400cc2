"""Draws speedup and efficiency against ranks for each dataset with gnuplot: charts.py RUNS.CSV FOLDER."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(1, os.fspath(pathlib.Path(__file__).resolve().parent.parent / "common"))

import records  # noqa: E402
import summary  # noqa: E402

# One colour for each way; ours with full lines, the peers with dashed ones.
STYLES = {
    (summary.OURS, "executor"): ("#1b6ca8", 1), (summary.OURS, "threads"): ("#c0392b", 1),
    (summary.OURS, "spawn"): ("#2d8a4e", 1), (summary.PEER, "executor"): ("#1b6ca8", 2),
    (summary.PEER, "executor-fork"): ("#69b3e7", 2), (summary.PEER, "threading"): ("#c0392b", 2),
    (summary.PEER, "loky"): ("#2d8a4e", 2),
}  # fmt: skip
PANEL_WIDTH, HEIGHT = 400, 440
GAP = "NaN"


def lines(dataset, value):
    """A line of numbers for each number of ranks: the ranks, and the value of each side."""
    for ranks in [1, *dataset.ranks]:
        speedups = [1.0 if ranks == 1 else dataset.speedup((*side, ranks)) for side in STYLES]
        yield [ranks, *(GAP if speedup is None else f"{value(speedup, ranks):.5g}" for speedup in speedups)]


def panel(number, dataset, value):
    rows = list(lines(dataset, value))
    places = [row[0] for row in rows]
    ticks = ", ".join(f'"{place}" {place}' for place in places)
    data = "\n".join(" ".join(map(str, row)) for row in rows)
    curves = ", ".join(
        f'$data{number} using 1:{column} with linespoints lw 2 pt 7 ps 0.6 dt {dash} lc rgb "{color}"'
        f' title "{implementation} {way}"'
        for column, ((implementation, way), (color, dash)) in enumerate(STYLES.items(), start=2)
    )
    return (
        f"$data{number} << EOD\n{data}\nEOD\n"
        f'set title "{dataset.name}: {dataset.images} images"\nset xtics ({ticks})\n'
        f"set xrange [{min(places) / 1.1}:{max(places) * 1.1}]\nplot {curves}\n"
    )


def chart(path, label, datasets, value):
    """Writes one picture with a panel for each dataset."""
    script = f'set terminal svg size {PANEL_WIDTH * len(datasets)},{HEIGHT} font "sans,12" background "white"\n'
    script += f'set output "{path}"\nset multiplot layout 1,{len(datasets)} title "{label} against ranks"\n'
    script += "set grid\nset key outside below center maxrows 4 samplen 2 width -1 font ',9'\nset logscale x 2\n"
    script += f'set ylabel "{label}"\nset yrange [0:*]\n'
    script += "".join(panel(number, dataset, value) for number, dataset in enumerate(datasets))
    subprocess.run(["gnuplot"], input=script + "unset multiplot\n", text=True, check=True)


def draw(rows, folder):
    datasets = [dataset for dataset in summary.datasets(rows) if dataset.ranks]
    if not datasets:
        return
    chart(folder / "speedup.svg", "speedup", datasets, lambda speedup, _: speedup)
    chart(folder / "efficiency.svg", "efficiency", datasets, lambda speedup, ranks: speedup / ranks)


def main():
    draw(records.read(sys.argv[1]), pathlib.Path(sys.argv[2]))


if __name__ == "__main__":
    main()
