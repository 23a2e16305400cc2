import Foundation
import Imaging
import Testing

/// Nothing but pixels and the meaning of colours leaves `anonymize`, as Pillow sees it and as the bytes tell.
@Suite(.enabled(if: Peer.hasPillow, "AUGMENT_PYTHON names no Python with Pillow"))
struct AnonymizeMetadataTests {
  /// Writes a JPEG and a PNG with all that could tell who is in them, each marked with a word.
  private static let writing = """
    import struct
    from PIL import Image, ImageCms, PngImagePlugin
    picture = Image.radial_gradient("L").resize((64, 48)).convert("RGB")
    entry = lambda tag, kind, count, value: struct.pack("<HHI4s", tag, kind, count, value)
    offset = lambda number: struct.pack("<I", number)
    directory = lambda entries, following: struct.pack("<H", len(entries)) + b"".join(entries) + offset(following)
    secrets = b"ARTIST-SECRET\\0" + b"GPSAREA-SECRET" + b"\\xff\\xd8THUMBNAIL-SECRET\\xff\\xd9"
    gps, thumbnail, data = 8 + 42, 8 + 42 + 18, 8 + 42 + 18 + 42
    exif = b"II*\\0" + offset(8) + directory(
        [entry(0x112, 3, 1, offset(6)), entry(0x13B, 2, 14, offset(data)), entry(0x8825, 4, 1, offset(gps))], thumbnail)
    exif += directory([entry(0x1C, 7, 14, offset(data + 14))], 0)
    exif += directory(
        [entry(0x103, 3, 1, offset(6)), entry(0x201, 4, 1, offset(data + 28)), entry(0x202, 4, 1, offset(20))], 0)
    exif += secrets
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>XMP-SECRET</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture.save(
        "in/photo.jpg", quality=90, exif=b"Exif\\0\\0" + exif, xmp=xmp, comment=b"COMMENT-SECRET", icc_profile=profile)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "TEXT-SECRET")
    texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
    picture.save("in/drawing.png", pnginfo=texts, exif=exif, icc_profile=profile)
    """

  private static let reading = """
    import json
    from PIL import ExifTags, Image
    facts = {}
    for name in ("photo.jpg", "drawing.png"):
        image = Image.open(f"FOLDER/{name}")
        image.load()
        exif = image.getexif()
        facts[name] = {
            "size": image.size, "tags": len(exif), "gps": len(exif.get_ifd(0x8825)), "thumbnail": len(exif.get_ifd(ExifTags.IFD.IFD1)),
            "profile": len(image.info.get("icc_profile") or b""),
            "others": sorted(set(image.info) & {"xmp", "comment", "Author", "XML:com.adobe.xmp"}),
        }
    print(json.dumps(facts))
    """

  private struct Facts: Decodable {
    var size: [Int]
    var tags, gps, thumbnail, profile: Int
    var others: [String]
  }

  private func facts(_ folder: String, in workspace: Workspace) throws -> [String: Facts] {
    let text = try Peer.run(Self.reading.replacing("FOLDER", with: folder), in: workspace.path)
    return try JSONDecoder().decode([String: Facts].self, from: Data(text.utf8))
  }

  @Test func nothingTellsWhoIsInAnImage() throws {
    let workspace = try Workspace()
    try workspace.addFolder("in")
    _ = try Peer.run(Self.writing, in: workspace.path)
    try workspace.addFile("labels/photo.txt", "0 .5 .5 .2 .2")
    try workspace.addFile("labels/drawing.txt", "0 .5 .5 .2 .2")
    for (name, source) in try facts("in", in: workspace) {
      #expect(source.tags > 1 && source.gps == 1 && source.thumbnail > 1 && !source.others.isEmpty, "\(name)")
      let words = ["ARTIST", "GPSAREA", "THUMBNAIL", "XMP"] + (name == "photo.jpg" ? ["COMMENT"] : ["TEXT"])
      for word in words { #expect(holds("\(word)-SECRET", "in/\(name)", workspace), "\(name): \(word)") }
    }
    for (folder, options) in [("whole", []), ("part", ["--regions", "labels"])] {
      let outcome = try Program.run(["anonymize", "in", folder] + options, in: workspace)
      #expect(outcome.status == 0 && !outcome.errorText.contains("nothing is hidden"), "\(outcome.errorText)")
      for (name, product) in try facts(folder, in: workspace) {
        #expect(product.size == [48, 64] && product.profile > 0, "\(folder)/\(name)")
        #expect(product.tags + product.gps + product.thumbnail == 0 && product.others.isEmpty, "\(folder)/\(name)")
        #expect(!holds("SECRET", "\(folder)/\(name)", workspace), "\(folder)/\(name)")
      }
    }
  }

  private func holds(_ word: String, _ path: String, _ workspace: Workspace) -> Bool {
    workspace.contents(path)?.range(of: Data(word.utf8)) != nil
  }

  /// The orientation of the file turns it by a quarter: its right edge comes to lie below.
  @Test func regionsReferToTheUprightImage() throws {
    let workspace = try Workspace()
    try workspace.addFolder("in")
    _ = try Peer.run(Self.writing, in: workspace.path)
    try workspace.addFile("labels/photo.txt", "0 .5 .9 1 .2")
    try workspace.addFile("labels/drawing.txt", "0 .5 .9 1 .2")
    let outcome = try Program.run(
      ["anonymize", "in", "out", "--regions", "labels", "--method", "solid", "--format", "png"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    for name in ["photo", "drawing"] {
      let product = try Pixels("out/\(name).png", in: workspace)
      #expect(product.shape == ImageShape(width: 48, height: 64, channels: 3))
      let blackRows = (0..<64).filter { y in (0..<48).allSatisfy { product.isBlack($0, y) } }
      #expect(blackRows == Array(51..<64), "\(name)")  // 0.8 of 64 rows is 51.2
    }
  }

  @Test func keepingAllMetadataIsRefused() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(["anonymize", "in", "out", "--metadata", "all"], in: workspace)
    #expect(outcome.status == 64 && !workspace.tree.files.contains { $0.hasPrefix("out") })
    #expect(outcome.errorText.contains("anonymize keeps no metadata but that of colours"))
  }
}
