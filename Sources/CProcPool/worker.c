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

// Standard streams of a worker. They are those of its parent, and what is written goes there at once: nothing lies in
// between that could lose it, reorder it or wait for a reader.

/// Bytes that a worker has written to `stderr` so far, and the last of them in a ring; the parent reads it when the worker
/// has ended.
static struct {
  _Atomic uint64_t byte_count;
  char bytes[CPROCPOOL_LAST_WORDS];
} *last_words;

static void keep(const char *bytes, size_t byte_count) {
  if (last_words == NULL) return;
  const uint64_t total = atomic_load_explicit(&last_words->byte_count, memory_order_relaxed);
  const size_t skipped = byte_count > CPROCPOOL_LAST_WORDS ? byte_count - CPROCPOOL_LAST_WORDS : 0;
  for (size_t index = skipped; index < byte_count; index++) {
    last_words->bytes[(total + index) % CPROCPOOL_LAST_WORDS] = bytes[index];
  }
  atomic_store_explicit(&last_words->byte_count, total + byte_count, memory_order_release);
}

void cprocpool_say_last(const char *text) { keep(text, strlen(text)); }

static ssize_t write_error(void *cookie, const char *bytes, size_t byte_count) {
  (void)cookie;
  keep(bytes, byte_count);
  size_t written = 0;
  while (written < byte_count) {
    const ssize_t count = write(STDERR_FILENO, bytes + written, byte_count - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return (ssize_t)written;  // fewer than there were tell the library of an error
    written += (size_t)count;
  }
  return (ssize_t)written;
}

/// What goes through the C library's `stderr` is kept on its way: what the Swift runtime says of a trap, and `assert`.
static void keep_last_words(void *memory) {
  last_words = memory;
  if (fileno(stderr) != STDERR_FILENO) return;  // the program has made it something else
  FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_error});
  if (stream == NULL) return;
  setvbuf(stream, NULL, _IONBF, 0);
  stream->_fileno = STDERR_FILENO;  // for those who ask with `fileno`
  stderr = stream;
}

/// A description of its own that waits: a parent's that does not would make the worker lose what there is no room for.
static void wait_for_room(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || (flags & O_NONBLOCK) == 0) return;
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  const int own = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  if (own < 0) return;  // a socket cannot be opened again
  dup2(own, descriptor);
  close(own);
}

/// Passes on whole lines, so that those of several workers do not tear each other; one that is unbuffered stays so.
static void write_by_lines(void) {
  const bool is_unbuffered = __fbufsize(stdout) == 1;
  if (!is_unbuffered) setvbuf(stdout, NULL, _IOLBF, 0);
}

void cprocpool_flush_output(void) { fflush(stdout); }

/// Ends the process with its main thread. One that leaves by `pthread_exit` while others go on would be neither alive, for
/// it takes no task, nor dead.
static void end_with_main_thread(void *unused) {
  (void)unused;
  _exit(0);
}

static void take_no_notice(int number) { (void)number; }

/// A write that fails says so by its result, and is no reason for a task to end: nobody at the other end of standard output,
/// a file that may grow no further. A handler and not SIG_IGN, which programs that the worker starts would inherit.
static void let_writes_fail(int number) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) < 0 || action.sa_handler != SIG_DFL) return;
  action = (struct sigaction){.sa_handler = take_no_notice, .sa_flags = SA_RESTART};
  sigaction(number, &action, NULL);
}

void cprocpool_become_worker(void *memory) {
  wait_for_room(STDOUT_FILENO);
  wait_for_room(STDERR_FILENO);
  write_by_lines();
  keep_last_words(memory);
  static char main_thread;
  pthread_key_t key;
  if (pthread_key_create(&key, end_with_main_thread) == 0) pthread_setspecific(key, &main_thread);
  let_writes_fail(SIGPIPE);
  let_writes_fail(SIGXFSZ);
}
