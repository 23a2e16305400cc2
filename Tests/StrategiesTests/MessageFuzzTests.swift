import Datasets
import Foundation
import Imaging
import Strategies
import TestSupport
import Testing

/// What comes from a worker may be anything: it gives a value or nothing, never a trap, and nothing larger than itself.
struct MessageFuzzTests {
  private static let report: TaskReport = {
    var report = TaskReport(problem: .init(reason: "a reason", .tooLarge))
    (report.readByteCount, report.writtenByteCount) = (123_456, 7)
    for (index, stage) in Stage.allCases.enumerated() {
      report.spans.append(StageSpan(stage: stage, rank: index - 1, begin: 1_000_000, end: UInt64(1_000_000 + index)))
    }
    (report.notes, report.imageNotes) = (["a note", ""], ["é", "another"])
    (report.damage, report.omission) = ("30 extraneous bytes", "")
    let loss = LabelLoss(object: 3, reason: LossReason.allCases[0], visibility: 0.25)
    report.labels = LabelOutcome(keptCount: 2, losses: [loss, loss], record: [[1, 2, 3], [], [4]])
    return report
  }()

  private static let layout: ImageLayout = {
    var words = [11 of UInt64](repeating: 0)
    (words[0], words[1], words[2], words[3], words[4]) = (640, 480, 3, 3, 12)
    for (index, number) in [1280.0, 960, 0, 0, 640, 480].enumerated() { words[5 + index] = number.bitPattern }
    guard let layout = ImageLayout(validating: words) else { preconditionFailure("a layout as decoders give it") }
    return layout
  }()

  /// A kind of message: bytes of a sound one, and whether others are taken for one. What is taken is encoded again, so
  /// that all of it is looked at.
  struct Kind: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var sound: [UInt8]
    var isTaken: @Sendable ([UInt8]) -> Bool
  }

  static let kinds = [
    Kind(testDescription: "report", sound: report.payload) { bytes in
      TaskReport(validating: bytes).map { TaskReport(validating: $0.payload) == $0 } ?? false
    },
    Kind(testDescription: "reports", sound: [report, TaskReport(), report].payload) { bytes in
      [TaskReport](validating: bytes).map { [TaskReport](validating: $0.payload) == $0 } ?? false
    },
    Kind(testDescription: "reading", sound: HeadedReport<ImageLayout?>(head: layout, report: report).payload) { bytes in
      HeadedReport<ImageLayout?>(validating: bytes).map { HeadedReport<ImageLayout?>(validating: $0.payload) != nil }
        ?? false
    },
    Kind(testDescription: "queueing", sound: HeadedReport(head: true, report: report).payload) { bytes in
      HeadedReport<Bool>(validating: bytes).map { HeadedReport<Bool>(validating: $0.payload) != nil } ?? false
    },
    Kind(testDescription: "saving", sound: HeadedReport(head: SaveVerdict.saved(task: 5), report: report).payload) {
      bytes in
      HeadedReport<SaveVerdict>(validating: bytes).map { HeadedReport<SaveVerdict>(validating: $0.payload) != nil }
        ?? false
    },
  ]

  /// Few by default; a million after a change of the format.
  private static var rounds: Int {
    ProcessInfo.processInfo.environment["PAYLOAD_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 20_000
  }

  @Test(arguments: kinds)
  func soundBytesAreTakenAndNoneThatEndInTheMiddle(kind: Kind) {
    #expect(kind.isTaken(kind.sound))
    #expect(!kind.isTaken(kind.sound + [1]))
    // A message ends with a zero, as texts do.
    for count in kind.sound.indices where count > 0 && kind.sound[count - 1] != 0 {
      #expect(!kind.isTaken(Array(kind.sound[..<count])), "cut to \(count)")
    }
  }

  @Test(arguments: kinds)
  func mutatedBytesAreTakenOrNot(kind: Kind) {
    var random = SeededGenerator(seed: 0x5EED)
    var takenCount = 0
    for _ in 0..<Self.rounds where kind.isTaken(Self.mutated(kind.sound, &random)) { takenCount += 1 }
    #expect(takenCount < Self.rounds)
  }

  @Test(arguments: kinds)
  func randomBytesAreTakenOrNot(kind: Kind) {
    var random = SeededGenerator(seed: 0xBAD)
    for _ in 0..<Self.rounds {
      let count = Int.random(in: 0..<200, using: &random)
      // Mostly small numbers, which sizes and counts are.
      let bytes = (0..<count).map { _ in
        UInt8(truncatingIfNeeded: Int.random(in: 0..<4, using: &random) == 0 ? random.next() : 0)
      }
      _ = kind.isTaken(bytes)
    }
  }

  /// Numbers at the limits of what they mean, in the place of any eight bytes.
  @Test(arguments: kinds)
  func hugeNumbersAreTakenOrNot(kind: Kind) {
    let numbers: [UInt64] = [0, 1, 1 << 31, 1 << 32, 1 << 40, 1 << 62, 1 << 63, .max - 7, .max]
    for offset in 0...kind.sound.count - 8 {
      for number in numbers {
        var bytes = kind.sound
        for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
        _ = kind.isTaken(bytes)
      }
    }
  }

  private static func mutated(_ sound: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = sound
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1 where !bytes.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2 where !bytes.isEmpty: bytes.remove(at: place)
      case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: min(place, bytes.count))
      default: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random) / 4)
      }
    }
    return bytes
  }
}
