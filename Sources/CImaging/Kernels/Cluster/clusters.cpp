#include "Kernels/Cluster/clusters.hpp"

#include <cmath>

#include "include/cimaging_cluster.h"

namespace {

int32_t pair(int32_t first, int32_t second) {
  return static_cast<int32_t>(static_cast<uint32_t>(second) << 16 | (static_cast<uint32_t>(first) & 0xFFFF));
}

}  // namespace

void cimaging_set_clusters(cimaging_clusters *clusters, const double *centroids, int32_t count) {
  clusters->count = count;
  for (int32_t k = 0; k < CIMAGING_CLUSTER_LIMIT; ++k) {
    clusters->red_green[k] = clusters->blue[k] = 0;
    clusters->constant[k] = INT32_MAX;
  }
  for (int32_t k = 0; k < count; ++k) {
    int32_t center[3], square = 0;
    for (int channel = 0; channel < 3; ++channel) {
      center[channel] = static_cast<int32_t>(std::lrint((centroids[3 * k + channel] - 128) * cimaging::centroid_scale));
      square += center[channel] * center[channel];
    }
    clusters->red_green[k] = pair(-center[0], -center[1]);
    clusters->blue[k] = pair(-center[2], 0);
    clusters->constant[k] = (square & ~255) - cimaging::score_bias + k;
  }
}
