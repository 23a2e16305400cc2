internal import Platform
internal import Strategies

/// A chart for gnuplot to draw.
struct Chart {
  /// One set of data, drawn as `style` says.
  struct Series {
    var title: String
    /// One data line each, columns separated by spaces.
    var points: [String]
    /// Follows the data in the `plot` command: "using 1:2 with lines".
    var style: String
  }

  /// An SVG id prefix (letters and digits), unique per chart.
  var name: String
  var title: String
  /// Never input: gnuplot interprets escapes in its double quotes.
  var xLabel: String
  /// Whether the labels of the x tics have two lines.
  var hasLongTics = false
  var yLabel: String
  /// Commands before `plot`: scales, marks, arrows.
  var commands: [String] = []
  var series: [Series]
  /// What the chart shows: the figure caption, and the SVG description for screen readers.
  var caption: String
  var isWide = false
  var height = 460

  var width: Int { isWide ? 1120 : 640 }

  /// The gnuplot script. Titles contain strategy names from files, so they are quoted.
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

  /// A text in gnuplot double quotes, with octal numbers for all that could end it or run a command. Single quotes would
  /// not do: gnuplot takes a text that begins with one for an empty text and another.
  static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> String in
      if scalar.value < 0x20 || scalar.value == 0x7F { return " " }
      guard "\\\"'`$@%".unicodeScalars.contains(scalar) else { return String(scalar) }
      let digits = String(scalar.value, radix: 8)
      return "\\\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
    return "\"\(scalars.joined())\""
  }
}

/// Colour and marker of a strategy in all charts. The first colours are from Okabe and Ito's palette, which is safe for
/// all kinds of colour vision.
struct ChartMark {
  var color: String
  /// gnuplot point type.
  var pointType: Int

  /// In catalogue order; the baseline is grey. Vermilion is reserved for limits.
  private static let marks = [
    ChartMark(color: "#8a8f98", pointType: 1), ChartMark(color: "#0072b2", pointType: 5),
    ChartMark(color: "#e69f00", pointType: 7), ChartMark(color: "#009e73", pointType: 9),
    ChartMark(color: "#cc79a7", pointType: 13), ChartMark(color: "#a8a000", pointType: 11),
    ChartMark(color: "#7a4ea3", pointType: 15), ChartMark(color: "#5b3a1e", pointType: 2),
  ]
  /// For strategies not in the catalogue: a stored run may be from an older or newer version.
  private static let unknown = ChartMark(color: "#56b4e9", pointType: 3)

  static func of(_ strategy: String) -> ChartMark {
    let index = StrategyCatalog.all.firstIndex { $0.name == strategy }
    return index.map { $0 < marks.count ? marks[$0] : unknown } ?? unknown
  }

  /// "with linespoints …" in the strategy's colour and marker.
  static func line(_ strategy: String) -> String { style("linespoints", strategy) }

  /// Likewise, with bars from minimum to maximum.
  static func errorLine(_ strategy: String) -> String { style("yerrorlines", strategy) }

  private static func style(_ name: String, _ strategy: String) -> String {
    let mark = of(strategy)
    return "with \(name) linewidth 2 pointtype \(mark.pointType) linecolor rgb '\(mark.color)'"
  }
}

/// Draws charts by running gnuplot.
struct Gnuplot {
  /// Why gnuplot could not draw a chart.
  struct Failure: Error {
    var description: String
  }

  /// `nil` if gnuplot is not installed.
  static var installed: Gnuplot? { Program.find("gnuplot").map { Gnuplot(program: $0) } }

  let program: Program

  /// An SVG element to embed in a page: black becomes the page's text colour, and ids get the chart's prefix.
  func draw(_ chart: Chart) throws(Failure) -> HTML {
    let outcome = program.run([], input: chart.script)
    guard outcome.status == 0, let start = outcome.text.firstRange(of: "<svg") else {
      throw Failure(description: "gnuplot could not draw \"\(chart.title)\": \(outcome.errors.prefix(300))")
    }
    return .trusted(Self.embedded(String(outcome.text[start.lowerBound...]), chart))
  }

  /// A standalone SVG file; `nil` if gnuplot could not draw it.
  func file(_ chart: Chart) -> String? {
    let outcome = program.run([], input: chart.script)
    return outcome.status == 0 ? outcome.text : nil
  }

  /// What a script draws, such as a PNG file.
  func picture(_ script: String) throws(Failure) -> [UInt8] {
    let outcome = program.run([], input: script)
    guard outcome.status == 0, !outcome.output.isEmpty else {
      throw Failure(description: "gnuplot could not draw the charts: \(outcome.errors.prefix(300))")
    }
    return outcome.output
  }

  /// Prepares a drawing for embedding. Markers are inlined where they are used: WeasyPrint loses the colour of
  /// referenced ones, and their ids would clash with those of other drawings on the page.
  static func embedded(_ svg: String, _ chart: Chart) -> String {
    var text = svg
    for (from, to) in [
      ("color=\"black\"", ""), ("stroke='black'", "stroke='currentColor'"),
      ("stroke=\"black\"", "stroke=\"currentColor\""), ("fill=\"black\"", "fill=\"currentColor\""),
      ("fill = 'black'", "fill='currentColor'"), ("id=\"", "id=\"\(chart.name)-"),
      // SVG defaults.
      (" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", ""),
    ] { text = text.replacing(from, with: to) }
    // gnuplot opens a group for every pen change, even if it draws nothing with it: half of the file.
    text = text.replacing(/<g [^>]*>\s*<\/g>\n?/, with: "")
    if let defs = text.firstRange(of: "<defs>"), let end = text.firstRange(of: "</defs>") {
      text.removeSubrange(defs.lowerBound..<end.upperBound)
    }
    text = text.replacing(/<use xlink:href='#gpPt(\d+)' transform='([^']*)' color='([^']*)'\/>/) { match in
      "<g transform='\(match.2)' fill='\(match.3)' stroke='none'>\(marker(String(match.1)))</g>"
    }
    if let title = text.firstRange(of: "<title>"), let end = text.firstRange(of: "</desc>") {
      let words = [HTML.element("title", [], chart.title), .element("desc", [], chart.caption)]
      text.replaceSubrange(title.lowerBound..<end.upperBound, with: words.map(\.markup).joined())
    }
    return text.replacing("<svg", with: "<svg role=\"img\" aria-label=\"\(label(chart))\"", maxReplacements: 1)
  }

  /// Marker shapes by gnuplot point type − 1.
  private static func marker(_ number: String) -> String {
    switch number {
    case "4": "<path d='M-1,-1 h2 v2 h-2 z'/>"
    case "6": "<circle r='1.05'/>"
    case "8": "<path d='M0,-1.33 L-1.33,0.67 L1.33,0.67 z'/>"
    case "10": "<path d='M0,1.33 L-1.33,-0.67 L1.33,-0.67 z'/>"
    case "14": "<path d='M0,-1.33 L-1.27,-0.41 L-0.78,1.08 L0.78,1.08 L1.27,-0.41 z'/>"
    case "12": "<path d='M0,-1.4 L-1.4,0 L0,1.4 L1.4,0 z'/>"
    default: "<path d='M-1.1,-0.25 h0.85 v-0.85 h0.5 v0.85 h0.85 v0.5 h-0.85 v0.85 h-0.5 v-0.85 h-0.85 z'/>"
    }
  }

  private static func label(_ chart: Chart) -> String { HTML.text(chart.title).markup }
}
