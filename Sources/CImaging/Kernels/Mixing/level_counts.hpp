#ifndef CIMAGING_LEVEL_COUNTS_HPP
#define CIMAGING_LEVEL_COUNTS_HPP

#include <array>
#include <cstdint>

#include "view.hpp"

namespace cimaging {

/// How many pixels have each level.
using LevelCounts = std::array<uint64_t, 256>;

/// The levels of each channel; those of channels that are not there are empty.
std::array<LevelCounts, 3> level_counts(const View &image);

/// A table for each channel.
using LevelTables = std::array<std::array<uint8_t, 256>, 3>;

/// Maps each channel through its table.
void look_up_channels(const View &input, View &output, const LevelTables &tables);

}  // namespace cimaging

#endif
