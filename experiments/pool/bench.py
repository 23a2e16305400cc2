"""Compares ProcPool with the process pools of Python, alternating, and with a bare pipe.

Needs only the standard library; the peers run in the Python of --peers-python. Writes
results/<date>-<machine>-<commit>/pool/.
"""

import argparse
import csv
import dataclasses
import datetime
import json
import math
import os
import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import machine  # noqa: E402
import mixed  # noqa: E402
import records  # noqa: E402
import summary  # noqa: E402

LIBRARIES = ["multiprocessing", "executor", "joblib", "mpire", "pebble"]
COLUMNS = [
    "implementation", "scenario", "workers", "moreWorkersThanCores", "tasks", "repetition", "wallSeconds",
    "userSeconds", "systemSeconds", "residentBytesBegin", "residentBytesEnd", "residentBytesPeak", "idealSeconds",
    "ended",
]  # fmt: skip
# Tasks of mixed lengths. The pools missing from the second list have a default chunk of 1; joblib has no `apply_async`.
MIXED = [summary.OURS, "multiprocessing", "executor", "loky", "mpire", "pebble"]
MIXED_DEFAULT = [summary.OURS, "multiprocessing", "joblib", "mpire"]
HANGING_DEFAULT = [summary.OURS, "multiprocessing", "mpire"]
# These depend on which core the kernel wakes a worker on, and vary more than rates do.
LATENCIES = {"apply", "start"}
# Tasks per run, so that each run takes about half a second; `--scale` multiplies them.
TASKS = {
    "map-chunk-1": {
        summary.OURS: 400_000, "multiprocessing": 20_000, "executor": 8_000, "joblib": 1_500, "mpire": 6_000,
        "pebble": 6_000,
    },
    "map-default": {
        summary.OURS: 2_000_000, "multiprocessing": 2_000_000, "executor": 8_000, "joblib": 200_000, "mpire": 100_000,
        "pebble": 6_000,
    },
    "apply": {
        summary.OURS: 20_000, "bare pipe": 20_000, "multiprocessing": 4_000, "executor": 3_000, "joblib": 40,
        "mpire": 3_000, "pebble": 3_000,
    },
    "start": dict.fromkeys([summary.OURS, *LIBRARIES], 1),
    "image": {
        summary.OURS: 200, "ProcPool, pipes": 60, "multiprocessing": 30, "multiprocessing, shared memory": 200,
        "executor": 30, "joblib": 20, "mpire": 30, "pebble": 30,
    },
    "memory": {
        summary.OURS: 10_000_000, "multiprocessing": 100_000, "executor": 20_000, "joblib": 3_000, "mpire": 20_000,
        "pebble": 20_000,
    },
    "every-fourth-chunk-1": dict.fromkeys(MIXED, mixed.MIXES["every-fourth"].tasks),
    "every-fourth-default": dict.fromkeys(MIXED_DEFAULT, mixed.MIXES["every-fourth"].tasks),
    "long-first-chunk-1": dict.fromkeys(MIXED, mixed.MIXES["long-first"].tasks),
    "long-first-default": dict.fromkeys(MIXED_DEFAULT, mixed.MIXES["long-first"].tasks),
    "hanging-chunk-1": dict.fromkeys(MIXED, mixed.MIXES["hanging"].tasks),
    "hanging-default": dict.fromkeys(HANGING_DEFAULT, mixed.MIXES["hanging"].tasks),
}  # fmt: skip


@dataclasses.dataclass
class Setting:
    scenario: str
    workers: int
    repetition: int


