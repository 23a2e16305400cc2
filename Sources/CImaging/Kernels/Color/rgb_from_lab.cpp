#include <cstring>

#include "Kernels/Color/lab.hpp"
#include "Kernels/Color/lab_tables.hpp"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/rgb_from_lab.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/triples-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The upper 16 bits of unsigned products.
HWY_INLINE ShortVector high_product(ShortVector a, ShortVector b) {
  const UnsignedShorts tag;
  return hn::BitCast(Shorts(), hn::MulHigh(hn::BitCast(tag, a), hn::BitCast(tag, b)));
}

/// The number 4 × quarters + ones, for values that may need 17 bits.
struct Quarters {
  ShortVector quarters, ones;
};

/// The linear segment of light, for small roots: root × 108 / 841, truncated toward zero as in OpenCV, minus 290.
HWY_INLINE ShortVector line_of_root(ShortVector root) {
  const auto size = hn::Abs(root);
  const auto guess = high_product(size, all(8416));  // at most one too small
  const auto rest = size * all(108) - guess * all(841);
  const auto quotient = guess - hn::VecFromMask(Shorts(), rest > all(840));
  return hn::IfThenElse(root < hn::Zero(Shorts()), hn::Neg(quotient), quotient) - all(290);
}

/// Linear light from its cube root, in units of 1 / 16384: the cube, or the linear segment for small values. For light
/// that fits 16 bits.
HWY_INLINE ShortVector light_of_root(ShortVector root) {
  const auto twice = root + root;
  const auto square = high_product(twice, twice);
  const auto cube = high_product(square + square, twice);
  const auto is_small = root < all(3391);
  if (HWY_LIKELY(hn::AllFalse(Shorts(), is_small))) return cube;
  return hn::IfThenElse(is_small, line_of_root(root), cube);
}

/// The same for light of up to 17 bits.
HWY_INLINE Quarters long_light_of_root(ShortVector root) {
  const auto twice = root + root;
  const auto square = high_product(twice, twice);
  const auto quarters = high_product(square, root);
  const auto ones = hn::BitCast(Shorts(), hn::ShiftRight<14>(hn::BitCast(UnsignedShorts(), square * root)));
  const auto is_small = root < all(3391);
  if (HWY_LIKELY(hn::AllFalse(Shorts(), is_small))) return {quarters, ones};
  const auto line = line_of_root(root);
  return {hn::IfThenElse(is_small, hn::ShiftRight<2>(line), quarters),
          hn::IfThenElse(is_small, hn::And(line, all(3)), ones)};
}

class ToRgb {
 public:
  HWY_INLINE explicit ToRgb(const LabTables &tables) : tables(tables) {}

  /// Converts `count` blocks of `lanes` pixels.
  HWY_INLINE void convert(const LabRow &lab, uint8_t *rgb, size_t count) const {
    Triples triples;
    find_luminance(lab.lightness, triples, count);
    for (size_t block = 0; block < count; ++block) find_levels(lab, block, triples);
    store(triples, rgb, count);
  }

 private:
  /// OpenCV's (5 × 53687 a + 128 >> 13) - 4194, which is (a - 128) / 500; the product is split to fit 16 bits.
  HWY_INLINE static ShortVector root_difference_of_a(ShortVector a) {
    return hn::ShiftLeft<5>(a) + high_product(a * all(54) + all(1), all(932)) - all(4194);
  }

  /// OpenCV's (41943 b + 16 >> 9) - 10484, which is (b - 128) / 200; these factors give the same result for all 256
  /// values.
  HWY_INLINE static ShortVector root_difference_of_b(ShortVector b) {
    return high_product(b * all(232), all(23141)) - all(10484);
  }

#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_EMU128

  /// Looks up Y and its cube root.
  HWY_INLINE void find_luminance(const uint8_t *lightness, Triples &triples, size_t count) const {
    for (int channel = 0; channel < 2; ++channel) {
      const ByteTable low(tables.luminance[channel].low), high(tables.luminance[channel].high);
      for (size_t block = 0; block < count; ++block) {
        const auto bytes = hn::LoadU(Bytes(), lightness + block * lanes);
        triples.store(block, channel, interleave(low[bytes], high[bytes]));
      }
    }
  }

#else

  /// Computes Y and its cube root.
  HWY_INLINE void find_luminance(const uint8_t *lightness, Triples &triples, size_t count) const {
    for (size_t block = 0; block < count; ++block) {
      const auto levels = extend(hn::LoadU(Bytes(), lightness + block * lanes));
      for (int half = 0; half < 2; ++half) {
        triples.store(block, 0, half, luminance(levels.half[half]));
        triples.store(block, 1, half, luminance_root(levels.half[half]));
      }
    }
  }

  /// From L to Y: a cube, or a linear segment up to L = 8. Gives the integers of the table for all 256 levels.
  HWY_INLINE static ShortVector luminance(ShortVector level) {
    const auto zero = hn::Zero(Shorts());
    const auto lower = luminance_cubes(hn::BitCast(Integers(), hn::InterleaveLower(Shorts(), level, zero)));
    const auto upper = luminance_cubes(hn::BitCast(Integers(), hn::InterleaveUpper(Shorts(), level, zero)));
    const auto line = hn::ShiftRight<6>(level * all(455) + all(32));
    return hn::IfThenElse(level < all(21), line, hn::ReorderDemote2To(Shorts(), lower, upper));
  }

