/// A format of label files.
///
/// A format is one folder and one line in `LabelFormatCatalog`.
package protocol LabelFormat: SendableMetatype {
  static var name: String { get }
  /// The name on the command line.
  static var word: String { get }

  /// Whether labels of this format lie there, by the names of the files and, where names do not tell, by their first
  /// bytes.
  static func recognizes(_ place: LabelPlace) -> Bool

  /// Reads all labels of a place that `recognizes` has accepted. What is broken becomes a fault of its image.
  /// - Throws: if nothing can be read at all.
  static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet

  /// Where images lie in a data set of this format that is made anew: a folder, relative to the data set.
  /// - Parameter split: the part of the set; `nil` if it is not divided.
  static func imageFolder(of split: String?) -> String

  static func writer(_ plan: LabelWriterPlan) -> any LabelWriter
}

/// What label files leave open.
package struct LabelOptions: Codable, Hashable, Sendable {
  /// The number of the first column and row of pixels in Pascal VOC: 1 by its rules, 0 as many tools write it.
  package var vocOrigin = 1

  package init() {}
}

package enum LabelFormatCatalog {
  /// The first that recognizes a place reads it. VOC comes before YOLO, because data sets in VOC hold lists in .txt
  /// files, too.
  package static var all: [any LabelFormat.Type] { [COCOLabels.self, VOCLabels.self, YOLOLabels.self] }

  package static func type(named word: String) -> (any LabelFormat.Type)? { all.first { $0.word == word } }

  /// The format of a place; `nil` if there are no labels.
  package static func format(of place: LabelPlace) -> (any LabelFormat.Type)? { all.first { $0.recognizes(place) } }
}

extension LabelSet {
  /// Reads the labels at a path, in whatever format they are: a file, a folder of files, or a data set that holds
  /// either. For uses in which an object left out does harm.
  /// - Throws: the first fault, too.
  package init(reading path: String, _ options: LabelOptions = LabelOptions()) throws(LabelError) {
    let place = try LabelPlace(path)
    guard let format = LabelFormatCatalog.format(of: place) else { throw LabelError(.noLabels, in: path) }
    let set = try format.read(place, options)
    if let fault = set.faults.first ?? set.images.lazy.flatMap(\.faults).first { throw fault.error }
    self = set
  }
}
