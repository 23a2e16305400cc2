internal import CImaging

/// The artefacts of a lossy file: writes the image as JPEG or WebP in memory and reads it again. Grey and colour.
///
/// Source: Albumentations `ImageCompression`, OpenCV `imencode` and `imdecode`, with red and blue exchanged as there.
package struct ImageCompression: Transform {
  package enum Format: String, CaseIterable, Sendable {
    case jpeg, webp

    /// The most pixels of a side that a file can have.
    var longestSide: Int { self == .jpeg ? 65_500 : 16_383 }
  }

  package struct Drawn: Codable, Sendable {
    /// 1 ... 100.
    package var quality: Int

    package init(quality: Int) { self.quality = quality }
  }

  package static let summary = "Leaves the artefacts of a JPEG or WebP file."
  package static let parameters: [Parameter<ImageCompression>] = [
    .choice("compression_type", \.compressionType, "format of the file"),
    .integers("quality_range", \.qualityRange, in: 1...100, lowest: 1, "quality of the file"),
  ]

  package var compressionType = Format.jpeg
  package var qualityRange = 99...100

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(quality: random.integer(qualityRange))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.qualityRange = .only(drawn.quality) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard max(shape.width, shape.height) <= compressionType.longestSide else {
      return .inapplicable(
        "a \(compressionType.rawValue) file has at most \(compressionType.longestSide) pixels a side")
    }
    let quality = Int32(drawn.quality)
    return switch compressionType {
    case .jpeg: .kernel { unsafe cimaging_jpeg_round_trip($0, $1, quality, $2) }
    case .webp: .kernel { unsafe cimaging_webp_round_trip($0, $1, quality, $2) }
    }
  }
}
