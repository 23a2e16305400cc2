internal import Datasets
internal import Imaging
internal import Platform
internal import Scenes

/// Draws some images of a data set on a sheet.
struct Preview: ~Copyable {
  struct Settings {
    var count: Int
    var columns: Int?
    var cell: ImageSize
    /// `nil`: at even distances.
    var seed: UInt64?
  }

  private(set) var sheet: PreviewSheet
  /// Images and masks that could not be read.
  private(set) var failureCount = 0

  private let folder: LabelledFolder
  private let settings: Settings
  private let subjects: [Subject]
  private var faults: [String] = []
  private var maskDecoder = MaskDecoder()

  /// An image to show, or why there is none.
  private enum Subject {
    case image(Int)
    case problem(FileProblem)
  }

  /// - Throws: a `Failure` if there is nothing to show.
  init(of folder: LabelledFolder, split: String?, _ settings: Settings) throws {
    let all = try Self.subjects(of: folder, split: split)
    let count = min(settings.count, all.count)
    let classNames = folder.labels?.classes.map(\.name) ?? []
    let sheet = try PreviewSheet(
      .init(cellCount: count, columns: settings.columns, cell: settings.cell, classNames: classNames))
    subjects = Spread.places(count, of: all.count, seed: settings.seed).map { all[$0] }
    (self.folder, self.settings) = (folder, settings)
    self.sheet = sheet
  }

  /// Everything that could be shown, in the order of the paths.
  private static func subjects(of folder: LabelledFolder, split: String?) throws(Failure) -> [Subject] {
    let images = folder.listing.images
    guard let split else {
      let all =
        images.indices.map { (images[$0].path, Subject.image($0)) }
        + folder.listing.problems.map { ($0.path, Subject.problem($0)) }
      return all.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map(\.1)
    }
    let splits = folder.labels?.splits ?? []
    guard let members = splits.first(where: { $0.name == split })?.members else {
      let list = splits.map(\.name).joined(separator: ", ")
      let parts = splits.isEmpty ? "the data set is not divided" : "the parts are \(list)"
      throw Failure("\(folder.listing.input.path): there is no split \(quoted(split)); \(parts)")
    }
    let chosen = Set(members.map(\.image))
    let shown = images.indices.filter { !chosen.isDisjoint(with: folder.links[$0]) }.map { Subject.image($0) }
    guard !shown.isEmpty else {
      throw Failure("\(folder.listing.input.path): the split \(quoted(split)) has no images here")
    }
    return shown
  }

  /// What the user should know: one sentence each.
  var notes: [String] {
    let texts = sheet.problem.map { ["some texts are incomplete or missing: \(Failure(of: $0))"] } ?? []
    return texts + faults
  }

  mutating func draw() throws {
    for subject in subjects {
      switch subject {
      case .image(let index): try draw(index)
      case .problem(let problem): fail(problem.path, problem.reason)
      }
    }
  }

  private mutating func draw(_ index: Int) throws {
    let path = folder.listing.images[index].path
    let cell = settings.cell
    do {
      let image = try ImageFile.read("\(folder.listing.input.path)/\(path)") { $0.size.fitted(into: cell) }
      var labels = labels(of: index, image.fullShape)
      let overlay = overlay(of: path, image.fullShape.size, &labels.remark)
      try sheet.add(image, labels.marks, overlay: overlay, .init(path.lastPathComponent, remark: labels.remark))
    } catch {
      if case .tryAgain = ExitStatus(of: error) { throw error }
      fail(path, (error as? FileError)?.reason ?? "\(error)")
    }
  }

  /// The first mask of an image; one that cannot be used is noted.
  private mutating func overlay(of path: String, _ size: ImageSize, _ remark: inout String) -> Image? {
    let found = folder.masks.lazy.compactMap { masks in masks.mask(of: path).map { (masks, $0) } }.first
    guard let (masks, mask) = found else { return nil }
    do {
      var values = MaskImage()
      _ = try masks.load(mask, for: size, with: &maskDecoder, into: &values)
      return try Image(coloring: values)
    } catch {
      failureCount += 1
      faults.append("\(error)")
      remark = "broken mask"
      return nil
    }
  }

  private mutating func fail(_ path: String, _ reason: String) {
    failureCount += 1
    sheet.add(failure: reason, .init(path.lastPathComponent))
  }

  /// The labels of an image to draw, and what is to be noted about them.
  private func labels(of index: Int, _ shape: ImageShape) -> (marks: [LabelMark], remark: String) {
    guard let set = folder.labels else { return ([], "") }  // perhaps masks alone
    let links = folder.links[index]
    guard links.count < 2 else { return ([], "several labels") }
    guard let image = links.first.map({ set.images[$0] }) else { return ([], "no labels") }
    let marks = image.objects.map { object in
      let object = object.inPixels(of: shape)
      return LabelMark(object.className, object.shape, isDashed: object.isCrowd || object.isDifficult)
    }
    return (marks, image.faults.isEmpty ? "" : "broken label")
  }
}

/// Chooses some of many.
enum Spread {
  /// `count` different numbers from 0 up to `total`, ascending: one of each of as many equal parts, by default the first.
  static func places(_ count: Int, of total: Int, seed: UInt64? = nil) -> [Int] {
    let parts = (0..<count).map { $0 * total / count..<($0 + 1) * total / count }
    guard let seed else { return parts.map(\.lowerBound) }
    var random = SplitMix64(seed: seed)
    return parts.map { $0.lowerBound + Int(random.next() % UInt64($0.count)) }
  }
}
