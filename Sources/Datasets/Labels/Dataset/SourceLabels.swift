package import Imaging

/// The labels of one source in pixels, ready to follow its copies.
package struct SourceLabels: Sendable {
  /// What the labels say about the source; `nil` if no label names it.
  package let source: LabelledImage?
  /// Inside the image; those that cannot be used are left out.
  package let objects: [LabelledObject]
  /// Notes about the image: sentence fragments that follow its path.
  package let notes: [String]
  private let plan: DatasetPlan
  private let shape: ImageShape
  /// The objects that are left out, with the place of each in the label.
  private let invalid: [LabelLoss]
  /// The place of each of `objects` in the label.
  private let places: [Int]

  /// - Parameter shape: of the source, upright.
  /// - Throws: `.notApplicable` if the image must not be used with these labels.
  package init(_ plan: DatasetPlan, of imageIndex: Int, shape: ImageShape) throws(ImagingError) {
    (self.plan, self.shape) = (plan, shape)
    source = try Self.source(plan, imageIndex, shape)
    var sorted = Sorted()
    for (place, object) in (source?.objects ?? []).enumerated() {
      try sorted.add(object.inPixels(of: shape), at: place, shape, plan.treatment.invalidBoxes ?? .clip)
    }
    (objects, places, invalid, notes) = (sorted.objects, sorted.places, sorted.invalid, sorted.notes)
  }

  private static func source(
    _ plan: DatasetPlan, _ imageIndex: Int, _ shape: ImageShape
  ) throws(ImagingError) -> LabelledImage? {
    if case .several(let indices) = plan.dataset.links[imageIndex] {
      let paths = indices.prefix(2).map { plan.dataset.set.images[$0].path }
      throw .notApplicable("the labels of \(paths[0]) and of \(paths[1]) may both be meant for it")
    }
    guard let source = plan.labels(of: imageIndex) else { return nil }
    if let fault = source.faults.first(where: { $0.isOfWholeImage || plan.treatment.invalidBoxes == .fail }) {
      throw .notApplicable("its label cannot be used: \(fault.error)")
    }
    if let size = source.size, size != shape.size {
      throw .notApplicable(
        "its label is for \(size) pixels, but upright it has \(shape.width)x\(shape.height)")
    }
    return source
  }

  package var lostBoxes: LabelTreatment.LostBoxes { plan.treatment.lostBoxes }

  /// The labels of a copy, with those of images that come in.
  /// - Parameter operations: what happens to the pixels; only where they move and what comes in matters.
  package func followed(through operations: [Operation]) throws(ImagingError) -> FollowedLabels {
    var labels = try own(through: operations)
    for (place, operation) in operations.enumerated() {
      guard case .merge(let merge) = operation else { continue }
      labels.isUnmoved = false
      for part in merge.others {
        let rest = part.operations + operations[(place + 1)...]
        guard let reference = part.reference else {
          labels.objects += try own(through: operations[..<place] + rest).objects
          continue
        }
        guard let index = plan.imageIndex(of: reference) else {
          labels.hasUnknownReferences = true
          continue
        }
        labels.objects += try others(index, reference.image).own(through: rest).objects
      }
    }
    return labels
  }

  /// The labels of a reference image, one of the same data set.
  private func others(_ imageIndex: Int, _ image: ReferenceImage) throws(ImagingError) -> SourceLabels {
    do throws(ImagingError) {
      let shape = ImageShape(width: image.size.width, height: image.size.height, channels: self.shape.channels)
      return try SourceLabels(plan, of: imageIndex, shape: shape)
    } catch {
      throw .notApplicable("its reference image \(image.path): \(error)")
    }
  }

  /// The labels of this image alone.
  private func own(through operations: [Operation]) throws(ImagingError) -> FollowedLabels {
    let follower = try LabelFollower(operations: operations, from: shape, keepsSteps: plan.treatment.isCompatible)
    var labels = FollowedLabels(shape: follower.outputShape, losses: invalid)
    labels.isUnmoved = operations.labelled.isEmpty
    for (object, place) in zip(objects, places) {
      let followed = try follower.follow(object.shape)
      if let reason = reason(toDrop: followed) {
        labels.losses.append(LabelLoss(object: place, reason: reason, visibility: followed.visibility))
      } else {
        labels.objects.append(try moved(object, followed, follower))
      }
    }
    return labels
  }

  private func reason(toDrop followed: FollowedShape) -> LossReason? {
    plan.treatment.isCompatible
      ? plan.filter.compatibleReason(toDrop: followed) : plan.filter.reason(toDrop: followed)
  }

  private func moved(
    _ object: LabelledObject, _ followed: FollowedShape, _ follower: LabelFollower
  ) throws(ImagingError) -> LabelledObject {
    guard let shape = followed.shape else { preconditionFailure("what is dropped does not move") }
    var object = object
    object.shape = shape
    // Rounding alone cuts nothing off.
    if followed.visibility < 1 - 1e-6 { object.isTruncated = true }
    if follower.isMirrored, let order = plan.mirroredOrder(of: object.className) {
      object.shape.keypoints = shape.keypoints.indices.map { place in
        let other = place < order.count ? order[place] : place
        return shape.keypoints[shape.keypoints.indices.contains(other) ? other : place]
      }
    }
    object.parts = try parts(of: object, follower)
    return object
  }

  /// The parts of an object that the copy shows.
  private func parts(of object: LabelledObject, _ follower: LabelFollower) throws(ImagingError) -> [LabelledObject] {
    var parts: [LabelledObject] = []
    for part in object.parts {
      let followed = try follower.follow(part.shape)
      if followed.shape != nil { parts.append(try moved(part, followed, follower)) }
    }
    return parts
  }

  /// Sorts the objects of a label into those that can be used and the others.
  private struct Sorted {
    var objects: [LabelledObject] = []
    var places: [Int] = []
    var invalid: [LabelLoss] = []
    private var clippedCount = 0

    var notes: [String] {
      let dropped = invalid.isEmpty ? [] : ["boxes that are not in it: \(invalid.count), dropped"]
      return dropped + (clippedCount == 0 ? [] : ["boxes that reach beyond it: \(clippedCount), clipped"])
    }

    mutating func add(
      _ object: LabelledObject, at place: Int, _ shape: ImageShape, _ policy: LabelTreatment.InvalidBoxes
    ) throws(ImagingError) {
      let sides = Vertex(Double(shape.width), Double(shape.height))
      let box = object.box
      let inside = Box(
        box.upperLeft.clamped(lowerBound: .zero, upperBound: sides),
        box.lowerRight.clamped(lowerBound: .zero, upperBound: sides))
      let isEmpty = !(inside.size.x > 0 && inside.size.y > 0)
      // What the last digit of a share can be off in an image of this size is no fault.
      let excess = (pointwiseMax(-box.upperLeft, box.lowerRight - sides) / sides).max()
      let isInside = !isEmpty && excess <= Self.tolerance
      if !isInside && policy == .fail {
        throw .notApplicable("the box of its object \(place + 1) (\(object.className)) is not in it")
      }
      guard !isEmpty, isInside || policy == .clip else {
        invalid.append(LabelLoss(object: place, reason: .invalid, visibility: 0))
        return
      }
      var object = object
      if !isInside { (clippedCount, object.isTruncated) = (clippedCount + 1, true) }
      object.shape.box = inside
      objects.append(object)
      places.append(place)
    }

    private static let tolerance = 1e-6
  }
}

/// The labels of a copy.
package struct FollowedLabels: Sendable {
  package var shape: ImageShape
  /// Whether all pixels lie where they lie in the source.
  package var isUnmoved = false
  /// In pixels of the copy.
  package var objects: [LabelledObject] = []
  /// Whether images came in that are not in the data set.
  package var hasUnknownReferences = false
  package var losses: [LabelLoss]

  package init(shape: ImageShape, losses: [LabelLoss] = []) { (self.shape, self.losses) = (shape, losses) }

  /// How many objects are lost that the copy could have shown.
  package var lostCount: Int { losses.count { $0.reason != .invalid } }
}

/// An object that a copy does not keep.
package struct LabelLoss: Hashable, Sendable {
  /// Index among the objects of the label.
  package var object: Int
  package var reason: LossReason
  /// Share of the object that the copy shows, 0 ... 1.
  package var visibility: Double

  package init(object: Int, reason: LossReason, visibility: Double) {
    (self.object, self.reason, self.visibility) = (object, reason, visibility)
  }
}
