internal import Platform

/// Draws charts by gnuplot, a program of its own.
struct Gnuplot {
  /// What gnuplot said against a chart.
  struct Failure: Error {
    var description: String
  }

  /// Where the program is; `nil` where it is not installed.
  static var installed: Gnuplot? { Program.find("gnuplot").map { Gnuplot(program: $0) } }

  let program: Program

  /// An SVG element for a page: of the colour of its text, and with names that no other drawing has.
  func draw(_ chart: Chart) throws(Failure) -> HTML {
    let outcome = program.run([], input: chart.script)
    guard outcome.status == 0, let start = outcome.text.firstRange(of: "<svg") else {
      throw Failure(description: "gnuplot could not draw \"\(chart.title)\": \(outcome.errors.prefix(300))")
    }
    return .trusted(Self.embedded(String(outcome.text[start.lowerBound...]), chart))
  }

  /// An SVG file of its own; `nil` where gnuplot could not draw it.
  func file(_ chart: Chart) -> String? {
    let outcome = program.run([], input: chart.script)
    return outcome.status == 0 ? outcome.text : nil
  }

  /// The drawing as a part of a page. Markers stand where they are used, since WeasyPrint loses their colour otherwise,
  /// and since names would be those of every drawing of the page.
  static func embedded(_ svg: String, _ chart: Chart) -> String {
    var text = svg
    for (from, to) in [
      ("color=\"black\"", ""), ("stroke='black'", "stroke='currentColor'"),
      ("stroke=\"black\"", "stroke=\"currentColor\""), ("fill=\"black\"", "fill=\"currentColor\""),
      ("fill = 'black'", "fill='currentColor'"), ("id=\"", "id=\"\(chart.name)-"),
      // What holds without being said.
      (" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", ""),
    ] { text = text.replacing(from, with: to) }
    // gnuplot opens a group for each change of its pen, whether it draws with it or not: half of the drawing.
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

  /// The shapes of the markers that charts use, by gnuplot's number less one.
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
