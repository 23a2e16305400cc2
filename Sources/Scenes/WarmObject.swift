internal import Imaging

/// Something warm in a street, of a class of the thermal dataset that the original study of object detection used.
enum WarmObject: CaseIterable {
  case person, car, bike, dog

  /// The name of its class in that dataset.
  var className: String {
    switch self {
    case .person: "person"
    case .car: "car"
    case .bike: "bike"
    case .dog: "dog"
    }
  }

  /// Of ten, about six are people and three are cars.
  static func drawn(using random: inout RandomStream) -> WarmObject {
    switch random.integer(0...19) {
    case 0...9: .person
    case 10...14: .car
    case 15...17: .bike
    default: .dog
    }
  }

  /// Metres to the right of the camera at which it may be: cars in a lane or parked, all others also on the pavement.
  func right(using random: inout RandomStream) -> Double {
    let side = random.integer(0...1) == 0 ? -1.0 : 1
    switch self {
    case .car: return side * (random.integer(0...2) == 0 ? 5.2 : 2.1)
    case .person, .bike, .dog: return side * random.uniform(random.integer(0...3) == 0 ? 0.5...4 : 4.8...7.2)
    }
  }

  /// Metres ahead beyond which it would be a few pixels.
  var farthest: Double { self == .person || self == .car ? 34 : 14 }

  /// Metres that it takes at most to the sides of its place, and upwards.
  var reach: (side: Double, up: Double) {
    switch self {
    case .person: (0.62, 1.95)
    case .car: (2.35, 1.6)
    case .bike: (1, 1.15)
    case .dog: (0.8, 0.85)
    }
  }
}

/// A warm object at its place: where it stands, how large a metre is there, and what was drawn about it.
struct PlacedObject {
  var kind: WarmObject
  /// The middle of its lower edge.
  var foot: Point
  var metre: Double
  /// 1: it looks to the right; −1: to the left.
  var facing: Double
  /// Shares of what varies in its kind, 0 to 1.
  var share, gait: Double
  /// Whether a car shows its side.
  var isSideways: Bool

  /// A point beside and above the foot, in metres, along the direction in which it looks.
  func at(_ along: Double, _ up: Double) -> Point { foot + Point(along * facing, -up) * metre }

  func draw(on canvas: inout HeatCanvas) {
    switch kind {
    case .person: drawPerson(on: &canvas)
    case .car: if isSideways { drawCarFromSide(on: &canvas) } else { drawCarFromFront(on: &canvas) }
    case .bike: drawBike(on: &canvas)
    case .dog: drawDog(on: &canvas)
    }
  }

  /// A rectangle that surely holds it.
  var surroundings: Box {
    let (side, up) = kind.reach
    return Box(foot - Point(side, up) * metre, foot + Point(side, 0.15) * metre)
  }
}
