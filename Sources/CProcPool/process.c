#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "include/CProcPool.h"

static int watch_pipe[2] = {-1, -1};
static volatile sig_atomic_t watch_count = 0;
static struct timespec first_signal_time;

int cprocpool_above_standard(int descriptor) {
  if (descriptor < 0 || descriptor > STDERR_FILENO) return descriptor;
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int error = errno;
  close(descriptor);
  errno = error;
  return moved;
}

/// On failure both ends are closed, so the caller has nothing to clean up.
int cprocpool_both_above_standard(int ends[2]) {
  for (int end = 0; end < 2; end++) ends[end] = cprocpool_above_standard(ends[end]);
  if (ends[0] >= 0 && ends[1] >= 0) return 0;
  const int error = errno;
  for (int end = 0; end < 2; end++) {
    if (ends[end] >= 0) close(ends[end]);
  }
  errno = error;
  return -1;
}

/// A word that the kernel clears in every forked process, whichever call forks it (MADV_WIPEONFORK); NULL if the kernel
/// does not support that.
static _Atomic uint64_t *process_word(void) {
  static _Atomic(_Atomic uint64_t *) page;
  _Atomic uint64_t *word = atomic_load(&page);
  if (word == NULL) {
    // A failure is cached too: if the number later came from another source, it would no longer match the process's own
    // pools.
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED && madvise(memory, 4096, MADV_WIPEONFORK) != 0) {
      munmap(memory, 4096);
      memory = MAP_FAILED;
    }
    if (atomic_compare_exchange_strong(&page, &word, memory)) {
      word = memory;
    } else if (memory != MAP_FAILED) {
      munmap(memory, 4096);  // another thread was faster
    }
  }
  return word == MAP_FAILED ? NULL : word;
}

const uint64_t *cprocpool_process_word(void) {
  cprocpool_process();
  return (const uint64_t *)process_word();
}

uint64_t cprocpool_process(void) {
  static _Atomic uint64_t next;
  _Atomic uint64_t *word = process_word();
  if (word == NULL) return (uint64_t)getpid();
  uint64_t process = atomic_load_explicit(word, memory_order_relaxed);
  if (process != 0) return process;
  // The counter continues from the parent's, so that a reused process id among descendants still gives a new number.
  const uint64_t fresh = (uint64_t)getpid() | (atomic_fetch_add(&next, 1) + 1) << 32;
  return atomic_compare_exchange_strong(word, &process, fresh) ? fresh : process;
}

/// Handlers must not run in a child: its memory is a copy of the program that installed them.
static void reset_handlers(void) {
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) < 0 || action.sa_handler == SIG_IGN || action.sa_handler == SIG_DFL) continue;
    signal(number, SIG_DFL);
  }
  signal(SIGINT, SIG_IGN);
  signal(SIGPIPE, SIG_DFL);
  for (int end = 0; end < 2; end++) {
    if (watch_pipe[end] >= 0) close(watch_pipe[end]);
    watch_pipe[end] = -1;
  }
  watch_count = 0;
}

void cprocpool_obey_parent(pid_t parent) {
  sigset_t passed;
  sigemptyset(&passed);
  sigaddset(&passed, SIGTERM);
  pthread_sigmask(SIG_UNBLOCK, &passed, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // the parent died before prctl took effect, so no signal would come
}

bool cprocpool_dies_with_parent(void) {
  int number = 0;
  return prctl(PR_GET_PDEATHSIG, &number) == 0 && number != 0;
}

int cprocpool_move_up(int descriptor) {
  // Below the usual limit of 1024, and low enough to keep the kernel's descriptor table small.
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 1000);
  if (moved < 0) return descriptor;
  close(descriptor);
  return moved;
}

static void become_child(void) {
  reset_handlers();
  const int null = cprocpool_above_standard(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    close(null);
  }
}

pid_t cprocpool_fork(void) {
  sigset_t all, previous;
  sigfillset(&all);
  fflush(NULL);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  const int error = errno;
  if (pid == 0) become_child();
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  if (pid == 0) cprocpool_obey_parent(parent);
  errno = error;
  return pid;
}

int cprocpool_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -1 : cprocpool_both_above_standard(ends); }

