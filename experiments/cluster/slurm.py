"""Runs the script that `augment-cli cluster-script slurm` prints on a Slurm of two nodes, both this machine, and does to
it what clusters do: kills elements and their shells, loses a node, reaches the time limit, cancels. The program that the
script calls is stub.sh, which keeps the contract of shards. Prints a table, and writes
results/<date>-<machine>-<commit>/cluster-slurm/; the exit status is 1 unless every shard was made wherever the script
promises it. Takes about ten minutes.

The Slurm lives in a temporary folder with its own ports and its own munge, and is taken down at the end. Needs root and
the Debian packages slurm-wlm and munge; says so and does nothing without them. As a trial, it starts what was requeued
after 5 seconds, not 120.
"""

import argparse
import collections
import contextlib
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import records  # noqa: E402

COLUMNS = ["case", "shards", "made", "twice", "runs", "finalize", "seconds", "asPromised"]
NODES = {"node1": 26818, "node2": 26819}
PROGRAMS = ["slurmctld", "slurmd", "munged", "sbatch", "scontrol", "squeue", "scancel"]

CONFIGURATION = """\
ClusterName=trial
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort=26817
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={work}/munge/socket,cred_expire=5
SlurmUser=root
SlurmdUser=root
StateSaveLocation={work}/state
SlurmdSpoolDir={work}/spool/%n
SlurmctldPidFile={work}/slurmctld.pid
SlurmdPidFile={work}/slurmd-%n.pid
SlurmctldLogFile={work}/log/slurmctld
SlurmdLogFile={work}/log/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=2,sched_interval=2
MpiDefault=none
ReturnToService=2
KillWait=5
SlurmdTimeout=10
MinJobAge=900
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE
"""


class Slurm:
    """One controller and two nodes, which differ by name and port."""

    def __init__(self, work):
        self.work, self.processes = work, {}
        for folder in ["munge", "state", "log", "spool/node1", "spool/node2"]:
            (work / folder).mkdir(parents=True)
        host = socket.gethostname()
        lines = [
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=4\n"
            for node, port in NODES.items()
        ]
        self.file = work / "slurm.conf"
        self.file.write_text("".join(lines) + CONFIGURATION.format(host=host, work=work))
        os.environ["SLURM_CONF"] = os.fspath(self.file)

    def __enter__(self):
        munge = self.work / "munge"
        (munge / "key").write_bytes(os.urandom(64))
        (munge / "key").chmod(0o600)
        places = [f"--{name}-file={munge}/{name}" for name in ["key", "pid", "log", "seed"]]
        self.start("munged", ["munged", "--foreground", "--force", f"--socket={munge}/socket", *places])
        self.start("slurmctld", ["slurmctld", "-D", "-f", self.file])
        for node in NODES:
            self.start_node(node)
        wait_until(lambda: self.ask("sinfo", "--noheader", "--states=idle", "--format=%D") == "2", 60, "nodes are idle")
        return self

    def __exit__(self, *_):
        subprocess.run(["scancel", "--user=root"], check=False)
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not self.ask("squeue", "--noheader"), 30, "no job is left")
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=30)

    def start(self, name, command):
        log = (self.work / "log" / f"{name}.out").open("ab")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def start_node(self, node):
        self.start(node, ["slurmd", "-D", "-f", self.file, "-N", node])

    def lose(self, node):
        """As when the machine fails: the daemon and all it has started are gone at once."""
        for process in [self.processes[node].pid, *steps(node)]:
            for child in [*descendants(process), process]:
                kill(child)
        self.processes[node].wait()

    def ask(self, *command):
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()


def wait_until(holds, seconds, what):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not after {seconds} s: {what}")
        time.sleep(0.2)


