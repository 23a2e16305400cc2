#include "lookup.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cimaging {
namespace {

void lookup_bytes(const uint8_t *input, uint8_t *output, size_t count, const uint8_t *table) {
  for (size_t i = 0; i < count; ++i) output[i] = table[input[i]];
}

#if defined(__x86_64__)

/// Sixteen tables of sixteen: a byte finds its value in the one that its high half names and zero in the others.
__attribute__((target("avx2"))) void lookup_avx2(const uint8_t *input, uint8_t *output, size_t count,
                                                 const uint8_t *table) {
  __m256i parts[16];
  for (int k = 0; k < 16; ++k) {
    parts[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i *>(table + 16 * k)));
  }
  const __m256i outside = _mm256_set1_epi8(0x70);
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(input + i));
    __m256i found = _mm256_setzero_si256();
    for (int k = 0; k < 16; ++k) {
      const __m256i within = _mm256_xor_si256(bytes, _mm256_set1_epi8(static_cast<char>(k << 4)));
      found = _mm256_or_si256(found, _mm256_shuffle_epi8(parts[k], _mm256_adds_epu8(within, outside)));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(output + i), found);
  }
  lookup_bytes(input + i, output + i, count - i, table);
}

/// Two permutations of 128 bytes each; the top bit of a byte chooses between them.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void lookup_vbmi(const uint8_t *input, uint8_t *output,
                                                                        size_t count, const uint8_t *table) {
  const __m512i first = _mm512_loadu_si512(table), second = _mm512_loadu_si512(table + 64);
  const __m512i third = _mm512_loadu_si512(table + 128), fourth = _mm512_loadu_si512(table + 192);
  for (size_t i = 0; i < count; i += 64) {
    const __mmask64 present = count - i >= 64 ? ~0ULL : (1ULL << (count - i)) - 1;
    const __m512i bytes = _mm512_maskz_loadu_epi8(present, input + i);
    const __m512i low = _mm512_permutex2var_epi8(first, bytes, second);
    const __m512i high = _mm512_permutex2var_epi8(third, bytes, fourth);
    _mm512_mask_storeu_epi8(output + i, present, _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), low, high));
  }
}

#endif

using Lookup = void (*)(const uint8_t *, uint8_t *, size_t, const uint8_t *);

Lookup fastest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw")) return lookup_vbmi;
  if (__builtin_cpu_supports("avx2")) return lookup_avx2;
#endif
  return lookup_bytes;
}

}  // namespace

void lookup(const uint8_t *input, uint8_t *output, size_t count, const uint8_t *table) {
  static const Lookup chosen = fastest();
  chosen(input, output, count, table);
}

}  // namespace cimaging
