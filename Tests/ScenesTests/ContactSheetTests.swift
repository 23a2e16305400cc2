import Imaging
import Scenes
import Testing

private func plain(_ color: [UInt8], width: Int, height: Int) -> Image {
  Image(color: plainPixels(color, width: width, height: height))
}

private func plainPixels(_ color: [UInt8], width: Int, height: Int) -> PixelBuffer {
  var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: color.count))
  pixels.set(Array(repeatElement(color, count: width * height).joined()))
  return pixels
}

private let ground: [UInt8] = [246, 246, 246]

// Cells of 56 x 56 with margins of 4, and one more margin after the first column.
@Test func picturesLieInTheirCells() throws {
  var sheet = try ContactSheet(rows: 2, columns: 3, cellWidth: 56, cellHeight: 56)
  #expect(sheet.image.color.shape == ImageShape(width: 4 + 3 * 60 + 4, height: 4 + 2 * 60, channels: 3))
  try sheet.place(plain([200, 0, 0], width: 20, height: 20), row: 0, column: 0)
  try sheet.place(plain([0, 200, 0], width: 300, height: 300), row: 0, column: 1)
  try sheet.place(plain([90], width: 112, height: 56), row: 1, column: 2)
  #expect(sheet.image.color[row: 4, column: 4] == [200, 0, 0])
  #expect(sheet.image.color[row: 59, column: 59] == [200, 0, 0])
  #expect(sheet.image.color[row: 30, column: 64] == ground)
  #expect(sheet.image.color[row: 30, column: 68] == [0, 200, 0])
  #expect(sheet.image.color[row: 92, column: 156] == [90, 90, 90])
  #expect(sheet.image.color[row: 70, column: 156] == ground)  // wider in proportion than its cell, so centred
  #expect(sheet.image.color[row: 92, column: 30] == ground)
}

@Test func groundShowsThroughWhereAPictureIsTransparent() throws {
  var picture = plain([0, 0, 0], width: 10, height: 10)
  picture.alpha = plainPixels([0], width: 10, height: 10)
  var sheet = try ContactSheet(rows: 1, columns: 1, cellWidth: 40, cellHeight: 40)
  try sheet.place(picture, row: 0, column: 0)
  #expect(sheet.image.color[row: 20, column: 20] == ground)
}

@Test func narrowPicturesKeepAtLeastAColumn() throws {
  var sheet = try ContactSheet(rows: 1, columns: 1, cellWidth: 40, cellHeight: 40)
  try sheet.place(plain([1, 2, 3], width: 1, height: 4000), row: 0, column: 0)
  #expect(sheet.image.color[row: 20, column: 23] == [1, 2, 3])
}

@Test func shrunkPixelsAreMeans() throws {
  var source = PixelBuffer(ImageShape(width: 4, height: 2, channels: 1))
  source.set([0, 10, 100, 120, 20, 30, 140, 160])
  var result = PixelBuffer()
  try result.resize(source, width: 2, height: 1)
  #expect(result.bytes == [15, 130])
}
