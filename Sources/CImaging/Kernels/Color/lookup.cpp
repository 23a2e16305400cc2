#include "Kernels/Color/formula.hpp"
#include "guard.hpp"
#include "include/cimaging_color.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Color/lookup.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/bytes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Whether a table is as quick as arithmetic.
constexpr bool has_quick_tables = HWY_TARGET == HWY_AVX3_DL;

/// One table for all channels.
class OneTable {
 public:
  static constexpr size_t length = lanes;

  HWY_INLINE explicit OneTable(const uint8_t *table) : in_registers(table) {}

  HWY_INLINE void map(const uint8_t *input, uint8_t *output) const {
    hn::StoreU(in_registers[hn::LoadU(Bytes(), input)], Bytes(), output);
  }

 private:
  ByteTable in_registers;
};

/// A table for each of three channels.
class ThreeTables {
 public:
  static constexpr size_t length = 3 * lanes;

  HWY_INLINE explicit ThreeTables(const uint8_t *tables) : red(tables), green(tables + 256), blue(tables + 512) {}

  HWY_INLINE void map(const uint8_t *input, uint8_t *output) const {
    ByteVector colors[3];
    hn::LoadInterleaved3(Bytes(), input, colors[0], colors[1], colors[2]);
    hn::StoreInterleaved3(red[colors[0]], green[colors[1]], blue[colors[2]], Bytes(), output);
  }

 private:
  ByteTable red, green, blue;
};

/// Lines by arithmetic; the channels repeat after three vectors.
class Lines {
 public:
  static constexpr size_t length = 3 * lanes;

  HWY_INLINE Lines(const LineFormula *formulas, int channels) {
    for (size_t i = 0; i < length; ++i) {
      const LineFormula &formula = formulas[i % static_cast<size_t>(channels)];
      scale[i] = formula.scale;
      offset[i] = formula.offset;
    }
  }

  HWY_INLINE void map(const uint8_t *input, uint8_t *output) const {
    for (size_t i = 0; i < length; i += lanes) {
      IntegerVector levels[4];
#pragma unroll
      for (size_t k = 0; k < 4; ++k) {
        const size_t place = i + k * quarter;
        const hn::Rebind<uint8_t, Integers> narrow;
        const auto level = hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::LoadU(narrow, input + place)));
        levels[k] = truncate(level * hn::Load(Floats(), scale + place) + hn::Load(Floats(), offset + place));
      }
      hn::StoreU(join(levels), Bytes(), output + i);
    }
  }

 private:
  HWY_ALIGN float scale[length];
  HWY_ALIGN float offset[length];
};

/// Numbers that are added; the channels repeat after three vectors.
class Shifts {
 public:
  static constexpr size_t length = 3 * lanes;

  HWY_INLINE Shifts(const ShiftFormula *formulas, int channels) {
    for (size_t i = 0; i < length; ++i) {
      const ShiftFormula &formula = formulas[i % static_cast<size_t>(channels)];
      up[i] = formula.up;
      down[i] = formula.down;
    }
  }

  HWY_INLINE void map(const uint8_t *input, uint8_t *output) const {
    const Bytes tag;
    for (size_t i = 0; i < length; i += lanes) {
      const auto raised = hn::SaturatedAdd(hn::LoadU(tag, input + i), hn::Load(tag, up + i));
      hn::StoreU(hn::SaturatedSub(raised, hn::Load(tag, down + i)), tag, output + i);
    }
  }

 private:
  HWY_ALIGN uint8_t up[length];
  HWY_ALIGN uint8_t down[length];
};

/// Kept and inverted bits; the channels repeat after three vectors.
class Bits {
 public:
  static constexpr size_t length = 3 * lanes;

  HWY_INLINE Bits(const BitFormula *formulas, int channels) {
    for (size_t i = 0; i < length; ++i) {
      const BitFormula &formula = formulas[i % static_cast<size_t>(channels)];
      kept[i] = static_cast<uint8_t>(formula.kept);
      inverting[i] = formula.first_inverted < 256 ? 255 : 0;
      first_inverted[i] = static_cast<uint8_t>(formula.first_inverted);
    }
  }

  HWY_INLINE void map(const uint8_t *input, uint8_t *output) const {
    const Bytes tag;
    for (size_t i = 0; i < length; i += lanes) {
      const auto levels = hn::LoadU(tag, input + i), first = hn::Load(tag, first_inverted + i);
      const auto is_inverted = hn::VecFromMask(tag, hn::Max(levels, first) == levels);
      const auto inverted = hn::And(is_inverted, hn::Load(tag, inverting + i));
      hn::StoreU(hn::Xor(hn::And(levels, hn::Load(tag, kept + i)), inverted), tag, output + i);
    }
  }

 private:
  HWY_ALIGN uint8_t kept[length];
  HWY_ALIGN uint8_t inverting[length];
  HWY_ALIGN uint8_t first_inverted[length];
};

template <class Map>
HWY_INLINE void map_row(const uint8_t *input, uint8_t *output, size_t count, const Map &map, const uint8_t *tables,
                        size_t channels) {
  size_t i = 0;
  for (; i + Map::length <= count; i += Map::length) map.map(input + i, output + i);
  for (; i < count; ++i) output[i] = tables[256 * (i % channels) + input[i]];
}

/// Processes the image as one long row if rows have no padding.
template <class Map>
void map_rows(const View &input, View &output, const Map &map, const uint8_t *tables, size_t channels) {
  const size_t length = input.row_length();
  if (input.stride == length && output.stride == length) {
    return map_row(input.pixels, output.pixels, length * static_cast<size_t>(input.height), map, tables, channels);
  }
  for (int y = 0; y < input.height; ++y) map_row(input.row(y), output.row(y), length, map, tables, channels);
}

/// Maps through one table, or through one for each of three channels.
void lookup(const View &input, View &output, const uint8_t *tables, int channels) {
  const auto count = static_cast<size_t>(channels);
  ShiftFormula shifts[3];
  if (find(shift_of, tables, channels, shifts)) return map_rows(input, output, Shifts(shifts, channels), tables, count);
  if (!has_quick_tables) {
    BitFormula bits[3];
    if (find(bits_of, tables, channels, bits)) return map_rows(input, output, Bits(bits, channels), tables, count);
    LineFormula lines[3];
    if (find(line_of, tables, channels, lines)) return map_rows(input, output, Lines(lines, channels), tables, count);
  }
  if (channels == 1) return map_rows(input, output, OneTable(tables), tables, count);
  map_rows(input, output, ThreeTables(tables), tables, count);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {
HWY_EXPORT(lookup);
}

cimaging_status cimaging_lookup(const cimaging_pixels *source, const cimaging_pixels *destination, const uint8_t *table,
                                cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { HWY_DYNAMIC_DISPATCH(lookup)(input, output, table, 1); });
}

cimaging_status cimaging_lookup_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const uint8_t *tables, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    HWY_DYNAMIC_DISPATCH(lookup)(input, output, tables, 3);
  });
}

#endif
