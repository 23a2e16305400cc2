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

/// In a fresh child: becomes a fork server on `socket`, which gets a new number, the result (-1 with errno). Every other
/// descriptor but the standard ones is closed, and signals that ask a whole group to end do nothing: the parent may well
/// answer them by finishing its work, and ends the server by its own end.
int cprocpool_become_fork_server(int socket);

/// In a fork server of one thread: makes a process that is a copy of the server and a child of the server's parent,
/// `parent`. `*pid_word`, in memory that the parent shares, has the new process id from the moment there is a process.
/// In the child, the signal mask is as it was before `cprocpool_become_fork_server` and a SIGKILL is arranged for the moment
/// the parent's thread ends. Returns as `fork` does. `clone` with these flags has no wrapper.
pid_t cprocpool_fork_sibling(pid_t parent, int32_t *pid_word);

/// Arranges a SIGKILL for the moment the parent's thread ends; the child of a parent that died meanwhile, so that it is
/// no longer `parent`, leaves at once. `prctl` is not visible from Swift.
void cprocpool_die_with_parent(pid_t parent);

/// The working directory as a descriptor that another process can be given, close-on-exec; -1 with errno. It needs no
/// permission to read, thanks to O_PATH, which Swift does not see.
int cprocpool_working_folder(void);

/// A connected pair of sockets that keep the bounds of messages, close-on-exec.
int cprocpool_socket_pair(int ends[2]);

/// Descriptors in one message at most.
enum { CPROCPOOL_MAX_DESCRIPTORS = 16 };

/// Sends a message and descriptors beside it, without SIGPIPE. The macros of control messages are not visible from Swift.
ssize_t cprocpool_send(int socket, const void *bytes, size_t byte_count, const int *descriptors, int descriptor_count);

/// Receives a message, and up to CPROCPOOL_MAX_DESCRIPTORS descriptors, all close-on-exec, with their count; fewer than
/// were sent where this process may have no more.
ssize_t cprocpool_receive(int socket, void *bytes, size_t byte_count, int *descriptors, int *descriptor_count);

/// Both ends close-on-exec; the ends that the parent will use are made non-blocking by `cprocpool_set_nonblocking`.
/// `pipe2` is not visible from Swift.
int cprocpool_pipe(int ends[2]);

/// O_NONBLOCK on the open file description. `fcntl` is variadic.
int cprocpool_set_nonblocking(int descriptor);

/// A descriptor that becomes readable when the process ends; close-on-exec. No wrapper in glibc before 2.36.
int cprocpool_pidfd_open(pid_t pid);

/// A non-blocking event counter, close-on-exec. `eventfd` is not visible from Swift.
int cprocpool_eventfd(void);

/// Shared memory: that of `descriptor`, or, where it is negative, anonymous, zeroed, and shared with every child forked
/// later. NULL with errno on failure. MAP_FAILED is a cast.
void *cprocpool_map_shared(size_t byte_count, int descriptor);

/// A file in memory without a name, close-on-exec; -1 with errno. `memfd_create` is not visible from Swift.
int cprocpool_memory_file(void);

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
