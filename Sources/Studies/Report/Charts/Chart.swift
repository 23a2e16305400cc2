/// A chart as gnuplot is told to draw it.
struct Chart {
  /// A line, or points, or whatever `style` says.
  struct Series {
    var title: String
    /// A line each, columns separated by spaces.
    var points: [String]
    /// What follows the data in a `plot` command: "using 1:2 with lines".
    var style: String
  }

  /// Letters and digits, for the files of nobody: it tells the parts of one drawing from those of another.
  var name: String
  var title: String
  /// Of this program's own words, as gnuplot reads it in double quotes.
  var xLabel: String
  /// Whether the marks of the x axis have two lines.
  var hasLongTics = false
  var yLabel: String
  /// Commands before `plot`: scales, marks, arrows.
  var commands: [String] = []
  var series: [Series]
  /// What the chart shows, in words: below it, and for whoever cannot see it.
  var caption: String
  var isWide = false
  var height = 460

  var width: Int { isWide ? 1120 : 640 }

  /// The whole program. Titles come from names of strategies, which come from a file: they are quoted as gnuplot wants.
  var script: String {
    var lines = [
      "set encoding utf8",
      "set terminal svg size \(width),\(height) dynamic font 'DejaVu Sans,Verdana,sans-serif,15' noenhanced",
      "set title \(Self.quoted(title))", "set xlabel \"\(hasLongTics ? "\\n" : "")\(xLabel)\\n\"",
      "set ylabel \(Self.quoted(yLabel))",
      "set border 3", "set tics nomirror out", "set grid back linecolor rgb '#9aa1ab' linewidth 0.5 dashtype 3",
      isWide
        ? "set key outside right top vertical Left reverse samplen 1.5 width 1"
        : "set key outside below horizontal Left reverse maxrows 2 samplen 2 width 1",
      "set bars 0.6", "set pointsize 0.8", "set xlabel offset 0,0.3",
    ]
    for (index, series) in series.enumerated() {
      lines += ["$d\(index) << EOD"] + series.points + ["EOD"]
    }
    lines += commands
    let plots = series.enumerated().map { "$d\($0) \($1.style) title \(Self.quoted($1.title))" }
    return (lines + ["plot \(plots.joined(separator: ", "))"]).map { "\($0)\n" }.joined()
  }

  /// A text in gnuplot's single quotes, in which nothing has a meaning but the quote; on one line.
  static func quoted(_ text: String) -> String {
    let oneLine = text.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
    return "'\(oneLine.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
  }
}
