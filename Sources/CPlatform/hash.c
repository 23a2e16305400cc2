#include "CPlatform.h"

#include <string.h>

// The whole library is in the header: nothing is linked.
#define XXH_INLINE_ALL
#include <xxhash.h>

static void put(XXH128_hash_t value, unsigned char hash[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, value);
  memcpy(hash, canonical.digest, sizeof canonical.digest);
}

void cplatform_hash(const void *bytes, size_t count, unsigned char hash[16]) { put(XXH3_128bits(bytes, count), hash); }

void *cplatform_hash_begin(void) {
  XXH3_state_t *state = XXH3_createState();
  if (state) XXH3_128bits_reset(state);
  return state;
}

void cplatform_hash_add(void *state, const void *bytes, size_t count) { XXH3_128bits_update(state, bytes, count); }

void cplatform_hash_end(void *state, unsigned char hash[16]) {
  put(XXH3_128bits_digest(state), hash);
  XXH3_freeState(state);
}
