#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "include/CProcPool.h"

// The filter of system calls, written for the kernel's own machine: a few hundred instructions. libseccomp would
// translate to the same, and cost each worker the translation and each program that uses the pool a library.
//
// The filter finds a call in a tree, not in a list: when it is loaded, the kernel runs it for every call there is, to
// remember which are allowed whatever their arguments. With a list, that takes 0.4 ms.

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

enum {
  capacity = 1024,
  /// More than there are. Calls above are refused.
  call_count = 512,
  allow = SECCOMP_RET_ALLOW,
  refuse = SECCOMP_RET_ERRNO | EPERM,
  /// As a kernel that does not have the call, so that the C library takes an older one whose arguments can be seen.
  unknown = SECCOMP_RET_ERRNO | ENOSYS,
};
static const uint32_t end_process = SECCOMP_RET_KILL_PROCESS;
/// No answer of the kernel's: the arguments decide.
static const uint32_t look_at_arguments = UINT32_MAX;

// clang-format off: a list of a hundred names with one on each line hides what they have in common.

/// Calls that every worker may make. Which files they reach, Landlock decides.
static const int harmless[] = {
    // The memory and the threads of the process.
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_mincore, SYS_msync, SYS_membarrier, SYS_futex, SYS_sched_yield,
    SYS_sched_getaffinity, SYS_getcpu, SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, SYS_rseq,
    // Descriptors.
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_close, SYS_close_range,
    SYS_dup, SYS_dup3, SYS_pipe2, SYS_ppoll, SYS_pselect6, SYS_flock,
    // Files.
    SYS_openat, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_fstatfs, SYS_statfs, SYS_faccessat, SYS_faccessat2,
    SYS_readlinkat, SYS_getdents64, SYS_getcwd, SYS_umask, SYS_renameat, SYS_renameat2, SYS_linkat, SYS_unlinkat,
    SYS_mkdirat, SYS_ftruncate, SYS_fallocate, SYS_fadvise64, SYS_copy_file_range, SYS_fsync, SYS_fdatasync,
    // Clocks.
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times,
    // Signals of its own, what it is, and its end.
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall, SYS_getpid,
    SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getrusage, SYS_getrandom, SYS_uname,
    SYS_sysinfo, SYS_exit, SYS_exit_group,
#if defined(__x86_64__)
    // The same in older forms, which newer machines do not have.
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_rename, SYS_link, SYS_unlink, SYS_mkdir,
    SYS_dup2, SYS_pipe, SYS_poll, SYS_select, SYS_time,
#endif
};

/// Calls of a client: to name servers, connections, and what waits for them.
static const int of_network[] = {
    SYS_connect, SYS_bind, SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_sendmmsg, SYS_recvmsg, SYS_recvmmsg,
    SYS_getsockname, SYS_getpeername, SYS_setsockopt, SYS_getsockopt, SYS_shutdown, SYS_socketpair, SYS_eventfd2,
    SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait,
#if defined(__x86_64__)
    SYS_epoll_wait,
#endif
};

/// Calls that only code in the wrong hands makes. They end the process, so that the damage is told.
static const int of_intruders[] = {
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd,
    SYS_pidfd_send_signal, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_bpf, SYS_unshare, SYS_setns,
    SYS_mount, SYS_chroot, SYS_pivot_root,
};

// clang-format on

typedef struct {
  struct sock_filter code[capacity];
  unsigned short count;
  /// What becomes of each call.
  uint32_t verdicts[call_count];
} filter;

static void set(filter *filter, const int *calls, size_t byte_count, uint32_t verdict) {
  for (size_t index = 0; index < byte_count / sizeof *calls; index++) filter->verdicts[calls[index]] = verdict;
}

static void add(filter *filter, uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false) {
  if (filter->count < capacity) {
    filter->code[filter->count++] = (struct sock_filter){code, if_true, if_false, value};
  }
}

static void load(filter *filter, size_t offset) { add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }

static void answer(filter *filter, uint32_t verdict) { add(filter, BPF_RET | BPF_K, verdict, 0, 0); }

static void load_call(filter *filter) { load(filter, offsetof(struct seccomp_data, nr)); }

/// A condition on the lower half of an argument, or, from number 6 on, on the upper half.
typedef struct {
  int number;
  uint32_t mask;
  uint32_t value;
} condition;

/// Allows a call if both conditions hold; else what follows decides.
static void allow_if_both(filter *filter, int call, condition first, condition second) {
  const condition conditions[] = {first, second};
  add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 8);
  for (int index = 0; index < 2; index++) {
    const int number = conditions[index].number;
    const size_t half = number < 6 ? 0 : sizeof(uint32_t);  // both machines store the lower half first
    load(filter, offsetof(struct seccomp_data, args) + (size_t)(number % 6) * sizeof(uint64_t) + half);
    add(filter, BPF_ALU | BPF_AND | BPF_K, conditions[index].mask, 0, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, conditions[index].value, 0, index == 0 ? 4 : 1);
  }
  answer(filter, allow);
  load_call(filter);
}

static void allow_if(filter *filter, int call, condition only) { allow_if_both(filter, call, only, only); }

static void allow_values(filter *filter, int call, int number, const int *values, size_t byte_count) {
  for (size_t index = 0; index < byte_count / sizeof *values; index++) {
    allow_if(filter, call, (condition){number, UINT32_MAX, (uint32_t)values[index]});
  }
}

