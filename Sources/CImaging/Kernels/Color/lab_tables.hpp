#ifndef CIMAGING_LAB_TABLES_HPP
#define CIMAGING_LAB_TABLES_HPP

#include <cstddef>
#include <cstdint>

namespace cimaging {

/// What 8-bit Lab is made with, in OpenCV's whole numbers; the same as its own tables.
struct LabTables {
  static constexpr int linear_fraction = 3;  // bits of linear light behind the point
  static constexpr int root_fraction = 15;   // bits of the cube roots behind the point
  static constexpr int gamma_count = 4096;   // levels of linear light on the way back

  /// Filled when they are first asked for.
  static const LabTables &shared();

  /// A table of numbers of 16 bits, as bytes.
  struct SplitTable {
    uint8_t low[256];
    uint8_t high[256];
  };

  uint16_t linear[256];                              // sRGB to linear light
  SplitTable linear_bytes;
  uint16_t roots[256 * 3 / 2 << linear_fraction];    // linear light to its cube root
  uint16_t luminance[2][256];                        // L to Y and its cube root
  SplitTable luminance_bytes[2];
  uint8_t gamma[gamma_count];                        // linear light to sRGB
  uint8_t gamma_start[256] = {};                         // of every sixteenth
  uint8_t gamma_steps[3][256];                       // after which of the sixteen it is one more
  int32_t to_xyz[3][3];                              // white is 4096
  int32_t to_rgb[3][3];

 private:
  LabTables();
  void fill_luminance();
  void fill_gamma();
};

}  // namespace cimaging

#endif
