#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "include/CProcPool.h"

static sigset_t program_mask;

int cprocpool_become_fork_server(int socket) {
  // A terminal or a supervisor sends these to the whole group. They are blocked rather than ignored, so that one sent
  // to a new worker stays pending until the worker restores the mask.
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGHUP);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &program_mask);
  const int first = STDERR_FILENO + 1;
  if (socket != first && dup3(socket, first, O_CLOEXEC) < 0) return -1;
  closefrom(first + 1);
  return first;
}

/// `fork` cannot create a sibling, so this calls `clone` directly. A process that has never had a second thread needs
/// little else of what glibc's `fork` does, because no other thread can hold a lock. The rest is done here:
/// - The thread id, which glibc stores as the owner of mutexes. The kernel writes the new one to the address that glibc
///   has registered (PR_GET_TID_ADDRESS). Without CONFIG_CHECKPOINT_RESTORE it stays the server's; it is the same for
///   all locks of the process, so only robust and priority-inheriting mutexes would notice.
/// - The list of robust mutexes, which a new process must register again.
/// `pthread_atfork` handlers do not run: they ran when the server was forked.
///
/// The new process's real parent is the server's parent, more precisely the thread that forked the server:
/// PR_SET_PDEATHSIG reports the end of that thread, and wait statuses go to that process, whether or not the server is
/// alive.
static pid_t clone_sibling(int32_t *pid_word) {
  int *thread_id = NULL;
  unsigned long flags = CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD;
  if (prctl(PR_GET_TID_ADDRESS, &thread_id) == 0 && thread_id != NULL) {
    flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
  }
  void *robust_list = NULL;
  size_t byte_count = 0;
  const bool has_list = syscall(SYS_get_robust_list, 0, &robust_list, &byte_count) == 0;
#if defined(__x86_64__)
  const pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, pid_word, thread_id, NULL);
#else
  const pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, pid_word, NULL, thread_id);
#endif
  if (pid == 0 && has_list) syscall(SYS_set_robust_list, robust_list, byte_count);
  return pid;
}

pid_t cprocpool_fork_sibling(pid_t parent, int32_t *pid_word) {
  fflush(NULL);
  const pid_t pid = clone_sibling(pid_word);
  if (pid != 0) return pid;
  pthread_sigmask(SIG_SETMASK, &program_mask, NULL);
  cprocpool_obey_parent(parent);
  return 0;
}

int cprocpool_working_folder(void) { return cprocpool_above_standard(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)); }

int cprocpool_socket_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -1;
  return cprocpool_both_above_standard(ends);
}

/// Buffer for the descriptors attached to a message, aligned as the kernel requires.
union control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(CPROCPOOL_MAX_DESCRIPTORS * sizeof(int))];
};

ssize_t cprocpool_send(int socket, const void *bytes, size_t byte_count, const int *descriptors, int descriptor_count) {
  if (descriptor_count > CPROCPOOL_MAX_DESCRIPTORS) {
    errno = EINVAL;
    return -1;
  }
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = byte_count};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  union control control = {0};
  if (descriptor_count > 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(descriptor_count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptor_count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, descriptor_count * sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t cprocpool_receive(int socket, void *bytes, size_t byte_count, int *descriptors, int *descriptor_count) {
  struct iovec part = {.iov_base = bytes, .iov_len = byte_count};
  union control control;
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  *descriptor_count = 0;
  const ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (received < 0) return received;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    *descriptor_count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(descriptors, CMSG_DATA(header), *descriptor_count * sizeof(int));
    for (int index = 0; index < *descriptor_count; index++) {
      descriptors[index] = cprocpool_above_standard(descriptors[index]);
    }
  }
  return received;
}
