#include "CPlatform.h"

#include <string.h>

// The whole library is in the header: nothing is linked.
#define XXH_INLINE_ALL
#include <xxhash.h>

void cplatform_hash(const void *bytes, size_t count, unsigned char hash[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, count));
  memcpy(hash, canonical.digest, sizeof canonical.digest);
}
