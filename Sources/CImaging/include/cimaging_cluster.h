#ifndef CIMAGING_CLUSTER_H
#define CIMAGING_CLUSTER_H

#include "cimaging_core.h"

#ifdef __cplusplus
extern "C" {
#endif

// The steps of K-means over the colours of an image. Memory is the caller's, so that threads and processes can share
// it: each call says which part of it to work on. All sums are whole numbers, so their order does not matter.

enum {
  CIMAGING_CELL_COUNT = 32 * 32 * 32,  // the colour cube in cells of 8 x 8 x 8 colours
  CIMAGING_CELL_COLORS = 8 * 8 * 8,
  CIMAGING_GROUP_CELLS = 16,  // cells that are compared with centroids together
  CIMAGING_CLUSTER_LIMIT = 256,
  CIMAGING_COLOR_MARGIN = 64,  // elements behind arrays of colours that kernels may load, but do not use
};

/// A cell with pixels in it. The number of a cell is made of the five high bits of R, G and B; the offset of a colour
/// in its cell of their three low bits.
typedef struct cimaging_color_cell {
  uint64_t squares;      // sum of the squares of R, G and B over its pixels
  uint32_t first;        // the index of its first colour
  uint32_t count;        // its colours
  uint32_t pixel_count;  // less than 2^29, so that `sums` fit
  uint32_t sums[3];      // of the three low bits of R, G and B over its pixels
  uint8_t low[3];        // the smallest R, G and B of its colours
  uint8_t high[3];       // the largest
  uint16_t number;
} cimaging_color_cell;

/// What scores of cells are computed from, of consecutive cells: the middle of each one's colours, their low corner,
/// and the way from there to the high one. R and G are two 16-bit numbers, multiplied by 256; B is one.
typedef struct cimaging_cell_group {
  int32_t middle_red_green[CIMAGING_GROUP_CELLS];
  int32_t middle_blue[CIMAGING_GROUP_CELLS];
  int32_t low_red_green[CIMAGING_GROUP_CELLS];
  int32_t low_blue[CIMAGING_GROUP_CELLS];
  int32_t span_red_green[CIMAGING_GROUP_CELLS];
  int32_t span_blue[CIMAGING_GROUP_CELLS];
  uint8_t low[3];  // the smallest R, G and B of all its colours
  uint8_t high[3];
  uint8_t padding[58];
} cimaging_cell_group;

/// The colours of an image by cell, in each cell in the order of their first pixels. Cells lie in the order of a
/// Z-curve, so that those of a group are close together.
typedef struct cimaging_colors {
  uint32_t cell_count;
  cimaging_color_cell *cells;
  cimaging_cell_group *groups;
  uint16_t *offsets;  // of each colour in its cell
  uint32_t *weights;  // the pixels of each colour
} cimaging_colors;

/// One of several shares of an image's groups. They are dealt out in turn, as neighbours take equally long.
typedef struct cimaging_share {
  uint32_t part;
  uint32_t part_count;
} cimaging_share;

/// Centroids as the kernels compare them. With x and c as levels - 128 and c rounded to 1/128, the score of a colour is
/// 128 c . 128 c, without its last eight bits, less 2 . 128 x . 128 c, and then the cluster's index in the last eight
/// bits. The smallest score is that of the nearest centroid, the first of equals. It is linear in x, and exact.
typedef struct cimaging_clusters {
  int32_t count;
  int32_t padding[15];
  // Elements after `count` have the largest score.
  int32_t red_green[CIMAGING_CLUSTER_LIMIT];  // two 16-bit numbers
  int32_t blue[CIMAGING_CLUSTER_LIMIT];       // one, and 0
  int32_t constant[CIMAGING_CLUSTER_LIMIT];
} cimaging_clusters;

/// Of the pixels of a cluster: their number, and the sums of R, G and B.
typedef struct cimaging_cluster_sums {
  uint64_t count;
  uint64_t sums[3];
} cimaging_cluster_sums;

/// What is known of the distances of a cell's colours.
typedef struct cimaging_cell_spread {
  uint64_t sum;      // of squared distances, times the pixels of the colour
  uint32_t largest;  // squared distance
} cimaging_cell_spread;

/// Counts the pixels of each cell; `counts` has an element for each of them.
void cimaging_count_cells(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *counts);

/// From the counts of several parts of an image, one after the other, computes where the pixels of each cell start in
/// an order by cell and, in each cell, by part: `places` for each cell of each part, `starts` for the cells with pixels
/// and the end. Sets the numbers of these cells.
/// - Returns: how many they are.
uint32_t cimaging_place_cells(const uint32_t *counts, uint32_t part_count, uint32_t *places, uint32_t *starts,
                              cimaging_color_cell *cells);

/// Writes the offset of each pixel's colour to `offsets[places[cell]++]`.
void cimaging_sort_by_cell(const uint8_t *pixels, size_t count, int32_t channels, uint32_t *places, uint16_t *offsets);

/// Finds the colours of the groups `first` to `end` - 1 from the sorted offsets of their pixels, and describes their
/// cells, whose numbers are set. The colours are stored from the place on where the pixels of the first cell start.
void cimaging_collect_colors(const uint16_t *pixels, const uint32_t *starts, uint32_t first, uint32_t end,
                             const cimaging_colors *colors);

/// `centroids` holds R, G, B of each cluster, 0 to 255.
void cimaging_set_clusters(cimaging_clusters *clusters, const double *centroids, int32_t count);

/// The nearest centroid of each colour of an image, by block and offset. The first CIMAGING_CLUSTER_LIMIT blocks belong
/// to the clusters, for cells whose colours are all in one; the others to the cells.
typedef struct cimaging_labels {
  uint16_t *blocks;  // of each cell, by its number
  uint8_t *labels;   // CIMAGING_CELL_COLORS a block
} cimaging_labels;

/// Sets the blocks of the clusters.
void cimaging_set_cluster_labels(const cimaging_labels *labels, int32_t count);

/// Adds each colour to the sums of its nearest centroid; `sums` has `sums_stride` elements from one cluster to the
/// next. Sets the labels of all colours, too, if `labels` is not NULL.
void cimaging_assign_colors(const cimaging_colors *colors, const cimaging_share *share,
                            const cimaging_clusters *clusters, cimaging_cluster_sums *sums, size_t sums_stride,
                            const cimaging_labels *labels);

/// The squared distance of each colour to its nearest centroid, as scores count it, in units of 1/64.
void cimaging_measure_colors(const cimaging_colors *colors, const cimaging_share *share,
                             const cimaging_clusters *clusters, uint32_t *distances);

/// Finds the colour (R, G, B) with the largest distance, the first of equals, and sets its distance to 0.
/// - Returns: 0 if all distances are 0.
int32_t cimaging_take_farthest(const cimaging_colors *colors, uint32_t *distances, uint8_t *color);

/// The squared distance of each colour to the nearest of several colours, which are added one by one: lowers
/// `distances` where `color` (R, G, B) is nearer, or sets all if it is the first. Sets `spreads` of each cell.
void cimaging_spread_colors(const cimaging_colors *colors, const cimaging_share *share, const uint8_t *color,
                            int32_t is_first, uint32_t *distances, cimaging_cell_spread *spreads);

/// Gives each pixel the colour of its cluster, R | G << 8 | B << 16 in `palette`; a grey one takes R.
void cimaging_paint(const uint8_t *pixels, size_t count, int32_t channels, const cimaging_labels *labels,
                    const uint32_t *palette, uint8_t *result);

/// Gives each pixel of an image the colour of the nearest centroid, and spreads the difference over its neighbours as
/// Floyd and Steinberg do, row by row in alternating directions. `errors` has room for three numbers per column, and
/// for two columns more.
void cimaging_dither(const cimaging_pixels *pixels, const cimaging_clusters *clusters, const uint32_t *palette,
                     int16_t *errors, uint8_t *result);

#ifdef __cplusplus
}
#endif
#endif
