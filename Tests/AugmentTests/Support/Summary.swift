import Foundation

/// The JSON object that `--json` prints.
struct Summary: Decodable {
  struct Failure: Decodable {
    var path: String
    var reason: String
  }

  struct Node: Decodable {
    var images: Int
    var seconds: Double
  }

  var strategy: String
  var ranks, cores: Int
  /// `nil` if the job draws nothing.
  var seed: UInt64?
  var saving, complete: Bool
  var images, imagesFailed, filesIgnored: Int
  var passedOver: [String: Int]
  var copies, copiesPlanned, skipped: Int
  var workersReplaced: Int
  var ranksChosen: Bool
  var nodes: [Node]?
  var readBytes, writtenBytes: Int
  var wallSeconds, imagesPerSecond: Double
  var stageSeconds: [String: Double]
  var failures: [Failure]
  var damaged: [Failure]
  /// What confines the decoders.
  var sandbox: [String]
  var warnings: [String]

  init(_ outcome: Program.Outcome) throws {
    self = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
  }
}
