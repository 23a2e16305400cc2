/// The page: one file that needs no other, made from the rows of one or several runs. The same rows give the same bytes.
package struct ReportPage: Sendable {
  /// What is shown instead of charts where they cannot be drawn.
  package static let missingCharts = "Charts are missing, as gnuplot is not installed: \(ReportWriter.installation)."

  private let sections: [StudySection]

  init(_ runs: [(study: Study, attachments: StudySection.Attachments)]) {
    sections = runs.enumerated().map { index, run in
      StudySection(analysis: Analysis(run.study), attachments: run.attachments, number: index + 1)
    }
  }

  /// The page's text; `gnuplot` draws its charts.
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

  private static let title = "How image augmentation scales over processes"

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
      Times are medians of the repetitions, with the smallest and the largest. Speedup is the baseline's time for the \
      same work over the time, efficiency is speedup over ranks. "Within the spread" means that the two have times in \
      common, so that the difference may be chance.
      """)
  }
}
