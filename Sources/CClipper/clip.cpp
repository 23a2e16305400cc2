#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <polyclipping/clipper.hpp>

#include "include/CClipper.h"

namespace {

using ClipperLib::Clipper;
using ClipperLib::IntPoint;
using ClipperLib::Path;
using ClipperLib::Paths;

constexpr double units = 1 << 20;  // per pixel; times the limit this is far below what Clipper takes, 2^62
constexpr double limit = CCLIPPER_LIMIT;
/// A line around less is a sliver that rounding has left, in square units: 1e-6 square pixels.
constexpr double least_area = 1e-6 * units * units;

struct TooLarge {};

ClipperLib::cInt whole(double coordinate) {
  if (!(std::abs(coordinate) <= limit)) throw TooLarge();
  return static_cast<ClipperLib::cInt>(std::llround(coordinate * units));
}

Paths paths_of(const cclipper_polygons &polygons) {
  Paths paths(static_cast<size_t>(polygons.line_count));
  const double *next = polygons.coordinates;
  for (size_t line = 0; line < paths.size(); ++line) {
    const int32_t count = polygons.corner_counts[line];
    paths[line].reserve(static_cast<size_t>(count));
    for (int32_t corner = 0; corner < count; ++corner, next += 2) {
      paths[line].emplace_back(whole(next[0]), whole(next[1]));
    }
  }
  return paths;
}

Path path_of(const cclipper_rectangle &rectangle) {
  const auto left = whole(rectangle.left), top = whole(rectangle.top);
  const auto right = whole(rectangle.right), bottom = whole(rectangle.bottom);
  return {IntPoint(left, top), IntPoint(right, top), IntPoint(right, bottom), IntPoint(left, bottom)};
}

/// Outer lines and holes run in opposite directions.
double area_of(const Paths &paths) {
  double area = 0;
  for (const Path &path : paths) area += ClipperLib::Area(path);
  return std::abs(area) / (units * units);
}

template <typename Value>
Value *allocate(size_t count) {
  auto *memory = static_cast<Value *>(std::malloc(std::max<size_t>(count, 1) * sizeof(Value)));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void store(const Paths &paths, cclipper_result &result) {
  size_t corners = 0;
  for (const Path &path : paths) corners += path.size();
  result.coordinates = allocate<double>(2 * corners);
  result.corner_counts = allocate<int32_t>(paths.size());
  double *next = result.coordinates;
  for (const Path &path : paths) {
    result.corner_counts[result.line_count++] = static_cast<int32_t>(path.size());
    for (const IntPoint &corner : path) {
      *next++ = static_cast<double>(corner.X) / units;
      *next++ = static_cast<double>(corner.Y) / units;
    }
  }
}

void clip(const cclipper_polygons &polygons, const cclipper_rectangle &rectangle, cclipper_result &result) {
  const Paths subject = paths_of(polygons);
  const Path window = path_of(rectangle);
  Clipper clipper;
  // False if no line has any extent: there is no shape.
  if (!clipper.AddPaths(subject, ClipperLib::ptSubject, true)) return;
  Paths whole_shape, inside;
  if (!clipper.Execute(ClipperLib::ctUnion, whole_shape, ClipperLib::pftEvenOdd)) throw std::exception();
  if (clipper.AddPath(window, ClipperLib::ptClip, true) &&
      !clipper.Execute(ClipperLib::ctIntersection, inside, ClipperLib::pftEvenOdd)) {
    throw std::exception();
  }
  std::erase_if(inside, [](const Path &path) { return std::abs(ClipperLib::Area(path)) < least_area; });
  result.area = area_of(inside);
  result.whole_area = area_of(whole_shape);
  store(inside, result);
}

}  // namespace

cclipper_status cclipper_clip(const cclipper_polygons *polygons, const cclipper_rectangle *rectangle,
                              cclipper_result *result) {
  *result = {};
  cclipper_status status = CCLIPPER_FAILED;
  try {
    clip(*polygons, *rectangle, *result);
    return CCLIPPER_OK;
  } catch (const std::bad_alloc &) {
    status = CCLIPPER_OUT_OF_MEMORY;
  } catch (const TooLarge &) {
    status = CCLIPPER_TOO_LARGE;
  } catch (...) {
  }
  cclipper_free(result);
  return status;
}

void cclipper_free(cclipper_result *result) {
  std::free(result->coordinates);
  std::free(result->corner_counts);
  *result = {};
}
