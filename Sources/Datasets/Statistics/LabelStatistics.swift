package import Imaging

/// What labels say, counted. Only labels of images that are there count.
package struct LabelStatistics: Encodable, Hashable, Sendable {
  package struct ClassCount: Encodable, Hashable, Sendable {
    package var name: String
    package var objects = 0
    /// On which it occurs.
    package var images = 0
  }

  /// A box that is not inside its image.
  package struct StrayBox: Encodable, Hashable, Sendable {
    package enum Fault: String, Encodable, Sendable {
      /// A part of it lies in the image.
      case partlyOutside
      case outside
      /// It has no width or no height.
      case empty
    }

    package var image: String
    /// From 1, in the order of the label.
    package var object: Int
    package var className: String
    package var fault: Fault
  }

  /// Boxes of fewer than 32 × 32 pixels, of at least 96 × 96, and those between, as COCO counts them.
  package struct BoxSizes: Encodable, Hashable, Sendable {
    package var small = 0
    package var medium = 0
    package var large = 0
  }

  package let format: String
  /// Images with labels, though perhaps without objects.
  package let images: Int
  package let objects: Int
  /// Those with most objects first.
  package let classes: [ClassCount]
  package let withPolygons, withMasks, withKeypoints, crowds, difficult: Int
  package let boxSizes: BoxSizes
  /// `nil` if there are no boxes. Area is a share of the image's, width and height are in pixels.
  package let objectsPerImage, area, aspectRatio, width, height: Distribution?
  package let objectCounts, areas, aspectRatios: Histogram
  /// Where the centres of boxes lie: rows of `centerColumns` counts from the upper left corner of the image.
  package let centers: [[Int]]
  package let strayBoxes: [StrayBox]

  package static let centerColumns = 32
  package static let centerRows = 24
}

/// Collects `LabelStatistics` from one image after another.
package struct LabelCounter {
  private var classes: [String: LabelStatistics.ClassCount]
  private var objectCounts: [Double] = []
  private var areas: [Double] = []
  private var aspectRatios: [Double] = []
  private var widths: [Double] = []
  private var heights: [Double] = []
  private var sizes = LabelStatistics.BoxSizes()
  private var strayBoxes: [LabelStatistics.StrayBox] = []
  private var centers: [[Int]]
  private var (polygons, masks, keypoints, crowds, difficult) = (0, 0, 0, 0, 0)

  /// What the last digit of a share may be off, as a share of the image.
  private static let tolerance = 1e-6

  /// - Parameter classNames: all classes, also those without objects.
  package init(classNames: [String]) {
    classes = Dictionary(
      classNames.map { ($0, LabelStatistics.ClassCount(name: $0)) }, uniquingKeysWith: { first, _ in first })
    let row = [Int](repeating: 0, count: LabelStatistics.centerColumns)
    centers = Array(repeating: row, count: LabelStatistics.centerRows)
  }

  /// - Parameter path: of the image.
  package mutating func add(_ labels: LabelledImage, path: String, size: ImageSize) {
    objectCounts.append(Double(labels.objects.count))
    for name in Set(labels.objects.map(\.className)) { classes[name, default: .init(name: name)].images += 1 }
    let shape = ImageShape(width: size.width, height: size.height, channels: 3)
    for (index, object) in labels.objects.enumerated() {
      countKind(object)
      let box = object.inPixels(of: shape).box
      if let fault = Self.fault(of: box, in: size) {
        strayBoxes.append(.init(image: path, object: index + 1, className: object.className, fault: fault))
      }
      if box.size.x > 0, box.size.y > 0 { measure(box, in: size) }
    }
  }

  private mutating func countKind(_ object: LabelledObject) {
    classes[object.className, default: .init(name: object.className)].objects += 1
    switch object.shape.outline {
    case .none: break
    case .polygons: polygons += 1
    case .mask: masks += 1
    }
    if !object.shape.keypoints.isEmpty { keypoints += 1 }
    if object.isCrowd { crowds += 1 }
    if object.isDifficult { difficult += 1 }
  }

  private mutating func measure(_ box: Box, in size: ImageSize) {
    let area = box.size.x * box.size.y
    areas.append(area / Double(size.pixelCount))
    aspectRatios.append(box.size.x / box.size.y)
    widths.append(box.size.x)
    heights.append(box.size.y)
    switch area {
    case ..<(32 * 32): sizes.small += 1
    case ..<(96 * 96): sizes.medium += 1
    default: sizes.large += 1
    }
    let place = box.center / Vertex(Double(size.width), Double(size.height))
    let column = Int((place.x * Double(LabelStatistics.centerColumns)).clamped(0, LabelStatistics.centerColumns - 1))
    let row = Int((place.y * Double(LabelStatistics.centerRows)).clamped(0, LabelStatistics.centerRows - 1))
    centers[row][column] += 1
  }

  private static func fault(of box: Box, in size: ImageSize) -> LabelStatistics.StrayBox.Fault? {
    let (sides, slack) = (Vertex(Double(size.width), Double(size.height)), tolerance)
    guard box.size.x > 0, box.size.y > 0 else { return .empty }
    let (low, high) = (box.upperLeft / sides, box.lowerRight / sides)
    if low.max() >= 1 || high.min() <= 0 { return .outside }
    return low.min() < -slack || high.max() > 1 + slack ? .partlyOutside : nil
  }

  /// - Parameter format: the name of the labels' format.
  package func statistics(format: String) -> LabelStatistics {
    LabelStatistics(
      format: format, images: objectCounts.count, objects: classes.values.reduce(0) { $0 + $1.objects },
      classes: classes.values.sorted { $0.objects == $1.objects ? $0.name.precedes($1.name) : $0.objects > $1.objects },
      withPolygons: polygons, withMasks: masks, withKeypoints: keypoints, crowds: crowds, difficult: difficult,
      boxSizes: sizes, objectsPerImage: Distribution(objectCounts), area: Distribution(areas),
      aspectRatio: Distribution(aspectRatios), width: Distribution(widths), height: Distribution(heights),
      objectCounts: Histogram(objectCounts, binsAbout: 20, fromZero: true, wholeNumbers: true),
      areas: Histogram(areas, logarithmic: 10, from: -5, to: 0, perPower: 4),
      aspectRatios: Histogram(aspectRatios, logarithmic: 2, from: -4, to: 4, perPower: 2), centers: centers,
      strayBoxes: strayBoxes)
  }
}

extension Double {
  fileprivate func clamped(_ low: Int, _ high: Int) -> Double { Swift.min(Swift.max(self, Double(low)), Double(high)) }
}
