import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Files of any content are read without a trap, and what is read of them can be written.
struct VOCFuzzTests {
  private static let annotation = """
    <?xml version="1.0"?>
    <annotation verified="yes"><folder>f</folder><filename>a.jpg</filename><source><image id="7">x &lt; y</image></source>
    <size><width>64</width><height>48</height><depth>3</depth></size><segmented>0</segmented>
    <object id="4"><name>dog</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult><bndbox><xmin>1</xmin>
    <ymin>11</ymin><xmax>10.5</xmax><ymax>20</ymax></bndbox><part><name>head</name><bndbox><xmin>2</xmin><ymin>12</ymin>
    <xmax>3</xmax><ymax>13</ymax></bndbox></part><actions><a>1</a></actions></object><object><name>cat</name><bndbox>
    <xmax>9</xmax><xmin>5</xmin><ymin>6</ymin><ymax>7</ymax></bndbox></object></annotation>
    """
  private static let list = "a 1\nb -1\n\nsub/c.jpg  0\r\nJPEGImages/d\n"
  private static let pieces = [
    "<object>", "</object>", "<part>", "<bndbox>", "&#x41;", "&amp;", "<!--", "<![CDATA[", "]]>", "nan", "1e308", "-",
    "9999999", "\u{0}", "\u{FFFF}", "é", "<a b=\"c\" d=''/>", "../", "//", " ", "\t", "\n", "@", "#text", "5", "0.25",
    ">",
    "<part><name>x</name><bndbox/></part>", "<bndbox><xmin>3</xmin></bndbox>", "<name>y</name>",
  ].map { Array($0.utf8) }

  private static func mutated(_ text: String, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let range = start..<min(bytes.count, start + Int.random(in: 1...40, using: &random))
      switch Int.random(in: 0..<10, using: &random) {
      case 0: bytes[start] = .random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(range)
      case 2: bytes.insert(contentsOf: bytes[range], at: Int.random(in: 0...bytes.count, using: &random))
      case 3: bytes.replaceSubrange(range, with: pieces.randomElement(using: &random) ?? [])
      default:  // between tags, where the file stays one that a parser takes
        let place = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? start
        bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
      }
      if bytes.isEmpty { bytes = Array("<".utf8) }
    }
    return bytes
  }

  @Test func whateverIsReadComesBackTheSame() throws {
    var random = SeededGenerator(seed: 11)
    let (folder, again) = (try LabelFolder(), try LabelFolder())
    var readCount = 0
    for number in 0..<3000 {
      try folder.add("Annotations/a.xml", Data(Self.mutated(Self.annotation, &random)))
      try folder.add("ImageSets/Main/train.txt", Data(Self.mutated(Self.list, &random)))
      guard let image = try folder.readWithFaults().images.first, !image.isUnreadable else { continue }
      readCount += 1
      let text = try Self.text(image)
      try again.add("Annotations/a.xml", Data(text.utf8))
      let back = try #require(try again.read().images.first, "mutation \(number)")
      #expect(back.objects.map(\.className) == image.objects.map(\.className), "mutation \(number)")
      #expect(try Self.text(back) == text, "mutation \(number)")
    }
    #expect(readCount > 500)
  }

  private static func text(_ image: LabelledImage) throws -> String {
    let shape = ImageShape(width: 64, height: 48, channels: 3)
    var output = OutputLabels(path: "JPEGImages/a.jpg", shape: shape, objects: image.objects, source: image)
    output.isUnmoved = true
    let writer = VOCLabels.writer(LabelWriterPlan(LabelSet([image]), LabelOptions()))
    return String(decoding: try #require(writer.labelFile(of: output)).bytes, as: UTF8.self)
  }
}
