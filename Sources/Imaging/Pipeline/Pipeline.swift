/// A tree of compositions and transforms that is applied to every copy of every image.
package struct Pipeline: Sendable {
  /// Node 0; all other nodes are numbered in preorder.
  package let root: PipelineNode
  /// Settings of the file that are ignored, or mean something else than in Albumentations: sentences for people.
  package let notes: [String]
  /// What the file says about labels.
  package let labels: PipelineLabels
  /// What the end of the file makes of bytes; `nil`: nothing.
  package let tail: TensorOptions?
  package var boxParameters: BoxParameters? { labels.boxes }

  package init(_ root: PipelineNode) {
    self.init(root, notes: [])
  }

  init(
    _ root: PipelineNode, notes: [String], labels: PipelineLabels = PipelineLabels(), tail: TensorOptions? = nil
  ) {
    var count = 0
    self.root = root.numbered(from: &count)
    (self.notes, self.labels, self.tail) = (notes, labels, tail)
  }

  /// The same pipeline with another tree of the same shape.
  func replacingRoot(_ root: PipelineNode) -> Pipeline {
    Pipeline(root, notes: notes, labels: labels, tail: tail)
  }

  /// All nodes in preorder: a node's number is its index.
  package var nodes: [PipelineNode] {
    func flattened(_ node: PipelineNode) -> [PipelineNode] { [node] + node.children.flatMap(flattened) }
    return flattened(root)
  }

  /// Samples what happens to one copy of one image of `shape`. A pure function, so that a run can be planned and
  /// repeated without any pixels.
  /// - Parameter scene: labels and masks, for transforms that depend on them.
  package func sample(for shape: ImageShape, key: StreamKey, scene: SampleScene? = nil) -> PipelineSample {
    var sampler = PipelineSampler(key: key, shape: shape, scene: scene)
    sampler.visit(root, isForced: false)
    return PipelineSample(
      transforms: sampler.transforms, skipped: sampler.skipped,
      operations: sampler.transforms.map(\.operation).simplified, outputShape: sampler.shape,
      failure: sampler.failure)
  }

  /// What its transforms need to know about an image.
  package var needs: SampleNeeds { nodes.reduce([]) { $0.union($1.needs) } }

  /// The name of the first transform that is of no use without all of `needs`; `nil`: none is.
  package func transform(needing needs: SampleNeeds) -> String? {
    nodes.first { $0.needs.isSuperset(of: needs) }?.name
  }
}

extension PipelineNode {
  fileprivate var needs: SampleNeeds { if case .transform(let transform) = kind { transform.needs } else { [] } }
}

/// What a pipeline decided for one copy of one image.
package struct PipelineSample: Sendable {
  /// The sampled transforms, in order; empty for a plain copy.
  package let transforms: [SampledTransform]
  /// Transforms that were due but cannot apply to the image.
  package let skipped: [RefusedTransform]
  /// The operations for a `PipelineRunner`, in order. Fewer than the transforms where tables fold.
  package let operations: [Operation]
  /// The shape after the last operation.
  package let outputShape: ImageShape
  /// The transform that makes a copy impossible; it is the last that was looked at. `nil`: all is well.
  package var failure: RefusedTransform?
}

/// A transform that does not apply to an image, and why. Equal for images with the same reason, so that a run reports
/// each once.
package struct RefusedTransform: Hashable, Sendable, CustomStringConvertible {
  package let name: String
  /// A sentence fragment.
  package let reason: String

  /// "ISONoise: needs a colour image".
  package var description: String { "\(name): \(reason)" }
}

extension Pipeline: Codable, Hashable {
  /// Encodes the text of a pipeline file.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(serialized)
  }

  /// Decodes the text of a pipeline file.
  package init(from decoder: any Decoder) throws {
    try self.init(text: decoder.singleValueContainer().decode(String.self), file: "the pipeline of a run")
  }

  /// Ignores `notes`.
  package static func == (left: Pipeline, right: Pipeline) -> Bool { left.serialized == right.serialized }

  package func hash(into hasher: inout Hasher) { hasher.combine(serialized) }
}

extension Pipeline {
  /// The pipeline used if none is named: the one that the original study (Albumentations, `multiprocessing`) measured.
  ///
  /// Half of the copies are flipped or rotated, each gets two colour or sharpness changes, and 40 % are warped.
  /// Children have probability 1, so that a group that runs always applies its choice; the rest follows Albumentations.
  package static let `default` = Pipeline(
    .compose([
      .oneOf(certain(HorizontalFlip(), VerticalFlip(), RandomRotate90()), p: 0.5),
      .someOf(
        certain(
          RandomBrightnessContrast(), HueSaturationValue(), CLAHE(), GaussianBlur(), Sharpen(), RandomGamma(),
          MotionBlur(), ISONoise(), ChannelShuffle()),
        count: 2),
      .oneOf(certain(ElasticTransform(), GridDistortion(), OpticalDistortion(), Perspective()), p: 0.4),
    ]))

  private static func certain(_ transforms: any Transform...) -> [PipelineNode] {
    transforms.map { .transform($0, p: 1) }
  }
}
