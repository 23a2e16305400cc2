/// The report: one self-contained HTML file, made from the rows of one or several runs. The same rows give the same
/// bytes.
package struct ReportPage: Sendable {
  /// Shown at the top of the page if gnuplot is not installed.
  package static let missingCharts = "No charts, because gnuplot is not installed."

  private let sections: [StudySection]

  init(_ runs: [(study: Study, attachments: StudySection.Attachments)]) {
    sections = runs.enumerated().map { index, run in
      StudySection(analysis: Analysis(run.study), attachments: run.attachments, number: index + 1)
    }
  }

  /// The HTML of the page; `gnuplot` draws the charts.
  /// - Parameter problem: called for each chart that cannot be drawn.
  func text(_ gnuplot: Gnuplot?, problem: (String) -> Void) -> String {
    let bodies = sections.map { section in
      section.html { chart in
        guard let gnuplot else { return .element("p", [("class", "soft")], "\(chart.title): no chart.") }
        do throws(Gnuplot.Failure) {
          return try gnuplot.draw(chart)
        } catch {
          problem(error.description)
          return .element("p", [("class", "warning")], error.description)
        }
      }
    }
    let note = gnuplot == nil ? HTML.element("p", [("class", "warning")], Self.missingCharts) : .nothing
    let main = HTML.element(
      "main", [], [.lines([.element("h1", [], Self.title), navigation, note, answers, words] + bodies)])
    let head = HTML.element(
      "head", [],
      [
        .trusted("<meta charset=\"utf-8\">"),
        .trusted("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"),
        .element("title", [], Self.title), .trusted("<style>\n\(ReportStyle.css)\n</style>"),
      ])
    let page = HTML.element("html", [("lang", "en")], [head, .element("body", [], [main])])
    return "<!DOCTYPE html>\n\(page.markup)\n"
  }

  private static let title = "How image augmentation scales across processes"

  private var navigation: HTML {
    let links = sections.map { HTML.element("a", [("href", "#\($0.anchor)")], $0.title) }
    return .element("nav", [("aria-label", "Runs")], [.list(links)])
  }

  private var answers: HTML {
    let blocks = sections.flatMap { section -> [HTML] in
      let sentences = AnswersSection(analysis: section.analysis).sentences
      guard !sentences.isEmpty else { return [.paragraph("\(section.title): nothing to compare yet.")] }
      return [.element("h3", [], section.title), .list(sentences.map { .text($0) })]
    }
    return .element("section", [("class", "answers")], [.lines([.element("h2", [], "The answers")] + blocks)])
  }

  private var words: HTML {
    .element(
      "p", [("class", "soft")],
      """
      Times are medians of the repetitions, with minimum and maximum. Speedup is the baseline's time for the same work \
      divided by the time, efficiency is speedup divided by ranks. "Within the spread" means that the two ranges \
      overlap, so the difference may be chance.
      """)
  }
}

/// The CSS of the report: light and dark screens, narrow windows, and print.
enum ReportStyle {
  static let css = """
    :root { color-scheme: light dark; --ink: #1b1e23; --soft: #5a626e; --paper: #ffffff; --panel: #f5f6f8;
      --line: #d5d9e0; --over: #fdf3e3; --accent: #0b5cad; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --soft: #a7aebb; --paper: #15181d;
      --panel: #1e2228; --line: #3a414c; --over: #332a1b; --accent: #7db8f5; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem; max-width: 86rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
    h2 { font-size: 1.45rem; margin: 2.5rem 0 .75rem; padding-top: 1rem; border-top: 2px solid var(--line); }
    h3 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
    p, li { max-width: 75ch; }
    .soft, figcaption, caption { color: var(--soft); }
    a { color: var(--accent); }
    nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
    .answers { background: var(--panel); border-left: 4px solid var(--accent); padding: .5rem 1.25rem; }
    .answers h2 { border: 0; margin: .5rem 0; padding: 0; }
    .warning { border-left: 4px solid #d55e00; background: var(--over); padding: .5rem 1.25rem; }
    .scroll { overflow-x: auto; margin: 1rem 0; }
    .scroll:focus-visible { outline: 2px solid var(--accent); }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .84rem; }
    caption { caption-side: top; text-align: left; padding: .25rem 0; }
    th, td { padding: .28rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
    thead th { background: var(--panel); vertical-align: bottom; }
    th[scope=colgroup] { text-align: center; border-left: 1px solid var(--line); }
    th[scope=row] { text-align: left; font-weight: 600; }
    th.text, td.text { text-align: left; }
    table.prose th, table.prose td { text-align: left; white-space: normal; vertical-align: top; min-width: 7rem; }
    tr.over th, tr.over td { background: var(--over); }
    tr.simulated td { font-style: italic; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(34rem, 100%), 1fr)); gap: 1.25rem; }
    figure { margin: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .75rem; break-inside: avoid; color: var(--ink); }
    figure svg { display: block; width: 100%; height: auto; }
    figure.wide { grid-column: 1 / -1; }
    figcaption { font-size: .88rem; margin-top: .4rem; }
    pre { background: var(--panel); border: 1px solid var(--line); padding: .75rem; overflow-x: auto;
      white-space: pre-wrap; overflow-wrap: anywhere; font-size: .88rem; }
    .charts .row { display: contents; }
    @page { size: A4 landscape; margin: 11mm; @bottom-right { content: counter(page) " / " counter(pages);
      font: 8pt sans-serif; color: #555; } }
    @media print { body { max-width: none; padding: 0; font-size: 9.5pt; color: #111; background-color: #fff; }
      h1 { font-size: 18pt; } h2 { break-before: page; border: 0; padding: 0; margin-top: 0; font-size: 15pt; }
      .answers h2, .answers + p + section > h2 { break-before: auto; } .answers + p + section > h2 { margin-top: 14pt; }
      h2, h3, h4, caption { break-after: avoid; } nav { display: none; }
      .answers, .warning { border-left: 3pt solid #0b5cad; padding: 0 10pt; } .warning { border-color: #d55e00; }
      p, li { max-width: none; } a { text-decoration: none; } .soft, figcaption, caption { color: #444; }
      .scroll { overflow: visible; } table { font-size: 6.9pt; } table.prose { font-size: 8pt; }
      th, td { padding: 1.4pt 3pt; border-bottom: .5pt solid #bbb; } tr { break-inside: avoid; }
      thead th { background-color: #eef0f3; } tr.over th, tr.over td { background-color: #fdf3e3; }
      .charts { display: block; } .charts .row { display: block; break-inside: avoid; text-align: center; }
      figure { display: inline-block; vertical-align: top; width: 37%; margin: 0 1% 2mm; border: 0; padding: 0;
        text-align: left; font-size: 8pt; } figure.wide { width: 74%; }
      figcaption { font-size: 7.5pt; line-height: 1.3; }
      pre { border: .5pt solid #bbb; break-inside: avoid; } }
    """
}
