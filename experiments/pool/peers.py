"""Measures one scenario with one Python pool and prints one line of JSON: peers.py LIBRARY SCENARIO WORKERS TASKS."""

import contextlib
import functools
import gc
import json
import multiprocessing
import multiprocessing.shared_memory
import os
import signal
import sys
import time

import mixed
from pools import AUTOMATIC, LIBRARIES, Ending, Multiprocessing

IMAGE_SHAPE = (1080, 1920, 3)


def same(number):
    return number


def inverted(image):
    return ~image


def slept(seconds):
    """Also returns the worker's process id."""
    time.sleep(seconds)
    return seconds, os.getpid()


def measured_map(library, workers, tasks, chunk):
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        ending.pool.map(same, range(100), 1)
        begin = time.monotonic()
        results = ending.pool.map(same, range(tasks), chunk)
        wall = time.monotonic() - begin
        check(list(results) == list(range(tasks)))
        return {"tasks": tasks, "wallSeconds": wall}


def measured_apply(library, workers, tasks):
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        for number in range(20):
            ending.pool.apply(same, number)
        begin = time.monotonic()
        for number in range(tasks):
            check(ending.pool.apply(same, number) == number)
        return {"tasks": tasks, "wallSeconds": time.monotonic() - begin}


def measured_start(library, workers):
    """From before the pool is made to the results of one task per worker; the import is not counted."""
    for module in {"joblib": ["joblib"], "mpire": ["mpire"], "pebble": ["pebble"]}.get(library, []):
        __import__(module)
    begin = time.monotonic()
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        results = ending.pool.map(same, range(workers), 1)
        wall = time.monotonic() - begin
        check(list(results) == list(range(workers)))
        return {"tasks": workers, "wallSeconds": wall}


def measured_mixed(mix, chunk, library, workers, tasks):
    """Tasks that sleep, some longer than others."""
    lengths = mix.lengths(tasks)
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        warm_up(ending.pool, workers)
        begin = time.monotonic()
        results = ending.pool.map(slept, lengths, chunk)
        wall = time.monotonic() - begin
        check([length for length, _ in results] == lengths)
        return {"tasks": tasks, "wallSeconds": wall, "taskSeconds": sum(lengths), "ended": True}


def measured_hanging(mix, chunk, library, workers, tasks):
    """Seconds until a map ends beside a task that hangs."""
    lengths, ended = mix.lengths(tasks), False
    pool = LIBRARIES[library](workers)
    try:
        warm_up(pool, workers)
        pool.apply_async(slept, mixed.HANGING_SECONDS)
        begin = time.monotonic()
        with contextlib.suppress(NotEnded), time_limit(mixed.LIMIT_SECONDS):
            results = pool.map(slept, lengths, chunk)
            ended = True
        wall = time.monotonic() - begin
        check(not ended or [length for length, _ in results] == lengths)
        return {"tasks": tasks, "wallSeconds": wall, "taskSeconds": sum(lengths), "ended": ended}
    finally:
        if library == "executor":  # its shutdown waits for the task
            for process in multiprocessing.active_children():
                process.kill()
        pool.end()


class NotEnded(Exception):
    pass


@contextlib.contextmanager
def time_limit(seconds):
    """Raises `NotEnded` by a signal: a blocking `map` has no time limit in most libraries."""

    def give_up(number, frame):
        raise NotEnded

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def warm_up(pool, workers):
    """Runs tasks until every worker has had one, because loky's workers start slowly; then tasks that do nothing.

    After long ones, a pool that hands out ahead only while tasks are short would know what is coming.
    """
    seen = set()
    while len(seen) < workers:
        seen |= {worker for _, worker in pool.map(slept, [0.02] * 4 * workers, 1)}
    pool.map(slept, [0] * 100 * workers, 1)


def measured_memory(library, workers, tasks):
    """Results as they arrive, from a sequence that is never all in memory unless the pool puts it there."""
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        drain(ending.pool.unordered(same, iter(range(1000)), 1000), 1000)
        gc.collect()
        before = status_bytes("VmRSS")
        begin = time.monotonic()
        drain(ending.pool.unordered(same, iter(range(tasks)), tasks), tasks)
        wall = time.monotonic() - begin
        memory = {"residentBytesBegin": before, "residentBytesEnd": status_bytes("VmRSS")}
        return {"tasks": tasks, "wallSeconds": wall, **memory, "residentBytesPeak": status_bytes("VmHWM")}


