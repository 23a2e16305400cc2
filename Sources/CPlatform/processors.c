#define _GNU_SOURCE
#include <sched.h>

#include "include/CPlatform.h"

int cplatform_allowed_processor_count(void) {
  // The kernel rejects a set smaller than its own (EINVAL); one `cpu_set_t` holds 1024 processors.
  cpu_set_t sets[64];
  return sched_getaffinity(0, sizeof sets, sets) < 0 ? -1 : CPU_COUNT_S(sizeof sets, sets);
}
