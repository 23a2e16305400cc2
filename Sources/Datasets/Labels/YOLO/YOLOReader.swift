/// Reads the label files of single images.
struct YOLOReader {
  /// Thousands of times the size of the labels of a crowded image.
  private static let byteLimit = 16 << 20
  private static let objectLimit = 100_000
  /// A file with more broken lines than this is no label, and naming them all helps nobody.
  private static let faultLimit = 100

  let place: LabelPlace
  let settings: YOLOSettings
  /// The highest number of a class so far.
  private(set) var highestClass: Int?

  init(place: LabelPlace, settings: YOLOSettings) { (self.place, self.settings) = (place, settings) }

  /// The labels of an image. Whatever cannot be read is a fault of it.
  /// - Throws: if the machine is short of something.
  mutating func image(_ file: String) throws(LabelError) -> LabelledImage {
    var image = LabelledImage(stemPath: file.withoutExtension)
    image.labelFile = file
    do throws(LabelError) {
      try read(try place.text(file, limit: Self.byteLimit), of: &image)
    } catch {
      if error.isShortage { throw error }
      image.objects = []
      image.faults = [LabelFault(error, isOfWholeImage: true)]
    }
    return image
  }

  private mutating func read(_ text: String, of image: inout LabelledImage) throws(LabelError) {
    let file = image.labelFile ?? image.path
    for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let words = YOLOLine.words(Substring(line))
      if words.isEmpty { continue }
      do throws(LabelError) {
        let line = try place.located(file, line: index + 1) { () throws(LabelError.Reason) in
          try YOLOLine(words, settings)
        }
        image.objects.append(line.object)
        highestClass = max(highestClass ?? 0, line.classNumber)
      } catch {
        image.faults.append(LabelFault(error))
      }
      try check(image, file)
    }
  }

  private func check(_ image: LabelledImage, _ file: String) throws(LabelError) {
    guard image.objects.count <= Self.objectLimit else {
      throw LabelError(.tooManyValues(limit: Self.objectLimit), in: place.displayPath(file))
    }
    guard image.faults.count <= Self.faultLimit else {
      throw LabelError(.value("has more than \(Self.faultLimit) broken lines"), in: place.displayPath(file))
    }
  }
}