/// Memory that runs is that of files only, which `dlopen` maps, and never written.
static void check_memory(filter *filter) {
  allow_if(filter, SYS_mmap, (condition){2, PROT_EXEC, 0});
  allow_if_both(filter, SYS_mmap, (condition){2, PROT_EXEC | PROT_WRITE, PROT_EXEC}, (condition){3, MAP_ANONYMOUS, 0});
  allow_if(filter, SYS_mprotect, (condition){2, PROT_EXEC, 0});
}

static void check_process(filter *filter) {
  enum { namespaces = 0x7E020080 };
  // A thread, but no process.
  allow_if(filter, SYS_clone, (condition){0, CLONE_THREAD | namespaces, CLONE_THREAD});
  // Limits may be read and not changed: the new ones would be given by argument 2.
  allow_if_both(filter, SYS_prlimit64, (condition){2, UINT32_MAX, 0}, (condition){6 + 2, UINT32_MAX, 0});
  static const int options[] = {PR_GET_PDEATHSIG, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA};
  allow_values(filter, SYS_prctl, 0, options, sizeof options);
}

static void check_descriptors(filter *filter) {
  // Of terminals, what standard streams ask.
  static const int requests[] = {TCGETS, TIOCGWINSZ, FIONREAD};
  allow_values(filter, SYS_ioctl, 1, requests, sizeof requests);
  // Without those that have signals sent.
  static const int commands[] = {F_DUPFD, F_GETFD, F_SETFD,  F_GETFL,        F_SETFL,
                                 F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC};
  allow_values(filter, SYS_fcntl, 1, commands, sizeof commands);
}

static void check_sockets(filter *filter) {
  static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK};
  allow_values(filter, SYS_socket, 0, families, sizeof families);
}

/// `abort` and `raise` signal the process itself.
static void check_signals(filter *filter) {
  const uint32_t process = (uint32_t)getpid();
  allow_if(filter, SYS_kill, (condition){0, UINT32_MAX, process});
  allow_if(filter, SYS_tgkill, (condition){0, UINT32_MAX, process});
  for (size_t index = 0; index < 2; index++) {
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(index == 0 ? SYS_kill : SYS_tgkill), 0, 1);
    answer(filter, end_process);
  }
}

/// Answers for the calls from `first` to before `end`, which is in the accumulator. Where arguments decide, jumps over
/// the rest of the tree, to be completed once its length is known.
static void find(filter *filter, int first, int end) {
  const uint32_t verdict = filter->verdicts[first];
  int middle = first + 1;
  while (middle < end && filter->verdicts[middle] == verdict) middle++;
  if (middle == end) {
    if (verdict != look_at_arguments) return answer(filter, verdict);
    return add(filter, BPF_JMP | BPF_JA, look_at_arguments, 0, 0);
  }
  // Halves, unless all of one half is one run.
  const int half = first + (end - first) / 2;
  if (middle < half) middle = half;
  const unsigned short branch = filter->count;
  add(filter, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)middle, 0, 1);
  add(filter, BPF_JMP | BPF_JA, 0, 0, 0);  // over the first part, whose length is known below
  find(filter, first, middle);
  if (filter->count < capacity) filter->code[branch + 1].k = (uint32_t)(filter->count - branch - 2);
  find(filter, middle, end);
}

static void complete(filter *filter) {
  for (unsigned short index = 0; index < filter->count; index++) {
    struct sock_filter *step = &filter->code[index];
    if (step->code == (BPF_JMP | BPF_JA) && step->k == look_at_arguments)
      step->k = (uint32_t)(filter->count - index - 1);
  }
}

static void decide(filter *filter, bool allows_network) {
  static const int by_arguments[] = {SYS_mmap,  SYS_mprotect, SYS_clone, SYS_prlimit64, SYS_prctl,
                                     SYS_ioctl, SYS_fcntl,    SYS_kill,  SYS_tgkill};
  static const int socket[] = {SYS_socket};
  static const int hidden[] = {SYS_clone3};  // its flags lie in memory, which a filter cannot see
  for (int call = 0; call < call_count; call++) filter->verdicts[call] = refuse;
  set(filter, harmless, sizeof harmless, allow);
  set(filter, of_intruders, sizeof of_intruders, end_process);
  set(filter, hidden, sizeof hidden, unknown);
  set(filter, by_arguments, sizeof by_arguments, look_at_arguments);
  if (!allows_network) return;
  set(filter, of_network, sizeof of_network, allow);
  set(filter, socket, sizeof socket, look_at_arguments);
}

static void make(filter *filter, bool allows_network) {
  decide(filter, allows_network);
  load(filter, offsetof(struct seccomp_data, arch));
  add(filter, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
  answer(filter, end_process);
  load_call(filter);
  add(filter, BPF_JMP | BPF_JGE | BPF_K, call_count, 0, 1);
  answer(filter, refuse);
  find(filter, 0, call_count);
  complete(filter);
  check_memory(filter);
  check_process(filter);
  check_descriptors(filter);
  check_signals(filter);
  if (allows_network) check_sockets(filter);
  answer(filter, refuse);
}

bool cprocpool_can_confine_calls(void) {
  const uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool cprocpool_confine_calls(bool allows_network) {
  static filter filter;
  filter.count = 0;
  make(&filter, allows_network);
  if (filter.count == capacity) return false;
  const struct sock_fprog program = {.len = filter.count, .filter = filter.code};
  // Some kernels slow down a process with a filter, against code that reads the memory of its own process by
  // speculation. No such code runs here: all of this process's memory is already in the hands of an intruder.
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0) return true;
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
