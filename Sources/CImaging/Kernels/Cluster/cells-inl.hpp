// The cells and offsets of pixels' colours; included once for each instruction set.

#include <cstdint>
#include <hwy/highway.h>

#if defined(CIMAGING_CELLS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_CELLS_INL_HPP
#undef CIMAGING_CELLS_INL_HPP
#else
#define CIMAGING_CELLS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using ColorBytes = hn::ScalableTag<uint8_t>;
using ColorWords = hn::Repartition<uint16_t, ColorBytes>;
using ColorByteVector = hn::Vec<ColorBytes>;

/// Pixels whose keys are computed at once.
constexpr size_t key_lanes = hn::MaxLanes(ColorBytes());

/// Cell number and offset of the colours of a few pixels.
struct Keys {
  HWY_ALIGN uint16_t cells[key_lanes];
  HWY_ALIGN uint16_t offsets[key_lanes];

  /// Those of `count` pixels, at most `key_lanes`.
  HWY_INLINE void set(const uint8_t *pixels, size_t count, int channels) {
    if (count == key_lanes) return channels == 3 ? set_colors(pixels) : set_greys(pixels);
    for (size_t i = 0; i < count; ++i) {
      const uint8_t *pixel = pixels + i * static_cast<size_t>(channels);
      const unsigned r = pixel[0], g = pixel[channels / 2], b = pixel[channels - 1];
      cells[i] = static_cast<uint16_t>((r >> 3) << 10 | (g >> 3) << 5 | b >> 3);
      offsets[i] = static_cast<uint16_t>((r & 7) << 6 | (g & 7) << 3 | (b & 7));
    }
  }

 private:
  HWY_INLINE void set_colors(const uint8_t *pixels) {
    ColorByteVector r, g, b;
    hn::LoadInterleaved3(ColorBytes(), pixels, r, g, b);
    set(r, g, b);
  }

  HWY_INLINE void set_greys(const uint8_t *pixels) {
    const auto grey = hn::LoadU(ColorBytes(), pixels);
    set(grey, grey, grey);
  }

  HWY_INLINE void set(ColorByteVector r, ColorByteVector g, ColorByteVector b) {
    const hn::Half<ColorBytes> half;
    set_half(hn::LowerHalf(half, r), hn::LowerHalf(half, g), hn::LowerHalf(half, b), 0);
    set_half(hn::UpperHalf(half, r), hn::UpperHalf(half, g), hn::UpperHalf(half, b), key_lanes / 2);
  }

  template <typename Half>
  HWY_INLINE void set_half(Half r8, Half g8, Half b8, size_t first) {
    const ColorWords words;
    const auto low = hn::Set(words, 7);
    const auto r = hn::PromoteTo(words, r8), g = hn::PromoteTo(words, g8), b = hn::PromoteTo(words, b8);
    const auto cell =
        hn::ShiftLeft<10>(hn::ShiftRight<3>(r)) | hn::ShiftLeft<5>(hn::ShiftRight<3>(g)) | hn::ShiftRight<3>(b);
    hn::Store(cell, words, cells + first);
    hn::Store(hn::ShiftLeft<6>(r & low) | hn::ShiftLeft<3>(g & low) | (b & low), words, offsets + first);
  }
};

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
