"""Runs the ways of augment-cli under small changes that tell what holds them up, alternating, and tables them.

What threads share and processes do not: the address space with its lock, the allocator, the table of open files. Writes
results/<date>-<machine>-<commit>/detection-controls/.
"""

import argparse
import itertools
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import figures  # noqa: E402
import machine  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402

WAYS = ["threads", "executor", "spawn"]
COLUMNS = [
    "control", "way", "ranks", "images", "repetition", "outcome", "wallSeconds", "userSeconds", "systemSeconds",
    "minorFaults", "contextSwitches", "memoryCalls", "futexCalls",
]  # fmt: skip
# Each control: what it changes, its pipeline (None: no transform), flags, and environment.
CONTROLS = {
    "plain": ("nothing", "thermal", [], {}),
    "one arena": ("all threads share one arena of the allocator (MALLOC_ARENA_MAX=1)", "thermal", [], {"MALLOC_ARENA_MAX": "1"}),
    "no saving": ("nothing is encoded and written", "thermal", ["--no-saving"], {}),
    "codecs only": ("no transform: decode, encode, write", "none", [], {}),
    "OpenCV": ("only quarter turns, which OpenCV does for grey images", "turn", [], {}),
    "own kernel": ("only flips, which no library does", "flip", [], {}),
}  # fmt: skip
HEAD = """# What holds threads and processes up

{images} grey images of 640 × 512 pixels, one copy of each, on {ranks} ranks. Seconds: median of the repetitions, with
the least and the most. Against threads: seconds of the way to those of threads, of the medians, with the least and the
most of the repetitions; above 1, threads are faster. Page faults and calls of the kernel are those for one image, of
all processes, the start of the program included: memory: mmap, munmap, mprotect, brk, madvise; futex: waits for a lock
and wake-ups. Calls are counted in a run of its own.

"""
HEADS = ["control", "changes", "way", ">seconds", ">against threads", ">CPU ms / image", ">system share", ">page faults", ">memory calls", ">futex calls"]


def pipelines(folder):
    """Writes the pipeline files of the controls; returns their paths by name."""
    transforms = {"none": [], "turn": ["RandomRotate90"], "flip": ["HorizontalFlip"]}
    paths = {"thermal": HERE / "thermal.json"}
    for name, classes in transforms.items():
        steps = [{"__class_fullname__": one, "p": 1.0} for one in classes]
        root = {"__class_fullname__": "Compose", "p": 1.0, "transforms": steps}
        paths[name] = folder / f"{name}.json"
        paths[name].write_text(json.dumps({"__version__": "2.0.8", "transform": root}))
    return paths


class Controls:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows
        self.numbers = itertools.count()
        self.input, self.paths = work / "input", pipelines(work)
        programs.generate(
            options.cli, self.input, "--pattern", "thermal", "--size", "640x512", "--images", options.images
        )

    def command(self, control, way, output):
        _, pipeline, flags, _ = CONTROLS[control]
        shape = ["--ranks", self.options.ranks, "--strategy", way, "--copies", 1, "--pipeline", self.paths[pipeline]]
        command = [self.options.cli, "augment", self.input, output, *shape, *flags, "--quiet", "--json"]
        return [str(part) for part in command]

    def measure(self, control, way, repetition):
        output = self.work / f"output-{next(self.numbers)}"
        run = programs.run(self.command(control, way, output), 600, CONTROLS[control][3])
        programs.remove(output)
        values = {
            "control": control, "way": way, "ranks": self.options.ranks, "images": self.options.images,
            "repetition": repetition, "outcome": run.outcome, "wallSeconds": run.said().get("wallSeconds"),
            "userSeconds": run.user_seconds, "systemSeconds": run.system_seconds, "minorFaults": run.minor_faults,
            "contextSwitches": run.context_switches,
        }  # fmt: skip
        return values | (self.calls(control, way) if repetition == 1 else {})

    def calls(self, control, way):
        """Kernel calls of a run of its own, counted by strace; nothing if that is not there or not permitted."""
        if not shutil.which("strace"):
            return {}
        output, counted = self.work / f"output-{next(self.numbers)}", self.work / "calls"
        memory = ["mmap", "munmap", "mprotect", "brk", "madvise"]
        prefix = ["strace", "-f", "-qq", "-c", "-o", str(counted), "-e", f"trace={','.join([*memory, 'futex'])}"]
        environment = os.environ | CONTROLS[control][3]
        ended = subprocess.run([*prefix, *self.command(control, way, output)], stdout=subprocess.DEVNULL, env=environment)
        programs.remove(output)
        if ended.returncode != 0:
            return {}
        # Columns: share of time, seconds, microseconds a call, calls, errors if any, name.
        found = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", counted.read_text(), re.MULTILINE)
        calls = {name: int(count) for count, name in found}
        return {"memoryCalls": sum(calls.get(name, 0) for name in memory), "futexCalls": calls.get("futex", 0)}

    def run(self):
        for repetition in range(self.options.repetitions + 1):
            for control in CONTROLS:
                for way in WAYS:
                    values = self.measure(control, way, repetition)
                    if repetition > 0:
                        row = self.rows.add(values)
                        said = f"{control}, {way}, repetition {repetition}: {row['outcome']} {row['wallSeconds']}"
                        print(said, file=sys.stderr)


def lines(rows):
    for control, (changes, *_) in CONTROLS.items():
        seconds = {
            way: {r["repetition"]: float(r["wallSeconds"]) for r in rows if is_good(r, control, way)} for way in WAYS
        }
        for way in filter(seconds.get, WAYS):
            found = [row for row in rows if is_good(row, control, way)]
            images = int(found[0]["images"])
            cpu = [float(row["userSeconds"]) + float(row["systemSeconds"]) for row in found]
            system = [float(row["systemSeconds"]) / one for row, one in zip(found, cpu, strict=True)]
            faults = statistics.median(int(row["minorFaults"]) for row in found)
            against = figures.ratio(seconds[way], seconds["threads"]) if seconds["threads"] and way != "threads" else ""
            calls = [next((row[name] for row in found if row[name]), "") for name in ("memoryCalls", "futexCalls")]
            yield [
                control, changes if way == WAYS[0] else "", way, figures.spread(seconds[way].values()), against,
                f"{1000 * statistics.median(cpu) / images:.2f}", f"{100 * statistics.median(system):.0f} %",
                f"{faults / images:.0f}", *(f"{int(count) / images:.1f}" if count else "" for count in calls),
            ]  # fmt: skip


def is_good(row, control, way):
    return row["outcome"] == "ok" and (row["control"], row["way"]) == (control, way)


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--ranks", type=int, default=max(2, machine.cores()))
    parser.add_argument("--repetitions", type=int, default=5)
    return parser.parse_args()


def main():
    options = parsed_options()
    with records.opened(options, "detection-controls", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        Controls(options, work, rows).run()
        rows.close()
        head = HEAD.format(images=options.images, ranks=options.ranks)
        records.keep_summary(results, head + figures.table(HEADS, lines(rows.rows)))


if __name__ == "__main__":
    main()
