"""Measures one scenario with one Python pool and prints one line of JSON: peers.py LIBRARY SCENARIO WORKERS TASKS.

Each pool is used as its documentation tells a programmer who wants it fast; workers start by fork where there is a
choice.
"""

import concurrent.futures
import contextlib
import gc
import json
import multiprocessing
import multiprocessing.shared_memory
import sys
import time

IMAGE_SHAPE = (1080, 1920, 3)
AUTOMATIC = None


def same(number):
    return number


def inverted(image):
    return ~image


class Multiprocessing:
    """The standard library's multiprocessing.Pool."""

    def __init__(self, workers):
        self.pool = multiprocessing.get_context("fork").Pool(workers)

    def map(self, function, items, chunk):
        return self.pool.map(function, items, chunksize=chunk)

    def unordered(self, function, items, count):
        return self.pool.imap_unordered(function, items)

    def apply(self, function, item):
        return self.pool.apply(function, (item,))

    def end(self):
        self.pool.terminate()
        self.pool.join()


class Executor:
    """The standard library's concurrent.futures.ProcessPoolExecutor. Its default chunk is 1; its map is ordered."""

    def __init__(self, workers):
        context = multiprocessing.get_context("fork")
        self.pool = concurrent.futures.ProcessPoolExecutor(workers, mp_context=context)

    def map(self, function, items, chunk):
        return list(self.pool.map(function, items, **({} if chunk is AUTOMATIC else {"chunksize": chunk})))

    def unordered(self, function, items, count):
        return self.pool.map(function, items)

    def apply(self, function, item):
        return self.pool.submit(function, item).result()

    def end(self):
        self.pool.shutdown()


class Joblib:
    """joblib with loky, its own executor; it passes large arrays to the workers through files in memory."""

    def __init__(self, workers):
        import joblib

        self.joblib = joblib
        self.workers = workers
        self.parallel = joblib.Parallel(n_jobs=workers).__enter__()

    def map(self, function, items, chunk):
        self.parallel.batch_size = "auto" if chunk is AUTOMATIC else chunk
        return self.parallel(self.joblib.delayed(function)(item) for item in items)

    def unordered(self, function, items, count):
        parallel = self.joblib.Parallel(n_jobs=self.workers, return_as="generator_unordered", batch_size=1)
        return parallel(self.joblib.delayed(function)(item) for item in items)

    def apply(self, function, item):
        return self.parallel([self.joblib.delayed(function)(item)])[0]

    def end(self):
        self.parallel.__exit__(None, None, None)
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(kill_workers=True)


class Mpire:
    def __init__(self, workers):
        import mpire

        self.pool = mpire.WorkerPool(n_jobs=workers, start_method="fork", keep_alive=True)

    def map(self, function, items, chunk):
        return self.pool.map(function, items, chunk_size=chunk)

    def unordered(self, function, items, count):
        return self.pool.imap_unordered(function, items, iterable_len=count, chunk_size=1)

    def apply(self, function, item):
        return self.pool.apply(function, (item,))

    def end(self):
        self.pool.terminate()


class Pebble:
    """Its default chunk is 1; its map is ordered."""

    def __init__(self, workers):
        import pebble

        self.pool = pebble.ProcessPool(workers, context=multiprocessing.get_context("fork"))

    def map(self, function, items, chunk):
        return list(self.pool.map(function, items, **({} if chunk is AUTOMATIC else {"chunksize": chunk})).result())

    def unordered(self, function, items, count):
        return self.pool.map(function, items).result()

    def apply(self, function, item):
        return self.pool.schedule(function, args=(item,)).result()

    def end(self):
        self.pool.stop()
        self.pool.join()


LIBRARIES = {
    "multiprocessing": Multiprocessing, "executor": Executor, "joblib": Joblib, "mpire": Mpire, "pebble": Pebble,
}  # fmt: skip


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
    """From before the pool is made to the results of one task for each worker; the import is not counted."""
    for module in {"joblib": ["joblib"], "mpire": ["mpire"], "pebble": ["pebble"]}.get(library, []):
        __import__(module)
    begin = time.monotonic()
    with contextlib.closing(Ending(LIBRARIES[library](workers))) as ending:
        results = ending.pool.map(same, range(workers), 1)
        wall = time.monotonic() - begin
        check(list(results) == list(range(workers)))
        return {"tasks": workers, "wallSeconds": wall}


def measured_memory(library, workers, tasks):
    """Results as they come, from a sequence that is never all in memory unless the pool puts it there."""
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
    """What a programmer can do by hand: multiprocessing.Pool with shared memory that the workers inherit."""
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
    """As many images at a time as there are slots; each is copied in and its result is copied out."""
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


class Ending:
    """For `contextlib.closing`: ends a pool."""

    def __init__(self, pool):
        self.pool = pool

    def close(self):
        self.pool.end()


SCENARIOS = {
    "map-chunk-1": lambda library, workers, tasks: measured_map(library, workers, tasks, 1),
    "map-default": lambda library, workers, tasks: measured_map(library, workers, tasks, AUTOMATIC),
    "apply": measured_apply,
    "start": lambda library, workers, tasks: measured_start(library, workers),
    "image": measured_image,
    "image-shared": measured_image_shared,
    "memory": measured_memory,
}


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in LIBRARIES or sys.argv[2] not in SCENARIOS:
        sys.exit(f"usage: peers.py {{{','.join(LIBRARIES)}}} {{{','.join(SCENARIOS)}}} WORKERS TASKS")
    library, scenario, workers, tasks = sys.argv[1:]
    print(json.dumps(SCENARIOS[scenario](library, int(workers), int(tasks))))


if __name__ == "__main__":
    main()
