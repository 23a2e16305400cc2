/// What Swift cannot call itself: system calls without an importable symbol, macros, variadic functions, and the work
/// that a signal handler or a fresh child does where nothing but plain C is safe.
#ifndef CPROCPOOL_H
#define CPROCPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// `fork` with all signals blocked around it (they are delivered afterwards), standard streams flushed before it, and
/// in the child: every handler back to its default, SIGINT ignored (the parent alone decides), the mask restored, a
/// SIGKILL arranged for the moment the parent's thread ends, standard input from /dev/null. The child of a parent that
/// died meanwhile leaves at once. Returns as `fork` does.
pid_t cprocpool_fork(void);

/// Both ends close-on-exec; the ends that the parent will use are made non-blocking by `cprocpool_set_nonblocking`.
/// `pipe2` is not visible from Swift.
int cprocpool_pipe(int ends[2]);

/// O_NONBLOCK on the open file description. `fcntl` is variadic.
int cprocpool_set_nonblocking(int descriptor);

/// A descriptor that becomes readable when the process ends; close-on-exec. No wrapper in glibc before 2.36.
int cprocpool_pidfd_open(pid_t pid);

/// A non-blocking event counter, close-on-exec. `eventfd` is not visible from Swift.
int cprocpool_eventfd(void);

/// Anonymous memory, zeroed, shared with every child forked later. NULL with errno on failure. MAP_FAILED is a cast.
void *cprocpool_map_shared(size_t byte_count);

/// Sleeps while `*word` is `expected`, for at most so long (negative: for ever), until somebody wakes it or a signal comes;
/// it may also return for no reason. The word may lie in memory that processes share. glibc has no wrapper.
void cprocpool_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds);

/// Wakes all who sleep on `word`, in every process.
void cprocpool_futex_wake_all(const uint32_t *word);

/// Numbers of the processors that the calling process may use, at most `capacity`; how many, or -1. Macros on a bit set.
int cprocpool_allowed_processors(int *numbers, int capacity);

/// Keeps the calling process on these processors; -1 with errno where it may use none of them.
int cprocpool_bind_to_processors(const int *numbers, int count);

/// Whether a wait status says that a signal ended the process; then that signal, else the exit status. The W macros.
bool cprocpool_was_signalled(int wait_status);
int cprocpool_signal_or_status(int wait_status);

/// "SIGKILL" and the like, NULL for a number that is no signal. `sigabbrev_np` is a GNU extension.
const char *cprocpool_signal_name(int number);

/// Has each of the signals write one byte, its number, to a pipe whose reading end is returned (-1 with errno); the
/// second one, unless it arrives within half a second of the first, ends the process at once with 128 + its number. A
/// handler must be async-signal-safe C.
int cprocpool_watch_signals(const int *numbers, int count);

/// The processor's counter, which runs at a constant rate; 0 where there is none to be read. An instruction.
static inline uint64_t cprocpool_ticks(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return 0;
#endif
}

#endif
