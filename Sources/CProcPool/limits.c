#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "include/CProcPool.h"

void cprocpool_renounce(void) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // 1 and not 0: the kernel pipes a core to a program, where one is set up for that, whatever its size; but for a limit
  // of 1 it makes none.
  const struct rlimit none = {.rlim_cur = 1, .rlim_max = 1};
  setrlimit(RLIMIT_CORE, &none);
  // If the machine runs out of memory, a worker goes first, which is replaced, and not its parent.
  const int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0) return;
  if (write(score, "500", 3) < 0) {
  }
  close(score);
}

bool cprocpool_limit_memory(uint64_t byte_count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur <= byte_count) return false;
  limit.rlim_cur = limit.rlim_max = byte_count;
  return setrlimit(RLIMIT_AS, &limit) == 0;
}

bool cprocpool_can_map(size_t byte_count) {
  void *memory = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  munmap(memory, byte_count);
  return true;
}
