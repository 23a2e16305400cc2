internal import Imaging
package import ProcPool

/// A decoded image in shared memory.
package struct SharedSource: Codable, Hashable, BitwiseCopyable {
  package var slot: SharedSlot
  var layout: ImageLayout
}

/// A task, and where its image lies decoded; without that, whoever does the task reads the image himself.
package struct SharedTask: Codable, Hashable, BitwiseCopyable {
  package var task: Int
  package var source: SharedSource?
}

/// Copies that have been made and wait to be saved.
typealias CopyQueue = SharedQueue<QueuedCopy>

/// One of them.
struct QueuedCopy: Hashable, BitwiseCopyable {
  /// How often it is tried to save a copy whose savers die of it.
  static let deliveryLimit = 2

  var task: Int
  var layout: ImageLayout
}

/// A report and something of fixed size with it, as they travel from a worker to the main process.
package struct HeadedReport<Head: BitwiseCopyable> {
  var head: Head
  package var report: TaskReport

  package init(head: Head, report: TaskReport) { (self.head, self.report) = (head, report) }

  init(payload: [UInt8]) {
    let size = MemoryLayout<Head>.size
    precondition(payload.count > size, "a message is as it was sent")
    head = unsafe payload.withUnsafeBytes { unsafe $0.loadUnaligned(as: Head.self) }
    report = TaskReport(payload: payload[size...])
  }

  package var payload: [UInt8] { unsafe withUnsafeBytes(of: head) { unsafe [UInt8]($0) } + report.payload }
}

extension HeadedReport<ImageLayout?> {
  /// Of an image that a simulation has read.
  static var virtual: Self {
    Self(
      head: ImageLayout(ImageShape(width: 1, height: 1, channels: 1), hasAlpha: false, metadataByteCount: 0),
      report: TaskReport())
  }
}
