/// Width and height in pixels; both 0 where images are as they are.
public struct ImageSize: Hashable, Codable, Sendable, CustomStringConvertible {
  /// In pixels.
  public var width, height: Int

  /// The given size.
  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// Images of any size, as they lie in a folder.
  public static let asTheyAre = ImageSize(width: 0, height: 0)

  /// Reads "2000x1000"; `nil` if it is no size.
  public init?(_ text: String) {
    let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let width = numbers[0], let height = numbers[1] else { return nil }
    // No JPEG has a side of more than 65,500 pixels.
    guard (1...65_000).contains(width), (1...65_000).contains(height) else { return nil }
    self.init(width: width, height: height)
  }

  /// "2000x1000", or "as they are".
  public var description: String { self == .asTheyAre ? "as they are" : "\(width)x\(height)" }

  /// Of one image.
  package var pixelCount: Int { width * height }
}
