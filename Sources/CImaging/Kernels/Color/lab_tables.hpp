#ifndef CIMAGING_LAB_TABLES_HPP
#define CIMAGING_LAB_TABLES_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// Fixed-point tables for 8-bit Lab, identical to OpenCV's.
struct LabTables {
  static constexpr int linear_fraction = 3;  // fraction bits of linear light
  static constexpr int root_fraction = 15;   // fraction bits of the cube roots
  static constexpr int gamma_count = 4096;   // levels of linear light in the conversion to RGB

  /// Filled on first use.
  static const LabTables &shared();

  /// A table of 16-bit numbers, split into low and high bytes.
  struct SplitTable {
    uint8_t low[256];
    uint8_t high[256];
  };

  uint16_t linear[256];  // sRGB to linear light
  SplitTable linear_bytes;
  uint16_t roots[256 * 3 / 2 << linear_fraction];  // linear light to its cube root
  // The shares of X, Y and Z, in that order, of each channel's levels. The sum for a pixel has 16 fraction bits and is
  // rounded when these are cut off.
  alignas(16) uint32_t light[3][256][4];
  SplitTable luminance[2];        // L to Y and to its cube root
  uint8_t gamma[gamma_count];     // linear light to sRGB
  uint8_t gamma_start[256] = {};  // value at every sixteenth level
  uint8_t gamma_steps[3][256];    // positions among the sixteen after which the value rises by one
  int32_t to_xyz[3][3];           // white is 4096
  int32_t to_rgb[3][3];

 private:
  LabTables();
  void fill_light();
  void fill_luminance();
  void fill_gamma();
};

}  // namespace cimaging

#endif
