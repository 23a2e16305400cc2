internal import CImaging
internal import Glibc

/// How the libraries below behave in this process.
public enum ImagingRuntime {
  /// To be called once in every process that works on images, before the first: OpenCV runs on the calling thread alone,
  /// and freed memory is kept, so that one image's scratch memory is the next one's without page faults.
  public static func prepareProcess() {
    cimaging_use_one_thread()
    keepFreedMemory()
  }

  /// What the kernels are compiled for. Bytes are the same whichever is used.
  public enum InstructionSet: String, CaseIterable, Sendable {
    case plain, sse4, avx2
    /// All that the processor has.
    case best

    /// Of `AUGMENT_INSTRUCTIONS` in the environment, with which one can see that the bytes are the same; `nil` where it is
    /// not set, or names none.
    public static var ofEnvironment: InstructionSet? {
      unsafe getenv("AUGMENT_INSTRUCTIONS").flatMap { name in InstructionSet(rawValue: unsafe String(cString: name)) }
    }
  }

  /// Has the kernels of this package use instructions up to `limit` only, in this process and those forked from it.
  public static func limitInstructions(to limit: InstructionSet) {
    cimaging_limit_instructions(Int32(InstructionSet.allCases.firstIndex(of: limit) ?? 3))
  }

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
