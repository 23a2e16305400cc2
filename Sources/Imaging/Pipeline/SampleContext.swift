/// What `sample` may know about an image when its turn comes. Never its pixels, so that a pipeline can be sampled before
/// anything is decoded.
package struct SampleContext: Sendable {
  /// After the transforms so far.
  package var shape: ImageShape
  private let scene: SampleScene?
  /// What has happened to the source so far.
  private let operations: [Operation]
  private let source: ImageShape

  package init(_ shape: ImageShape) {
    self.init(scene: nil, source: shape, operations: [], shape: shape)
  }

  init(scene: SampleScene?, source: ImageShape, operations: [Operation], shape: ImageShape) {
    (self.scene, self.source, self.operations, self.shape) = (scene, source, operations, shape)
  }

  /// The objects that the image shows, in its pixels, in the order of their label; `nil` in a run without labels.
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

  /// The mask of the image, of its size; `nil` in a run without masks.
  package func mask() throws(ImagingError) -> SceneMask? {
    guard let load = scene?.mask else { return nil }
    return try load(operations)
  }
}

/// What a run knows about a source beside its pixels.
package struct SampleScene: Sendable {
  /// In pixels of the source.
  package var objects: [SceneObject]
  /// Loads the mask of the source, as it is after operations; `nil` in a run without masks.
  package var mask: (@Sendable (_ operations: [Operation]) throws(ImagingError) -> SceneMask)?

  package init(
    objects: [SceneObject], mask: (@Sendable (_ operations: [Operation]) throws(ImagingError) -> SceneMask)? = nil
  ) {
    (self.objects, self.mask) = (objects, mask)
  }
}

/// An object of a label.
package struct SceneObject: Sendable {
  package var className: String
  package var shape: LabelShape

  package init(className: String, shape: LabelShape) { (self.className, self.shape) = (className, shape) }
}

/// The values of a mask, row by row, the channels of a pixel side by side.
package struct SceneMask: Sendable {
  package var shape: ImageShape
  package var values: [UInt16]

  package init(shape: ImageShape, values: [UInt16]) {
    precondition(values.count == shape.byteCount, "a value for each pixel and channel")
    (self.shape, self.values) = (shape, values)
  }
}
