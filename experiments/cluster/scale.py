"""Simulates 10^8 and 10^9 images on 1 to 1000 nodes with `predict --nodes`, and says what breaks first.

Starts from a run of strong, such as that of nodes.py. Measures one thing itself, how long `finalize` takes for many outputs.
Writes results/<date>-<machine>-<commit>/scale/.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import figures  # noqa: E402
import processor  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402

IMAGES = [10**8, 10**9]
SMALL_SHARD = 1000
COPIES = 5  # of each image, where finalize is measured
CLOSE_COLUMNS = ["outputs", "shards", "repetition", "outcome", "wallSeconds", "processorSeconds", "othersSeconds"]
COLUMNS = ["case", "nodes", "cores", "ranks", "images", "copies", "shards", "simulatedSeconds", "simulatedSpeedup",
           "simulatedEfficiency", "simulatedIdealShare", "limitedBy", "tasks", "duplicates", "failures"]  # fmt: skip


def cases(options, images):
    """What is assumed in each; what is not named is the default of predict."""
    storage = ["--storage-bandwidth", str(options.storage)]
    uneven = ["--slow-nodes", "2%x4", "--failures-per-hour", "0.0005"]
    small = ["--shards", str(images // SMALL_SHARD), "--shards-per-task", "1"]
    return {
        "defaults": [],
        "storage": storage,
        "uneven nodes": uneven,
        "uneven, no second copies": [*uneven, "--no-duplicates"],
        "small tasks": small,
        "all of it": [*storage, *uneven],
    }


HEAD = """# 10⁸ and 10⁹ images on 1 to 1000 nodes: what breaks first

**Simulated.** No number in the tables below was measured, but for those of `finalize`. They are what
`augment-cli predict` makes of a run on {cores} cores ([rows]({run}/runs.csv)): {copies} for each image of {size}, on
nodes of {nodeCores} cores. {error}

What goes in, and where it is from:

- An image costs a node of {nodeCores} cores {milliseconds:.2f} ms: measured stage times, and the contention between the
  cores of the run, assumed to grow by the same amount for each further one. Other processors will differ.
- A task begins in 0.6 s and a million images are planned in 3.6 s, measured with a
  [plan of ten million](../../2026-11-27-intel-xeon-2cores-4f6e212/cluster-plan/summary.md); assumed to be the same for
  more. The program takes a list of images (`--files`): to list them is not in it.
- A task is given out in 13 ms, one after the other, measured with
  [Dask and 6 workers](../../2026-11-26-intel-xeon-2cores-0e4f41c-changed/cluster-memory/memory.csv); assumed to be the same
  for 1000.
- `finalize` looks at the folders of all outputs: {closing:.1f} s of a processor for a million, measured below on a local
  disk; assumed to be the same for more. A shared file system is slower.
- Storage, slow nodes and failures are assumptions: see the cases. A storage has bandwidth here, and no limit to files.

