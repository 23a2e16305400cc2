"""Runs a program once and measures it."""

import dataclasses
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import machine


@dataclasses.dataclass
class Run:
    """One run; the seconds are those of the whole command, from its start to its end."""

    outcome: str  # ok, failed or timeout
    text: str
    process_seconds: float
    user_seconds: float = 0
    system_seconds: float = 0
    largest_process_bytes: int = 0
    minor_faults: int = 0
    context_switches: int = 0
    megahertz: float | None = None
    celsius: float | None = None

    def said(self):
        """The JSON that the program printed as its last line."""
        return json.loads(self.text.splitlines()[-1]) if self.outcome == "ok" else {}


def run(command, timeout=600, environment=None):
    """Runs a program; kills it with all its processes if it takes longer than `timeout` seconds."""
    command = [os.fspath(part) for part in command]
    given = {**os.environ, **(environment or {})}
    with machine.Sensors() as sensors:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=given, start_new_session=True)
        late = threading.Event()
        timer = threading.Timer(timeout, kill, (process, late))
        timer.start()
        try:
            with process.stdout:
                text = process.stdout.read().decode()
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - begin
        except BaseException:  # Ctrl-C in the terminal reaches this process only
            kill(process, late)
            raise
        finally:
            timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    outcome = "timeout" if late.is_set() else "ok" if process.returncode == 0 else "failed"
    if outcome != "ok":
        print(f"{shlex.join(command)}: {outcome}, status {process.returncode}", file=sys.stderr)
    measured = [usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024]
    measured += [usage.ru_minflt, usage.ru_nvcsw + usage.ru_nivcsw]
    return Run(outcome, text, seconds, *measured, sensors.megahertz(), sensors.celsius())


def kill(process, late):
    late.set()
    os.killpg(process.pid, signal.SIGKILL)


def generate(cli, folder, *flags):
    """Has augment-cli generate images."""
    subprocess.run([cli, "generate", folder, *map(str, flags)], check=True)


def strong_scaling(cli, folder, *flags):
    """Measures strong scaling with augment-cli alone, and writes its report, into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    # The command is kept with the results, which must not reveal where a user's files are.
    cli, folder = os.path.relpath(cli), os.path.relpath(folder)
    program = cli if os.sep in cli else os.path.join(os.curdir, cli)
    subprocess.run([program, "strong", *map(str, flags), "--output", folder, "--quiet"], check=True)
    subprocess.run([program, "report", folder], check=True)


def remove(folder):
    """Removes the output of a run, and has the disk finish, so that the next run does not pay for it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.sync()
