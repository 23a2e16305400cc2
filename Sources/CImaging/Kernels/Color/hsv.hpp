#ifndef CIMAGING_HSV_HPP
#define CIMAGING_HSV_HPP

#include <cstdint>

namespace cimaging {

inline constexpr float sectors_per_hue = 6.0f / 180;
inline constexpr int hue_start = 30;  // added to hues, -30 ... 150, so that none is negative

/// Which value a channel takes, as bits. If neither of a channel's bits is set, it takes the largest of the three.
enum HsvPlace : uint8_t {
  red_is_middle = 1,
  green_is_middle = 2,
  blue_is_middle = 4,
  red_is_least = 8,
  green_is_least = 16,
  blue_is_least = 32
};

/// The bits for the three channels of a hue.
inline uint8_t hsv_places(uint8_t hue) {
  static constexpr uint8_t of_sector[6] = {green_is_middle | blue_is_least, red_is_middle | blue_is_least,
                                           blue_is_middle | red_is_least,   green_is_middle | red_is_least,
                                           red_is_middle | green_is_least,  blue_is_middle | green_is_least};
  return of_sector[static_cast<int>(static_cast<float>(hue) * sectors_per_hue) % 6];
}

}  // namespace cimaging

#endif
