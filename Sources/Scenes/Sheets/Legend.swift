internal import Imaging

/// The classes with their colours, in a few rows.
struct Legend {
  private struct Entry {
    var text: String
    /// `nil` for what is no class.
    var color: Color?
    var x, row: Int
  }

  private let width: Int
  private let rowHeight: Int
  private var entries: [Entry] = []
  private var rowCount = 0

  private static let rowLimit = 3
  private static let ink = Color(50, 52, 58)
  private static let maxNameWidth = 220

  /// Lays out as many classes as fit, and says how many do not.
  init(_ names: [String], _ palette: ClassPalette, width: Int, _ typesetter: inout Typesetter) {
    self.width = width
    rowHeight = Int((1.8 * typesetter.pixelHeight).rounded())
    var (x, row) = (0, 0)
    for (index, name) in names.enumerated() {
      guard let line = typesetter.line(name, Self.ink, maxWidth: Self.maxNameWidth) else { continue }
      let entryWidth = Self.textOffset(typesetter) + line.width
      if x > 0, x + entryWidth > width { (x, row) = (0, row + 1) }
      let rest = names.count - index
      let isLast = row == Self.rowLimit - 1 && rest > 1 && x + entryWidth + Self.room(for: rest, typesetter) > width
      if isLast || row == Self.rowLimit {
        entries.append(Entry(text: "and \(rest) more", color: nil, x: x, row: min(row, Self.rowLimit - 1)))
        break
      }
      entries.append(Entry(text: name, color: palette.color(of: name), x: x, row: row))
      x += entryWidth + Int(1.5 * typesetter.pixelHeight)
    }
    rowCount = (entries.last?.row ?? -1) + 1
  }

  var height: Int { rowCount * rowHeight }

  private static func textOffset(_ typesetter: Typesetter) -> Int { Int(1.4 * typesetter.pixelHeight) }

  private static func room(for rest: Int, _ typesetter: Typesetter) -> Int {
    Int(Double("and \(rest) more".count + 3) * 0.65 * typesetter.pixelHeight)
  }

  mutating func drawn(_ typesetter: inout Typesetter) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    canvas.fillGround()
    let side = Int(typesetter.pixelHeight.rounded())
    for entry in entries {
      let middle = entry.row * rowHeight + rowHeight / 2
      var x = entry.x
      if let color = entry.color {
        canvas.fillRectangle(x: x, y: middle - side / 2, width: side, height: side, color)
        x += Self.textOffset(typesetter)
      }
      if let line = typesetter.line(entry.text, Self.ink, maxWidth: Self.maxNameWidth) {
        canvas.draw(line, x: x, baseline: middle + Int((typesetter.rise / 2).rounded()))
      }
    }
    return canvas
  }
}