def measured_image(library, workers, tasks):
    image = picture()
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        list(ending.pool.unordered(inverted, [image] * workers, workers))
        begin = time.monotonic()
        seen = 0
        for result in ending.pool.unordered(inverted, (image for _ in range(tasks)), tasks):
            check_inverted(result, image)
            seen += 1
        wall = time.monotonic() - begin
        check(seen == tasks)
        return {"tasks": tasks, "wallSeconds": wall}


def measured_image_shared(library, workers, tasks):
    """multiprocessing.Pool with hand-written slots in shared memory that the workers inherit."""
    import numpy

    image = picture()
    slots = 2 * workers
    memory = multiprocessing.shared_memory.SharedMemory(create=True, size=slots * image.nbytes)
    try:
        ARRAYS.append(numpy.ndarray((slots, *IMAGE_SHAPE), numpy.uint8, buffer=memory.buf))
        with contextlib.closing(Ending(Multiprocessing(workers))) as ending:
            pass_through_slots(ending.pool.pool, image, slots, slots)
            begin = time.monotonic()
            pass_through_slots(ending.pool.pool, image, slots, tasks)
            return {"tasks": tasks, "wallSeconds": time.monotonic() - begin}
    finally:
        ARRAYS.clear()
        memory.close()
        memory.unlink()


ARRAYS = []


def invert_slot(number):
    import numpy

    numpy.invert(ARRAYS[0][number], out=ARRAYS[0][number])


def pass_through_slots(pool, image, slots, tasks):
    """As many images at a time as there are slots; each is copied in, and its result is copied out."""
    import numpy

    waiting, result = [], numpy.empty_like(image)
    for task in range(tasks + slots):
        if task >= slots:
            number, handle = waiting.pop(0)
            handle.get()
            numpy.copyto(result, ARRAYS[0][number])
            check_inverted(result, image)
        if task < tasks:
            number = task % slots
            ARRAYS[0][number] = image
            waiting.append((number, pool.apply_async(invert_slot, (number,))))


def picture():
    import numpy

    count = IMAGE_SHAPE[0] * IMAGE_SHAPE[1] * IMAGE_SHAPE[2]
    return (numpy.arange(count) * 7).astype(numpy.uint8).reshape(IMAGE_SHAPE)


def check_inverted(result, image):
    check(result.shape == image.shape)
    result, image = result.ravel(), image.ravel()
    check(all(int(result[index]) + int(image[index]) == 255 for index in (0, image.size // 2, -1)))


def drain(results, count):
    seen = total = 0
    for result in results:
        seen += 1
        total += result
    check(seen == count and total == count * (count - 1) // 2)


def check(truth):
    """A pool that gives a wrong result is not measured."""
    if not truth:
        sys.exit("wrong results")


def status_bytes(field):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(field + ":"))


def mixed_scenarios():
    for name, mix in mixed.MIXES.items():
        measured = measured_hanging if mix.hanging else measured_mixed
        yield f"{name}-chunk-1", functools.partial(measured, mix, 1)
        yield f"{name}-default", functools.partial(measured, mix, AUTOMATIC)


SCENARIOS = {
    "map-chunk-1": lambda library, workers, tasks: measured_map(library, workers, tasks, 1),
    "map-default": lambda library, workers, tasks: measured_map(library, workers, tasks, AUTOMATIC),
    "apply": measured_apply,
    "start": lambda library, workers, tasks: measured_start(library, workers),
    "image": measured_image,
    "image-shared": measured_image_shared,
    "memory": measured_memory,
    **dict(mixed_scenarios()),
}


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in LIBRARIES or sys.argv[2] not in SCENARIOS:
        sys.exit(f"usage: peers.py {{{','.join(LIBRARIES)}}} {{{','.join(SCENARIOS)}}} WORKERS TASKS")
    library, scenario, workers, tasks = sys.argv[1:]
    print(json.dumps(SCENARIOS[scenario](library, int(workers), int(tasks))))


if __name__ == "__main__":
    main()
