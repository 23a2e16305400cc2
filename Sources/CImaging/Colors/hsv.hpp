#ifndef CIMAGING_HSV_HPP
#define CIMAGING_HSV_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// The tables of a look-up in HSV, as the kernel wants them.
struct HsvTables {
  HsvTables(const uint8_t *hue, const uint8_t *saturation, const uint8_t *value);

  uint8_t hue[256];     // of the hue, -30 ... 150, plus 30
  uint8_t places[256];  // of the same: where the channels take their values from
  uint8_t saturation[256];
  uint8_t value[256];
};

/// One row of `count` RGB pixels to 8-bit HSV, through the tables and back; the two may be the same memory. The bytes
/// are those of OpenCV's RGB2HSV and HSV2RGB on a processor with AVX2.
void look_up_hsv(const uint8_t *input, uint8_t *output, size_t count, const HsvTables &tables);

}  // namespace cimaging

#endif
