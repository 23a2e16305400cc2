import Datasets
import Foundation
import Imaging
import Platform
import TestSupport
import Testing

/// Which mask belongs to which image, and where it goes.
struct MaskFolderTests {
  /// Empty files.
  private static func folder(_ files: [String]) throws -> LabelFolder {
    try LabelFolder(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
  }

  @Test(arguments: [
    ("a.jpg", "a.png"), ("sub/a.jpg", "sub/a.png"), ("sub/a.png", "sub/a.png"), ("photo.v1.jpg", "photo.v1.png"),
    ("images/b.jpg", "b.png"), ("images/sub/a.jpeg", "sub/a.png"), ("sub/images/a.jpg", "sub/a.png"),
    ("JPEGImages/b.jpg", "b.png"), ("lossy.jpg", "lossy.jpg"), ("both.jpg", "both.png"), ("upper.jpg", "upper.PNG"),
    ("c.jpg", nil), ("other/a.jpg", nil), ("a/a.jpg", nil), ("notes.jpg", nil), ("hidden.jpg", nil), ("b", "b.png"),
  ])
  func aMaskIsFoundWhereItsImageLies(image: String, mask: String?) throws {
    let folder = try Self.folder([
      "in/x.jpg", "m/a.png", "m/sub/a.png", "m/photo.v1.png", "m/b.png", "m/lossy.jpg", "m/both.jpg", "m/both.png",
      "m/upper.PNG", "m/notes.txt", "m/.hidden.png",
    ])
    let masks = try MaskFolder(reading: folder.absolute("m"), for: folder.absolute("in"))
    #expect(masks.mask(of: image) == mask)
    #expect(masks.count == 8 && masks.name == "m" && !masks.holds("a.png"))
  }

  @Test func aFolderInTheInputIsSetAsideAndFoundFromThere() throws {
    let folder = try Self.folder([
      "in/train/images/a.jpg", "in/train/masks/a.png", "in/val/images/a.jpg", "in/train/images/b.png",
    ])
    for path in ["in/train/masks", "in/train/masks/", "in/./train/../train/masks"] {
      let masks = try MaskFolder(reading: folder.absolute(path), for: folder.absolute("in"))
      #expect(masks.mask(of: "train/images/a.jpg") == "a.png", "\(path)")
      #expect(masks.mask(of: "val/images/a.jpg") == nil)
      #expect(masks.holds("train/masks/a.png") && !masks.holds("train/images/b.png") && !masks.holds("a.png"))
      #expect(masks.outputPath(of: "a.png", for: "train/images/a_3.jpg") == "train/masks/a_3.png")
    }
  }

  @Test func masksBesideTheirImagesAreToldApartByTheirExtension() throws {
    let folder = try Self.folder(["a.jpg", "a.png", "b.jpg", "c.png"])
    let masks = try MaskFolder(reading: folder.path, for: folder.path)
    #expect(masks.mask(of: "a.jpg") == "a.png" && masks.mask(of: "b.jpg") == nil && masks.mask(of: "c.png") == nil)
    #expect(masks.holds("a.png") && !masks.holds("a.jpg"))
    #expect(masks.outputPath(of: "a.png", for: "a_0.jpg") == "a_0.png")
  }

  @Test func aFolderElsewhereKeepsItsName() throws {
    let folder = try Self.folder(["in/sub/a.jpg", "out/of/reach/sub/a.PNG"])
    let masks = try MaskFolder(reading: folder.absolute("out/of/reach"), for: folder.absolute("in"))
    #expect(masks.mask(of: "sub/a.jpg") == "sub/a.PNG")
    #expect(masks.outputPath(of: "sub/a.PNG", for: "sub/a.v2_0001.jpg") == "reach/sub/a.v2_0001.png")
    #expect(!masks.holds("reach/sub/a.PNG"))
  }

  @Test func pascalVOCHasMasksOfClassesAndOfObjects() throws {
    let folder = try Self.folder([
      "VOC/JPEGImages/a.jpg", "VOC/JPEGImages/b.jpg", "VOC/SegmentationClass/a.png", "VOC/SegmentationObject/a.png",
      "VOC/Annotations/a.xml", "elsewhere/SegmentationClass/a.png",
    ])
    let all = try MaskFolder.all(in: FolderListing(folder.path))
    #expect(all.map(\.name) == ["SegmentationClass", "SegmentationObject"])
    for masks in all {
      let mask = "VOC/\(masks.name)/a.png"
      #expect(masks.mask(of: "VOC/JPEGImages/a.jpg") == mask && masks.mask(of: "VOC/JPEGImages/b.jpg") == nil)
      #expect(masks.outputPath(of: mask, for: "VOC/JPEGImages/a_9.jpg") == "VOC/\(masks.name)/a_9.png")
      #expect(masks.holds(mask) && masks.count == 1)
    }
  }

  @Test func masksBesideImagesAreFoundAndOtherFoldersOfTheNameAreNot() throws {
    let folder = try Self.folder([
      "train/images/x/a.jpg", "train/masks/x/a.png", "images/a.jpg", "masks/a.png", "people/masks/a.png", "masks.png",
    ])
    let all = try MaskFolder.all(in: FolderListing(folder.path))
    #expect(all.map(\.name) == ["masks"])
    #expect(all[0].mask(of: "train/images/x/a.jpg") == "train/masks/x/a.png")
    #expect(all[0].mask(of: "images/a.jpg") == "masks/a.png")
    #expect(all[0].mask(of: "people/images/a.jpg") == nil)
    #expect(!all[0].holds("people/masks/a.png") && !all[0].holds("masks.png"))
  }

  @Test func aMissingFolderIsAnError() throws {
    let folder = try Self.folder(["a.jpg"])
    for path in ["nothing", "a.jpg"] {
      #expect(throws: FileError.self) { try MaskFolder(reading: folder.absolute(path), for: folder.path) }
    }
  }
}

/// Reading masks for images of a size.
struct MaskLoadingTests {
  private static func error(of mask: String, in folder: LabelFolder) throws -> String? {
    let masks = try MaskFolder(reading: folder.path, for: folder.absolute("none"))
    var decoder = MaskDecoder()
    var image = MaskImage()
    do throws(MaskError) {
      _ = try masks.load(mask, for: ImageSize(width: 3, height: 2), with: &decoder, into: &image)
      return nil
    } catch {
      #expect(!error.isShortage)
      return "\(error)".replacing(folder.path, with: ".")
    }
  }

