import Imaging
import Scenes
import Testing

@Test(arguments: SceneGenerator.Pattern.allCases)
func sameSeedAndSizeGiveTheSameBytes(pattern: SceneGenerator.Pattern) {
  let image = SceneGenerator(pattern, seed: 4).generate(width: 60, height: 40)
  #expect(image.color.shape == ImageShape(width: 60, height: 40, channels: pattern == .thermal ? 1 : 3))
  #expect(SceneGenerator(pattern, seed: 4).generate(width: 60, height: 40).color.bytes == image.color.bytes)
  #expect(SceneGenerator(pattern, seed: 5).generate(width: 60, height: 40).color.bytes != image.color.bytes)
}

@Test(arguments: SceneGenerator.Pattern.allCases, [(1, 1), (1, 50), (300, 2), (7, 9)])
func anySizeCanBeGenerated(pattern: SceneGenerator.Pattern, size: (width: Int, height: Int)) {
  let image = SceneGenerator(pattern, seed: 1).generate(width: size.width, height: size.height)
  #expect(image.color.bytes.count == size.width * size.height * image.color.shape.channels)
}

@Test func checkerboardHasTenByTenSquares() {
  let image = SceneGenerator(.checkerboard, seed: 8).generate(width: 200, height: 100)
  let first = image.color[row: 0, column: 0]
  for row in 0..<100 {
    for column in 0..<200 {
      #expect((image.color[row: row, column: column] == first) == ((row / 10 + column / 20) % 2 == 0))
    }
  }
}

@Test func noiseUsesAllValuesAlike() {
  let bytes = SceneGenerator(.noise, seed: 8).generate(width: 256, height: 256).color.bytes
  var counts = [Int](repeating: 0, count: 256)
  for byte in bytes { counts[Int(byte)] += 1 }
  #expect(counts.allSatisfy { abs($0 - bytes.count / 256) < 150 })
}

/// As in a photograph: bright above, more detail below, many colours.
@Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
func sceneHasASkyAndAMeadow(seed: UInt64) {
  let image = SceneGenerator(.scene, seed: seed).generate(width: 120, height: 80)
  func roughness(_ rows: Range<Int>) -> Int {
    rows.reduce(0) { sum, row in
      (1..<120).reduce(sum) { sum, column in
        sum + abs(Int(image.color[row: row, column: column][1]) - Int(image.color[row: row, column: column - 1][1]))
      }
    }
  }
  #expect(roughness(60..<80) > 2 * roughness(0..<20))
  #expect(Set((0..<80).flatMap { row in (0..<120).map { image.color[row: row, column: $0] } }).count > 2000)
}

@Test func sameSeedShowsTheSamePictureAtAnySize() throws {
  let small = SceneGenerator(.scene, seed: 6).generate(width: 90, height: 60)
  let large = SceneGenerator(.scene, seed: 6).generate(width: 360, height: 240)
  var reduced = PixelBuffer()
  try reduced.resize(large.color, width: 90, height: 60)
  let differences = zip(reduced.bytes, small.color.bytes).map { abs(Int($0) - Int($1)) }
  #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 8)
}
