package import Datasets
package import Imaging

/// What a run downloads, and what it makes of it.
package struct IngestOptions: Sendable {
  /// What stands in for an image that could not be downloaded.
  package enum Fallback: String, CaseIterable, Sendable {
    /// An image of noise, so that the run makes as many files as it was asked for.
    case synthetic
    /// Nothing.
    case skip
    /// Nothing, and the caller ends the run.
    case fail
  }

  package var urls: URLList
  /// Number of images.
  package var count: Int
  package var client = HTTPClient.Options()
  package var policy = RetryPolicy()
  package var fallback = Fallback.synthetic
  /// The size to which images are scaled; `nil`: none, and the file is kept byte by byte.
  package var size: ImageSize?
  package var maxPixels = ImageDecoder.defaultMaxPixels
  package var encoding = EncodingOptions()
  /// Whether files are written.
  package var isSaving = true

  package init(_ urls: URLList, count: Int) { (self.urls, self.count) = (urls, count) }

  /// What decides the files, as far as the servers do not. Everything else decides only whether an image arrives.
  package struct What: Codable, Hashable, Sendable {
    private var size: String?
    private var quality: Int
    private var seed: UInt64
    /// "synthetic" or "skip": what ends a run makes no file.
    private var fallback: String

    package init(_ options: IngestOptions) {
      (size, quality, seed) = (options.size?.description, options.encoding.quality, options.policy.seed)
      fallback = (options.fallback == .synthetic ? Fallback.synthetic : .skip).rawValue
    }
  }

  /// Size of synthetic images of a run that does not scale.
  private static let syntheticSize = ImageSize(width: 2000, height: 2000)

  /// Size of synthetic images.
  var noiseSize: ImageSize { size ?? Self.syntheticSize }

  /// Time limit of a task for the pool. Beyond what the policy allows, it leaves time to decode and scale; a decoder
  /// that is still running then will not end.
  var taskSeconds: Double { policy.mostSeconds(attemptSeconds: client.timeoutSeconds) + 120 }
}
