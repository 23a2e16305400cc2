import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// What is found in a small data set that is made for it.
struct DatasetStatisticsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func add(
    _ path: String, width: Int, height: Int, value: UInt8 = 90, channels: Int = 3, as format: ImageFormat = .png
  ) throws {
    let shape = ImageShape(width: width, height: height, channels: channels)
    var pixels = PixelBuffer(shape)
    pixels.set(repeatElement(value, count: shape.byteCount))
    try ImageFile.write(Image(color: pixels), to: "\(folder.path)/\(path)", as: format)
  }

  private func statistics(_ labels: LabelSet? = nil) throws -> DatasetStatistics {
    let listing = try FolderListing(folder.path)
    let links = listing.images.map { labels?.indices(of: $0.path) ?? [] }
    return try DatasetStatistics(
      reading: DatasetStatistics.Source(listing, labels: labels, formatName: "made up", links: links))
  }

  @Test func formatsAndSizesComeFromTheHeaders() throws {
    try add("a.jpg", width: 40, height: 30, as: .jpeg)
    try add("b.png", width: 20, height: 60, channels: 1)
    try add("c/d.png", width: 40, height: 30)
    let found = try statistics()
    #expect(found.images.count == 3 && found.images.grey == 1 && found.images.withAlpha == 0)
    #expect(found.images.formats == ["jpeg": 1, "png": 2])
    #expect(found.images.width?.median == 40 && found.images.height?.maximum == 60)
    #expect(found.images.longerSide?.minimum == 40)
    #expect(found.images.sizes.map(\.images) == [2, 1] && found.images.sizes[0].width == 40)
    #expect(found.labels == nil && found.imagesWithoutLabels.isEmpty && !found.hasBrokenFiles)
  }

  @Test func aTurnedImageCountsUpright() throws {
    // The orientation of a phone held upright, as an EXIF segment behind the first marker.
    try add("a.jpg", width: 40, height: 30, as: .jpeg)
    let path = "\(folder.path)/a.jpg"
    let tiff: [UInt8] =
      [UInt8]("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let exif = [UInt8]("Exif\0\0".utf8) + tiff
    var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
    bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif, at: 2)
    try Data(bytes).write(to: URL(filePath: path))
    let found = try statistics()
    #expect(found.images.width?.median == 30 && found.images.height?.median == 40)
  }

  @Test func filesOfTheSameBytesAreFound() throws {
    try add("a.png", width: 40, height: 30, value: 1)
    try add("b.png", width: 40, height: 30, value: 2)  // as long a file as the others
    try add("c/a.png", width: 40, height: 30, value: 1)
    try add("d.png", width: 40, height: 30, value: 2)
    try add("e.png", width: 40, height: 30, value: 1)
    try add("f.png", width: 40, height: 30, value: 3)
    #expect(try statistics().duplicates == [["a.png", "c/a.png", "e.png"], ["b.png", "d.png"]])
  }

  @Test func brokenFilesAreToldWithTheirReasons() throws {
    try add("fine.png", width: 4, height: 3)
    for (name, content) in [("empty.jpg", ""), ("text.png", "no image"), ("cut.png", "\u{89}PNG\r\n\u{1A}\n")] {
      let bytes = content.unicodeScalars.map { UInt8($0.value) }
      try Data(bytes).write(to: folder.url.appending(path: name))
    }
    let found = try statistics()
    #expect(found.images.count == 1 && found.hasBrokenFiles)
    #expect(found.brokenFiles.map(\.path) == ["cut.png", "empty.jpg", "text.png"])
    #expect(found.brokenFiles.map(\.reason).dropFirst() == ["the file is empty", "unsupported: text file"])
    #expect(found.brokenFiles.allSatisfy { !$0.reason.isEmpty })
  }

  @Test func labelsAndImagesAreComparedWithEachOther() throws {
    for name in ["a", "b", "c", "d", "x/e", "y/e"] { try add("\(name).png", width: 40, height: 30) }
    let object = LabelledObject("cat", Box(Vertex(1, 1), Vertex(9, 9)))
    var broken = LabelledImage(stemPath: "c")
    let error = LabelError(.missing("<bndbox>"), in: "c.xml", line: 3)
    broken.faults = [LabelFault(error, isOfWholeImage: true)]
    var labels = LabelSet([
      LabelledImage(stemPath: "a", size: ImageSize(width: 40, height: 30), objects: [object, object]),
      LabelledImage(stemPath: "b", size: ImageSize(width: 30, height: 40), objects: [object]), broken,
      LabelledImage(stemPath: "gone", objects: [object]), LabelledImage(stemPath: "y/e"),
      LabelledImage(stemPath: "z/d"), LabelledImage(stemPath: "w/d"),
    ])
    var train = LabelSplit("train")
    train.members = [.init(0), .init(1), .init(3)]
    labels.splits = [train, LabelSplit("val")]
    let found = try statistics(labels)
    #expect(found.imagesWithoutLabels == ["x/e.png"])
    #expect(found.imagesWithSeveralLabels == ["d.png"])
    #expect(found.labelsWithoutImages == ["gone"])
    #expect(found.labelsOfAnotherSize == ["b.png"])
    #expect(found.brokenLabels == [error] && found.hasBrokenFiles)
    #expect(found.splits.map(\.name) == ["train", "val"])
    #expect(found.splits.map(\.images) == [3, 0] && found.splits.map(\.imagesFound) == [2, 0])
    #expect(found.labels?.objects == 3 && found.labels?.images == 3)
  }
}
