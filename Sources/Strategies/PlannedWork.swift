internal import Datasets
internal import Jobs

/// What a recorded run makes: a job on images, or downloads.
package enum PlannedWork: Sendable {
  case job(RunDescription.What)
  case ingest(IngestOptions.What)

  /// As its command is called.
  package var name: String {
    switch self {
    case .job(let what): type(of: what.job).name
    case .ingest: IngestWorkload.name
    }
  }

  /// What it makes, as a plural noun.
  package var unit: String {
    switch self {
    case .job: "copies"
    case .ingest: "images"
    }
  }
}

extension PlannedWork: Codable {
  private enum Key: String, CodingKey { case job, options }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .job(let what): try what.encode(to: encoder)
    case .ingest(let what):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(name, forKey: .job)
      try container.encode(what, forKey: .options)
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if try container.decode(String.self, forKey: .job) == IngestWorkload.name {
      self = .ingest(try container.decode(IngestOptions.What.self, forKey: .options))
    } else {
      self = .job(try RunDescription.What(from: decoder))
    }
  }
}
