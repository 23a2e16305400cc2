internal import ArgumentParser
package import Datasets
package import Imaging

/// Each image as it is, with its labels in another format.
package struct Convert: Job {
  package struct Options: Codable, Hashable, Sendable {
    package init() {}
  }

  package struct Flags: JobFlags {
    package init() {}
    package func options() -> Options { Options() }
  }

  package static let name = "convert"
  package static let abstract = "Copies a labelled data set, with its labels in another format."
  package static let discussion =
    "Images are copied byte for byte unless another format of images is asked for. In another format of labels than "
    + "that of INPUT, the folders are those that tools for it expect."
  package static let defaultName = "{stem}"

  package static func studyOptions(copies: Int?, seed: UInt64) -> Options? {
    copies == nil || copies == 1 ? Options() : nil
  }

  package let options: Options
  package init(_ options: Options) { self.options = options }

  package var effort: Double { 0.3 }

  package var outputsPerSource: Int { 1 }

  package func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number, isUnchanged: true)
  }

  /// Nothing is left out unless the user says so: all splits are converted alike.
  package func adapt(_ labels: inout LabelTreatment) {
    labels.splits = labels.splits ?? ["all"]
    labels.isRequired = true
  }

  package func makeWorker() -> ConvertWorker { ConvertWorker() }
}

package final class ConvertWorker: JobWorker {
  package struct Draft: ProductDraft {
    package var outputShape: ImageShape
    package var shortcut: Shortcut?
    package var moves: [Imaging.Operation]? { [] }
  }

  package func draft(_ output: PlannedOutput, of source: SourceFacts) -> Draft {
    Draft(outputShape: source.shape, shortcut: output.format == .image(source.image.format) ? .bytes : nil)
  }

  package func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    try product.copyRest(of: source)
    try product.color.copy(from: source.color)
  }
}
