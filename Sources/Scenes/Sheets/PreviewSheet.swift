package import Imaging

/// A contact sheet of labelled images: each with its labels and its name, and a legend of the classes below.
package struct PreviewSheet: ~Copyable {
  /// What the sheet shows, and how large.
  package struct Content: Sendable {
    package var cellCount: Int
    /// `nil` for about as many columns as rows.
    package var columns: Int?
    package var cell: ImageSize
    /// Those of the legend, in its order.
    package var classNames: [String]

    package init(cellCount: Int, columns: Int? = nil, cell: ImageSize, classNames: [String]) {
      precondition(cellCount > 0 && columns ?? 1 > 0, "a sheet has cells")
      (self.cellCount, self.columns, self.cell, self.classNames) = (cellCount, columns, cell, classNames)
    }

    fileprivate var columnCount: Int {
      min(cellCount, columns ?? Int(Double(cellCount).squareRoot().rounded(.up)))
    }
  }

  /// The text under an image.
  package struct Caption: Sendable {
    package var name: String
    /// What is to be noted, such as "no labels"; mostly empty.
    package var remark: String

    package init(_ name: String, remark: String = "") { (self.name, self.remark) = (name, remark) }
  }

  private let layout: SheetLayout
  private var sheet: ContactSheet
  private var painter: LabelPainter
  private var typesetter: Typesetter
  private var placedCount = 0

  private static let nameColor = Color(70, 72, 80)
  private static let remarkColor = Color(176, 60, 32)
  private static let hollow = Color(232, 232, 234)

  package init(_ content: Content) throws(ImagingError) {
    // Type that can be read, and leaves most of the image visible.
    typesetter = Typesetter(pixelHeight: max(10, min(18, Double(content.cell.height) / 20)).rounded())
    let palette = ClassPalette(content.classNames)
    painter = LabelPainter(palette, typesetter: typesetter)
    let columns = content.columnCount
    var layout = SheetLayout(rows: (content.cellCount + columns - 1) / columns, columns: columns, cell: content.cell)
    layout.isFirstColumnApart = false
    layout.captionHeight = Int((1.6 * typesetter.pixelHeight).rounded(.up))
    var legend = Legend(content.classNames, palette, width: layout.width - 2 * layout.margin, &typesetter)
    layout.footerHeight = legend.height + (legend.height > 0 ? layout.margin : 0)
    self.layout = layout
    sheet = try ContactSheet(layout)
    if legend.height > 0 { sheet.lay(legend.drawn(&typesetter), x: layout.margin, y: layout.footerTop) }
  }

  /// The sheet with what was placed so far.
  package var image: Image {
    _read { yield sheet.image }
  }

  /// Why texts are missing, if any are.
  package var problem: TextError? { typesetter.problem ?? painter.typesetter.problem }

  /// Draws an image with its labels into the next cell.
  /// - Parameter overlay: colours of areas, and their opacity as alpha.
  package mutating func add(
    _ image: borrowing Image, _ marks: [LabelMark], overlay: borrowing Image? = nil, _ caption: Caption
  ) throws(ImagingError) {
    let painted = try painter.paint(marks, overlay: overlay, on: image, fittedInto: layout.cell)
    let (row, column) = nextCell()
    try sheet.place(painted, row: row, column: column)
    write(caption, row, column)
  }

  /// Leaves the next cell empty, and says why.
  package mutating func add(failure reason: String, _ caption: Caption) {
    var canvas = Canvas(width: layout.cell.width, height: layout.cell.height)
    canvas.fillRectangle(x: 0, y: 0, width: canvas.width, height: canvas.height, Self.hollow)
    let height = Int((1.5 * typesetter.pixelHeight).rounded(.up))
    // DejaVu Sans is 0.6 em wide on average.
    let lines = wrapped(reason, width: Int(Double(canvas.width) * 0.8 / (0.6 * typesetter.pixelHeight)))
      .prefix(max(1, canvas.height / height - 1))
    var baseline = (canvas.height - lines.count * height) / 2 + Int(1.1 * typesetter.pixelHeight)
    for text in lines {
      if let line = typesetter.line(text, Self.remarkColor, maxWidth: canvas.width - 8) {
        canvas.draw(line, x: (canvas.width - line.width) / 2, baseline: baseline)
      }
      baseline += height
    }
    let (row, column) = nextCell()
    let corner = layout.corner(row: row, column: column)
    sheet.lay(canvas, x: corner.x, y: corner.y)
    write(caption, row, column)
  }

  private mutating func nextCell() -> (row: Int, column: Int) {
    defer { placedCount += 1 }
    return (placedCount / layout.columns, placedCount % layout.columns)
  }

  private mutating func write(_ caption: Caption, _ row: Int, _ column: Int) {
    var canvas = Canvas(width: layout.cell.width, height: layout.captionHeight)
    canvas.fillGround()
    let gap = Int(typesetter.pixelHeight * 0.6)
    let remark =
      caption.remark.isEmpty ? nil : typesetter.line(caption.remark, Self.remarkColor, maxWidth: canvas.width)
    let room = canvas.width - (remark.map { $0.width + gap } ?? 0)
    let name = room > 0 ? typesetter.line(caption.name, Self.nameColor, maxWidth: room) : nil
    let lines = [name, remark].compactMap(\.self)
    var x = (canvas.width - lines.reduce(0) { $0 + $1.width } - gap * max(0, lines.count - 1)) / 2
    for line in lines {
      canvas.draw(line, x: x, baseline: layout.captionHeight - Int(typesetter.drop.rounded(.up)))
      x += line.width + gap
    }
    let corner = layout.corner(row: row, column: column)
    sheet.lay(canvas, x: corner.x, y: corner.y + layout.cell.height + 1)
  }
}

extension Canvas {
  mutating func fillGround() { setEachByte { ContactSheet.ground } }
}

/// The words of `text` in lines of about `width` characters.
private func wrapped(_ text: String, width: Int) -> [String] {
  text.split(separator: " ").reduce(into: [String]()) { lines, word in
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = "\(last) \(word)"
    } else {
      lines.append(String(word))
    }
  }
}
