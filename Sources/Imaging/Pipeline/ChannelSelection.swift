/// The channels that nodes of a pipeline see: all, or those of the `selectiveChannels` around them.
struct ChannelSelection: Sendable {
  /// Of the image; `nil`: all.
  private(set) var channels: [Int]?

  func count(in shape: ImageShape) -> Int { channels?.count ?? shape.channels }

  /// Some of the channels that are seen.
  func selecting(_ some: [Int]) -> ChannelSelection {
    var selection = self
    selection.channels = channels.map { seen in some.filter { $0 < seen.count }.map { seen[$0] } } ?? some
    return selection
  }

  /// The shape of what is seen: a colour image of three channels, or else each as a grey image.
  func shape(of shape: ImageShape) -> ImageShape {
    guard let channels else { return shape }
    return ImageShape(width: shape.width, height: shape.height, channels: channels.count == 3 ? 3 : 1)
  }

  /// What happens to the whole image if `operation` happens to what is seen.
  func applying(_ operation: Operation, to shape: ImageShape) -> Operation {
    guard let channels else { return operation }
    switch operation {
    case .identity, .inapplicable, .impossible: return operation
    default: break
    }
    let seen = self.shape(of: shape)
    guard operation.outputShape(for: seen) == seen else {
      return .inapplicable("some channels cannot take another shape than the rest")
    }
    return .channels(channels, [operation])
  }
}

extension Pipeline {
  /// By node number: the channels that a node sees.
  var selections: [ChannelSelection] {
    func collected(_ node: PipelineNode, _ selection: ChannelSelection) -> [ChannelSelection] {
      var inner = selection
      if case .selectiveChannels(_, let channels) = node.kind { inner = selection.selecting(channels) }
      return [selection] + node.children.flatMap { collected($0, inner) }
    }
    return collected(root, ChannelSelection())
  }
}
