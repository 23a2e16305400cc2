#ifndef CIMAGING_CELL_GROUPS_HPP
#define CIMAGING_CELL_GROUPS_HPP

#include <cstdint>

#include "include/cimaging_cluster.h"

namespace cimaging {

/// Describes some cells as a group; if they are fewer than a group has, the last again.
void set_group(cimaging_cell_group &group, const cimaging_color_cell *cells, uint32_t count);

}  // namespace cimaging

#endif
