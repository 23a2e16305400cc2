internal import CImaging

/// What a sampled transform does to the pixels of one image; everything else about it follows from this value.
package enum Operation: Sendable {
  /// The largest shape that an image of `shape` takes on the way.
  func largestShape(from shape: ImageShape) -> ImageShape {
    guard case .sequence(let operations) = self else { return outputShape(for: shape) }
    var (current, largest) = (shape, outputShape(for: shape))
    for operation in operations {
      let step = operation.largestShape(from: current)
      if step.byteCount > largest.byteCount { largest = step }
      current = operation.outputShape(for: current)
    }
    return largest
  }

  /// Writes the changed pixels of `source` into `destination`. The same source always gives the same bytes.
  package typealias Pixels =
    @Sendable (_ source: borrowing PixelBuffer, _ destination: inout PixelBuffer) throws(ImagingError) -> Void

  case identity
  /// Maps every byte through a table. Adjacent tables fold into one.
  case lookup(LookupTable)
  /// Moves pixels; everything in the image moves with them.
  case geometry(Geometry, Resampling = Resampling())
  /// New values in the same shape and places.
  case pixels(Pixels)
  /// New values in the same places, with another number of channels: 1 or 3.
  case recolor(channels: Int, Pixels)
  /// Overwrites an area, which masks and labels may lose too.
  case drop(Drop)
  /// Lets parts grow or shrink, in the image and in each plane of a mask.
  case morph(Morph)
  /// Brings other images in, with their objects.
  case merge(Merge)
  /// Changes some channels, each as a grey image or three as a colour image, and leaves the others.
  case channels([Int], [Operation])
  /// One after another.
  case sequence([Operation])
  /// Cannot apply to this image, which is left as it is; the text is a sentence fragment that says why.
  case inapplicable(String)
  /// Cannot apply to this image, and without it the result would be of no use, such as one of another size than all
  /// others: the copy fails. The text is a sentence fragment that says why.
  case impossible(String)

  /// A C kernel that keeps the shape. Safe, because `fill` passes two buffers of the sizes that it states.
  @safe
  static func kernel(_ kernel: @escaping SendableKernel) -> Operation { .pixels(change(by: kernel)) }

  /// The change of a kernel that keeps the shape.
  @safe
  static func change(by kernel: @escaping SendableKernel) -> Pixels {
    { (source, destination) throws(ImagingError) in
      unsafe try destination.fill(source.shape, from: source, with: kernel)
    }
  }

  /// Why it cannot apply; `nil` if it can.
  package var refusal: String? {
    switch self {
    case .inapplicable(let reason), .impossible(let reason): reason
    default: nil
    }
  }

  package func outputShape(for shape: ImageShape) -> ImageShape {
    switch self {
    case .identity, .lookup, .pixels, .drop, .morph, .channels, .inapplicable, .impossible: shape
    case .recolor(let channels, _): ImageShape(width: shape.width, height: shape.height, channels: channels)
    case .geometry(let geometry, _): geometry.outputShape(for: shape)
    case .merge(let merge): merge.own.outputShape(for: shape)
    case .sequence(let operations): operations.outputShape(for: shape)
    }
  }

  /// Writes the changed pixels of `source` into `destination`, which takes the output shape.
  package func apply(
    to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    switch self {
    case .identity: try destination.copy(from: source)
    case .lookup(let table): try table.apply(to: source, into: &destination)
    case .geometry(let geometry, let resampling): try geometry.apply(resampling, to: source, into: &destination)
    case .pixels(let change), .recolor(_, let change): try change(source, &destination)
    case .morph(let morph): try morph.apply(to: source, into: &destination)
    case .drop(let drop): try drop.change(source, &destination)
    case .merge(let merge): try merge.change(source, &destination)
    case .channels(let channels, let operations):
      try destination.change(channels, of: source, by: operations)
    case .sequence(let operations):
      var runner = PlaneRunner()
      try runner.run(operations, on: source, into: &destination)
    case .inapplicable(let reason), .impossible(let reason): throw .notApplicable(reason)
    }
  }
}

extension Array<Operation> {
  /// Without sequences and identities, and with adjacent tables folded.
  package var simplified: [Operation] {
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

  package func outputShape(for shape: ImageShape) -> ImageShape { reduce(shape) { $1.outputShape(for: $0) } }

  /// Their composition if they only mirror and rotate; else `nil`.
  package var orientation: Orientation? {
    var together = Orientation.upright
    for operation in flattened {
      guard case .geometry(.orientation(let next), _) = operation else { return nil }
      together = together.followed(by: next)
    }
    return together
  }

  /// The operations that move pixels.
  package var geometric: [Operation] {
    flattened.flatMap { operation -> [Operation] in
      switch operation {
      case .geometry: [operation]
      case .merge(let merge): merge.own.geometric
      default: []
      }
    }
  }

  /// The operations that an alpha plane follows.
  var ofAlpha: [Operation] {
    flattened.flatMap { operation -> [Operation] in
      switch operation {
      case .geometry(let geometry, let resampling): [.geometry(geometry, resampling.ofAlpha)]
      case .morph: [operation]
      case .merge(let merge): merge.ofAlpha
      default: []
      }
    }
  }

  /// The operations after which the borders of objects lie elsewhere.
  package var moving: [Operation] {
    flattened.flatMap { operation -> [Operation] in
      switch operation {
      case .geometry, .morph: [operation]
      case .merge(let merge): merge.own.moving
      case .identity, .lookup, .pixels, .recolor, .drop, .channels, .sequence, .inapplicable, .impossible: []
      }
    }
  }

  /// The operations that masks and labels follow.
  package var labelled: [Operation] {
    flattened.flatMap { operation -> [Operation] in
      switch operation {
      case .geometry, .drop, .morph: [operation]
      case .merge(let merge): merge.own.labelled
      case .identity, .lookup, .pixels, .recolor, .channels, .sequence, .inapplicable, .impossible: []
      }
    }
  }
}

/// Maps every byte to another: one table for all channels, or one per channel.
package struct LookupTable: Hashable, Sendable {
  /// 256 values per table, one channel after the other.
  package let values: [UInt8]

  /// One table for all channels.
  package init(_ values: [UInt8]) {
    precondition(values.count == 256, "a value for each byte")
    self.values = values
  }

  package init(_ value: (UInt8) -> UInt8) { self.init((0..<256).map { value(UInt8($0)) }) }

  /// One table per channel.
  package init(channels tables: [LookupTable]) { values = tables.flatMap(\.values) }

  package static let identity = LookupTable { $0 }

  /// The table equivalent to this one, then `next`.
  package func followed(by next: LookupTable) -> LookupTable {
    let count = max(values.count, next.values.count)
    return LookupTable(
      unchecked: (0..<count).map { place in
        let value = Int(values[place % values.count])
        return next.values[(place - place % 256) % next.values.count + value]
      })
  }

  private init(unchecked values: [UInt8]) { self.values = values }

  /// Maps the bytes of `source` into `destination`, which takes the same shape.
  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    let channels = values.count / 256
    if channels == 1 { return try destination.map(source, through: values) }
    precondition(channels == source.shape.channels, "a table for each channel")
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_lookup_channels(source, destination, values, message)
    }
  }
}
