/// Time of day and weather of a scene: the colours that everything else follows.
struct Mood: Sendable {
  /// The sky overhead, and at the horizon, where distant things fade into it.
  var zenith, haze: Color
  /// Of the sun, its glow, and of what it shines upon: 255 leaves a colour as it is.
  var sun, light: Color
  /// Height of the sun above the horizon, as a share of the sky.
  var sunHeight: ClosedRange<Double>
  /// Of the meadow.
  var grass, dryGrass: Color

  static let all = [noon, evening, morning, autumn]

  private static let noon = Mood(
    zenith: Color(52, 112, 190), haze: Color(196, 220, 238), sun: Color(255, 252, 235), light: Color(255, 252, 244),
    sunHeight: 0.6...0.85, grass: Color(92, 142, 58), dryGrass: Color(168, 172, 92))

  private static let evening = Mood(
    zenith: Color(62, 74, 128), haze: Color(250, 190, 138), sun: Color(255, 226, 160), light: Color(255, 214, 176),
    sunHeight: 0.12...0.3, grass: Color(98, 112, 56), dryGrass: Color(188, 150, 84))

  private static let morning = Mood(
    zenith: Color(112, 156, 204), haze: Color(238, 226, 220), sun: Color(255, 246, 222), light: Color(255, 242, 228),
    sunHeight: 0.3...0.5, grass: Color(106, 150, 86), dryGrass: Color(174, 180, 120))

  private static let autumn = Mood(
    zenith: Color(84, 132, 186), haze: Color(222, 222, 220), sun: Color(255, 244, 214), light: Color(255, 238, 214),
    sunHeight: 0.4...0.65, grass: Color(124, 132, 60), dryGrass: Color(198, 164, 82))

  /// `color` under the light of the day.
  func lit(_ color: Color, _ brightness: Double = 1) -> Color { color * light / 255 * brightness }
}