  private static func png(width: Int, height: Int) throws -> Data {
    var indices = PixelBuffer(ImageShape(width: width, height: height, channels: 1))
    indices.set((0..<width * height).map { UInt8($0 % 2) })
    var encoder = MaskEncoder()
    return Data(try encoder.encode(MaskImage(indices, .palette(MaskPalette(colors: [0, 0, 0, 9, 9, 9])))))
  }

  @Test func aMaskOfTheImagesSizeIsRead() throws {
    let folder = try LabelFolder()
    try folder.add("a.png", Self.png(width: 3, height: 2))
    #expect(try Self.error(of: "a.png", in: folder) == nil)
  }

  @Test func whatIsNoMaskOfTheImageIsToldWithItsPath() throws {
    let folder = try LabelFolder(["text.png": "words", "empty.png": ""])
    try folder.add("sub/a.png", Self.png(width: 2, height: 3))
    try folder.add("cut.png", Self.png(width: 3, height: 2).dropLast(20))
    #expect(try Self.error(of: "sub/a.png", in: folder) == "./sub/a.png: has 2x3 pixels, and its image 3x2")
    #expect(
      try Self.error(of: "text.png", in: folder) == "./text.png: unsupported: text file as a mask (PNG images are read)"
    )
    #expect(try Self.error(of: "empty.png", in: folder) == "./empty.png: the file is empty")
    #expect(try Self.error(of: "gone.png", in: folder) == "./gone.png: cannot open: No such file or directory")
    #expect(try Self.error(of: "sub", in: folder) == "./sub: not a regular file")
    #expect(try Self.error(of: "cut.png", in: folder)?.hasPrefix("./cut.png: truncated: ") == true)
  }
}
