extension Pipeline: Codable, Hashable {
  /// As the text of a pipeline file.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(serialized)
  }

  /// Reads the text of a pipeline file.
  public init(from decoder: any Decoder) throws {
    try self.init(text: decoder.singleValueContainer().decode(String.self), file: "the pipeline of a run")
  }

  /// Whether both do the same, whatever was noted when they were read.
  public static func == (left: Pipeline, right: Pipeline) -> Bool { left.serialized == right.serialized }

  /// Of the text of a pipeline file.
  public func hash(into hasher: inout Hasher) { hasher.combine(serialized) }
}
