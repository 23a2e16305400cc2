internal import Imaging

/// Where cells and texts lie on a contact sheet, in pixels.
struct SheetLayout {
  let rows, columns: Int
  let cell: ImageSize
  /// Whether the first column is set off from the others.
  var isFirstColumnApart = true
  /// Room under each cell.
  var captionHeight = 0
  /// Room under all cells.
  var footerHeight = 0

  init(rows: Int, columns: Int, cell: ImageSize) {
    precondition(rows > 0 && columns > 0 && cell.width > 0 && cell.height > 0, "a contact sheet has cells with pixels")
    (self.rows, self.columns, self.cell) = (rows, columns, cell)
  }

  /// Space around each cell; doubled behind a first column that is set off.
  var margin: Int { max(4, min(cell.width, cell.height) / 14) }

  private var gap: Int { isFirstColumnApart && columns > 1 ? margin : 0 }

  var width: Int { columns * (cell.width + margin) + margin + gap }

  var height: Int { footerTop + footerHeight }

  var footerTop: Int { margin + rows * (cell.height + captionHeight + margin) }

  /// The upper left corner of a cell; its caption follows below.
  func corner(row: Int, column: Int) -> (x: Int, y: Int) {
    precondition((0..<rows).contains(row) && (0..<columns).contains(column), "the cell lies on the sheet")
    let x = margin + (column > 0 ? gap : 0) + column * (cell.width + margin)
    return (x, margin + row * (cell.height + captionHeight + margin))
  }
}
