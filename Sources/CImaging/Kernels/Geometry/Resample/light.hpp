#ifndef CIMAGING_RESAMPLE_LIGHT_HPP
#define CIMAGING_RESAMPLE_LIGHT_HPP

#include <array>
#include <cstdint>

#include "view.hpp"

namespace cimaging {

/// Bytes as numbers of 15 bits, which leave room for the sign of a tap's product, and back.
struct Light {
  static constexpr int full = 32767;

  std::array<uint16_t, 256> number;
  std::array<uint8_t, full + 1> byte;

  /// In proportion to the bytes.
  static const Light &of_bytes();
  /// In proportion to the light that bytes stand for in sRGB.
  static const Light &of_srgb();
};

/// Source rows as pairs of pixels in numbers of 15 bits, and output rows from such numbers.
class NumberRows {
 public:
  virtual ~NumberRows() = default;
  /// Values per pixel.
  virtual int values() const = 0;
  /// Writes pairs `begin` ..< `end` of pixels of row `y`: for each value that of the first pixel, then the second.
  virtual void load(int y, int begin, int end, int16_t *pairs) const = 0;
  /// Writes output row `y`.
  virtual void store(int y, const int32_t *numbers) = 0;
};

/// Grey or R, G, B.
class ColorRows : public NumberRows {
 public:
  ColorRows(const View &input, View &output, const Light &light) : input(input), output(output), light(light) {}

  int values() const override { return input.channels; }
  void load(int y, int begin, int end, int16_t *pairs) const override;
  void store(int y, const int32_t *numbers) override;

 private:
  const View &input;
  View &output;
  const Light &light;
};

/// An image and its alpha plane.
struct LayeredView {
  View color, alpha;
};

/// Colours weighted by their alpha, so that the colours of transparent pixels do not show; the alpha is the fourth
/// value.
class WeightedRows : public NumberRows {
 public:
  WeightedRows(const LayeredView &input, LayeredView &output, const Light &light)
      : input(input), output(output), light(light) {}

  int values() const override { return 4; }
  void load(int y, int begin, int end, int16_t *pairs) const override;
  void store(int y, const int32_t *numbers) override;

 private:
  const LayeredView &input;
  LayeredView &output;
  const Light &light;
};

}  // namespace cimaging

#endif
