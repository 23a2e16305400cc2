#include <algorithm>

#include "guard.hpp"
#include "include/cimaging_transforms.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

#if defined(__x86_64__)

/// Five RGB pixels at a time, where OpenCV takes one. A vector holds a sixteenth byte: of the source the one before the
/// five, in the destination one that is written again.
__attribute__((target("ssse3"))) void mirror_row(const uint8_t *input, uint8_t *output, int width) {
  const __m128i order = _mm_setr_epi8(13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0);
  int x = 0;
  for (; x <= width - 6; x += 5) {
    const __m128i pixels = _mm_loadu_si128(reinterpret_cast<const __m128i *>(input + 3 * (width - 5 - x) - 1));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(output + 3 * x), _mm_shuffle_epi8(pixels, order));
  }
  for (; x < width; ++x) std::copy_n(input + 3 * (width - 1 - x), 3, output + 3 * x);
}

bool mirror(const cv::Mat &input, cv::Mat &output) {
  __builtin_cpu_init();
  if (input.channels() != 3 || !__builtin_cpu_supports("ssse3")) return false;
  for (int y = 0; y < input.rows; ++y) mirror_row(input.ptr(y), output.ptr(y), input.cols);
  return true;
}

#else

bool mirror(const cv::Mat &, cv::Mat &) { return false; }

#endif

}  // namespace

cimaging_status cimaging_flip(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t code,
                              cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    CV_Assert(input.size() == output.size() && input.type() == output.type());
    if (code != 1 || !mirror(input, output)) cv::flip(input, output, code);
  });
}

cimaging_status cimaging_rotate90(const cimaging_pixels *source, const cimaging_pixels *destination, int32_t quarters,
                                  cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    switch (quarters & 3) {
      case 0: input.copyTo(output); break;
      case 1: cv::rotate(input, output, cv::ROTATE_90_COUNTERCLOCKWISE); break;
      case 2: cv::rotate(input, output, cv::ROTATE_180); break;
      default: cv::rotate(input, output, cv::ROTATE_90_CLOCKWISE); break;
    }
  });
}
