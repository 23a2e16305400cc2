package import Datasets
package import Imaging

package final class AnonymizeWorker: JobWorker {
  package struct Draft: ProductDraft {
    /// `nil`: the whole image.
    fileprivate var regions: [LabelledObject]?
    /// Why the regions are not those of this image.
    fileprivate var refusal: String?
    package var outputShape: ImageShape
    package var imageNotes: [String] = []

    /// Takes the regions of a label, unless it is for an image of another size.
    fileprivate mutating func hide(_ labelled: LabelledImage, scaledBy scale: Double) {
      if let size = labelled.size, size != ImageSize(width: outputShape.width, height: outputShape.height) {
        refusal = "its label is for \(size) pixels, but upright it has \(outputShape.width)x\(outputShape.height)"
        return
      }
      let regions = labelled.objects.map { $0.inPixels(of: outputShape).scaled(by: scale) }
      // A label for an image before it was cropped or scaled would else seem to have hidden something.
      let outside = regions.count { PixelArea(covering: $0.box, in: outputShape).runs.isEmpty }
      if outside > 0 { imageNotes.append("regions that lie outside it: \(outside) of \(regions.count)") }
      // Where two overlap, the larger hides more, so it is placed last.
      self.regions = regions.sorted { $0.box.shorterSide < $1.box.shorterSide }
    }
  }

  private let options: Anonymize.Options
  /// A hidden region with a margin, before it is placed.
  private var patch = PixelBuffer()

  init(_ options: Anonymize.Options) { self.options = options }

  package func draft(_ output: PlannedOutput, of source: SourceFacts) -> Draft {
    var draft = Draft(outputShape: source.shape)
    guard let selection = options.selection else { return draft }
    switch selection.labels.match(source.image) {
    case .none: (draft.regions, draft.imageNotes) = ([], ["no label names it: nothing is hidden"])
    case .several(let paths): draft.refusal = "the labels of \(paths[0]) and of \(paths[1]) may both be meant for it"
    case .one(let labelled): draft.hide(labelled, scaledBy: selection.scale)
    }
    return draft
  }

  package func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    if let refusal = draft.refusal { throw .notApplicable(refusal) }
    try product.copyRest(of: source)
    guard let regions = draft.regions else { return try hideAll(of: source.color, in: &product.color) }
    try product.color.copy(from: source.color)
    for region in regions { try hide(region, of: source.color, in: &product.color) }
  }

  private func hideAll(of source: borrowing PixelBuffer, in product: inout PixelBuffer) throws(ImagingError) {
    let shape = source.shape
    let side = Double(min(shape.width, shape.height))
    switch options.method {
    case .blur:
      let (size, sigma) = options.blur(shorterSide: side)
      try product.blur(source, size: size, sigma: sigma)
    case .pixelate:
      let whole = Rectangle(x: 0, y: 0, width: shape.width, height: shape.height)
      try product.pixelate(whole, of: source, blockSide: options.blockSide(shorterSide: side))
    case .solid: try product.blacken(shape)
    }
  }

  /// Computes a region from the source, so that what is hidden in it does not depend on other regions.
  private func hide(
    _ region: LabelledObject, of source: borrowing PixelBuffer, in product: inout PixelBuffer
  ) throws(ImagingError) {
    let shape = source.shape
    let area = area(of: region, in: shape)
    var place = area.bounds
    guard place.width > 0 else { return }
    let side = min(region.box.shorterSide, Double(min(shape.width, shape.height)))
    switch options.method {
    case .blur:
      let (size, sigma) = options.blur(shorterSide: side)
      place = try patch.blur(place, of: source, size: size, sigma: sigma)
    case .pixelate: try patch.pixelate(place, of: source, blockSide: options.blockSide(shorterSide: side))
    case .solid: try patch.blacken(ImageShape(width: place.width, height: place.height, channels: shape.channels))
    }
    product.place(patch, x: place.x, y: place.y, in: area)
  }

  /// The pixels of a region. One in which no pixel's centre lies is hidden by its box.
  private func area(of region: LabelledObject, in shape: ImageShape) -> PixelArea {
    let area: PixelArea
    switch options.selection?.shape {
    case .ellipse: area = PixelArea(ellipseIn: region.box, in: shape)
    case .polygon: area = PixelArea(inside: region.polygons, in: shape)
    case .box, nil: area = PixelArea(covering: region.box, in: shape)
    }
    return area.runs.isEmpty ? PixelArea(covering: region.box, in: shape) : area
  }
}
