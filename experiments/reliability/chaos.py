"""Does to runs of augment-cli what machines do to them, and checks that nothing is lost: kills at the N-th system call for
every N, faults of the disk, random kills, a full disk, a power cut. After each, every file under a final name must have
the bytes of an undisturbed run, and --resume must complete the run to the same tree. Prints a table, and writes
results/<date>-<machine>-<commit>/chaos/. What needs root or strace is left out without them, and said so.
"""

import argparse
import contextlib
import fcntl
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import records  # noqa: E402
from disturb import children, kill, may_mount, temporaries, tree  # noqa: E402

COLUMNS = ["case", "trials", "endedEarly", "wrongFiles", "notCompleted", "leftovers", "worst", "seconds"]
KILLED = ["write", "rename", "fsync"]
CALLS = {"write": "write", "rename": "rename,renameat,renameat2", "fsync": "fsync,fdatasync,syncfs"}
# struct: _IOR('X', 125, __u32) of Linux's ext4.h, and its flag for a cut without a last flush of the journal.
EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2


class Bench:
    def __init__(self, options, work):
        self.cli, self.work, self.random = os.fspath(options.cli), work, random.Random(options.seed)
        self.deadline = time.monotonic() + 60 * options.minutes
        self.input = work / "in"
        subprocess.run(
            [self.cli, "generate", self.input, "--images", "8", "--size", "160x120"], check=True, capture_output=True)
        self.run(work / "reference")
        self.reference = tree(work / "reference")

    def command(self, output, *more):
        return [self.cli, "augment", os.fspath(self.input), os.fspath(output), "--copies", "4", "--ranks", "2", *more]

    def run(self, output, *more, prefix=()):
        """Runs to the end, which must come."""
        return subprocess.run(
            [*prefix, *self.command(output, *more)], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)

    def trial(self, row, output, status):
        """Checks what a disturbed run has left, and completes it."""
        row["trials"] += 1
        row["endedEarly"] += status != 0
        wrong = [name for name, content in tree(output).items() if self.reference.get(name) != content]
        again = self.run(output, "--resume")
        complete = again.returncode == 0 and tree(output) == self.reference
        row["wrongFiles"] += len(wrong)
        row["notCompleted"] += not complete
        row["leftovers"] += len(temporaries(output))
        if wrong or not complete:
            row["worst"] = row["worst"] or (f"{wrong[:1]} {again.returncode} " + again.stderr[-200:]).strip()
        return complete

    @contextlib.contextmanager
    def case(self, name, rows):
        row = dict.fromkeys(COLUMNS, 0) | {"case": name, "worst": ""}
        begin = time.monotonic()
        yield row
        row["seconds"] = time.monotonic() - begin
        rows.add(row)
        print(f"{name:45} {row['trials']:5} trials, {row['endedEarly']:5} ended early, {row['wrongFiles']} wrong files,"
              f" {row['notCompleted']} not completed, {row['leftovers']} leftovers {row['worst']}", flush=True)  # fmt: skip

    def fresh(self):
        output = self.work / "out"
        shutil.rmtree(output, ignore_errors=True)
        return output

    def sweep(self, rows, call, what, step):
        """Injects at the N-th call of each process for N = 1, 2 … until nothing happens any more."""
        with self.case(f"{what} at the N-th {call}", rows) as row:
            number, quiet = 1, 0
            while quiet < 3 and time.monotonic() < self.deadline:
                output = self.fresh()
                inject = f"inject={CALLS[call]}:{what}:when={number}"
                ended = self.run(
                    output, "--durability", "file", prefix=["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject])
                self.trial(row, output, ended.returncode)
                quiet = quiet + 1 if ended.returncode == 0 and number > 40 else 0
                number += step if number > 12 else 1

    def kills(self, rows, name, count, strike):
        with self.case(name, rows) as row:
            for _ in range(count):
                if time.monotonic() > self.deadline:
                    return
                output = self.fresh()
                run = subprocess.Popen(
                    self.command(output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
                time.sleep(self.random.uniform(0.002, 0.12))
                strike(run)
                self.trial(row, output, run.wait(timeout=120))


def strike_parent(run):
    kill(run.pid, signal.SIGKILL)


def strike_workers(run):
    for pid in children(run.pid):
        kill(pid, signal.SIGKILL)


def interrupt(run):
    kill(run.pid, signal.SIGTERM)


def full_disk(bench, rows):
    with bench.case("full disk (tmpfs)", rows) as row:
        for size in ["60k", "100k", "140k", "200k"]:
            disk = bench.work / "disk"
            disk.mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
            try:
                ended = bench.run(disk / "out")
                if ended.returncode not in (0, 75):
                    row["worst"] = f"status {ended.returncode}"
                subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
                bench.trial(row, disk / "out", ended.returncode)
            finally:
                subprocess.run(["umount", disk], check=True)


def made(output):
    """What the manifest calls made."""
    names = set()
    with contextlib.suppress(OSError):
        for line in (output / ".augment/manifest.jsonl").read_text().splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if entry.get("status") == "made":
                    names.add(entry["output"])
    return names


def power_cut(bench, rows, durability, count):
    """A file system that stops at once, and is mounted again as after a power cut."""
    image, disk = bench.work / "image", bench.work / "disk"
    disk.mkdir(exist_ok=True)
    name = "after the end" if durability == "batch" else "during the run"
    with bench.case(f"power cut (ext4) {name}, --durability {durability}", rows) as row:
        for _ in range(count):
            if time.monotonic() > bench.deadline:
                return
            subprocess.run(["truncate", "-s", "64M", image], check=True)
            subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
            subprocess.run(["mount", "-o", "loop", image, disk], check=True)
            run = subprocess.Popen(
                bench.command(disk / "out", "--durability", durability), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)  # fmt: skip
            if durability == "batch":
                run.wait(timeout=120)
            else:
                time.sleep(bench.random.uniform(0.02, 0.3))
            promised = made(disk / "out")
            handle = os.open(disk, os.O_RDONLY)
            fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
            os.close(handle)
            kill(run.pid, signal.SIGKILL)
            status = run.wait(timeout=120)
            for _ in range(100):  # orphans hold the file system for a moment
                if subprocess.run(["umount", disk], capture_output=True).returncode == 0:
                    break
                time.sleep(0.1)
            subprocess.run(["mount", "-o", "loop", image, disk], check=True)
            try:
                there = tree(disk / "out") if (disk / "out").exists() else {}
                lost = [name for name in promised if there.get(name) != bench.reference[name]]
                if lost:
                    row["worst"] = f"{len(lost)} of {len(promised)} promised files lost"
                    row["wrongFiles"] += len(lost)
                bench.trial(row, disk / "out", status)
            finally:
                subprocess.run(["umount", disk], check=True)


def may_trace():
    command = ["strace", "-f", "-o", "/dev/null", "true"]
    return shutil.which("strace") is not None and subprocess.run(command, capture_output=True).returncode == 0


def disturb(options, bench, rows, work):
    count = options.count
    bench.kills(rows, "SIGKILL of the parent", count, strike_parent)
    bench.kills(rows, "SIGKILL of all workers", count, strike_workers)
    bench.kills(rows, "SIGTERM", count, interrupt)
    if may_trace():
        for call in KILLED:
            bench.sweep(rows, call, "signal=SIGKILL", options.step)
        for call, error in [("write", "EIO"), ("write", "ENOSPC"), ("rename", "EIO"), ("fsync", "EIO")]:
            bench.sweep(rows, call, f"error={error}", options.step)
    else:
        print("Without strace: no sweeps of system calls.")
    if may_mount(work):
        full_disk(bench, rows)
        power_cut(bench, rows, "batch", max(3, count // 20))
        power_cut(bench, rows, "file", max(3, count // 5))
    else:
        print("No file systems may be mounted: no full disk and no power cut.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    records.add_options(parser)
    parser.add_argument("--minutes", type=float, default=55, help="no trial begins after these (default: %(default)s)")
    parser.add_argument("--count", type=int, default=300, help="random kills of each kind (default: %(default)s)")
    parser.add_argument("--step", type=int, default=1, help="of the sweeps beyond the 12th call (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="of the random times")
    options = parser.parse_args()
    print(f"Seed {options.seed}.")
    with records.opened(options, "chaos", __file__) as (results, work):
        rows = records.Rows(results / "chaos.csv", COLUMNS)
        disturb(options, Bench(options, work), rows, work)
        rows.close()
    bad = sum(int(row["wrongFiles"]) + int(row["notCompleted"]) + int(row["leftovers"]) for row in rows.rows)
    print("Nothing was lost." if bad == 0 else f"{bad} faults; see {results}.")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
