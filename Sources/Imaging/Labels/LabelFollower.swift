/// Moves labels as the operations of a sample move pixels.
///
/// How to read it: `LabelStep` moves boxes, points and closed lines through one operation, in double precision;
/// `MovingShape` takes a shape through all of them, and cuts it at the edges of the image after each. Boxes and polygons
/// are closed lines that move as curves, so that a box turned by 30 degrees and back is the box again; the box of a
/// label is taken around its curve at the very end. Only where boxes stay boxes are they moved as such. A drop is a step
/// that moves nothing and hides a part (`HiddenArea`).
///
/// Coordinates are pixels between corners (`Vertex`), half a pixel from the `Point`s that geometries map. Albumentations
/// leaves out this half pixel where `Perspective` moves boxes, so its boxes lie up to half a pixel from the pixels.
/// Pixels that a border mirrors or repeats belong to no label.
package struct LabelFollower: Sendable {
  package let outputShape: ImageShape
  /// Whether the output shows the source as in a mirror.
  package let isMirrored: Bool
  private let source: ImageShape
  private let steps: [LabelStep]
  private let operations: [Operation]
  private let keepsSteps: Bool

  /// Prepares all geometries and drops among `operations`: what labels need of a field is computed here, and kept for the pixels.
  /// - Parameter keepsSteps: whether results tell what each step did.
  package init(operations: [Operation], from shape: ImageShape, keepsSteps: Bool = false) throws(ImagingError) {
    (source, self.keepsSteps) = (shape, keepsSteps)
    self.operations = operations.labelled
    var steps: [LabelStep] = []
    var (current, isMirrored) = (shape, false)
    for operation in self.operations where current.byteCount > 0 {
      let step = try LabelStep(operation, for: current)
      if step.isMirrored { isMirrored.toggle() }
      current = step.output
      steps.append(step)
    }
    (self.steps, self.isMirrored, outputShape) = (steps, isMirrored, self.operations.outputShape(for: shape))
  }

  /// - Throws: `.notApplicable` for a mask of another size than the image.
  package func follow(_ shape: LabelShape) throws(ImagingError) -> FollowedShape {
    var moving = MovingShape(shape, in: source)
    if case .mask(let mask) = shape.outline, mask.width != source.width || mask.height != source.height {
      throw .notApplicable(
        "a mask of \(mask.width) × \(mask.height) pixels for an image of \(source.width) × \(source.height)")
    }
    try moving.cut(to: source)
    var kept: [FollowedStep] = []
    for step in steps where !moving.isLost {
      let whole = try moving.move(by: step)
      if keepsSteps { kept.append(FollowedStep(whole: whole, inside: moving.bounds, step)) }
    }
    var followed = FollowedShape(shape: nil, visibility: moving.visibility, steps: kept)
    followed.isCovered = moving.isCovered
    if case .mask(let mask) = shape.outline {
      try finish(&followed, moving, mask, shape.box)
    } else if let box = moving.bounds {
      followed.shape = LabelShape(box, outline: moving.outline)
    }
    if followed.shape == nil { followed.visibility = 0 }
    try moveKeypoints(of: shape, into: &followed)
    return followed
  }

  private func moveKeypoints(of shape: LabelShape, into followed: inout FollowedShape) throws(ImagingError) {
    for keypoint in shape.keypoints {
      var moved = keypoint
      if keypoint.visibility != .unlabelled {
        let position = try position(of: keypoint.position)
        moved = position.map { Keypoint($0, keypoint.visibility) } ?? Keypoint(.zero, .unlabelled)
        if position == nil { followed.lostKeypoints += 1 }
      }
      followed.shape?.keypoints.append(moved)
    }
  }

  /// Where the output shows a point of the source; `nil` if it has left the image in any step.
  package func position(of vertex: Vertex) throws(ImagingError) -> Vertex? {
    guard source.frame.contains(vertex) else { return nil }
    var position = vertex
    for step in steps {
      guard let next = try step.point(position), step.output.frame.contains(next) else { return nil }
      position = next
    }
    return position
  }

  /// Replaces what the border of a mask's box says by what its pixels say.
  private func finish(
    _ followed: inout FollowedShape, _ moving: MovingShape, _ mask: RunLengths, _ box: Box
  ) throws(ImagingError) {
    guard let movedBox = moving.bounds else { return }
    let moved = try mask.moved(by: operations)
    followed.shape = LabelShape(movedBox, outline: .mask(moved))
    // A mask without pixels says nothing.
    guard let tight = mask.bounds else { return }
    if moving.visibility < 1 { followed.visibility = try visibility(of: mask, in: tight) }
    guard let pixels = moved.bounds, followed.visibility > 0 else { return followed.shape = nil }
    // A box around the pixels stays one; where it was moved as a box and is whole, it is that already.
    let isExact = moving.isBox && moving.visibility == 1
    guard box.isClose(to: tight) && !isExact else { return }
    followed.shape?.box = steps.contains { $0.hidden != nil } ? pixels.intersection(movedBox) : pixels
  }

  /// What is cut off the pixels, not off the box around them.
  private func visibility(of mask: RunLengths, in box: Box) throws(ImagingError) -> Double {
    var outline = MovingShape(LabelShape(box, outline: .polygons(mask.polygons)), in: source)
    for step in steps where !outline.isLost { _ = try outline.move(by: step) }
    return outline.isLost ? 0 : outline.visibility
  }
}
