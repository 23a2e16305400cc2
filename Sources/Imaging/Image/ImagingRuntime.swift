internal import CImaging

/// Process-wide settings of the imaging libraries.
package enum ImagingRuntime {
  /// Call once in every process before it works on images. Restricts OpenCV to the calling thread, and keeps freed
  /// memory so that the next image reuses scratch memory without page faults.
  package static func prepareProcess() {
    cimaging_use_one_thread()
    keepFreedMemory()
  }

  /// The instruction sets that the kernels are compiled for. All give the same bytes.
  package enum InstructionSet: String, CaseIterable, Sendable {
    case plain, sse4, avx2
    /// The best that the processor supports.
    case best
  }

  /// Limits this package's kernels to instruction sets up to `limit`, in this process and those forked from it.
  package static func limitInstructions(to limit: InstructionSet) {
    cimaging_limit_instructions(Int32(InstructionSet.allCases.firstIndex(of: limit) ?? 3))
  }

  /// The instruction set in use, by Highway's name for it.
  package static var instructionSet: String { unsafe String(cString: cimaging_instructions()) }

  /// Library versions by name.
  package static var libraryVersions: [String: String] {
    let versions = unsafe [
      "opencv": cimaging_opencv_version(), "libjpeg": cimaging_jpeg_version(), "libpng": cimaging_png_version(),
    ]
    return unsafe versions.compactMapValues { unsafe $0.map { unsafe String(cString: $0) } }
  }

  /// The part of `prepareProcess` that a process may run before it forks.
  package static func keepFreedMemory() { cimaging_keep_freed_memory() }
}
