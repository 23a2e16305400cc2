#include "Kernels/Color/formula.hpp"

#include <algorithm>
#include <limits>

#pragma clang fp contract(off)

namespace cimaging {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The offset of a line must be at least `least` and below `end`, because of the levels at two places.
struct Offsets {
  double least = -infinity, end = infinity;
  int place_of_least = 0, place_of_end = 0;
};

/// Clamped levels bound the line on one side only.
Offsets offsets(const uint8_t *table, double scale) {
  Offsets found;
  for (int place = 0; place < 256; ++place) {
    const double rest = table[place] - scale * place;
    if (table[place] > 0 && rest > found.least) {
      found.least = rest;
      found.place_of_least = place;
    }
    if (table[place] < 255 && rest + 1 < found.end) {
      found.end = rest + 1;
      found.place_of_end = place;
    }
  }
  return found;
}

/// The slope between the first and the last level that is not clamped.
double slope(const uint8_t *table) {
  int first = 0, last = 255;
  const auto is_clamped = [&](int place) { return table[place] == 0 || table[place] == 255; };
  while (first < 255 && is_clamped(first)) ++first;
  while (last > 0 && is_clamped(last)) --last;
  return first < last ? static_cast<double>(table[last] - table[first]) / (last - first) : 0;
}

bool gives(const LineFormula &line, const uint8_t *table) {
  for (int place = 0; place < 256; ++place) {
    const float value = static_cast<float>(place) * line.scale + line.offset;
    if (static_cast<int>(std::clamp(value, 0.0f, 255.0f)) != table[place]) return false;
  }
  return true;
}

}  // namespace

std::optional<LineFormula> line_of(const uint8_t *table) {
  double lowest = -512, highest = 512, scale = slope(table);
  // Each attempt that fails shows two levels that ask for a steeper or a flatter line. Lines that exist take a few.
  for (int attempt = 0; attempt < 16 && lowest < highest; ++attempt) {
    const Offsets found = offsets(table, scale);
    if (found.least < found.end) {
      const double offset = found.least == -infinity ? found.end - 1
                            : found.end == infinity  ? found.least + 1
                                                     : (found.least + found.end) / 2;
      const LineFormula line{static_cast<float>(scale), static_cast<float>(offset)};
      return gives(line, table) ? std::optional(line) : std::nullopt;
    }
    if (found.place_of_least == found.place_of_end) return std::nullopt;
    const double bound = scale + (found.least - found.end) / (found.place_of_least - found.place_of_end);
    if (found.place_of_least > found.place_of_end) {
      lowest = std::max(lowest, bound);
      scale = lowest + std::min(1e-3, (highest - lowest) / 2);
    } else {
      highest = std::min(highest, bound);
      scale = highest - std::min(1e-3, (highest - lowest) / 2);
    }
  }
  return std::nullopt;
}

std::optional<ShiftFormula> shift_of(const uint8_t *table) {
  int inside = 0;  // a place where the level is not clamped
  while (inside < 255 && (table[inside] == 0 || table[inside] == 255)) ++inside;
  const int difference = table[inside] - inside;
  for (int place = 0; place < 256; ++place) {
    if (table[place] != std::clamp(place + difference, 0, 255)) return std::nullopt;
  }
  return ShiftFormula{static_cast<uint8_t>(std::max(difference, 0)), static_cast<uint8_t>(std::max(-difference, 0))};
}

std::optional<BitFormula> bits_of(const uint8_t *table) {
  const BitFormula kept{table[255], 256};
  int place = 0;
  while (place < 256 && table[place] == (place & kept.kept)) ++place;
  if (place == 256) return kept;
  int first_inverted = 0;
  while (first_inverted < 256 && table[first_inverted] == first_inverted) ++first_inverted;
  for (place = first_inverted; place < 256; ++place) {
    if (table[place] != 255 - place) return std::nullopt;
  }
  return BitFormula{255, first_inverted};
}

}  // namespace cimaging
