internal import ArgumentParser
package import Datasets
package import Imaging

/// One copy of each image, blurred as a whole with a Gaussian.
///
/// Source: OpenCV `GaussianBlur`; the kernel and deviation are those of the original study of parallel blurring.
package struct Anonymize: Job {
  package struct Options: Codable, Hashable, Sendable {
    /// Width and height of the kernel in pixels, odd.
    package var kernel = 61
    /// Standard deviation in pixels.
    package var sigma = 10.0

    package init() {}
  }

  package struct Flags: JobFlags {
    @Option(help: ArgumentHelp("Width and height of the blur's kernel in pixels, an odd number.", valueName: "n"))
    var kernel = 61

    @Option(help: ArgumentHelp("Standard deviation of the blur in pixels.", valueName: "pixels"))
    var sigma = 10.0

    package init() {}

    package func validate() throws {
      guard (3...1001).contains(kernel), !kernel.isMultiple(of: 2) else {
        throw ValidationError("--kernel must be an odd number between 3 and 1001")
      }
      guard sigma > 0 && sigma <= 1000 else { throw ValidationError("--sigma must be more than 0 and at most 1000") }
    }

    package func options() -> Options {
      var options = Options()
      (options.kernel, options.sigma) = (kernel, sigma)
      return options
    }
  }

  package static let name = "anonymize"
  package static let abstract = "Writes a blurred copy of each image in a folder."
  package static let discussion =
    "The whole image is blurred; its transparency stays as it is. A blur of fixed strength hides small faces and does "
    + "not hide large ones: look at the outcome, and raise --sigma and --kernel (about six times sigma) until it does."
  package static let defaultName = "{stem}"

  package static func studyOptions(copies: Int?, seed: UInt64) -> Options? {
    copies == nil || copies == 1 ? Options() : nil
  }

  package let options: Options
  package init(_ options: Options) { self.options = options }

  package var outputsPerSource: Int { 1 }

  package func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number)
  }

  package func makeWorker() -> AnonymizeWorker { AnonymizeWorker(options) }
}

package final class AnonymizeWorker: JobWorker {
  package struct Draft: ProductDraft {
    package var outputShape: ImageShape
  }

  private let options: Anonymize.Options

  fileprivate init(_ options: Anonymize.Options) { self.options = options }

  package func draft(_ output: PlannedOutput, of source: InputImage, shape: ImageShape) -> Draft {
    Draft(outputShape: shape)
  }

  package func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    try product.color.blur(source.color, size: options.kernel, sigma: options.sigma)
    try product.copyRest(of: source)
  }
}
