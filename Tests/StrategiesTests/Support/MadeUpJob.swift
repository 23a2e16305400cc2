import Datasets
import Imaging
import ProcPool
import Strategies

/// Tasks of images that nobody reads.
func madeUpGrid(images: Int, copies: Int) -> TaskGrid { TaskGrid(imageCount: images, tasksPerImage: copies) }

extension TaskReport {
  /// What a process says that has read or written so many bytes.
  static func of(readByteCount: Int = 0, writtenByteCount: Int = 0) -> TaskReport {
    var report = TaskReport()
    (report.readByteCount, report.writtenByteCount) = (readByteCount, writtenByteCount)
    return report
  }
}

extension TaskFailure {
  /// The worker of a task was killed while it ran, for the last time that the pool lets it.
  static func killed(attempts: Int) -> TaskFailure {
    TaskFailure(index: 0, rank: 0, pid: 1, attempts: attempts, cause: .workerEnded(.signal(9)))
  }
}

/// SplitMix64: the same walk for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension HeadedReport<ImageLayout?> {
  /// An image of 2 × 2 pixels, 12 bytes, lies in its slot; its file had 5 bytes.
  static var whole: Self { Self(head: anyLayout, report: .of(readByteCount: 5)) }

  /// An image is too large for its slot.
  static var tooLarge: Self { Self(head: nil, report: .of(readByteCount: 5)) }

  /// An image could not be read.
  static var unreadable: Self {
    Self(head: nil, report: TaskReport(problem: .init(reason: "not an image", isShortage: false)))
  }

  private static var anyLayout: ImageLayout {
    ImageLayout(ImageShape(width: 2, height: 2, channels: 3), hasAlpha: false, metadataByteCount: 0)
  }
}
