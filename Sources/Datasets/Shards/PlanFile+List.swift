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
    to record: RunRecord?, program: String, shardCount: Int, isDurable: Bool
  ) throws {
    var (builder, segments) = (SegmentBuilder(), [ListingSegment]())
    var streamed = StreamedNames(naming, names)
    func keep(_ piece: SegmentBuilder.Piece?) throws {
      guard let piece else { return }
      segments.append(piece.segment)
      try record?.write(piece, isDurable: isDurable)
    }
    _ = try list.forEachImage { image in
      for output in streamed.add(image) { try list.refuse(image, output, naming, names) }
      try keep(builder.append(image))
    }
    try keep(builder.finish())
    let imageCount = segments.reduce(0) { $0 + $1.imageCount }
    try self.init(
      what, segments, outputCount: imageCount * naming.outputsPerSource, input: input, others: [:], program: program,
      shardCount: shardCount, problems: [])
  }
}

extension ImageList {
  private struct Found: Error {}

  /// Throws a `Plan.Collision` if an image before this one has an output of this path.
  fileprivate func refuse(
    _ image: InputImage, _ output: String, _ naming: some OutputNaming, _ names: OutputNames
  ) throws {
    var other: InputImage?
    do {
      _ = try forEachImage { earlier in
        let outputs = (0..<naming.outputsPerSource).count { number in
          naming.output(number, of: earlier, names).path.utf8.elementsEqual(output.utf8)
        }
        let isSame = earlier.path.utf8.elementsEqual(image.path.utf8)
        if outputs > (isSame ? 1 : 0) {
          other = earlier
          throw Found()
        }
        if isSame { throw Found() }
      }
    } catch is Found {
    }
    if let other { throw Plan.Collision(first: other.path, second: image.path, output: output) }
  }
}
