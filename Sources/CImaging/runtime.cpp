#include "include/cimaging_core.h"

#include <hwy/targets.h>
#include <malloc.h>

void cimaging_limit_instructions(int32_t level) {
  // Better instruction sets have lower bits, and 0 means all.
  const int64_t best[] = {HWY_EMU128, HWY_SSE4, HWY_AVX2};
  hwy::SetSupportedTargetsForTest(0);
  const int64_t supported = hwy::SupportedTargets();
  if (level >= 0 && level < 3) hwy::SetSupportedTargetsForTest(supported & ~(best[level] - 1));
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

const char *cimaging_instructions(void) {
  const int64_t supported = hwy::SupportedTargets();
  return hwy::TargetName(supported & -supported);
}

void cimaging_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}
