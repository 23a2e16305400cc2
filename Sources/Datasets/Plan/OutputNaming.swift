package import Imaging

/// Which files come of each image: a pure function, so that every process knows them, and knows them before it begins.
package protocol OutputNaming: Sendable {
  /// As many of every image, so that a number of a task gives its image.
  var outputsPerSource: Int { get }
  /// - Parameter number: from 0.
  func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName
}

/// A file that comes of an image.
package struct OutputName: Hashable, Sendable {
  /// Relative to the output folder.
  package var path: String
  package var format: ImageFormat

  package init(path: String, format: ImageFormat) { (self.path, self.format) = (path, format) }
}

/// How a person wants outputs named.
package struct OutputNames: Codable, Hashable, Sendable {
  package var template: NameTemplate
  /// `nil`: that of the source.
  package var format: ImageFormat?

  package init(_ template: NameTemplate, format: ImageFormat? = nil) {
    (self.template, self.format) = (template, format)
  }

  /// The name of a copy, in the folder of its source.
  package func name(of source: InputImage, copy: Int) -> OutputName {
    var (stem, ending) = source.stemAndExtension
    let format = format ?? source.format
    if self.format != nil { ending = format.fileExtensions[0] }
    let name = template.name(stem: stem, copy: copy, fileExtension: ending)
    return OutputName(path: source.path.parentPath.map { "\($0)/\(name)" } ?? name, format: format)
  }
}