"""
CASES = """| case | what is assumed |
|---|---|
| defaults | tasks of about a minute, at least 20 for each node; as much storage as asked for |
| storage | all nodes together read and write {storage:,} MB/s |
| uneven nodes | 2 % of the nodes take 4 times as long; a node fails every 2,000 hours, which is noticed after 5 minutes |
| uneven, no second copies | the same, but no task is given to a second node at the end |
| small tasks | a task for each {small:,} images |
| all of it | storage and uneven nodes |
"""


class Scale:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows

    def simulate(self, images, case, flags):
        """The rows of one case, of which those of the measured node processes are left out."""
        options, output = self.options, self.work / "prediction"
        command = [options.cli, "predict", options.run, "--nodes", options.nodes, "--cores", options.cores]
        command += ["--images", images, "--plan-seconds", f"{self.alone_seconds:.3f}", "--output", output, *flags]
        output.mkdir(exist_ok=True)
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for row in records.read(output / "prediction-nodes.csv"):
            if row["kind"] == "prediction":
                self.rows.add({"case": case, **{column: row[column] for column in COLUMNS[1:]}})
            else:
                self.validation[row["nodes"]] = max(
                    self.validation.get(row["nodes"], 0), abs(float(row["errorPercent"])), key=abs)

    def run(self, closing):
        copies = int(records.read(self.options.run / "runs.csv")[0]["copies"])
        self.validation, self.alone_seconds = {}, self.options.plan_seconds + closing * copies
        for images in IMAGES:
            for case, flags in cases(self.options, images).items():
                self.simulate(images, case, flags)


def measure_close(options, work, rows):
    """Seconds of finalize for a million outputs."""
    source, output = work / "input", work / "output"
    programs.generate(options.cli, source, "--images", options.outputs // COPIES, "--size", "8x8")
    words = ["augment", source, output, "--copies", COPIES]
    all_shards = f"0-{options.shards - 1}/{options.shards}"
    for command in (["plan", *words, "--shards", options.shards], [*words, "--shard", all_shards]):
        subprocess.run([options.cli, *map(str, command), "--quiet"], check=True)
    for repetition in range(1, options.repetitions + 1):
        busy = processor.busy_seconds()
        run = programs.run([options.cli, "finalize", output, "--quiet"])
        used = run.user_seconds + run.system_seconds
        rows.add({
            "outputs": options.outputs, "shards": options.shards, "repetition": repetition, "outcome": run.outcome,
            "wallSeconds": run.process_seconds, "processorSeconds": used,
            "othersSeconds": max(0.0, processor.busy_seconds() - busy - used)})  # fmt: skip
    # One process that hardly waits: its processor time is that of an idle machine.
    seconds = sorted(float(row["processorSeconds"]) for row in rows.rows)
    return seconds[len(seconds) // 2] * 1e6 / options.outputs


def duration(row):
    hours = float(row["simulatedSeconds"]) / 3600
    return f"{60 * hours:.0f} min" if hours < 1 else f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.0f} d"


def cell(row):
    limit = "" if row["limitedBy"] == "cpu" else f", {row['limitedBy']}"
    return f"{duration(row)} ({100 * float(row['simulatedIdealShare']):.0f} %{limit})"


def first_limit(rows):
    broken = [row for row in rows if row["limitedBy"] != "cpu"]
    return f"{broken[0]['limitedBy']}, on {broken[0]['nodes']}" if broken else "nothing but the processors"


def tables(options, rows):
    text = ""
    for images in IMAGES:
        of = {case: [row for row in rows if (row["case"], int(row["images"])) == (case, images)]
              for case in cases(options, images)}  # fmt: skip
        text += f"\n## {images:,} images (simulated)\n\nTime, share of the ideal, and what costs most besides work, if that"
        text += " is more than 5 % of the nodes' time.\n\n"
        lines = [[same[0]["nodes"], *map(cell, same)] for same in zip(*of.values())]
        text += figures.table([">nodes", *(f">{case}" for case in of)], lines)
        text += "\nWhat breaks first, and on how many nodes:\n\n" + "".join(f"- {case}: {first_limit(each)}.\n" for case, each in of.items())
    return text


def page(options, scale, closing, close_rows):
    row, study = scale.rows.rows[0], records.read(options.run / "runs.csv")[0]
    alone = next(row for row in scale.rows.rows if row["case"] == "defaults")
    ideal = float(alone["simulatedSeconds"]) * float(alone["simulatedIdealShare"]) / int(alone["images"])
    measured = ", ".join(f"{percent:.1f} % with {nodes}" for nodes, percent in scale.validation.items())
    error = (
        f"The largest errors of the same simulation for real node processes, on the cores of one machine: {measured}. For "
        "many machines its error is not known." if measured else "Its error is not known.")
    copies = "a copy" if row["copies"] == "1" else f"{row['copies']} copies"
    text = HEAD.format(
        cores=options.run_cores, run=os.path.relpath(options.run, options.page), copies=copies, error=error,
        size=f"{study['widthPixels']} × {study['heightPixels']}", nodeCores=row["cores"], milliseconds=1000 * ideal,
        closing=closing)
    text += CASES.format(storage=options.storage, small=SMALL_SHARD) + tables(options, scale.rows.rows)
    text += "\n## `finalize` (measured)\n\n"
    others = max(float(row["othersSeconds"]) / float(row["wallSeconds"]) for row in close_rows)
    text += f"Other programs used up to {others:.1f} cores meanwhile.\n\n"
    heads = [">outputs", ">shards", ">wall s", ">processor s"]
    return text + figures.table(heads, [
        [f"{int(row['outputs']):,}", row["shards"], row["wallSeconds"], row["processorSeconds"]] for row in close_rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=pathlib.Path, help="a run of strong, such as the folder nodes/run of nodes.py")
    records.add_options(parser)
    parser.add_argument("--nodes", default="1..1000")
    parser.add_argument("--cores", type=int, default=16, help="of each node (default: %(default)s)")
    parser.add_argument("--storage", type=int, default=5000, help="MB/s of a shared storage (default: %(default)s)")
    parser.add_argument("--plan-seconds", type=float, default=3.6, help="for a million images (default: %(default)s)")
    parser.add_argument("--outputs", type=int, default=40_000, help="for finalize (default: %(default)s)")
    parser.add_argument("--shards", type=int, default=100, help="for finalize (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    with records.opened(options, "scale", __file__) as (results, work):
        options.page = results
        options.run_cores = json.loads((options.run / "study.json").read_text())["cores"]
        close_rows = records.Rows(results / "close.csv", CLOSE_COLUMNS)
        closing = measure_close(options, work, close_rows)
        close_rows.close()
        rows = records.Rows(results / "runs.csv", COLUMNS)
        scale = Scale(options, work, rows)
        scale.run(closing)
        rows.close()
        records.keep_summary(results, page(options, scale, closing, close_rows.rows))


if __name__ == "__main__":
    main()
