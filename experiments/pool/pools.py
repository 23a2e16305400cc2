"""The Python pools, behind a common interface.

Each is used as its documentation recommends for speed; workers start by fork where there is a choice.
"""

import concurrent.futures
import multiprocessing

# The library chooses the chunk size.
AUTOMATIC = None


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

    def apply_async(self, function, item):
        return self.pool.apply_async(function, (item,))

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

    def apply_async(self, function, item):
        return self.pool.submit(function, item)

    def end(self):
        self.pool.shutdown()


class Loky(Executor):
    """loky's executor alone, as bundled with joblib, without joblib's batching."""

    def __init__(self, workers):
        from joblib.externals.loky import get_reusable_executor

        self.pool = get_reusable_executor(max_workers=workers)

    def end(self):
        self.pool.shutdown(kill_workers=True)


class Joblib:
    """joblib with its own executor, loky; it passes large arrays to the workers through memory-mapped files."""

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

    def apply_async(self, function, item):
        return self.pool.apply_async(function, (item,))

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

    def apply_async(self, function, item):
        return self.pool.schedule(function, args=(item,))

    def end(self):
        self.pool.stop()
        self.pool.join()


class Ending:
    """For `contextlib.closing`: ends a pool."""

    def __init__(self, pool):
        self.pool = pool

    def close(self):
        self.pool.end()


LIBRARIES = {
    "multiprocessing": Multiprocessing, "executor": Executor, "joblib": Joblib, "loky": Loky, "mpire": Mpire,
    "pebble": Pebble,
}  # fmt: skip
