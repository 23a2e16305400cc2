"""The function that runs on a worker. It travels by value, so that workers need Dask only: it may use nothing of this
package, and nothing that is not in Python's library or in Dask.
"""

from __future__ import annotations

from typing import Any


def run_shards(command: list[str], folder: str, time_limit: float | None) -> dict[str, Any]:
    """Runs one range of shards to its end, in the thread that called.

    That thread must be the one that starts the program, because `--die-with-parent` has the kernel end the program with
    this thread. The program is killed with its processes if it takes too long, if the worker closes, and if nobody waits
    for the result any more: the driver has cancelled it, or is gone.
    """
    import json
    import os
    import selectors
    import signal
    import socket
    import subprocess
    import time

    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    begin = time.monotonic()

    def answer(status: int | None, text: bytes = b"", errors: bytes = b"", reason: str = "") -> dict[str, Any]:
        try:
            said = json.loads(text.splitlines()[-1])
        except (ValueError, IndexError):
            said = {}
        return {
            "status": status, "said": said if isinstance(said, dict) else {}, "reason": reason,
            "errors": errors.decode(errors="replace"), "host": socket.gethostname(), "worker": worker.address,
            "seconds": time.monotonic() - begin,
        }  # fmt: skip

    def why_stop() -> str:
        if time_limit is not None and time.monotonic() - begin > time_limit:
            return "time limit"
        if worker.status.name in ("closing", "closed", "failed", "stopping"):
            return "worker closed"
        try:  # not public: where it is missing, the program goes on to its end
            task = worker.state.tasks.get(key)
            return "not wanted" if task is None or task.state == "cancelled" else ""
        except Exception:
            return ""

    try:
        # Without the folder, paths that depend on it are not found, and the program says so.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder if os.path.isdir(folder) else "/", start_new_session=True)
    except (FileNotFoundError, PermissionError) as error:
        return answer(78, errors=str(error).encode())
    except OSError as error:
        import errno
        return answer(78 if error.errno == errno.ENOEXEC else 75, errors=str(error).encode())

    def kill(number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass

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
                        return answer(None, text, errors, reason)
        finally:
            kill(signal.SIGKILL)
    return answer(None if reason else process.returncode, text, errors, reason)
