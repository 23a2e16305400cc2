internal import CImaging
internal import Platform

/// Encodes masks as PNG files in memory, one after another, reusing its output buffer. The same mask gives the same
/// bytes.
@safe
package struct MaskEncoder: ~Copyable {
  private var output = unsafe cimaging_output()

  /// Allocates nothing yet.
  package init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// Encodes a whole file, with the layout of the mask. A palette that lacks the colour of an index is completed.
  package mutating func encode(_ mask: borrowing MaskImage) throws(ImagingError) -> [UInt8] {
    precondition(mask.size.pixelCount > 0, "a mask to encode has pixels")
    var layout = cimaging_png_layout(mask.layoutWithWholePalette, mask.size)
    var message = cimaging_message()
    let status = unsafe mask.withCPlanes { planes in
      unsafe cimaging_png_write_planes(&layout, planes, nil, &output, &message)
    }
    try check(status, message)
    guard unsafe Memory.hasRoom(forArrayOf: output.count) else { throw .outOfMemory }
    return unsafe [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
  }
}

extension MaskImage {
  /// The layout, with a colour for every index that occurs.
  fileprivate var layoutWithWholePalette: MaskLayout {
    guard let palette = layout.palette, palette.count <= layout.largestValue else { return layout }
    let largest = unsafe planes[MaskPlane.color.rawValue].withBytes { unsafe $0.max() } ?? 0
    var layout = layout
    layout.colors = .palette(palette.completed(to: Int(largest)))
    return layout
  }
}
