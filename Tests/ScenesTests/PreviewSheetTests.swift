import Imaging
import Scenes
import Testing

struct PreviewSheetTests {
  private static func image(_ value: UInt8) -> Image {
    var pixels = PixelBuffer(ImageShape(width: 80, height: 60, channels: 3))
    pixels.set(repeatElement(value, count: 80 * 60 * 3))
    return Image(color: pixels)
  }

  private static func sheet(
    _ count: Int, columns: Int? = nil, classNames: [String] = []
  ) throws -> PreviewSheet {
    try PreviewSheet(
      .init(cellCount: count, columns: columns, cell: ImageSize(width: 80, height: 60), classNames: classNames))
  }

  @Test(arguments: [(1, nil, 1, 1), (5, nil, 3, 2), (16, nil, 4, 4), (7, 7, 7, 1), (3, 9, 3, 1), (6, 1, 1, 6)])
  func aSheetHasAsManyCellsAsNeeded(count: Int, columns: Int?, expectedColumns: Int, expectedRows: Int) throws {
    let shape = try Self.sheet(count, columns: columns).image.color.shape
    // Type of 10 pixels has captions of 16; margins are 4.
    #expect(shape.width == 4 + expectedColumns * 84)
    #expect(shape.height == 4 + expectedRows * (60 + 16 + 4))
  }

  @Test func imagesFollowEachOtherInRows() throws {
    var sheet = try Self.sheet(3, columns: 2)
    for value in [10, 60, 120] as [UInt8] { try sheet.add(Self.image(value), [], .init("x")) }
    #expect(sheet.image.color[row: 30, column: 40] == [10, 10, 10])
    #expect(sheet.image.color[row: 30, column: 124] == [60, 60, 60])
    #expect(sheet.image.color[row: 110, column: 40] == [120, 120, 120])
    #expect(sheet.image.color[row: 110, column: 124] == [246, 246, 246])
  }

  @Test func aFailureTakesTheNextCell() throws {
    var sheet = try Self.sheet(2, columns: 2)
    sheet.add(failure: "truncated: a reason that is much longer than a cell is wide", .init("x"))
    try sheet.add(Self.image(60), [], .init("y"))
    #expect(sheet.image.color[row: 6, column: 6] == [232, 232, 234])
    #expect(sheet.image.color[row: 30, column: 124] == [60, 60, 60])
  }

  @Test func namesStandUnderTheirImages() throws {
    var sheet = try Self.sheet(1)
    try sheet.add(Self.image(0), [], .init("name.jpg"))
    try #require(sheet.problem == nil, "a font is installed")
    let caption = (66..<80).flatMap { row in (4..<84).map { sheet.image.color[row: row, column: $0] } }
    #expect(caption.contains { $0[0] < 140 })
  }

  @Test func aLegendShowsTheColourOfEachClass() throws {
    let mark = LabelMark("cat", LabelShape(Box(Vertex(20, 20), Vertex(60, 50))))
    var sheet = try Self.sheet(1, classNames: ["cat"])
    try sheet.add(Self.image(0), [mark], .init("x"))
    try #require(sheet.problem == nil, "a font is installed")
    let swatch = sheet.image.color[row: 80 + 4 + 9, column: 4 + 3]
    #expect(swatch == sheet.image.color[row: 45, column: 24])
    #expect(swatch != [246, 246, 246])
  }

  @Test func aSheetOfThousandsOfClassesIsNotMuchLarger() throws {
    let many = try Self.sheet(16, classNames: (0..<5000).map { "c\($0 % 30)\($0 / 30)" }).image.color.shape
    let none = try Self.sheet(16).image.color.shape
    #expect(many.width == none.width && many.height - none.height < 80)
  }

  @Test func anyNameCanBeGiven() throws {
    let names = ["", " ", "\u{0}\n", "\u{10FFFF}", String(repeating: "long ", count: 2000), "\u{202E}abc"]
    var sheet = try Self.sheet(names.count + 1, classNames: names)
    for name in names {
      try sheet.add(
        Self.image(200), [LabelMark(name, LabelShape(Box(Vertex(5, 5), Vertex(60, 50))))], .init(name, remark: name))
    }
    sheet.add(failure: "", .init(""))
  }
}
