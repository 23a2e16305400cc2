"""Processor time of the machine and of processes: tells whether something else was running during a measurement."""

import contextlib
import os
import pathlib

import disturb

TICKS = os.sysconf("SC_CLK_TCK")
# Of the first line of /proc/stat: user, nice, system, irq, softirq, and steal, which another machine has taken.
BUSY = (1, 2, 3, 6, 7, 8)


def busy_seconds():
    """Of all cores since the machine has started."""
    fields = pathlib.Path("/proc/stat").read_text().splitlines()[0].split()
    return sum(int(fields[number]) for number in BUSY) / TICKS


def family_seconds(pids):
    """Of processes and all that they have started: those that live, and those that were waited for."""
    total = 0
    for pid in {one for pid in pids for one in disturb.family(pid)}:
        with contextlib.suppress(OSError):
            # After the name, which may contain blanks: own user and system time, and that of children.
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / TICKS
