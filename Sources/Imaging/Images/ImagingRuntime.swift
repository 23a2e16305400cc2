internal import CImaging

/// How the libraries below behave in this process.
public enum ImagingRuntime {
  /// To be called once in every process that works on images, before the first: OpenCV runs on the calling thread alone,
  /// and freed memory is kept, so that one image's scratch memory is the next one's without page faults.
  public static func prepareProcess() {
    cimaging_use_one_thread()
    keepFreedMemory()
  }

  /// What the kernels may be compiled for. Bytes are the same whichever is used.
  public enum InstructionSet: Int32, CaseIterable, Sendable {
    case plain = 0
    case sse4 = 1
    case avx2 = 2
    /// All that the processor has.
    case best = 3
  }

  /// Has the kernels of this package use instructions up to `limit` only, in this process and those forked from it.
  public static func limitInstructions(to limit: InstructionSet) { cimaging_limit_instructions(limit.rawValue) }

  /// The set that the kernels use now, as Highway calls it.
  public static var instructionSet: String { unsafe String(cString: cimaging_instructions()) }

  /// Versions of the libraries below, by name.
  public static var libraryVersions: [String: String] {
    let versions = unsafe [
      "opencv": cimaging_opencv_version(), "libjpeg": cimaging_jpeg_version(), "libpng": cimaging_png_version(),
    ]
    return unsafe versions.compactMapValues { unsafe $0.map { unsafe String(cString: $0) } }
  }

  /// The part of it that a process may do that will fork.
  public static func keepFreedMemory() { cimaging_keep_freed_memory() }
}
