"""Where the time of a blurred image goes in one process: augment-cli, also limited to AVX2, and OpenCV, alternating.

Needs the Python that has OpenCV. Writes results/<date>-<machine>-<commit>/blur-stages/.
"""

import argparse
import os
import pathlib
import statistics
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import cv2  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402

KERNEL, SIGMA, QUALITY = 61, 10, 95
STAGES = ["decode", "blur", "encode", "other"]
SIDES = {"augment-cli": "best", "augment-cli, AVX2": "avx2", "OpenCV": None}


def ours(cli, folder, output, instructions):
    """Milliseconds of each stage for one image, as the program tells them."""
    command = [cli, "anonymize", folder, output, "--kernel", str(KERNEL), "--sigma", str(SIGMA)]
    flags = ["--strategy", "sequential", "--quality", str(QUALITY), "--quiet", "--json"]
    said = programs.run([*command, *flags], environment={"AUGMENT_INSTRUCTIONS": instructions}).said()
    programs.remove(output)
    told = said["stageSeconds"]
    seconds = {"decode": told["decode"], "blur": told["transform"], "encode": told["encode"]}
    seconds["other"] = said["wallSeconds"] - sum(seconds.values())
    return {stage: 1000 * seconds[stage] / said["images"] for stage in STAGES}


def opencv(folder, output):
    """The same of OpenCV, whose decoder reads the file and whose encoder writes it."""
    output.mkdir()
    seconds, paths = dict.fromkeys(STAGES, 0.0), sorted(folder.iterdir())
    for path in paths:
        marks = [time.perf_counter()]
        pixels = cv2.imread(os.fspath(path))
        marks.append(time.perf_counter())
        blurred = cv2.GaussianBlur(pixels, (KERNEL, KERNEL), SIGMA)
        marks.append(time.perf_counter())
        cv2.imwrite(os.fspath(output / path.name), blurred, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        marks.append(time.perf_counter())
        for stage, begin, end in zip(STAGES, marks, marks[1:]):
            seconds[stage] += end - begin
    programs.remove(output)
    return {stage: 1000 * seconds[stage] / len(paths) for stage in STAGES}


def table(rows):
    lines = [
        "# Where the time of a blurred image goes\n",
        "Milliseconds for one image of 2000 × 2000 in one process: median of the rounds, with the least and the most.\n",
        "| side | " + " | ".join(STAGES) + " |",
        "|---|" + "--:|" * len(STAGES),
    ]
    for side in SIDES:
        cells = []
        for stage in STAGES:
            values = [float(row[stage]) for row in rows if row["side"] == side]
            cells.append(f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})")
        lines.append(f"| {side} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5, help="besides the one that is not counted")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    with records.opened(options, "blur-stages", __file__) as (results, work):
        programs.generate(options.cli, work / "input", "--size", "2000x2000", "--images", options.images)
        rows = records.Rows(results / "runs.csv", ["round", "side", *STAGES])
        for number in range(options.rounds + 1):
            for side, instructions in SIDES.items():
                folders = [work / "input", work / "output"]
                told = ours(options.cli, *folders, instructions) if instructions else opencv(*folders)
                if number > 0:
                    rows.add({"round": number, "side": side, **told})
        rows.close()
        records.keep_summary(results, table(rows.rows))


if __name__ == "__main__":
    main()
