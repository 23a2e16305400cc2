#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#include "include/CProcPool.h"

// Standard streams of a worker. They are the parent's, and output goes there directly: no intermediary could lose it,
// reorder it or wait for a reader.

/// The number of bytes the worker has written to `stderr`, and a ring with the last of them. The parent reads it after
/// the worker dies.
static struct {
  _Atomic uint64_t byte_count;
  char bytes[CPROCPOOL_STDERR_TAIL];
} *stderr_tail;

static void append_tail(const char *bytes, size_t byte_count) {
  if (stderr_tail == NULL) return;
  const uint64_t total = atomic_load_explicit(&stderr_tail->byte_count, memory_order_relaxed);
  const size_t skipped = byte_count > CPROCPOOL_STDERR_TAIL ? byte_count - CPROCPOOL_STDERR_TAIL : 0;
  for (size_t index = skipped; index < byte_count; index++) {
    stderr_tail->bytes[(total + index) % CPROCPOOL_STDERR_TAIL] = bytes[index];
  }
  atomic_store_explicit(&stderr_tail->byte_count, total + byte_count, memory_order_release);
}

void cprocpool_append_stderr_tail(const char *text) { append_tail(text, strlen(text)); }

static ssize_t write_error(void *cookie, const char *bytes, size_t byte_count) {
  (void)cookie;
  append_tail(bytes, byte_count);
  size_t written = 0;
  while (written < byte_count) {
    const ssize_t count = write(STDERR_FILENO, bytes + written, byte_count - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return (ssize_t)written;  // a short count is how a cookie reports an error
    written += (size_t)count;
  }
  return (ssize_t)written;
}

/// Copies what is written through the C library's `stderr`: the Swift runtime's trap messages, and `assert`.
static void copy_stderr_to(void *memory) {
  stderr_tail = memory;
  if (fileno(stderr) != STDERR_FILENO) return;  // the program has redirected it
  FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_error});
  if (stream == NULL) return;
  setvbuf(stream, NULL, _IONBF, 0);
  stream->_fileno = STDERR_FILENO;  // for code that calls `fileno(stderr)`
  stderr = stream;
}

/// Replaces a non-blocking open file description with a blocking one private to the worker. O_NONBLOCK belongs to the
/// description, which parent and worker share; with it, the worker would lose output that does not fit into a full
/// pipe.
static void make_blocking(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || (flags & O_NONBLOCK) == 0) return;
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  const int own = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  if (own < 0) return;  // a socket cannot be reopened
  dup2(own, descriptor);
  close(own);
}

/// Sets line buffering, so that lines of several workers do not interleave. An unbuffered stream stays unbuffered.
static void write_by_lines(void) {
  const bool is_unbuffered = __fbufsize(stdout) == 1;
  if (!is_unbuffered) setvbuf(stdout, NULL, _IOLBF, 0);
}

void cprocpool_flush_output(void) { fflush(stdout); }

/// Exits the process when its main thread ends. A worker whose main thread called `pthread_exit` while other threads
/// run would take no task, yet not be dead.
static void end_with_main_thread(void *unused) {
  (void)unused;
  _exit(0);
}

static void ignore_signal(int number) { (void)number; }

/// Lets a failing write return its error instead of killing the worker: standard output may have lost its reader, or a
/// file may have reached its size limit. A handler rather than SIG_IGN, which child programs would inherit.
static void ignore_write_signal(int number) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) < 0 || action.sa_handler != SIG_DFL) return;
  action = (struct sigaction){.sa_handler = ignore_signal, .sa_flags = SA_RESTART};
  sigaction(number, &action, NULL);
}

void cprocpool_become_worker(void *memory) {
  make_blocking(STDOUT_FILENO);
  make_blocking(STDERR_FILENO);
  write_by_lines();
  copy_stderr_to(memory);
  static char main_thread;
  pthread_key_t key;
  if (pthread_key_create(&key, end_with_main_thread) == 0) pthread_setspecific(key, &main_thread);
  ignore_write_signal(SIGPIPE);
  ignore_write_signal(SIGXFSZ);
}
