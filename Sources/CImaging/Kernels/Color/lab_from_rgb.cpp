#include <cstring>

#include "Kernels/Color/lab.hpp"
#include "Kernels/Color/lab_tables.hpp"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/lab_from_rgb.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/triples-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

class FromRgb {
 public:
  HWY_INLINE explicit FromRgb(const LabTables &tables) : tables(tables) {}

  /// Converts `count` blocks of `lanes` pixels.
  HWY_INLINE void convert(const uint8_t *rgb, const LabRow &lab, size_t count) const {
    Triples triples;
    find_roots(rgb, triples, count);
    for (size_t block = 0; block < count; ++block) store(triples, block, lab);
  }

 private:
  // `find_roots` finds the cube roots of X, Y and Z.

#if HWY_TARGET <= HWY_AVX3

  HWY_INLINE void find_roots(const uint8_t *rgb, Triples &triples, size_t count) const {
    make_linear(rgb, triples, count);
    for (size_t block = 0; block < count; ++block) find_light(triples, block);
    triples.look_up_all(tables.roots, count);
  }

  HWY_INLINE void make_linear(const uint8_t *rgb, Triples &triples, size_t count) const {
    const ByteTable low(tables.linear_bytes.low), high(tables.linear_bytes.high);
    ByteVector colors[3];
    for (size_t block = 0; block < count; ++block) {
      hn::LoadInterleaved3(Bytes(), rgb + 3 * lanes * block, colors[0], colors[1], colors[2]);
      for (int k = 0; k < 3; ++k) triples.store(block, k, interleave(low[colors[k]], high[colors[k]]));
    }
  }

  /// Computes X, Y and Z as indices into the table of cube roots.
  HWY_INLINE void find_light(Triples &triples, size_t block) const {
    for (int half = 0; half < 2; ++half) {
      const Quadruples colors(triples.load(block, 0, half), triples.load(block, 1, half), triples.load(block, 2, half),
                              all(1));
      for (int row = 0; row < 3; ++row) {
        const auto &weights = tables.to_xyz[row];
        triples.store(
            block, row, half,
            colors.weighted_sum<12>(pair(weights[0], weights[1]), pair(weights[2], 1 << 11), hn::Zero(Integers())));
      }
    }
  }

#else

  HWY_INLINE void find_roots(const uint8_t *rgb, Triples &triples, size_t count) const {
    for (size_t block = 0; block < count; ++block) {
#pragma unroll
      for (size_t group = 0; group < lanes / 8; ++group, rgb += 24) {
        find_eight_roots(rgb, triples.numbers[block], place_of_group(group));
      }
    }
  }

  using Light = hn::Full128<uint32_t>;

  HWY_INLINE void find_eight_roots(const uint8_t *rgb, uint16_t (&roots)[3][lanes], size_t place) const {
    const hn::Repartition<uint16_t, Light> tag;
    hn::Vec<decltype(tag)> light[8];
#pragma unroll
    for (int k = 0; k < 8; ++k) light[k] = hn::BitCast(tag, light_of(rgb + 3 * k));
    look_up_eight(tables.roots, [&](int k) { return hn::ExtractLane(light[k], 1); }, roots[0] + place);
    look_up_eight(tables.roots, [&](int k) { return hn::ExtractLane(light[k], 3); }, roots[1] + place);
    look_up_eight(tables.roots, [&](int k) { return hn::ExtractLane(light[k], 5); }, roots[2] + place);
  }

  /// X, Y and Z of a pixel; the upper halves are indices into the table of cube roots.
  HWY_INLINE hn::Vec<Light> light_of(const uint8_t *rgb) const {
    const Light tag;
    return hn::Load(tag, tables.light[0][rgb[0]]) + hn::Load(tag, tables.light[1][rgb[1]]) +
           hn::Load(tag, tables.light[2][rgb[2]]);
  }

#endif

  HWY_INLINE static void store(const Triples &roots, size_t block, const LabRow &lab) {
    Halves lightness, a, b;
    for (int half = 0; half < 2; ++half) {
      const auto x = roots.load(block, 0, half), y = roots.load(block, 1, half), z = roots.load(block, 2, half);
      lightness.half[half] = lightness_of(y);
      // `MulFixedPoint15`, the rounded upper 16 bits of a 31-bit product, is what OpenCV computes.
      a.half[half] = hn::MulFixedPoint15(x - y, all(500)) + all(128);
      b.half[half] = hn::MulFixedPoint15(y - z, all(200)) + all(128);
    }
    hn::StoreU(pack(lightness.half[0], lightness.half[1]), Bytes(), lab.lightness + block * lanes);
    hn::StoreU(pack(a.half[0], a.half[1]), Bytes(), lab.a + block * lanes);
    hn::StoreU(pack(b.half[0], b.half[1]), Bytes(), lab.b + block * lanes);
  }

  /// 116 y - 16 in units of 100 / 255, rounded.
  HWY_INLINE static ShortVector lightness_of(ShortVector y) {
    constexpr int scale = (116 * 255 + 50) / 100, shift = (16 * 255 * (1 << LabTables::root_fraction) + 50) / 100;
    constexpr int most = shift / scale + 4;  // so that the rest fits 16 bits
    constexpr int rest = most * scale - shift + (1 << (LabTables::root_fraction - 1));
    static_assert(rest > 0 && rest < 1 << 15);
    const auto above = y - all(most);
    const auto weights = pair(scale, rest);
    const auto lower = pair_sums(hn::InterleaveLower(Shorts(), above, all(1)), weights);
    const auto upper = pair_sums(hn::InterleaveUpper(Shorts(), above, all(1)), weights);
    return hn::ReorderDemote2To(Shorts(), hn::ShiftRight<LabTables::root_fraction>(lower),
                                hn::ShiftRight<LabTables::root_fraction>(upper));
  }

  const LabTables &tables;
};

void lab_from_rgb(const uint8_t *rgb, const LabRow &lab, size_t count) {
  const FromRgb converter(LabTables::shared());
  each_chunk(count / lanes, [&](size_t first, size_t blocks) {
    converter.convert(rgb + 3 * lanes * first, from(lab, lanes * first), blocks);
  });
  const size_t whole = count / lanes * lanes, rest = count - whole;
  if (rest == 0) return;
  uint8_t pixels[3 * lanes] = {}, planes[3][lanes];
  std::memcpy(pixels, rgb + 3 * whole, 3 * rest);
  converter.convert(pixels, {planes[0], planes[1], planes[2]}, 1);
  copy({planes[0], planes[1], planes[2]}, from(lab, whole), rest);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(lab_from_rgb);

void lab_from_rgb(const uint8_t *rgb, const LabRow &lab, size_t count) {
  HWY_DYNAMIC_DISPATCH(lab_from_rgb)(rgb, lab, count);
}

}  // namespace cimaging

#endif
