internal import Imaging
internal import Platform

extension PlanFile {
  /// The plan of a run on a list of images, whose segments it writes as the list is read: neither is ever whole in the
  /// memory.
  /// - Parameters:
  ///   - input: the folder that the list is of, without links.
  ///   - record: gets the segments; `nil`: they are not kept.
  /// - Throws: `Plan.Collision`, `ImageList.Invalid`, or a `FileError`.
  package init(
    _ what: What, _ naming: some OutputNaming, _ names: OutputNames, on list: ImageList, input: String,
    to record: RunRecord?, program: String, shardCount: Int, tars: TarOutput? = nil,
    isDurable: Bool
  ) throws {
    var (builder, segments) = (SegmentBuilder(), [ListingSegment]())
    var streamed = StreamedNames(naming, names)
    func keep(_ piece: SegmentBuilder.Piece?) throws {
      guard let piece else { return }
      segments.append(piece.segment)
      try record?.write(piece, isDurable: isDurable)
    }
    _ = try list.forEachImage { image in
      if !streamed.add(image).isEmpty { try list.refuse(image, naming, names) }
      try keep(builder.append(image))
    }
    try keep(builder.finish())
    let imageCount = segments.reduce(0) { $0 + $1.imageCount }
    try self.init(
      what, segments, outputCount: imageCount * naming.outputsPerSource, input: input, others: [:], program: program,
      shardCount: shardCount, problems: [], tars: tars)
  }
}

extension ImageList {
  private struct Found: Error {}

  /// Throws a `Plan.Collision` if an output of this image is one of an image before it, or a folder that leads to one, or
  /// the other way round.
  fileprivate func refuse(_ image: InputImage, _ naming: some OutputNaming, _ names: OutputNames) throws {
    func outputs(of image: InputImage) -> [[UInt8]] {
      (0..<naming.outputsPerSource).map { Array(naming.output($0, of: image, names).path.utf8) }
    }
    func refuse(_ first: InputImage, _ second: InputImage, _ path: [UInt8]) throws {
      throw Plan.Collision(first: first.path, second: second.path, output: String(decoding: path, as: UTF8.self))
    }
    var own: Set<[UInt8]> = []
    let folders = Set(image.folders)
    for path in outputs(of: image) where !own.insert(path).inserted { try refuse(image, image, path) }
    do {
      _ = try forEachImage { earlier in
        if earlier.path.utf8.elementsEqual(image.path.utf8) { throw Found() }
        for path in earlier.folders where own.contains(path) { try refuse(earlier, image, path) }
        for path in outputs(of: earlier) {
          if own.contains(path) { try refuse(earlier, image, path) }
          if folders.contains(path) { try refuse(image, earlier, path) }
        }
      }
    } catch is Found {
    }
  }
}

extension InputImage {
  /// Paths of the folders that lead to it, but for the top.
  fileprivate var folders: [[UInt8]] {
    sequence(first: path.parentPath) { $0?.parentPath }.prefix { $0 != nil }.map { Array(($0 ?? "").utf8) }
  }
}
