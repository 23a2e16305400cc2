/// What Swift cannot call directly: system calls without an importable symbol, macros, variadic functions, and code in
/// signal handlers and fresh children, where only plain C is safe.
#ifndef CPROCPOOL_H
#define CPROCPOOL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/// A number for the calling process that no ancestor or descendant shares. It changes with every fork, whichever call
/// forks, and costs one load. `getpid` is a system call, and process ids are reused.
uint64_t cprocpool_process(void);

/// The address of that number, for a check after each task; in a forked process the word is 0 or another number. NULL
/// if the kernel cannot clear it.
const uint64_t *cprocpool_process_word(void);

/// Moves a fresh descriptor above the three standard ones, which may be closed when the program starts; otherwise
/// standard error could end up in a pipe of the pool. -1 with errno; negative numbers pass through.
int cprocpool_above_standard(int descriptor);

/// The same for both ends of a pipe or socket pair; on failure -1 with errno, and both are closed.
int cprocpool_both_above_standard(int ends[2]);

/// `fork` with all signals blocked around it (they are delivered afterwards) and standard streams flushed before it, so
/// that no child prints the parent's buffer again. In the child: every handler is reset, SIGINT is ignored (the parent
/// alone decides), standard input is /dev/null, the mask is restored, and `cprocpool_obey_parent` is called. Returns as
/// `fork`.
pid_t cprocpool_fork(void);

/// In a fresh child: becomes a fork server on `socket` and returns the socket's new number (-1 with errno). All other
/// descriptors except the standard ones are closed. SIGHUP and SIGTERM, which may be sent to the whole group, have no
/// effect: the parent may respond to them by finishing its work, and the server ends with the parent.
int cprocpool_become_fork_server(int socket);

/// In a single-threaded fork server: starts a process that is a copy of the server and a child of `parent`, the
/// server's parent. `*pid_word`, in memory shared with that parent, holds the new process id from the moment the
/// process exists. In the child, the signal mask is as before `cprocpool_become_fork_server`, and
/// `cprocpool_obey_parent` has been called. Returns as `fork`. `clone` with these flags has no wrapper.
pid_t cprocpool_fork_sibling(pid_t parent, int32_t *pid_word);

/// In a child: unblocks SIGTERM, with which `parent` stops it and which may be blocked when the program starts, and
/// requests SIGKILL for when the parent's thread ends. If the parent is already dead, the process exits. `prctl` is not
/// visible from Swift.
void cprocpool_obey_parent(pid_t parent);

/// The working directory as a descriptor that can be sent to another process, close-on-exec; -1 with errno. Needs no
/// read permission thanks to O_PATH, which is not visible from Swift.
int cprocpool_working_folder(void);

/// A connected pair of SOCK_SEQPACKET sockets, which preserve message boundaries; close-on-exec.
int cprocpool_socket_pair(int ends[2]);

/// Maximum number of descriptors in one message.
enum { CPROCPOOL_MAX_DESCRIPTORS = 16 };

/// Sends a message with attached descriptors, non-blocking and without SIGPIPE. EINVAL for more than
/// CPROCPOOL_MAX_DESCRIPTORS. The macros for control messages are not visible from Swift.
ssize_t cprocpool_send(int socket, const void *bytes, size_t byte_count, const int *descriptors, int descriptor_count);

/// Receives a message and up to CPROCPOOL_MAX_DESCRIPTORS descriptors, close-on-exec, and their count; fewer than were
/// sent if this process has reached its descriptor limit.
ssize_t cprocpool_receive(int socket, void *bytes, size_t byte_count, int *descriptors, int *descriptor_count);

/// A pipe with both ends close-on-exec; `cprocpool_set_nonblocking` makes the parent's ends non-blocking. `pipe2` is
/// not visible from Swift.
int cprocpool_pipe(int ends[2]);

/// O_NONBLOCK on the open file description. `fcntl` is variadic.
int cprocpool_set_nonblocking(int descriptor);

/// A descriptor that becomes readable when the process ends; close-on-exec. glibc has no wrapper before 2.36.
int cprocpool_pidfd_open(pid_t pid);

/// `poll` for nanoseconds; negative: forever. Above 2 ms it rounds up to a millisecond. `ppoll` is not visible from
/// Swift.
int cprocpool_poll(struct pollfd *entries, size_t count, int64_t nanoseconds);

/// Whether a child was stopped and continued since the last call. WCONTINUED is not visible from Swift.
bool cprocpool_was_continued(pid_t pid);

/// Whether the kernel will kill the calling process with its parent. Changing the user id cancels that.
bool cprocpool_dies_with_parent(void);

/// Gives a worker's descriptor a high number, which files opened by a body do not get, even after the body has closed
/// descriptors it does not own. Returns the new number, or the old one if none is free.
int cprocpool_move_up(int descriptor);

