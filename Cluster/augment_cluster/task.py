"""The function that runs on a worker. It travels by value, so that workers need Dask only: it may use nothing that does
not travel with it, and nothing else that is not in Python's library or in Dask.
"""

from __future__ import annotations

import errno
import json
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

from distributed import get_worker


class Attempt:
    """A task, as its worker sees it."""

    def __init__(self, time_limit: float | None) -> None:
        self.worker = get_worker()
        self.key = self.worker.get_current_task()
        self.time_limit = time_limit
        self.begin = time.monotonic()

    def why_stop(self) -> str:
        """Why nobody needs the result any more: the driver has cancelled it, or is gone; empty if it is needed."""
        if self.time_limit is not None and time.monotonic() - self.begin > self.time_limit:
            return "time limit"
        if self.worker.status.name in ("closing", "closed", "failed", "stopping"):
            return "worker closed"
        try:  # not public: where it is missing, the program goes on to its end
            task = self.worker.state.tasks.get(self.key)
            return "not wanted" if task is None or task.state == "cancelled" else ""
        except Exception:
            return ""

    def told(self, end: dict[str, Any]) -> dict[str, Any]:
        """An end, with where it was and how long it took."""
        return {
            **end, "host": socket.gethostname(), "worker": self.worker.address,
            "seconds": time.monotonic() - self.begin}  # fmt: skip


def run_shards(command: list[str], folder: str, time_limit: float | None) -> dict[str, Any]:
    """Runs one range of shards to its end, in the thread that called."""
    attempt = Attempt(time_limit)
    return attempt.told(run_program(command, folder, attempt.why_stop))


def ended(status: int | None, text: bytes = b"", errors: str = "", reason: str = "") -> dict[str, Any]:
    """How a program ended, with the JSON object in the last line of its text."""
    try:
        said = json.loads(text.splitlines()[-1])
    except (ValueError, IndexError):
        said = {}
    return {"status": status, "said": said if isinstance(said, dict) else {}, "reason": reason, "errors": errors}


def run_program(command: list[str], folder: str, why_stop: Callable[[], str]) -> dict[str, Any]:
    """Runs the program, which is killed with its processes once there is a reason to stop.

    The thread that starts it must be the one that waits for it, because `--die-with-parent` has the kernel end the
    program with this thread.
    """
    try:
        # Without the folder, paths that depend on it are not found, and the program says so.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder if os.path.isdir(folder) else "/", start_new_session=True)
    except (FileNotFoundError, PermissionError) as error:
        return ended(78, errors=str(error))
    except OSError as error:
        return ended(78 if error.errno == errno.ENOEXEC else 75, errors=str(error))

    def kill(number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass

    def end(status: int | None) -> dict[str, Any]:
        return ended(status, text, errors.decode(errors="replace"), reason)

    text, errors, reason, kill_at, ended_at = b"", b"", "", None, None
    # Read by hand: what the program says may be long, and only its end is kept.
    with selectors.DefaultSelector() as selector, process.stdout as output, process.stderr as complaints:
        selector.register(output, selectors.EVENT_READ)
        selector.register(complaints, selectors.EVENT_READ)
        try:
            while True:
                for ready, _ in selector.select(0.2) if selector.get_map() else ():
                    chunk = os.read(ready.fd, 65536)
                    if not chunk:
                        selector.unregister(ready.fileobj)
                    elif ready.fileobj is output:
                        text = (text + chunk)[-(1 << 20) :]
                    else:
                        errors = (errors + chunk)[-1024:]
                now = time.monotonic()
                if ended_at is None and process.poll() is not None:
                    ended_at = now
                # A process that the program left behind may hold the pipes: they are not waited for.
                if ended_at is not None and (not selector.get_map() or now > ended_at + 1):
                    break
                if not selector.get_map() and ended_at is None:
                    time.sleep(0.02)
                if ended_at is None and not reason and (reason := why_stop()):
                    kill(signal.SIGTERM)
                    kill_at = now + 3
                elif ended_at is None and kill_at is not None and now > kill_at:
                    kill(signal.SIGKILL)
                    if now > kill_at + 5:  # it hangs in the kernel, in a mount that does not answer
                        return end(None)
        finally:
            kill(signal.SIGKILL)
    return end(None if reason else process.returncode)