  HWY_INLINE static IntegerVector luminance_cubes(IntegerVector level) {
    const Floats tag;
    constexpr float slope = 0.08586348f, start = 3.5032299f;  // times the cube root of 16384
    const auto root = hn::ConvertTo(tag, level) * hn::Set(tag, slope) + hn::Set(tag, start);
    return truncate(root * root * root + hn::Set(tag, 0.5f));
  }

  /// From L to the cube root of Y. Gives the integers of the table, too.
  HWY_INLINE static ShortVector luminance_root(ShortVector level) {
    return high_product(hn::ShiftLeft<6>(level + all(1)), all(56718)) + all(2205);
  }

#endif

  /// From Y and its cube root to red, green and blue in linear light.
  HWY_INLINE void find_levels(const LabRow &lab, size_t block, Triples &triples) const {
    const auto a = extend(hn::LoadU(Bytes(), lab.a + block * lanes));
    const auto b = extend(hn::LoadU(Bytes(), lab.b + block * lanes));
    for (int half = 0; half < 2; ++half) {
      const auto y = triples.load(block, 0, half), root = triples.load(block, 1, half);
      const auto x = light_of_root(root + root_difference_of_a(a.half[half]));
      const auto z = long_light_of_root(root - root_difference_of_b(b.half[half]));
      const Quadruples light(x, y, z.quarters, z.ones);
      for (int row = 0; row < 3; ++row) {
        const auto &weights = tables.to_rgb[row];
        const auto sum = light.weighted_sum<14>(pair(weights[0], weights[1]), pair(4 * weights[2], weights[2]),
                                                hn::Set(Integers(), 1 << 13));
        triples.store(block, row, half, hn::Min(hn::Max(sum, hn::Zero(Shorts())), all(LabTables::gamma_count - 1)));
      }
    }
  }

#if HWY_TARGET == HWY_AVX3_DL

  HWY_INLINE void store(const Triples &levels, uint8_t *rgb, size_t count) const {
    ByteVector colors[3];
    for (size_t block = 0; block < count; ++block) {
      for (int k = 0; k < 3; ++k) colors[k] = corrected(levels.load(block, k, 0), levels.load(block, k, 1));
      hn::StoreInterleaved3(colors[0], colors[1], colors[2], Bytes(), rgb + 3 * lanes * block);
    }
  }

  /// The gamma table in registers: the segment of sixteen levels and the position in it each fit a byte.
  HWY_INLINE ByteVector corrected(ShortVector lower, ShortVector upper) const {
    const Bytes tag;
    const auto segment = pack(hn::ShiftRight<4>(lower), hn::ShiftRight<4>(upper));
    const auto low = pack(hn::And(lower, all(255)), hn::And(upper, all(255)));
    const auto place = hn::And(low, hn::Set(tag, 15));
    auto value = ByteTable(tables.gamma_start)[segment];
    for (const auto &steps : tables.gamma_steps) {
      value = hn::Sub(value, hn::VecFromMask(tag, place > ByteTable(steps)[segment]));
    }
    return hn::IfThenElse(segment < hn::Set(tag, 16), ByteTable(tables.gamma)[low], value);
  }

#else

  HWY_INLINE void store(const Triples &levels, uint8_t *rgb, size_t count) const {
    for (size_t block = 0; block < count; ++block) {
#pragma unroll
      for (size_t group = 0; group < lanes / 8; group += 2, rgb += 48) store_sixteen(levels.numbers[block], group, rgb);
    }
  }

  /// Stores the sixteen pixels of two groups.
  HWY_INLINE void store_sixteen(const uint16_t (&levels)[3][lanes], size_t group, uint8_t *rgb) const {
    uint64_t words[3][4];
    for (int k = 0; k < 3; ++k) {
      std::memcpy(&words[k][0], levels[k] + place_of_group(group), 16);
      std::memcpy(&words[k][2], levels[k] + place_of_group(group + 1), 16);
    }
    const auto place = [&](int i) { return words[i % 3][i / 12] >> 16 * (i / 3 % 4) & 0xFFFF; };
    look_up_sixteen(tables.gamma, place, rgb);
    look_up_sixteen(tables.gamma, [&](int i) { return place(16 + i); }, rgb + 16);
    look_up_sixteen(tables.gamma, [&](int i) { return place(32 + i); }, rgb + 32);
  }

#endif

  const LabTables &tables;
};

void rgb_from_lab(const LabRow &lab, uint8_t *rgb, size_t count) {
  const ToRgb converter(LabTables::shared());
  each_chunk(count / lanes, [&](size_t first, size_t blocks) {
    converter.convert(from(lab, lanes * first), rgb + 3 * lanes * first, blocks);
  });
  const size_t whole = count / lanes * lanes, rest = count - whole;
  if (rest == 0) return;
  uint8_t pixels[3 * lanes], planes[3][lanes] = {};
  copy(from(lab, whole), {planes[0], planes[1], planes[2]}, rest);
  converter.convert({planes[0], planes[1], planes[2]}, pixels, 1);
  std::memcpy(rgb + 3 * whole, pixels, 3 * rest);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(rgb_from_lab);

void rgb_from_lab(const LabRow &lab, uint8_t *rgb, size_t count) {
  HWY_DYNAMIC_DISPATCH(rgb_from_lab)(lab, rgb, count);
}

}  // namespace cimaging

#endif
