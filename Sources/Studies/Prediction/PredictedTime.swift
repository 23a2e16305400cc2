internal import Imaging

/// One line of `prediction.csv`: the simulated time of a configuration, and its measured time if there is one.
package struct PredictedTime: Hashable, Sendable {
  /// Validation if there is a measured time to compare with.
  package enum Kind: String, Sendable { case validation, prediction }

  package private(set) var kind: Kind
  package var configuration: Configuration
  /// Cores of the simulated machine.
  package var cores: Int
  /// Median; `nil` if it was not measured on such a machine.
  package private(set) var measuredSeconds: Double?
  /// With the measured contention between cores.
  package var simulatedSeconds: Double
  /// As if cores shared nothing.
  package var simulatedSecondsWithoutContention: Double
  /// Baseline seconds for the same work / simulated seconds.
  package var simulatedSpeedup: Double

  package init(_ configuration: Configuration, cores: Int, measuredSeconds: Double?, simulated: Simulated) {
    (kind, self.measuredSeconds) = (measuredSeconds == nil ? .prediction : .validation, measuredSeconds)
    (self.configuration, self.cores) = (configuration, cores)
    (simulatedSeconds, simulatedSecondsWithoutContention) = (simulated.seconds, simulated.secondsWithoutContention)
    simulatedSpeedup = simulated.speedup
  }

  package struct Simulated {
    var seconds = 0.0, secondsWithoutContention = 0.0, speedup = 0.0
  }

  /// Simulated / measured − 1.
  package var error: Double? { measuredSeconds.map { simulatedSeconds / $0 - 1 } }

  package var efficiency: Double { simulatedSpeedup / Double(configuration.ranks) }

  package var isOversubscribed: Bool { configuration.ranks > cores }
}

extension PredictedTime: TableRow {
  package static let owner = "prediction"

  package static var blank: PredictedTime {
    PredictedTime(StudyRow.blank.configuration, cores: 1, measuredSeconds: nil, simulated: Simulated())
  }

  package static var columns: [Column<PredictedTime>] {
    let count = 0...1_000_000_000
    // A time of 0 would give an infinite speedup.
    let positive = Double.leastNonzeroMagnitude..<1e12
    return [
      Column("kind", \.kind), Column("job", \.configuration.job), Column("strategy", \.configuration.strategy),
      Column("ranks", \.configuration.ranks, in: 1...1_000_000_000), Column("saving", \.configuration.saving),
      Column("widthPixels", \.configuration.widthPixels, in: count),
      Column("heightPixels", \.configuration.heightPixels, in: count),
      Column("images", \.configuration.images, in: count), Column("copies", \.configuration.copies, in: count),
      Column("cores", \.cores, in: 1...1_000_000_000), Column("measuredSeconds", \.measuredSeconds, in: positive),
      Column("simulatedSeconds", \.simulatedSeconds, in: positive),
      Column("simulatedSecondsWithoutContention", \.simulatedSecondsWithoutContention, in: positive),
      Column("simulatedSpeedup", \.simulatedSpeedup, in: positive),
      Column("errorPercent", text: { $0.error.map { NumberText.fixed(100 * $0, 2) } ?? "" }),
    ]
  }

  package var isConsistent: Bool { (kind == .validation) == (measuredSeconds != nil) }
}
