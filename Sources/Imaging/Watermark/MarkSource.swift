internal import Platform
internal import Synchronization
internal import SystemPackage

/// Where the marks of a watermark come from: drawn anew for large images, or always the same file.
protocol MarkSource: AnyObject {
  /// The scale of a watermark that names none.
  static var defaultScale: Double { get }

  /// The mark to scale for a place. It must depend on nothing but the place, whatever was asked before.
  func master(for place: MarkPlace) throws(WatermarkError) -> MarkMaster

  /// Makes what the marks for this place and all smaller ones need.
  func prepare(for place: MarkPlace) throws(WatermarkError)
}

/// A mark to be scaled.
struct MarkMaster: Sendable {
  let mark: Mark
  /// What a watermark's scale speaks of, in pixels of the mark: the type size, or the whole height.
  let unit: Double

  /// The factor at which the mark has the height that the place asks for, or fits into it.
  func factor(for place: MarkPlace) -> Double {
    min(place.height / unit, Double(place.maxWidth) / Double(mark.width), Double(place.maxHeight) / Double(mark.height))
  }

  func scaled(for place: MarkPlace) throws(ImagingError) -> Mark {
    let factor = factor(for: place)
    let pixels = { (side: Int) in max(1, Int((Double(side) * factor).rounded())) }
    return try mark.scaled(width: pixels(mark.width), height: pixels(mark.height))
  }
}

/// A text, drawn at a few type sizes and scaled down from them: scaling takes microseconds, and drawing milliseconds.
final class TextMarks: MarkSource {
  static let defaultScale = 0.08

  /// Type sizes in pixels. The first serves images whose shorter side has up to 800 pixels, if the scale is the default.
  private static let levels = [128.0, 256, 512, 1024]
  /// Scaled down by less than this, edges would be smoothed twice.
  private static let leastReduction = 2.0
  private let text: String
  private let font: String?
  private var masters: [Double: MarkMaster] = [:]

  /// The last text at the first level. A command draws its text once to check it, and again when it begins.
  private static let lastDrawn = Mutex<(text: String, font: String?, master: MarkMaster)?>(nil)

  init(_ text: String, font: String?) throws(WatermarkError) {
    (self.text, self.font) = (text, font)
    let known = Self.lastDrawn.withLock { $0?.text == text && $0?.font == font ? $0?.master : nil }
    masters[Self.levels[0]] = known
    let drawn = try master(at: Self.levels[0])
    Self.lastDrawn.withLock { $0 = (text, font, drawn) }
  }

  func master(for place: MarkPlace) throws(WatermarkError) -> MarkMaster {
    let first = try master(at: Self.levels[0])
    let needed = first.factor(for: place) * first.unit * Self.leastReduction
    return try master(at: Self.levels.first { $0 >= needed } ?? Self.levels[Self.levels.count - 1])
  }

  func prepare(for place: MarkPlace) throws(WatermarkError) {
    let largest = try master(for: place).unit
    for level in Self.levels where level <= largest { _ = try master(at: level) }
  }

  private func master(at level: Double) throws(WatermarkError) -> MarkMaster {
    if let master = masters[level] { return master }
    var style = TextStyle(pixelHeight: level, font: font)
    style.outline = TextColor(0, 0, 0, alpha: 200)
    do throws(TextError) {
      let image = try TextImage(text, style)
      let mark = try Self.mark(of: image)
      masters[level] = MarkMaster(mark: mark, unit: image.pixelHeight)
    } catch {
      throw .text(error)
    }
    return try master(at: level)
  }

  private static func mark(of image: borrowing TextImage) throws(TextError) -> Mark {
    do throws(ImagingError) {
      var alpha = PixelBuffer()
      try alpha.copy(from: image.alpha)
      return try Mark(image.color, alpha: alpha)
    } catch {
      throw .shortage("\(error)")
    }
  }
}

/// The picture in a file.
final class FileMark: MarkSource {
  static let defaultScale = 0.2

  /// A mark is small, and one that is not would be kept by every process; nor could it be scaled in 32 bits.
  private static let maxPixels = 1 << 24
  private static let byteLimit = 1 << 28
  private let master: MarkMaster

  init(path: String) throws(WatermarkError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.read(FilePath(text: path), limit: Self.byteLimit)
    } catch {
      throw .file(error)
    }
    do throws(ImagingError) {
      let mark = try Self.mark(in: bytes)
      master = MarkMaster(mark: mark, unit: Double(mark.height))
    } catch {
      throw .picture(path: path, error)
    }
  }

  func master(for place: MarkPlace) -> MarkMaster { master }

  func prepare(for place: MarkPlace) {}

  private static func mark(in bytes: [UInt8]) throws(ImagingError) -> Mark {
    var decoder = ImageDecoder()
    var image = Image()
    _ = try decoder.decode(bytes, maxPixels: maxPixels, into: &image)
    let shape = image.color.shape
    var alpha = PixelBuffer()
    if let plane = image.alpha.take() {
      alpha = plane
    } else {
      try alpha.reshape(to: ImageShape(width: shape.width, height: shape.height, channels: 1))
      alpha.set(repeatElement(255, count: alpha.shape.byteCount))
    }
    return try Mark(image.color, alpha: alpha)
  }
}
