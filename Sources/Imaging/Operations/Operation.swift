internal import CImaging

/// What a transform does to the pixels of one image, once it is drawn: all else about it follows from this value.
public enum Operation: Sendable {
  /// Writes the changed pixels of the first into the second. Draws nothing: the same bytes for the same source for ever.
  public typealias Pixels =
    @Sendable (_ source: borrowing PixelBuffer, _ destination: inout PixelBuffer) throws(ImagingError) -> Void

  /// Nothing.
  case identity
  /// Every byte goes through a table. Neighbouring tables fold into one.
  case lookup(LookupTable)
  /// Pixels change places, and all that belongs to the image goes with them.
  case geometry(Geometry, Resampling = Resampling())
  /// New pixels of the same shape, in the same places.
  case pixels(Pixels)
  /// One after the other.
  case sequence([Operation])
  /// It has no meaning for this image; the text is a sentence fragment that says why.
  case inapplicable(String)

  /// A call into the C layer that keeps the shape. Safe: `fill` hands the kernel two buffers of the sizes that it names.
  @safe
  static func kernel(_ kernel: @escaping SendableKernel) -> Operation {
    .pixels { (source, destination) throws(ImagingError) in
      unsafe try destination.fill(source.shape, from: source, with: kernel)
    }
  }

  /// The shape of an image of `shape` afterwards.
  public func outputShape(for shape: ImageShape) -> ImageShape {
    switch self {
    case .identity, .lookup, .pixels, .inapplicable: shape
    case .geometry(let geometry, _): geometry.outputShape(for: shape)
    case .sequence(let operations): operations.outputShape(for: shape)
    }
  }

  /// Writes the changed pixels of `source` into `destination`, which takes the output shape.
  public func apply(
    to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    switch self {
    case .identity: try destination.copy(from: source)
    case .lookup(let table): try table.apply(to: source, into: &destination)
    case .geometry(let geometry, let resampling): try geometry.apply(resampling, to: source, into: &destination)
    case .pixels(let change): try change(source, &destination)
    case .sequence(let operations):
      var runner = PlaneRunner()
      try runner.run(operations, on: source, into: &destination)
    case .inapplicable(let reason): throw .notApplicable(reason)
    }
  }
}

extension Array<Operation> {
  /// The same without sequences and identities, and with neighbouring tables made one.
  public var simplified: [Operation] {
    var simple: [Operation] = []
    for operation in flattened {
      if case .lookup(let table) = operation, case .lookup(let before) = simple.last {
        simple[simple.count - 1] = .lookup(before.followed(by: table))
      } else {
        simple.append(operation)
      }
    }
    return simple
  }

  private var flattened: [Operation] {
    flatMap { operation -> [Operation] in
      switch operation {
      case .identity, .geometry(.orientation(.upright), _): []
      case .sequence(let operations): operations.flattened
      default: [operation]
      }
    }
  }

  /// The shape of an image of `shape` after all of them.
  public func outputShape(for shape: ImageShape) -> ImageShape { reduce(shape) { $1.outputShape(for: $0) } }

  /// What they do together, where they only mirror and rotate; `nil` where one does more.
  public var orientation: Orientation? {
    var together = Orientation.upright
    for operation in flattened {
      guard case .geometry(.orientation(let next), _) = operation else { return nil }
      together = together.followed(by: next)
    }
    return together
  }

  /// Those that an alpha plane follows.
  var geometric: [Operation] {
    flattened.filter { if case .geometry = $0 { true } else { false } }
  }
}
