internal import ArgumentParser
internal import Datasets
internal import Imaging

extension Anonymize {
  package struct Flags: JobFlags {
    @Option(
      help: ArgumentHelp(
        """
        How regions or whole images are hidden: by a Gaussian blur; by a mosaic of squares of the mean colour, each an \
        eighth of the shorter side wide and at least 8 pixels; or in black.
        """, valueName: "blur|pixelate|solid"))
    var method = Method.blur

    @Option(
      help: ArgumentHelp(
        "Width and height of the blur's kernel in pixels, an odd number. (default: 61; about six times a relative --sigma)",
        valueName: "n"))
    var kernel: Int?

    @Option(
      help: ArgumentHelp(
        """
        Standard deviation of the blur in pixels, or, with an x as in 0.2x, relative to the shorter side of the region \
        or image. (default: 10)
        """, valueName: "pixels"))
    var sigma: Deviation?

    @Option(
      help: ArgumentHelp(
        """
        Labels of the regions to hide: a COCO .json file, a folder of Pascal VOC .xml files, a folder of YOLO .txt \
        files, or a data set that holds such a folder. (default: hide the whole image)
        """, valueName: "labels"), completion: .file())
    var regions: String?

    @Option(help: ArgumentHelp("Hide only regions of these classes. (default: all)", valueName: "a,b"))
    var classes: String?

    @Option(
      help: ArgumentHelp(
        "Enlarge regions about their centres by this factor, 1 to 10. (default: 1)", valueName: "factor"))
    var expand: Double?

    @Option(
      help: ArgumentHelp(
        "Hide the box of a region, the ellipse in it, or its outline if the labels have one. (default: box)",
        valueName: "box|ellipse|polygon"))
    var shape: Shape?

    package init() {}

    package func validate() throws {
      try validateBlur()
      guard regions != "" else { throw ValidationError("--regions is empty; name a file or a folder") }
      guard regions != nil || (classes == nil && expand == nil && shape == nil) else {
        throw ValidationError("--classes, --expand and --shape need --regions")
      }
      guard classes.map({ !Self.names($0).isEmpty }) ?? true else { throw ValidationError("--classes names no class") }
      guard Anonymize.scaleRange.contains(expand ?? 1) else {
        throw ValidationError("--expand must lie between 1 and 10")
      }
    }

    private func validateBlur() throws {
      guard method == .blur || (kernel == nil && sigma == nil) else {
        throw ValidationError("--kernel and --sigma need --method blur")
      }
      guard Anonymize.isPossible(kernel: kernel) else {
        throw ValidationError("--kernel must be an odd number between 3 and 1001")
      }
      guard sigma?.isPossible ?? true else {
        throw ValidationError("--sigma must be more than 0 and at most 1000 pixels, or at most 1x")
      }
    }

    package func options() throws -> Options {
      var options = Options()
      (options.method, options.kernel) = (method, kernel)
      options.sigma = sigma ?? options.sigma
      guard let regions else { return options }
      var selection = Selection(try labels(regions))
      (selection.shape, selection.scale) = (shape ?? selection.shape, expand ?? selection.scale)
      options.selection = selection
      return options
    }

    private func labels(_ path: String) throws -> LabelSet {
      let labels = try LabelSet(reading: path)
      guard let classes else { return labels }
      let wanted = Self.names(classes)
      let known = labels.classNames
      if let unknown = wanted.first(where: { !known.contains($0) }) {
        let place = printable(path.unicodeScalars)
        throw JobRefusal(
          "\(place): no region is of the class \(quoted(unknown)); the classes are \(Self.listed(known))")
      }
      return labels.keeping(Set(wanted))
    }

    private static func names(_ classes: String) -> [String] {
      classes.split(separator: ",").map { String($0.trimming(while: \.isWhitespace)) }
    }

    /// Names of classes, at most as many as fit in a message.
    private static func listed(_ names: [String]) -> String {
      let limit = 30
      if names.isEmpty { return "none" }
      return names.prefix(limit).map { quoted($0) }.joined(separator: ", ")
        + (names.count > limit ? " and \(names.count - limit) more" : "")
    }
  }
}

extension Anonymize.Method: ExpressibleByArgument {}
extension Anonymize.Shape: ExpressibleByArgument {}

extension Anonymize.Deviation: ExpressibleByArgument {
  /// "10", or "0.2x" for a share.
  package init?(argument: String) {
    let isShare = argument.hasSuffix("x")
    guard let number = Double(isShare ? String(argument.dropLast()) : argument) else { return nil }
    self = isShare ? .share(number) : .pixels(number)
  }

  var isPossible: Bool {
    switch self {
    case .pixels(let number): number > 0 && number <= Anonymize.Options.mostSigma
    case .share(let number): number > 0 && number <= 1
    }
  }
}

extension Substring {
  fileprivate func trimming(while isDropped: (Character) -> Bool) -> Substring {
    let rest = drop(while: isDropped)
    return rest.lastIndex { !isDropped($0) }.map { rest[...$0] } ?? ""
  }
}
