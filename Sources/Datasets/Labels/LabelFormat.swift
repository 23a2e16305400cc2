/// A format of label files.
///
/// A format is one file and one line in `LabelFormatCatalog`.
package protocol LabelFormat {
  static var name: String { get }

  /// Whether labels of this format lie there, by the names of the files alone.
  static func recognizes(_ place: LabelPlace) -> Bool

  /// Reads all labels of a place that `recognizes` has accepted.
  static func read(_ place: LabelPlace) throws(LabelError) -> [LabelledImage]
}

package enum LabelFormatCatalog {
  /// The first that recognizes a place reads it. VOC comes before YOLO, because data sets in VOC hold lists in .txt
  /// files, too.
  package static var all: [any LabelFormat.Type] { [COCOLabels.self, VOCLabels.self, YOLOLabels.self] }
}

extension LabelledRegions {
  /// Reads the labels at a path, in whatever format they are: a file, a folder of files, or a data set that holds
  /// either.
  package init(reading path: String) throws(LabelError) {
    let place = try LabelPlace(path)
    for format in LabelFormatCatalog.all where format.recognizes(place) {
      self.init(try format.read(place))
      return
    }
    throw LabelError(.noLabels, in: path)
  }
}
