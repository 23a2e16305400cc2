#include <algorithm>
#include <memory>
#include <optional>

#include "Kernels/Warp/Elastic/field.hpp"
#include "Kernels/Warp/Elastic/noise_row.hpp"
#include "Kernels/Warp/Elastic/row_blur.hpp"
#include "Kernels/Warp/warp.hpp"
#include "include/testing/cimaging_testing.h"

using namespace cimaging;

/// What all rows of a field share. It stays as it is, so that several threads may read it.
struct cimaging_elastic_plan {
  cimaging_elastic_plan(const cimaging_elastic &elastic, int width, int height)
      : noise{elastic.seed,
              elastic.is_uniform != 0 ? WhiteNoise::Distribution::uniform : WhiteNoise::Distribution::normal},
        width(width),
        height(height),
        rows(elastic.shares_axes ? height : 2 * height) {
    if (!elastic.is_approximate && CoarseField::pitch_for(elastic.sigma) >= 2) {
      blur_coarsely(elastic.sigma);
    } else {
      taps = gaussian(elastic.sigma, elastic.is_approximate ? 8 : radius_for(elastic.sigma));
      if (!noise.is_uniform()) find_largest();
    }
    const float divisor = noise.is_uniform() || largest <= 1e-6f ? 1.0f : largest;
    scale = static_cast<float>(elastic.alpha) / divisor;
  }

  bool shares_axes() const { return rows == height; }

  /// The displacements along one axis: those down the image are stacked below those across it.
  std::unique_ptr<PlaneRows> blurred(int first_row) const {
    if (coarse) return std::make_unique<CoarseRows>(*coarse, first_row, scale);
    const auto make = [noise = noise, width = width](int y, float *row) { noise.draw(y, row, width); };
    const RowSource source = {width, rows, noise.room_for(width), make};
    return std::make_unique<RowBlur>(source, taps, first_row, scale);
  }

  const WhiteNoise noise;
  const int width, height, rows;
  float largest = 0;  // magnitude of normal noise, which is divided by it
  float scale = 1;
  std::optional<CoarseField> coarse;  // empty if the noise is blurred at full resolution
  std::vector<float> taps;

 private:
  void blur_coarsely(double sigma) {
    coarse.emplace(width, rows, sigma, noise.room_for(width));
    for (int y = 0; y < rows; ++y) {
      draw(y, coarse->next());
      coarse->add();
    }
    coarse->finish();
  }

  /// The rows are drawn again while they are blurred.
  void find_largest() {
    std::vector<float> row(noise.room_for(width));
    for (int y = 0; y < rows; ++y) draw(y, row.data());
  }

  void draw(int y, float *row) { largest = std::max(largest, noise.draw(y, row, width)); }
};

namespace {

/// The blurred noise of both axes, stacked vertically as Albumentations blurs them, read row by row.
class Displacements {
 public:
  explicit Displacements(const cimaging_elastic_plan &plan) : width(plan.width), across(plan.blurred(0)) {
    if (!plan.shares_axes()) down = plan.blurred(plan.height);
  }

  void row(int y, float *dx, float *dy) {
    across->read(y, dx);
    if (down) {
      down->read(y, dy);
    } else {
      std::copy(dx, dx + width, dy);
    }
  }

 private:
  const int width;
  std::unique_ptr<PlaneRows> across, down;  // `down` is null where one field serves both axes
};

/// Samples `input` at each pixel's own coordinates plus the displacements that `row(y, dx, dy)` writes.
template <typename Row>
void warp_by(const View &input, View &output, const cimaging_resampling &resampling, Row row) {
  warp_rows(input, output, resampling, [&](int y, float *map_x, float *map_y) {
    row(y, map_x, map_y);
    for (int x = 0; x < input.width; ++x) {
      map_x[x] += static_cast<float>(x);
      map_y[x] += static_cast<float>(y);
    }
  });
}

}  // namespace

