import Datasets
import Imaging
import ProcPool
import Strategies

/// A grid of tasks on images that are never read.
func madeUpGrid(images: Int, copies: Int) -> TaskGrid { TaskGrid(imageCount: images, tasksPerImage: copies) }

extension TaskReport {
  /// A report with these byte counts.
  static func of(readByteCount: Int = 0, writtenByteCount: Int = 0) -> TaskReport {
    var report = TaskReport()
    (report.readByteCount, report.writtenByteCount) = (readByteCount, writtenByteCount)
    return report
  }
}

extension TaskFailure {
  /// The worker of a task was killed while it ran, and no attempt is left.
  static func killed(attempts: Int) -> TaskFailure {
    TaskFailure(index: 0, rank: 0, pid: 1, attempts: attempts, cause: .workerEnded(.signal(9)))
  }
}

extension HeadedReport<ImageLayout?> {
  /// An image of 2 × 2 pixels, 12 bytes, is in its slot; its file has 5 bytes.
  static var whole: Self { Self(head: anyLayout, report: .of(readByteCount: 5)) }

  /// An image is too large for its slot.
  static var tooLarge: Self { Self(head: nil, report: .of(readByteCount: 5)) }

  static var unreadable: Self {
    Self(head: nil, report: TaskReport(problem: .init(reason: "not an image")))
  }

  private static var anyLayout: ImageLayout {
    ImageLayout(ImageShape(width: 2, height: 2, channels: 3), hasAlpha: false, metadataByteCount: 0)
  }
}
