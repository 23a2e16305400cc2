#ifndef CIMAGING_RANDOM_WORDS_HPP
#define CIMAGING_RANDOM_WORDS_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// Uniform words of 32 bits, in rows without end. Each depends only on seed, row and place.
struct RandomWords {
  uint64_t seed;

  /// Words are drawn in blocks of this size, which begin at its multiples.
  static constexpr size_t block = 32;

  static constexpr size_t room_for(size_t count) { return (count + block - 1) / block * block; }

  /// Draws `count` words of row y from place `first` on, a multiple of `block`; `words` has room for whole blocks.
  void draw(uint32_t y, size_t first, size_t count, uint32_t *words) const;
};

}  // namespace cimaging

#endif
