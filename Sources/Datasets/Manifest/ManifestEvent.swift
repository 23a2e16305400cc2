internal import FoundationEssentials

/// A line of the manifest that is about the run and no output.
enum ManifestEvent: Hashable, Sendable {
  /// A process has begun to work on the run.
  case begun(RunHolder, Durability)
  /// All outputs of the lines above are on the disk.
  case synced
  /// All outputs are there, or have failed; and so are these files of the whole set.
  case finished([FileRecord])
}

extension ManifestEvent: Codable {
  private enum Key: String, CodingKey { case event, holder, durability, files }
  private enum Word: String, Codable { case begun, synced, finished }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .begun(let holder, let durability):
      try container.encode(Word.begun, forKey: .event)
      try container.encode(holder, forKey: .holder)
      try container.encode(durability, forKey: .durability)
    case .synced: try container.encode(Word.synced, forKey: .event)
    case .finished(let files):
      try container.encode(Word.finished, forKey: .event)
      try container.encode(files, forKey: .files)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self =
      switch try container.decode(Word.self, forKey: .event) {
      case .begun:
        .begun(
          try container.decode(RunHolder.self, forKey: .holder),
          try container.decode(Durability.self, forKey: .durability))
      case .synced: .synced
      case .finished: .finished(try container.decode([FileRecord].self, forKey: .files))
      }
  }

  var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(self) else { preconditionFailure("an event is JSON") }
    return String(decoding: bytes, as: UTF8.self)
  }

  init?(_ line: ArraySlice<UInt8>) {
    guard let event = try? JSONDecoder().decode(ManifestEvent.self, from: Data(line)) else { return nil }
    self = event
  }
}
