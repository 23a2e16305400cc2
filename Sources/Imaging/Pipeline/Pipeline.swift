/// What is done to every copy of every image: a tree of compositions and transforms.
public struct Pipeline: Sendable {
  /// The top of the tree, number 0; every other node is numbered in preorder.
  public let root: PipelineNode
  /// What the file said that has no meaning here or another one than in Albumentations: sentences for people.
  public let notes: [String]

  /// The pipeline of a tree.
  public init(_ root: PipelineNode) {
    self.init(root, notes: [])
  }

  init(_ root: PipelineNode, notes: [String]) {
    var count = 0
    self.root = root.numbered(from: &count)
    self.notes = notes
  }

  /// Every node, in preorder: a node's number is its index.
  public var nodes: [PipelineNode] {
    func flattened(_ node: PipelineNode) -> [PipelineNode] { [node] + node.children.flatMap(flattened) }
    return flattened(root)
  }

  /// Decides what happens to one copy of one image of `shape`. A pure function of its arguments, so that a run can be
  /// planned, and repeated, without any pixel.
  public func sample(for shape: ImageShape, key: StreamKey) -> PipelineSample {
    var sampler = PipelineSampler(key: key, shape: shape)
    sampler.visit(root, isForced: false)
    return PipelineSample(
      transforms: sampler.transforms, skipped: sampler.skipped,
      operations: sampler.transforms.map(\.operation).simplified, outputShape: sampler.shape)
  }
}

/// What a pipeline decided for one copy of one image.
public struct PipelineSample: Sendable {
  /// What was drawn, in order; empty for a plain copy.
  public let transforms: [SampledTransform]
  /// What was to be done but has no meaning for the image.
  public let skipped: [SkippedTransform]
  /// What to do, in order: for a `PipelineRunner`. Fewer than the transforms where tables fold.
  public let operations: [Operation]
  /// The shape of the image after the last operation.
  public let outputShape: ImageShape
}

/// A transform that a pipeline left out, and why. Equal for all images with the same reason, so that a run can collect
/// them in a set and report each once.
public struct SkippedTransform: Hashable, Sendable, CustomStringConvertible {
  /// The name of the transform.
  public let name: String
  /// Why it has no meaning for the image: a sentence fragment.
  public let reason: String

  /// "ISONoise: needs a colour image".
  public var description: String { "\(name): \(reason)" }
}
