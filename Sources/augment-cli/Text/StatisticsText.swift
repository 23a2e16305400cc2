internal import Datasets
internal import Imaging
internal import Studies

/// The statistics of a data set as text for people.
struct StatisticsText {
  let statistics: DatasetStatistics

  /// Entries of a list that are shown; JSON has all.
  private static let listLimit = 5
  private static let classLimit = 30
  private static let sizeLimit = 5

  var text: String {
    let parts = [images, labels, classes, splits, masks] + lists
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  // MARK: Images

  private var images: String {
    let images = statistics.images
    let formats = images.formats.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.uppercased())" }
    let grey = images.grey > 0 ? ["\(images.grey) grey"] : []
    let alpha = images.withAlpha > 0 ? ["\(images.withAlpha) with transparency"] : []
    let details = (formats + grey + alpha).joined(separator: ", ")
    let size = "\(NumberText.fixed(Double(images.byteCount) / 1e6, 1)) MB"
    let head =
      "\(NumberText.counted(images.count, "image"))\(images.count > 0 ? ": \(details); \(size)" : "")\n"
    guard images.count > 0 else { return head }
    var table = Self.table("pixels")
    Self.add("width", images.width, 0, to: &table)
    Self.add("height", images.height, 0, to: &table)
    Self.add("longer side", images.longerSide, 0, to: &table)
    return head + table.text + "\n" + Self.bars(images.longerSides, "longer side") + mostFrequentSizes
  }

  private var mostFrequentSizes: String {
    let sizes = statistics.images.sizes
    let shown = sizes.prefix(Self.sizeLimit).map { "\($0.width)x\($0.height) (\($0.images))" }.joined(separator: ", ")
    let others = sizes.count - Self.sizeLimit
    let rest = others > 0 ? " and \(NumberText.counted(others, "other size"))" : ""
    return "\n  Most frequent: \(shown)\(rest)\n"
  }

  // MARK: Labels

  private var labels: String {
    guard let labels = statistics.labels else { return "No labels found.\n" }
    var table = Self.table("")
    Self.add("objects per image", labels.objectsPerImage, 1, to: &table)
    Self.add("width, pixels", labels.width, 1, to: &table)
    Self.add("height, pixels", labels.height, 1, to: &table)
    Self.add("share of the image, %", labels.area, by: 100, to: &table)
    Self.add("width / height", labels.aspectRatio, to: &table)
    let head = """
      \(labels.format) labels: \(NumberText.counted(labels.objects, "object")) on \
      \(NumberText.counted(labels.images, "image"))\(kinds(labels))

      """
    let sizes = labels.boxSizes
    let boxes =
      labels.objects == 0
      ? ""
      : """

        Boxes: \(sizes.small) small (less than 32x32 pixels), \(sizes.medium) medium, \(sizes.large) large (96x96 or more)

      """
    return head + table.text + boxes
  }

