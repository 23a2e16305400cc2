/// Draws charts by gnuplot, a program of its own.
struct Gnuplot {
  /// What gnuplot said against a chart.
  struct Failure: Error {
    var description: String
  }

  /// Where the program is; `nil` where it is not installed.
  static var installed: Gnuplot? { ExternalProgram.find("gnuplot").map { Gnuplot(program: $0) } }

  let program: ExternalProgram

  /// An SVG element for a page: of the colour of its text, and with names that no other drawing has.
  func draw(_ chart: Chart) throws(Failure) -> HTML {
    let outcome = program.run([], input: chart.script)
    guard outcome.status == 0, let start = outcome.output.firstRange(of: "<svg") else {
      throw Failure(description: "gnuplot could not draw \"\(chart.title)\": \(outcome.errors.prefix(300))")
    }
    return .trusted(Self.embedded(String(outcome.output[start.lowerBound...]), chart))
  }

  static func embedded(_ svg: String, _ chart: Chart) -> String {
    let prefix = "\(chart.name)-"
    var text = svg
    let replacements = [
      ("color=\"black\"", ""), ("stroke='black'", "stroke='currentColor'"),
      ("stroke=\"black\"", "stroke=\"currentColor\""), ("fill=\"black\"", "fill=\"currentColor\""),
      ("fill = 'black'", "fill='currentColor'"), ("id='", "id='\(prefix)"), ("id=\"", "id=\"\(prefix)"),
      ("href='#", "href='#\(prefix)"), ("url(#", "url(#\(prefix)"),
    ]
    for (from, to) in replacements { text = text.replacing(from, with: to) }
    if let title = text.firstRange(of: "<title>"), let end = text.firstRange(of: "</desc>") {
      let words = [HTML.element("title", [], chart.title), .element("desc", [], chart.caption)]
      text.replaceSubrange(title.lowerBound..<end.upperBound, with: words.map(\.markup).joined())
    }
    return text.replacing("<svg", with: "<svg role=\"img\" aria-label=\"\(Self.label(chart))\"", maxReplacements: 1)
  }

  private static func label(_ chart: Chart) -> String { HTML.text(chart.title).markup }
}
