internal import ArgumentParser
internal import Datasets
internal import Imaging

extension Prepare {
  package struct Flags: JobFlags {
    @Option(help: ArgumentHelp("Width and height of the copies in pixels.", valueName: "WxH"))
    var size = Options().size

    @Option(help: ArgumentHelp("How an image of other proportions fills the size.", valueName: "stretch|contain|cover"))
    var fit = Options().fit

    @Option(
      help: ArgumentHelp(
        "How pixels are averaged: sharp, the mean of the area, or soft.", valueName: "lanczos|area|linear"))
    var filter = Options().filter

    @Flag(help: "Average light rather than bytes, as if all images were sRGB. Slower; implies --exact.")
    var linear = false

    @Flag(help: "Decode JPEG files at full size, however small the copies.")
    var exact = false

    @Option(
      help: ArgumentHelp(
        """
        Draw this over each copy: an image file if there is one of that name or the name ends like that of one, \
        otherwise the text itself.
        """, valueName: "text|file"))
    var watermark: String?

    @Option(
      help: ArgumentHelp(
        "Where the watermark lies. (default: south-east)", valueName: "place"))
    var gravity: Watermark.Gravity?

    @Option(help: ArgumentHelp("Opacity of the watermark, from 0 to 1. (default: 0.5)", valueName: "share"))
    var opacity: Double?

    @Option(help: ArgumentHelp("Font of the watermark's text, such as \"DejaVu Sans Bold\".", valueName: "name"))
    var font: String?

    package init() {}

    package func validate() throws {
      guard size.pixelCount <= Prepare.mostPixels else {
        throw ValidationError("--size must not be more than \(Prepare.mostPixels) pixels")
      }
      guard watermark != "" else { throw ValidationError("--watermark is empty") }
      guard watermark != nil || (gravity == nil && opacity == nil && font == nil) else {
        throw ValidationError("--gravity, --opacity and --font need --watermark")
      }
      guard opacity.map({ (0...1).contains($0) }) ?? true else {
        throw ValidationError("--opacity must lie between 0 and 1")
      }
    }

    package func options() throws -> Options {
      var options = Options()
      (options.size, options.fit, options.filter) = (size, fit, filter)
      (options.light, options.isExact) = (linear ? .linear : .encoded, exact)
      options.watermark = try mark()
      // Refuses what cannot be drawn before the run, rather than for each image.
      _ = try options.watermark?.painter()
      return options
    }

    private func mark() throws -> Watermark? {
      guard let watermark else { return nil }
      var mark = Watermark(try content(watermark))
      mark.gravity = gravity ?? mark.gravity
      mark.opacity = opacity ?? mark.opacity
      return mark
    }

    private func content(_ argument: String) throws -> Watermark.Content {
      let kind = ImageFile.kind(of: argument)
      guard kind?.isImage == true || Self.isPictureName(argument) else { return .text(argument, font: font) }
      if let kind, kind.isImage, kind.format == nil {
        throw JobRefusal("--watermark \(argument): \(kind.name)s cannot be drawn; use a PNG file")
      }
      guard font == nil else { throw JobRefusal("--watermark \(argument) is a picture, which takes no --font") }
      return .image(path: argument)
    }

    /// Whether a name is meant as that of a file: one that is missing or broken should not be written over the copies.
    private static func isPictureName(_ name: String) -> Bool {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count > 1 && ImageFormat(fileExtension: String(parts[parts.count - 1])) != nil
    }
  }
}
