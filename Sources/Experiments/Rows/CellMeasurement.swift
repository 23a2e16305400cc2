public import Strategies

/// What was measured in one repetition of a cell, over all its processes.
public struct CellMeasurement: Hashable, Sendable {
  /// From before the strategy makes its processes until they are gone.
  public var wallSeconds = 0.0
  /// Processor time of all processes in their own code.
  public var userSeconds = 0.0
  /// Processor time of all processes in the kernel.
  public var systemSeconds = 0.0
  /// Peak memory of all processes together: each one's own at its peak, and what they share once.
  public var peakMemorySummedBytes = 0
  /// Peak resident memory of the largest process, with what it shares.
  public var peakMemoryLargestBytes = 0
  /// Size of the files read.
  public var readBytes = 0
  /// Size of the files written.
  public var writtenBytes = 0
  /// Seconds of all ranks together by stage; `wait` is what the others leave of ranks × wall seconds.
  public var stages = StageTimes()
  /// Times that a process gave up the processor, to wait.
  public var voluntarySwitches = 0
  /// Times that a process was made to give up the processor.
  public var involuntarySwitches = 0
  /// Page faults that needed no disk.
  public var minorFaults = 0
  /// Page faults that did.
  public var majorFaults = 0

  /// Nothing measured yet.
  public init() {}
}

extension CellMeasurement {
  static let columns =
    [
      "wallSeconds", "userSeconds", "systemSeconds", "peakMemorySummedBytes", "peakMemoryLargestBytes", "readBytes",
      "writtenBytes",
    ] + Stage.allCases.map { "\($0.rawValue)Seconds" } + [
      "voluntarySwitches", "involuntarySwitches", "minorFaults", "majorFaults",
    ]

  /// In the order of `columns`.
  var fields: [String] {
    [wallSeconds, userSeconds, systemSeconds].map(Self.seconds)
      + [peakMemorySummedBytes, peakMemoryLargestBytes, readBytes, writtenBytes].map(String.init)
      + Stage.allCases.map { Self.seconds(stages[$0]) }
      + [voluntarySwitches, involuntarySwitches, minorFaults, majorFaults].map(String.init)
  }

  /// Reads what `fields` gives; `nil` if it is something else.
  init?(fields: ArraySlice<String>) {
    guard fields.count == Self.columns.count else { return nil }
    let numbers = fields.compactMap { Double($0) }
    guard numbers.count == fields.count, numbers.allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 1e18 }) else { return nil }
    (wallSeconds, userSeconds, systemSeconds) = (numbers[0], numbers[1], numbers[2])
    (peakMemorySummedBytes, peakMemoryLargestBytes) = (Int(numbers[3]), Int(numbers[4]))
    (readBytes, writtenBytes) = (Int(numbers[5]), Int(numbers[6]))
    for (stage, seconds) in zip(Stage.allCases, numbers[7...]) where seconds > 0 { stages[stage] = seconds }
    let counts = numbers.suffix(4).map { Int($0) }
    (voluntarySwitches, involuntarySwitches, minorFaults, majorFaults) = (counts[0], counts[1], counts[2], counts[3])
  }

  private static func seconds(_ value: Double) -> String { Number.fixed(value, 6) }
}
