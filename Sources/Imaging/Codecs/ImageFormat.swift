/// A format that images are read from and written to.
public enum ImageFormat: String, CaseIterable, Codable, Hashable, Sendable {
  /// JPEG, 8 bits a sample: lossy, no alpha.
  case jpeg
  /// PNG, 8 bits a sample: lossless, with alpha where the image has it.
  case png

  /// The usual endings of file names, in lower case and without the dot; the first is the one to write.
  public var fileExtensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .png: ["png"]
    }
  }

  /// The format that a file name ending stands for, in whatever case, or `nil`.
  public init?(fileExtension: String) {
    let ending = fileExtension.lowercased()
    guard let format = Self.allCases.first(where: { $0.fileExtensions.contains(ending) }) else { return nil }
    self = format
  }
}