/// Device and inode of a descriptor, shared by all descriptors of a pipe and by no others; false if it is not open.
/// `fstat` is visible, but ambiguous in Swift: three declarations have that name.
bool cprocpool_identity(int descriptor, uint64_t identity[2]);

/// Maps shared memory: that of `descriptor`, or, if it is negative, anonymous zeroed memory shared with every child
/// forked later. NULL with errno. MAP_FAILED is a cast, which Swift does not import.
void *cprocpool_map_shared(size_t byte_count, int descriptor);

/// An unnamed in-memory file, close-on-exec; -1 with errno. `memfd_create` is not visible from Swift.
int cprocpool_memory_file(void);

/// Excludes memory from all processes forked from now on.
void cprocpool_keep_from_forks(void *memory, size_t byte_count);

/// Sleeps while `*word` is `expected`, for at most `nanoseconds` (negative: forever), until a wake-up or a signal; may
/// also wake spuriously. The word may be shared between processes. glibc has no wrapper.
void cprocpool_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds);

/// Wakes all waiters on `word`, in every process.
void cprocpool_futex_wake_all(const uint32_t *word);

/// Lists the processors that the calling process may use, at most `capacity`; returns their number, or -1. CPU_SET is a
/// macro.
int cprocpool_allowed_processors(int *numbers, int capacity);

/// Binds the calling process to these processors; -1 with errno if it may use none of them.
int cprocpool_bind_to_processors(const int *numbers, int count);

/// Whether a wait status means death by a signal; and that signal, or else the exit status. WIFSIGNALED etc. are
/// macros.
bool cprocpool_was_signalled(int wait_status);
int cprocpool_signal_or_status(int wait_status);

/// A name such as "SIGKILL"; NULL if the number is not a signal. `sigabbrev_np` is a GNU extension.
const char *cprocpool_signal_name(int number);

/// Makes each of the signals write its number as one byte to a pipe and returns the pipe's read end (-1 with errno). A
/// second signal exits the process at once with 128 + its number, unless it arrives within half a second of the first.
/// An ignored signal stays ignored. A handler must be async-signal-safe C.
int cprocpool_watch_signals(const int *numbers, int count);

/// The lowest address of the calling thread's stack (0 if unknown), and approximately the lowest one in use.
/// `pthread_getattr_np` is not visible from Swift.
uintptr_t cprocpool_stack_bottom(void);
uintptr_t cprocpool_stack_position(void);

/// Number of trailing bytes of a worker's `stderr` that are kept.
enum { CPROCPOOL_STDERR_TAIL = 4096 };

/// In a fresh worker: makes standard output line-buffered, copies `stderr` into `memory`, makes writes to a stream
/// without a reader fail instead of raising a signal and writes to a full one block, and ends the process with its main
/// thread. `memory` is shared with the parent: eight bytes with the number of bytes written so far, then a ring of
/// CPROCPOOL_STDERR_TAIL bytes, where byte n is at n modulo the ring's size. `stderr` is a macro, and only C can create
/// a stream with a custom write function.
void cprocpool_become_worker(void *memory);

/// Whether standard output has unflushed bytes. `__fpending` without the call, because it is checked after each task.
static inline bool cprocpool_has_output(void) { return stdout->_IO_write_ptr > stdout->_IO_write_base; }

/// Flushes output that the body has printed without a newline.
void cprocpool_flush_output(void);

/// Appends to the copy of `stderr` without writing to `stderr`.
void cprocpool_append_stderr_tail(const char *text);

/// In a worker, for the rest of its life: no new privileges by running programs, no core files, and the first to go
/// when the machine runs out of memory. `prctl` is not visible from Swift.
void cprocpool_renounce(void);

/// Limits the address space of the calling process for good. False if it is limited to less already.
bool cprocpool_limit_memory(uint64_t byte_count);

/// Whether the process could get this much memory now.
bool cprocpool_can_map(size_t byte_count);

/// A folder with all below it, or a file, that a confined process may read, or read and write.
typedef struct {
  int descriptor;
  bool is_writable;
} cprocpool_place;

/// The version of Landlock in the running kernel; 0 if there is none.
int cprocpool_landlock_version(void);

/// Confines the calling process, which has one thread, to these places, and, as far as the kernel can, from TCP and
/// from the signals and sockets of other processes. False if the kernel cannot. Needs `cprocpool_renounce` before.
bool cprocpool_confine_files(const cprocpool_place *places, int count, bool allows_network);

/// Whether the running kernel filters system calls.
bool cprocpool_can_confine_calls(void);

/// Confines the calling process, which has one thread, to the system calls that computing, reading and writing need.
/// Others fail with EPERM; those that run programs or touch other processes end it by SIGSYS. False if the kernel
/// cannot. Needs `cprocpool_renounce` before.
bool cprocpool_confine_calls(bool allows_network);

/// The processor's constant-rate time-stamp counter; 0 if there is none. One instruction.
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
