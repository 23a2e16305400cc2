#ifndef CIMAGING_SENSOR_DRAWS_HPP
#define CIMAGING_SENSOR_DRAWS_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// The random numbers of each pixel of a sensor, drawn from seed and number of the pixel alone: 64 bits for its events
/// and a normal turn of its hue. So the noise is the same whether all pixels are drawn or only those that change.
struct SensorDraws {
  uint64_t seed;
  float hue_deviation;
  uint32_t certain_zero;  // no event where the upper 32 bits for events are below
  uint32_t may_turn;      // no turn that is seen where the word for the hue's distance is not below

  /// Arrays of places and draws have room for so many more.
  static constexpr size_t slack = 16;

  /// What `may_turn` is for turns that are seen beyond `limit`; a few words more than need be.
  static uint32_t turning_beyond(float limit, double hue_deviation);

  /// Those of `count` pixels from number `first` on that may change, counted from `first`; how many.
  size_t select(uint64_t first, size_t count, uint32_t *places) const;

  /// What is drawn for the pixels first + places[i]: upper and lower half of the bits for events, and turns in degrees.
  struct Drawn {
    uint32_t *upper, *lower;
    float *hue;
  };
  void draw(uint64_t first, const uint32_t *places, size_t count, Drawn drawn) const;
};

}  // namespace cimaging

#endif