  private func kinds(_ labels: LabelStatistics) -> String {
    let kinds = [
      (labels.withPolygons, "with polygons"), (labels.withMasks, "with masks"), (labels.withKeypoints, "with points"),
      (labels.crowds, "crowds"), (labels.difficult, "difficult"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return kinds.isEmpty ? "" : "; \(kinds.joined(separator: ", "))"
  }

  private var classes: String {
    guard let labels = statistics.labels, !labels.classes.isEmpty else { return "" }
    var table = TextTable([("class", .left), ("objects", .right), ("share", .right), ("images", .right), ("", .left)])
    let most = Double(labels.classes.map(\.objects).max() ?? 1)
    for entry in labels.classes.prefix(Self.classLimit) {
      table.append([
        Self.shortened(entry.name), "\(entry.objects)",
        NumberText.percent(labels.objects > 0 ? Double(entry.objects) / Double(labels.objects) : 0, 1),
        "\(entry.images)", Self.bar(Double(entry.objects) / max(1, most)),
      ])
    }
    return table.text + Self.rest(labels.classes.count, Self.classLimit, "class", "classes")
  }

  private var splits: String {
    guard !statistics.splits.isEmpty else { return "" }
    var table = TextTable([("split", .left), ("images", .right), ("found", .right)])
    for split in statistics.splits {
      table.append([Self.shortened(split.name), "\(split.images)", "\(split.imagesFound)"])
    }
    return table.text
  }

  private var masks: String {
    statistics.masks.map { folder in
      "Masks in \(Terminal.printable(folder.name)): \(NumberText.counted(folder.files, "file")), "
        + "\(NumberText.counted(folder.imagesWithMask, "image")) with a mask\n"
    }.joined()
  }

  // MARK: What is wrong

  private var lists: [String] {
    let stray = statistics.labels?.strayBoxes ?? []
    return [
      list("Broken file", statistics.brokenFiles.map { "\($0.path): \($0.reason)" }),
      list("Broken label", statistics.brokenLabels.map { "\($0)" }),
      list("Image without a label", plural: "Images without labels", statistics.imagesWithoutLabels),
      list(
        "Image for which several labels may be meant", plural: "Images for which several labels may be meant",
        statistics.imagesWithSeveralLabels),
      list("Label without its image", plural: "Labels without their images", statistics.labelsWithoutImages),
      list(
        "Image whose label is for another size", plural: "Images whose labels are for another size",
        statistics.labelsOfAnotherSize),
      list(
        "Box that is not inside its image", plural: "Boxes that are not inside their images",
        stray.map { "\($0.image): object \($0.object) (\($0.className)), \(Self.words($0.fault))" }),
      list(
        "Set of identical files", plural: "Sets of identical files",
        statistics.duplicates.map { $0.prefix(4).joined(separator: " = ") + ($0.count > 4 ? " = …" : "") }),
    ]
  }

  private static func words(_ fault: LabelStatistics.StrayBox.Fault) -> String {
    switch fault {
    case .partlyOutside: "partly outside"
    case .outside: "outside"
    case .empty: "empty"
    }
  }

  private func list(_ one: String, plural: String? = nil, _ entries: [String]) -> String {
    guard !entries.isEmpty else { return "" }
    let head = entries.count == 1 ? one : plural ?? "\(one)s"
    let shown = entries.prefix(Self.listLimit).map { "  \(Terminal.printable($0))\n" }.joined()
    return "\(head): \(entries.count)\n\(shown)\(Self.rest(entries.count, Self.listLimit, "", ""))"
  }

  private static func rest(_ count: Int, _ limit: Int, _ one: String, _ several: String) -> String {
    guard count > limit else { return "" }
    let noun = count - limit == 1 ? one : several
    return "  and \(count - limit) more\(noun.isEmpty ? "" : " \(noun)")\n"
  }

  // MARK: Tables

  private static func table(_ heading: String) -> TextTable {
    TextTable([(heading, .left), ("minimum", .right), ("median", .right), ("mean", .right), ("maximum", .right)])
  }

  private static func add(
    _ name: String, _ values: Distribution?, _ digits: Int? = nil, by factor: Double = 1, to table: inout TextTable
  ) {
    let numbers: [Double?] = values.map { [$0.minimum, $0.median, $0.mean, $0.maximum] } ?? [nil, nil, nil, nil]
    let texts = numbers.map { number -> String in
      guard let number, let digits else { return NumberText.significant(number.map { $0 * factor }) }
      return NumberText.fixed(number * factor, digits)
    }
    table.append([name] + texts)
  }

  private static func bars(_ histogram: Histogram, _ heading: String) -> String {
    var table = TextTable([(heading, .left), ("images", .right), ("", .left)])
    let most = Double(histogram.counts.max() ?? 1)
    for (index, count) in histogram.counts.enumerated() {
      let (low, high) = (histogram.edges[index], histogram.edges[index + 1])
      table.append([
        "\(NumberText.fixed(low, 0))–\(NumberText.fixed(high - 1, 0))", "\(count)", bar(Double(count) / max(1, most)),
      ])
    }
    return table.text
  }

  /// Drawn in eighths of a character.
  private static func bar(_ share: Double) -> String {
    let eighths = Int((max(0, min(1, share)) * 24 * 8).rounded(.up))
    return String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
  }

  private static func shortened(_ name: String) -> String {
    let name = Terminal.printable(name)
    return name.count > 40 ? name.prefix(39) + "…" : name
  }
}
