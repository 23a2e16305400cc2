/// What Swift cannot call itself: system calls without an importable symbol, macros, variadic functions, and the work
/// that a signal handler or a fresh child does where nothing but plain C is safe.
#ifndef CPROCPOOL_H
#define CPROCPOOL_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/// A number for the calling process that no other process of its line, before or after it, has: it changes with every
/// fork, whoever makes it, and costs one load to ask for. `getpid` is a system call, and its numbers are used again.
uint64_t cprocpool_process(void);

/// Where that number lies, for who asks after each task; other processes find 0 there, or a number of their own. NULL where
/// the system cannot clear it.
const uint64_t *cprocpool_process_word(void);

/// Moves a fresh descriptor above the three standard ones, which a program may have been started without: what is written
/// to standard error must not end up in a pipe of the pool. -1 with errno; negative numbers pass through.
int cprocpool_above_standard(int descriptor);

/// The same for both of a pair; on failure -1 with errno, and both are closed.
int cprocpool_both_above_standard(int ends[2]);

/// `fork` with all signals blocked around it (they are delivered afterwards), standard streams flushed before it, and
/// in the child: every handler back to its default, SIGINT ignored (the parent alone decides), standard
/// input from /dev/null, the mask restored, and `cprocpool_obey_parent`. Returns as `fork` does.
pid_t cprocpool_fork(void);

/// In a fresh child: becomes a fork server on `socket`, which gets a new number, the result (-1 with errno). Every other
/// descriptor but the standard ones is closed, and signals that ask a whole group to end do nothing: the parent may well
/// answer them by finishing its work, and ends the server by its own end.
int cprocpool_become_fork_server(int socket);

/// In a fork server of one thread: makes a process that is a copy of the server and a child of the server's parent,
/// `parent`. `*pid_word`, in memory that the parent shares, has the new process id from the moment there is a process.
/// In the child, the signal mask is as it was before `cprocpool_become_fork_server`, and it obeys the parent. Returns as `fork` does. `clone` with these flags has no wrapper.
pid_t cprocpool_fork_sibling(pid_t parent, int32_t *pid_word);

/// In a child: lets SIGTERM through, by which `parent` ends it and which whoever started the program may have left blocked,
/// and arranges a SIGKILL for the moment the parent's thread ends; where the parent has died meanwhile, the process
/// leaves at once. `prctl` is not visible from Swift.
void cprocpool_obey_parent(pid_t parent);

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

/// `poll` for nanoseconds, negative for ever; rounded up to a millisecond where it is more than two. `ppoll` is not visible
/// from Swift.
int cprocpool_poll(struct pollfd *entries, size_t count, int64_t nanoseconds);

/// Whether a child was stopped and went on since this was last asked. WCONTINUED is a macro that Swift does not see.
bool cprocpool_was_continued(pid_t pid);

/// Whether the calling process will be killed when its parent ends: a change of user takes that back.
bool cprocpool_dies_with_parent(void);

/// Gives a descriptor of a worker a high number, where what a body opens does not come to be even when it has closed what is
/// not its own. Returns the number, the old one where there is no higher.
int cprocpool_move_up(int descriptor);

/// Device and inode of what a descriptor stands for, the same for all descriptors of one pipe and no other; false where it
/// is not open. `fstat` is visible, but in Swift it is one of three things of that name.
bool cprocpool_identity(int descriptor, uint64_t identity[2]);

/// Shared memory: that of `descriptor`, or, where it is negative, anonymous, zeroed, and shared with every child forked
/// later. NULL with errno on failure. MAP_FAILED is a cast.
void *cprocpool_map_shared(size_t byte_count, int descriptor);

/// A file in memory without a name, close-on-exec; -1 with errno. `memfd_create` is not visible from Swift.
int cprocpool_memory_file(void);

/// Leaves memory out of every process that is forked from now on.
void cprocpool_keep_from_forks(void *memory, size_t byte_count);

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
/// second one, unless it arrives within half a second of the first, ends the process at once with 128 + its number. One
/// that is ignored stays so. A handler must be async-signal-safe C.
int cprocpool_watch_signals(const int *numbers, int count);

/// The lowest address of the calling thread's stack, 0 where the system does not say; and, near enough, the one that it has
/// come down to. `pthread_getattr_np` is not visible from Swift.
uintptr_t cprocpool_stack_bottom(void);
uintptr_t cprocpool_stack_position(void);

/// As much of the end of what a worker writes is kept.
enum { CPROCPOOL_LAST_WORDS = 4096 };

/// In a fresh worker: standard output is passed on by lines, what is written to `stderr` is kept in `memory` as well, nobody
/// reading either of them is no signal, a full one is waited for, and the process ends when its main thread does.
/// `memory` is shared with the parent and has the number of bytes written so far, eight bytes, then CPROCPOOL_LAST_WORDS
/// bytes, where byte n lies at n modulo their number. `stderr` is a macro, and only C can make a stream with a function of
/// its own behind it.
void cprocpool_become_worker(void *memory);

/// Whether the C library keeps something back that was printed to standard output. As `__fpending`, without the call: it is
/// asked after each task.
static inline bool cprocpool_has_output(void) { return stdout->_IO_write_ptr > stdout->_IO_write_base; }

/// Passes on what the body has printed and not ended with a line.
void cprocpool_flush_output(void);

/// Adds to what is kept, and writes nothing.
void cprocpool_say_last(const char *text);

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
