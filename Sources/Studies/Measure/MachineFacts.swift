/// What `machine.json` says: what a result was measured on, without the name of the machine or of anybody who uses it.
public struct MachineFacts: Hashable, Codable, Sendable {
  /// A cache of the processor.
  public struct Cache: Hashable, Codable, Sendable {
    /// 1 is the nearest.
    public var level: Int
    /// "Data", "Instruction" or "Unified".
    public var type: String
    /// Size of one such cache.
    public var byteCount: Int
    /// Logical cores that share one.
    public var sharedByCores: Int
  }

  /// Bytes read and written in a second of copying, in 10⁹.
  public struct MemoryBandwidth: Hashable, Codable, Sendable {
    /// One core alone.
    public var oneCoreGigabytesPerSecond: Double
    /// All cores at once, together.
    public var allCoresGigabytesPerSecond: Double
  }

  /// Processor and cores, as in the name of a results folder.
  public var machine: String
  /// As the processor calls itself.
  public var cpuModel: String
  /// Logical cores that the study could use.
  public var cores: Int
  /// Cores that are more than threads of one another, as far as the kernel tells.
  public var physicalCores: Int
  /// Of the first core, nearest first.
  public var caches: [Cache]
  /// All memory.
  public var memoryBytes: Int
  /// Measured at the start of the study.
  public var memoryBandwidth: MemoryBandwidth?
  /// Version of the kernel.
  public var kernel: String
  /// The distribution.
  public var system: String
  /// Type of the file system that copies were written to.
  public var fileSystem: String
  /// Of the last minute before the study.
  public var loadAverageBefore: Double
  /// Of the machine as the study began, where it was asked for by itself.
  public var loadAverage: Double?
  /// When the study was begun, UTC.
  public var date: String
  /// The short hash of the sources, marked where files differ from it; "nocommit" outside a repository.
  public var commit: String
  /// Of libraries and of the language.
  public var versions: [String: String]

  /// The load that a study began under.
  package var loadAtBegin: Double { loadAverage ?? loadAverageBefore }
}