def kill(process, number=signal.SIGKILL):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def processes():
    """The parent and the command line of every process."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found[int(folder.name)] = (parent, (folder / "cmdline").read_bytes().decode(errors="replace"))
    return found


def steps(node):
    """What runs a job on a node is no child of its daemon; it is named `slurmstepd: [job.batch]`."""
    mark = f"SLURMD_NODENAME={node}\0".encode()
    found = set()
    for process, (parent, _) in processes().items():
        with contextlib.suppress(OSError):
            if mark in pathlib.Path(f"/proc/{process}/environ").read_bytes():
                found |= {process, parent}
    return {process for process in found if "slurmstepd" in processes().get(process, (0, ""))[1]}


def descendants(process):
    children = collections.defaultdict(list)
    for child, (parent, _) in processes().items():
        children[parent].append(child)
    found, rest = [], [process]
    while rest:
        found += children[rest[0]]
        rest += children[rest.pop(0)]
    return found


class Trial:
    """A folder with a script and the run that it starts."""

    def __init__(self, options, slurm, name, shards, *more, output="out"):
        self.options, self.slurm, self.folder = options, slurm, slurm.work / "trials" / name.replace(" ", "-")
        self.folder.mkdir(parents=True)
        self.shards, self.output = shards, self.folder / output
        command = [options.cli, "cluster-script", "slurm", *more, "--", "augment", "in", output]
        script = subprocess.run([*command, "--shards", str(shards)], check=True, stdout=subprocess.PIPE).stdout
        (self.folder / "script.sh").write_bytes(script)

    def submit(self, **environment):
        """Starts the script; `self.array` and `self.last` are the numbers of its jobs."""
        told = subprocess.run(
            ["bash", "script.sh"], cwd=self.folder, check=True, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "AUGMENT_CLI": os.fspath(HERE / "stub.sh"), **environment}).stdout  # fmt: skip
        words = told.replace(",", "").replace(";", "").split()
        self.array, self.last = words[1], words[4]
        return self

    def notes(self, kind):
        with contextlib.suppress(FileNotFoundError):
            lines = (self.output / ".augment/runs").read_text().splitlines()
            return [line.split()[1:] for line in lines if line.startswith(f"{kind} ")]
        return []

    def wait_for(self, kind, count=1, seconds=60):
        wait_until(lambda: len(self.notes(kind)) >= count, seconds, f"{count} x {kind} in {self.folder.name}")

    def end(self, seconds=300):
        """Waits for the last job.
        - Returns: its exit status.
        """
        ended = ["COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"]
        wait_until(lambda: self.shown(self.last, "JobState") in ended, seconds, f"{self.folder.name} has ended")
        return int(self.shown(self.last, "ExitCode").split(":")[0])

    def shown(self, job, field):
        text = self.slurm.ask("scontrol", "show", "job", job)
        return next((word.partition("=")[2] for word in text.split() if word.startswith(f"{field}=")), "")

    def states(self):
        listed = self.slurm.ask("squeue", "--noheader", "--states=all", f"--jobs={self.array}", "--array", "--format=%T")
        return dict(collections.Counter(listed.split()))

    def elements(self):
        """The shells that run elements here."""
        mark = f"SLURM_ARRAY_JOB_ID={self.array}\0".encode()
        for process, (_, command) in processes().items():
            with contextlib.suppress(OSError):
                if "slurm_script" in command and mark in pathlib.Path(f"/proc/{process}/environ").read_bytes():
                    yield process


CASES = []


def case(function):
    CASES.append(function)
    return function


# Each case returns the trial, the exit status of finalize that is right, and facts that must hold.


@case
def nothing_happens(start, slurm):
    trial = start(8).submit()
    return trial, 0, lambda: [len(trial.notes("run")) == 8, trial.states() == {"COMPLETED": 8}]


@case
def more_shards_than_an_array_has_elements(start, slurm):
    trial = start(2500).submit()
    return trial, 0, lambda: [len(trial.notes("run")) == 1001, trial.states() == {"COMPLETED": 1001}]


@case
def hostile_path(start, slurm):
    trial = start(4, output="$HOME `id` \"quoted\" 'it' \nEND\n\\ %A {} \udce9 é").submit()
    return trial, 0, lambda: [len(trial.notes("made")) == 4]


@case
def status_1_is_done(start, slurm):
    trial = start(4).submit(TRIAL="bad")
    return trial, 0, lambda: [len(trial.notes("run")) == 4, trial.states() == {"COMPLETED": 4}]


@case
def status_64_is_not_tried_again(start, slurm):
    trial = start(4).submit(TRIAL="usage")
    return trial, 75, lambda: [len(trial.notes("run")) == 4, trial.states() == {"FAILED": 4}]


@case
def status_75_once(start, slurm):
    trial = start(4).submit(TRIAL="again")
    return trial, 0, lambda: [len(trial.notes("run")) == 8, trial.states() == {"COMPLETED": 4}]


@case
def status_75_always(start, slurm):
    trial = start(2).submit(TRIAL="full")
    return trial, 75, lambda: [len(trial.notes("run")) == 10, trial.states() == {"FAILED": 2}]


@case
def status_78_on_one_node(start, slurm):
    trial = start(12).submit(TRIAL="outcast", TRIAL_NODE="node1")

    def never_twice_there():
        runs = collections.Counter(tuple(note[:2]) for note in trial.notes("run"))
        there = [count for (_, node), count in runs.items() if node == "node1"]
        return bool(there) and max(there) == 1

    return trial, 0, lambda: [never_twice_there(), trial.states() == {"COMPLETED": 12}]


@case
def program_killed(start, slurm):
    trial = start(4).submit(TRIAL="slow", TRIAL_SECONDS="4")
    trial.wait_for("run", 4)
    for shell in list(trial.elements()):
        for child in descendants(shell):
            kill(child)
    return trial, 0, lambda: [len(trial.notes("run")) == 8, trial.states() == {"COMPLETED": 4}]


@case
def shell_killed_then_started_again(start, slurm):
    trial = start(4).submit(TRIAL="slow", TRIAL_SECONDS="4")
    trial.wait_for("run", 4)
    for shell in list(trial.elements())[:2]:
        for process in [shell, *descendants(shell)]:
            kill(process)
    first = trial.end()
    trial.submit()
    return trial, 0, lambda: [first == 75, len(trial.notes("made")) == 4]


@case
def node_lost(start, slurm):
    trial = start(8).submit(TRIAL="slow", TRIAL_SECONDS="8")
    trial.wait_for("run", 8)
    slurm.lose("node2")
    status = trial.end()
    slurm.start_node("node2")
    return trial, 0, lambda: [status == 0, trial.states() == {"COMPLETED": 8}]


@case
def time_limit(start, slurm):
    trial = start(4, "--time-limit", "2", "--shards-per-task", "4").submit(TRIAL="slow", TRIAL_SECONDS="25")
    return trial, 0, lambda: [len(trial.notes("stopped")) >= 1, len(trial.notes("made")) == 4]


@case
def cancelled(start, slurm):
    trial = start(4).submit(TRIAL="slow", TRIAL_SECONDS="20")
    trial.wait_for("run", 4)
    subprocess.run(["scancel", trial.array], check=True)
    return trial, 75, lambda: [len(trial.notes("run")) == 4, trial.states() == {"CANCELLED": 4}]


def tree(folder):
    """Hashes by path, without the record of the run."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*") if path.is_file() and ".augment" not in path.parts
    }  # fmt: skip


