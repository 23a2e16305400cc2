#include <algorithm>
#include <cmath>

#include "Kernels/Mixing/fourier.hpp"
#include "guard.hpp"
#include "include/cimaging_mixing.h"

namespace cimaging {

namespace {

/// The frequencies that are exchanged along one side: places `first` ..< `end` of a spectrum with zero in the middle.
struct Band {
  int length, first, end;

  /// The middle of an even side lies half a place off zero, and fractions are cut off, as in Albumentations.
  Band(int length, int border) : length(length) {
    const double center = length / 2.0 - 0.5;
    first = std::max(0, static_cast<int>(center - border));
    end = std::min(static_cast<int>(center + border), length);
  }

  int frequency(int place) const { return (place + length - length / 2) % length; }
};

/// Both images are real, so that one complex transform holds the spectra of both: `channel` of the source as real part,
/// that of the reference as imaginary part.
ComplexPlane joined(const View &source, const View &reference, int channel) {
  ComplexPlane plane(source.height, source.width);
  for (int y = 0; y < source.height; ++y) {
    const uint8_t *ours = source.row(y) + channel, *theirs = reference.row(y) + channel;
    auto *row = plane.row(y);
    for (int x = 0; x < source.width; ++x)
      row[x] = {static_cast<float>(ours[x * source.channels]), static_cast<float>(theirs[x * source.channels])};
  }
  return plane;
}

/// What is to be added to a frequency of the source to give it the amplitude of the reference. `value` and `opposite`
/// are those of the joined spectrum at the frequency and at its negative.
std::complex<float> change(std::complex<float> value, std::complex<float> opposite) {
  const auto ours = (value + std::conj(opposite)) * 0.5f;
  const auto theirs = value - std::conj(opposite);
  const float amplitude = std::abs(ours), wanted = std::abs(theirs) * 0.5f;
  // What has no amplitude has the phase 0.
  return amplitude > 0 ? ours * ((wanted - amplitude) / amplitude) : std::complex<float>(wanted);
}

/// The changes of all frequencies in the bands, from the transposed spectrum; transposed as well.
ComplexPlane changes(ComplexPlane &spectrum, const Band &across, const Band &down) {
  ComplexPlane result(spectrum.rows, spectrum.columns);
  for (int i = across.first; i < across.end; ++i) {
    const int x = across.frequency(i), other_x = (across.length - x) % across.length;
    for (int j = down.first; j < down.end; ++j) {
      const int y = down.frequency(j), other_y = (down.length - y) % down.length;
      result.row(x)[y] = change(spectrum.row(x)[y], spectrum.row(other_x)[other_y]);
    }
  }
  return result;
}

void add(ComplexPlane &change, const View &input, View &output, int channel) {
  for (int y = 0; y < input.height; ++y) {
    const uint8_t *from = input.row(y) + channel;
    uint8_t *to = output.row(y) + channel;
    const auto *row = change.row(y);
    for (int x = 0; x < input.width; ++x) {
      const float sum = static_cast<float>(from[x * input.channels]) + row[x].real();
      to[x * input.channels] = static_cast<uint8_t>(std::clamp(sum, 0.0f, 255.0f));
    }
  }
}

}  // namespace

/// Transforms forth, and only the change back: its columns are empty but for those of the band.
void exchange_amplitudes(const View &input, const View &reference, View &output, double share) {
  const int border = static_cast<int>(std::floor(std::min(input.width, input.height) * share));
  const Band across(input.width, border), down(input.height, border);
  RowTransform rows(input.width), columns(input.height);
  for (int channel = 0; channel < input.channels; ++channel) {
    ComplexPlane plane = joined(input, reference, channel);
    rows.apply(plane, 0, plane.rows, false);
    plane = plane.transposed();
    columns.apply(plane, 0, plane.rows, false);
    plane = changes(plane, across, down);
    for (int i = across.first; i < across.end; ++i) {
      const int x = across.frequency(i);
      columns.apply(plane, x, x + 1, true);
    }
    plane = plane.transposed();
    rows.apply(plane, 0, plane.rows, true);
    add(plane, input, output, channel);
  }
}

}  // namespace cimaging

cimaging_status cimaging_exchange_amplitudes(const cimaging_pixels *source, const cimaging_pixels *reference,
                                             const cimaging_pixels *destination, double share,
                                             cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const View other = view(reference);
    require(other.has_shape_of(input), "the reference has another shape");
    require(share >= 0 && share <= 0.5, "a share lies between 0 and a half");
    exchange_amplitudes(input, other, output, share);
  });
}