int cprocpool_set_nonblocking(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int cprocpool_pidfd_open(pid_t pid) { return cprocpool_above_standard((int)syscall(SYS_pidfd_open, pid, 0)); }

int cprocpool_poll(struct pollfd *entries, size_t count, int64_t nanoseconds) {
  // `poll` where a millisecond does not matter: it is cheaper than `ppoll`, and there is one call per task.
  if (nanoseconds < 0) return poll(entries, count, -1);
  if (nanoseconds > 2000000) {
    const int64_t milliseconds = (nanoseconds + 999999) / 1000000;
    return poll(entries, count, milliseconds < INT_MAX ? (int)milliseconds : INT_MAX);
  }
  const struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  return ppoll(entries, count, &limit, NULL);
}

bool cprocpool_was_continued(pid_t pid) {
  siginfo_t information = {0};
  return waitid(P_PID, (id_t)pid, &information, WCONTINUED | WNOHANG) == 0 && information.si_pid == pid;
}

bool cprocpool_identity(int descriptor, uint64_t identity[2]) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return false;
  identity[0] = status.st_dev;
  identity[1] = status.st_ino;
  return true;
}

void *cprocpool_map_shared(size_t byte_count, int descriptor) {
  const int flags = MAP_SHARED | (descriptor < 0 ? MAP_ANONYMOUS : 0);
  void *memory = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, flags, descriptor, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

int cprocpool_memory_file(void) { return cprocpool_above_standard(memfd_create("procpool", MFD_CLOEXEC)); }

void cprocpool_keep_from_forks(void *memory, size_t byte_count) { madvise(memory, byte_count, MADV_DONTFORK); }

void cprocpool_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds) {
  const struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT, expected, nanoseconds < 0 ? NULL : &limit, NULL, 0);
}

void cprocpool_futex_wake_all(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0); }

/// The kernel rejects a set smaller than its own (EINVAL); one `cpu_set_t` holds 1024 processors.
typedef cpu_set_t processor_set[64];

int cprocpool_allowed_processors(int *numbers, int capacity) {
  processor_set set;
  if (sched_getaffinity(0, sizeof set, set) < 0) return -1;
  int count = 0;
  for (int number = 0; number < (int)sizeof set * 8 && count < capacity; number++) {
    if (CPU_ISSET_S(number, sizeof set, set)) numbers[count++] = number;
  }
  return count;
}

int cprocpool_bind_to_processors(const int *numbers, int count) {
  processor_set set;
  CPU_ZERO_S(sizeof set, set);
  for (int index = 0; index < count; index++) {
    if (numbers[index] >= 0 && numbers[index] < (int)sizeof set * 8) CPU_SET_S(numbers[index], sizeof set, set);
  }
  return sched_setaffinity(0, sizeof set, set);
}

bool cprocpool_was_signalled(int wait_status) { return WIFSIGNALED(wait_status); }

int cprocpool_signal_or_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

const char *cprocpool_signal_name(int number) {
  static _Thread_local char name[24];
  const char *abbreviation = sigabbrev_np(number);
  if (abbreviation == NULL) return NULL;
  snprintf(name, sizeof name, "SIG%s", abbreviation);
  return name;
}

/// Whether this signal duplicates the first one: `timeout` and others signal the process and then its group. Half a
/// second separates that from a second Ctrl-C.
static bool repeats_first(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (watch_count == 0) first_signal_time = now;
  const long milliseconds =
      (now.tv_sec - first_signal_time.tv_sec) * 1000 + (now.tv_nsec - first_signal_time.tv_nsec) / 1000000;
  return watch_count > 0 && milliseconds < 500;
}

static void note_signal(int number) {
  const int error = errno;
  if (repeats_first()) return;
  if (watch_count++ > 0) _exit(128 + number);
  const unsigned char byte = (unsigned char)number;
  if (write(watch_pipe[1], &byte, 1) < 0) _exit(128 + number);
  errno = error;
}

int cprocpool_watch_signals(const int *numbers, int count) {
  if (watch_pipe[0] < 0) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0 || cprocpool_both_above_standard(ends) < 0) return -1;
    memcpy(watch_pipe, ends, sizeof ends);
  }
  // The program may have been started with these blocked, for example from a thread of a dispatch queue.
  sigset_t watched;
  sigemptyset(&watched);
  for (int index = 0; index < count; index++) {
    struct sigaction previous;
    if (sigaction(numbers[index], NULL, &previous) < 0) return -1;
    // Ignored by the parent on purpose: `nohup`, or a shell that started the program in the background with `&`.
    if (previous.sa_handler == SIG_IGN) continue;
    struct sigaction action = {.sa_handler = note_signal};
    sigfillset(&action.sa_mask);  // one handler at a time, because handlers share static variables
    if (sigaction(numbers[index], &action, NULL) < 0) return -1;
    sigaddset(&watched, numbers[index]);
  }
  pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
  return watch_pipe[0];
}