@case
def augment_cli_itself_killed_and_a_node_lost(start, slurm):
    trial = start(12)
    program = trial.options.cli
    generate = [program, "generate", "in", "--images", "48", "--size", "1600x1200"]
    for command in [generate, [program, "augment", "in", "reference"]]:
        subprocess.run(command, cwd=trial.folder, check=True, capture_output=True)
    trial.submit(AUGMENT_CLI=os.fspath(program))
    wait_until(lambda: len(list(trial.elements())) >= 6, 60, "six elements run")
    for child in descendants(next(trial.elements())):
        kill(child)
    slurm.lose("node2")
    status = trial.end()
    slurm.start_node("node2")
    same = tree(trial.output) == tree(trial.folder / "reference")
    return trial, 0, lambda: [status == 0, same, trial.states() == {"COMPLETED": 12}]


def run(options, slurm, rows, function):
    name = function.__name__.replace("_", " ")

    def start(*arguments, **more):
        return Trial(options, slurm, name, *arguments, **more)

    begin = time.monotonic()
    trial, expected, facts = function(start, slurm)
    status = trial.end()
    made = len({note[0] for note in trial.notes("made")})
    held = facts()
    stands_in = bool(trial.notes("run"))
    passed = status == expected and all(held) and (expected != 0 or made == trial.shards or not stands_in)
    twice = len(trial.notes("made")) - made

    # augment-cli itself takes no notes.
    counts = [made, twice, len(trial.notes("run"))] if stands_in else [""] * 3
    row = [name, trial.shards, *counts, status, round(time.monotonic() - begin)]
    rows.add(dict(zip(COLUMNS, [*row, records.yes(passed)], strict=True)))
    print(
        "{:42} {:6} {:>6} {:>6} {:>6} {:9} {:8}".format(*row),
        "as promised" if passed else f"NOT AS PROMISED {held} {trial.states()}", flush=True)  # fmt: skip
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    records.add_options(parser)
    parser.add_argument("--only", metavar="TEXT", default="", help="cases whose name contains this")
    parser.add_argument("--keep", type=pathlib.Path, help="where the logs and scripts are copied to")
    options = parser.parse_args()
    options.cli = options.cli.resolve()
    # The daemons end only because this ends in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or os.geteuid() != 0:
        print("skipped: " + (f"{', '.join(missing)} missing (slurm-wlm, munge)" if missing else "needs root"))
        return 0
    with records.opened(options, "cluster-slurm", __file__) as (results, work):
        work.chmod(0o755)
        rows = records.Rows(results / "slurm.csv", COLUMNS)
        try:
            with Slurm(work) as slurm:
                print("{:42} {:>6} {:>6} {:>6} {:>6} {:>9} {:>8}".format(*COLUMNS[:-1]))
                cases = [function for function in CASES if options.only.replace(" ", "_") in function.__name__]
                return 0 if all([run(options, slurm, rows, function) for function in cases]) else 1
        finally:
            rows.close()
            if options.keep:
                shutil.copytree(work, options.keep, dirs_exist_ok=True, ignore_dangling_symlinks=True)


if __name__ == "__main__":
    sys.exit(main())
