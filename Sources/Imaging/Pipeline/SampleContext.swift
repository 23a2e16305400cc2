/// What `sample` may know about an image when its turn comes. Never its pixels, so that a pipeline can be sampled before
/// anything is decoded.
package struct SampleContext {
  /// After the transforms so far.
  package var shape: ImageShape
  private let scene: SampleScene?
  /// What has happened to the source so far.
  private let operations: [Operation]
  private let source: ImageShape

  /// Of a source to which nothing has happened.
  package init(_ shape: ImageShape, scene: SampleScene? = nil) {
    self.init(scene: scene, source: shape, operations: [], shape: shape)
  }

  init(scene: SampleScene?, source: ImageShape, operations: [Operation], shape: ImageShape) {
    (self.scene, self.source, self.operations, self.shape) = (scene, source, operations, shape)
  }

  /// The objects that the image shows, in its pixels, in the order of their label; `nil` in a run without labels. A
  /// transform may ignore an error: the labels that follow the copy meet the same one, and the copy fails.
  package func objects() throws(ImagingError) -> [SceneObject]? {
    guard let scene else { return nil }
    let follower = try LabelFollower(operations: operations, from: source)
    var objects: [SceneObject] = []
    for object in scene.objects {
      guard let shape = try follower.follow(object.shape).shape else { continue }
      objects.append(SceneObject(className: object.className, shape: shape))
    }
    return objects
  }

  /// The mask of the image, of its size; `nil` if it has none. A transform may ignore an error, as with objects.
  package func mask() throws(ImagingError) -> SceneMask? {
    guard let make = scene?.mask else { return nil }
    return try make(operations)
  }
}

/// What the transforms of a pipeline ask a `SampleContext` for.
package struct SampleNeeds: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The objects of labels, where there are any.
  package static let objects = SampleNeeds(rawValue: 1)
  /// The mask, where there is one.
  package static let mask = SampleNeeds(rawValue: 2)
  /// The same, and a run without labels makes no sense.
  package static let certainObjects = SampleNeeds(rawValue: 4 + 1)
  /// The same, and a run without masks makes no sense.
  package static let certainMask = SampleNeeds(rawValue: 8 + 2)
}

/// What a run knows about a source beside its pixels.
package struct SampleScene {
  /// Moves the mask of the source as operations do.
  package typealias MaskMaker = (_ operations: [Operation]) throws(ImagingError) -> SceneMask

  /// In pixels of the source.
  package var objects: [SceneObject]
  /// `nil` if the source has no mask.
  package var mask: MaskMaker?

  package init(objects: [SceneObject], mask: MaskMaker? = nil) {
    (self.objects, self.mask) = (objects, mask)
  }
}

/// An object of a label.
package struct SceneObject: Sendable {
  package var className: String
  package var shape: LabelShape

  package init(className: String, shape: LabelShape) { (self.className, self.shape) = (className, shape) }
}
