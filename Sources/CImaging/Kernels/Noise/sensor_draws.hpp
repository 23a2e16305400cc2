#ifndef CIMAGING_SENSOR_DRAWS_HPP
#define CIMAGING_SENSOR_DRAWS_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// The random numbers of each sensor pixel: 64 bits for its events and a normal hue shift. They depend only on the seed
/// and the pixel's number, so the noise is the same whether all pixels are drawn or only those that change.
struct SensorDraws {
  uint64_t seed;
  float hue_deviation;
  uint32_t certain_zero;   // no event if the upper 32 bits for events are below this
  uint32_t may_shift_hue;  // no visible hue shift if the word for the hue's distance is not below this

  /// Extra elements in the arrays of places and draws.
  static constexpr size_t slack = 16;

  /// The value of `may_shift_hue` for hue shifts visible beyond `limit`, with a small margin.
  static uint32_t shifting_hue_beyond(float limit, double hue_deviation);

  /// Writes which of the `count` pixels from number `first` on may change, relative to `first`; returns their number.
  size_t select(uint64_t first, size_t count, uint32_t *places) const;

  /// The draws for pixels first + places[i]: upper and lower half of the bits for events, and hue shifts in degrees.
  struct Drawn {
    uint32_t *upper, *lower;
    float *hue;
  };
  void draw(uint64_t first, const uint32_t *places, size_t count, Drawn drawn) const;
};

}  // namespace cimaging

#endif