cimaging_status cimaging_warp_elastic(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_elastic_plan *plan, const cimaging_resampling *resampling,
                                      cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(input.width == plan->width && input.height == plan->height, "the field is that of another shape");
    Displacements displacements(*plan);
    warp_by(input, output, *resampling, [&](int y, float *dx, float *dy) { displacements.row(y, dx, dy); });
  });
}

cimaging_status cimaging_warp_fields(const cimaging_pixels *source, const cimaging_pixels *destination, const float *dx,
                                     const float *dy, const cimaging_resampling *resampling,
                                     cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    warp_by(input, output, *resampling, [&](int y, float *row_x, float *row_y) {
      const size_t first = static_cast<size_t>(y) * input.width;
      std::copy(dx + first, dx + first + input.width, row_x);
      std::copy(dy + first, dy + first + input.width, row_y);
    });
  });
}

cimaging_status cimaging_elastic_prepare(const cimaging_elastic *elastic, int32_t width, int32_t height,
                                         cimaging_elastic_plan **plan, cimaging_message *message) {
  *plan = nullptr;
  return guarded(message, [&] { *plan = new cimaging_elastic_plan(*elastic, width, height); });
}

void cimaging_elastic_release(cimaging_elastic_plan *plan) { delete plan; }

cimaging_status cimaging_elastic_field(const cimaging_elastic_plan *plan, float *dx, float *dy,
                                       cimaging_message *message) {
  return guarded(message, [&] {
    Displacements displacements(*plan);
    for (int y = 0; y < plan->height; ++y) {
      const size_t first = static_cast<size_t>(y) * plan->width;
      displacements.row(y, dx + first, dy + first);
    }
  });
}

int32_t cimaging_elastic_is_coarse(const cimaging_elastic_plan *plan) { return plan->coarse ? 1 : 0; }

cimaging_shift cimaging_elastic_shift(const cimaging_elastic_plan *plan, double x, double y) {
  if (!plan->coarse) return {};
  const CoarseField::Value across = plan->coarse->value(x, y);
  const CoarseField::Value down = plan->shares_axes() ? across : plan->coarse->value(x, plan->height + y);
  const double scale = plan->scale;
  return {scale * across.value,    scale * down.value,     scale * across.per_column,
          scale * down.per_column, scale * across.per_row, scale * down.per_row};
}

namespace {

/// A borrowed plane of floats.
struct PlaneView {
  const float *values;
  int width, height;

  const float *row(int y) const { return values + static_cast<size_t>(y) * static_cast<size_t>(width); }
};

/// Blurs a plane as `Displacements` blurs its noise.
void smooth(const PlaneView &plane, double sigma, float *blurred) {
  const auto make = [&](int y, float *row) { std::copy_n(plane.row(y), plane.width, row); };
  std::optional<CoarseField> coarse;
  std::unique_ptr<PlaneRows> rows;
  const size_t room = plane.width;
  if (CoarseField::pitch_for(sigma) >= 2) {
    coarse.emplace(plane.width, plane.height, sigma, room);
    for (int y = 0; y < plane.height; ++y) {
      make(y, coarse->next());
      coarse->add();
    }
    coarse->finish();
    rows = std::make_unique<CoarseRows>(*coarse, 0, 1.0f);
  } else {
    const std::vector<float> taps = gaussian(sigma, radius_for(sigma));
    const RowSource source = {plane.width, plane.height, room, make};
    rows = std::make_unique<RowBlur>(source, taps, 0, 1.0f);
  }
  for (int y = 0; y < plane.height; ++y) rows->read(y, blurred + static_cast<size_t>(y) * plane.width);
}

}  // namespace

cimaging_status cimaging_smooth(const float *plane, int32_t width, int32_t height, double sigma, int32_t is_whole,
                                float *blurred, cimaging_message *message) {
  return guarded(message, [&] {
    if (is_whole) return opencv::blur_plane(plane, width, height, sigma, blurred);
    smooth({plane, width, height}, sigma, blurred);
  });
}