class Bench:
    def __init__(self, options):
        self.options = options
        # Scenarios unknown to the baseline are measured without it.
        self.in_baseline = known_scenarios(options.baseline) if options.baseline else set()

    def settings(self):
        """Every scenario with as many workers as cores, or as its mix has; the maps also with too many workers."""
        cores, many = machine.cores(), self.options.many_workers
        shapes = [(scenario, mix.workers if (mix := mixed.mix(scenario)) else cores) for scenario in TASKS]
        for scenario, workers in [*shapes, ("map-chunk-1", many), ("map-default", many)]:
            if scenario not in self.options.scenarios:
                continue
            rounds = 1 if scenario == "memory" else self.options.repetitions * (3 if scenario in LATENCIES else 1)
            for repetition in range(1, rounds + 1):
                yield Setting(scenario, workers, repetition)

    def implementations(self, setting):
        """The pools in order: ours and the baseline are adjacent, and each is first in every second round."""
        pair = [summary.OURS]
        if own_scenario(setting.scenario) in self.in_baseline:
            pair.insert(setting.repetition % 2, summary.BEFORE)
        return pair + [pool for pool in TASKS[setting.scenario] if pool != summary.OURS]

    def command(self, implementation, setting, tasks):
        numbers = [str(setting.workers), str(tasks)]
        own = own_scenario(setting.scenario)
        if implementation == summary.BEFORE:
            return [self.options.baseline, own, *numbers]
        ours = {"bare pipe": "pipe", "ProcPool, pipes": "image-pipes", summary.OURS: own}
        if implementation in ours:
            return [self.options.ours, ours[implementation], *numbers]
        library, _, is_shared = implementation.partition(",")
        scenario = "image-shared" if is_shared else setting.scenario
        return [self.options.peers_python, HERE / "peers.py", library, scenario, *numbers]

    def measure(self, implementation, setting):
        """Runs one pool once; returns its row."""
        tasks = TASKS[setting.scenario][summary.OURS if implementation == summary.BEFORE else implementation]
        mix = mixed.mix(setting.scenario)
        if setting.scenario != "start" and not mix:
            tasks = max(setting.workers, int(tasks * self.options.scale))
        process = subprocess.Popen(self.command(implementation, setting, tasks), stdout=subprocess.PIPE)
        with process.stdout:
            text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{shlex.join(map(str, process.args))} ended with status {process.returncode}")
        said = json.loads(text)
        if mix:
            if not math.isclose(said["taskSeconds"], sum(mix.lengths(tasks))):
                sys.exit(f"{shlex.join(map(str, process.args))} has other tasks than mixed.py")
            said = said | {"idealSeconds": f"{mix.ideal_seconds():.6f}", "ended": "yes" if said["ended"] else "no"}
        row = dataclasses.asdict(setting) | said | {
            "implementation": implementation, "userSeconds": f"{usage.ru_utime:.4f}",
            "systemSeconds": f"{usage.ru_stime:.4f}", "wallSeconds": f"{said['wallSeconds']:.6f}",
            "moreWorkersThanCores": records.yes(setting.workers > machine.cores()),
        }  # fmt: skip
        return {column: str(row.get(column, "")) for column in COLUMNS}

    def run(self, results):
        """Runs all settings, every pool in each; each row is kept at once."""
        rows = []
        with (results / "runs.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for setting in self.settings():
                print(f"{setting.scenario}, {setting.workers} workers, {setting.repetition}", file=sys.stderr)
                for implementation in self.implementations(setting):
                    rows.append(self.measure(implementation, setting))
                    writer.writerow(rows[-1])
                    file.flush()
        return rows


def own_scenario(scenario):
    """The name of the scenario in pool-bench."""
    return "image-shared" if scenario == "image" else scenario


def known_scenarios(binary):
    """The scenarios of a pool-bench, which lists them when run without arguments."""
    said = subprocess.run([binary], check=False, stderr=subprocess.PIPE, text=True).stderr.splitlines()
    if not said or not said[0].startswith("usage: pool-bench"):
        sys.exit(f"{binary} is no pool-bench")
    return set(said[1:])


def peer_versions(python):
    """Versions of the peers' Python and its packages."""
    program = (
        "import importlib.metadata as m, json, platform; print(json.dumps({'python': platform.python_version(),"
        " 'versions': {d.name: d.version for d in m.distributions()}}))"
    )
    return json.loads(subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout)


def absolute(text):
    """The absolute path of a program, because a bare name would be looked up in PATH."""
    return pathlib.Path(text).absolute()


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ours", type=pathlib.Path, default=ROOT / ".build/release/pool-bench")
    parser.add_argument("--baseline", type=absolute, help="pool-bench of an earlier commit, to take turns with ours")
    parser.add_argument("--peers-python", type=pathlib.Path, default=ROOT / ".venv-pool/bin/python")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--many-workers", type=int, default=4 * machine.cores(), help="more than there are cores")
    parser.add_argument("--scale", type=float, default=1, help="factor of all numbers of tasks")
    parser.add_argument("--scenarios", type=lambda text: text.split(","), default=list(TASKS), help="a,b: only these")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results")
    options = parser.parse_args()
    if unknown := set(options.scenarios) - set(TASKS):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(TASKS)}")
    return options


def main():
    options = parsed_options()
    bench = Bench(options)
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    results = options.results / f"{day}-{machine.name()}-{machine.commit(ROOT)}" / "pool"
    results.mkdir(parents=True, exist_ok=True)
    facts = machine.facts(ROOT, results) | peer_versions(options.peers_python)
    (results / "machine.json").write_text(json.dumps(facts, indent=2) + "\n")
    command = ["python3", "experiments/pool/bench.py", *map(records.relative, sys.argv[1:])]
    (results / "command.txt").write_text(shlex.join(command) + "\n")
    tables = summary.tables(bench.run(results))
    (results / "summary.md").write_text(tables)
    print(tables, end="")
    print(f"kept in {results}", file=sys.stderr)


if __name__ == "__main__":
    main()
