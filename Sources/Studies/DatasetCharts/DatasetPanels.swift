internal import Datasets
internal import Imaging

/// The charts of a data set as gnuplot commands.
struct DatasetPanels {
  private let statistics: DatasetStatistics
  private let labels: LabelStatistics?

  private static let color = "#3b7dd8"
  private static let ink = "#3a3d45"
  private static let classLimit = 18
  private static let nameLimit = 18
  /// So that the bars of few classes are no blocks.
  private static let leastRows = 5

  init(_ statistics: DatasetStatistics) { (self.statistics, labels) = (statistics, statistics.labels) }

  /// What each panel begins with.
  static let reset = [
    "reset", "set border 3 linecolor rgb '#9aa1ab'", "set tics nomirror out textcolor rgb '\(ink)'", "unset key",
    "set grid ytics back linecolor rgb '#dfe3e8' linewidth 1 dashtype 1", "set style fill solid 1.0 noborder",
    "set boxwidth 0.86 relative", "set yrange [0:*]",
  ]

  var title: String {
    let images = NumberText.counted(statistics.images.count, "image")
    let objects = labels.map { ", \(NumberText.counted($0.objects, "object")) (\($0.format))" } ?? ", no labels"
    return "\(Self.drawable(statistics.path)): \(images)\(objects)"
  }

  /// Bars to the right, the most frequent class on top.
  var classes: [String] {
    let all = labels?.classes ?? []
    guard !all.isEmpty else { return empty("Objects per class") }
    var shown = all.prefix(Self.classLimit).map { (name: $0.name, objects: $0.objects) }
    if all.count > shown.count {
      let rest = all.dropFirst(shown.count - 1)
      shown[shown.count - 1] = ("\(rest.count) others", rest.reduce(0) { $0 + $1.objects })
    }
    let tics = shown.enumerated().map { "\(Chart.quoted(Self.shortened($1.name))) \(-$0)" }.joined(separator: ", ")
    let most = Double(shown.map(\.objects).max() ?? 1)
    let data = shown.enumerated().map { "\($1.objects) \(-$0) \($1.objects)" }
    return titled("Objects per class", x: "", y: "") + [
      "set lmargin at screen 0.105", "unset grid", "set grid xtics back linecolor rgb '#dfe3e8'",
      "set yrange [\(Double(-max(shown.count, Self.leastRows)) + 0.4):0.6]", "set xrange [0:\(max(1, most) * 1.18)]",
      "set ytics (\(tics)) scale 0", "set xtics format '%.0f'",
      "set boxwidth 0.72 absolute",
    ]
      + plot(
        data,
        [
          "using ($1/2.0):2:($1/2.0):(0.36) with boxxyerror linecolor rgb '\(Self.color)'",
          "using 1:2:3 with labels left offset 0.6,0 font ',10' textcolor rgb '\(Self.ink)'",
        ])
  }

  var objectCounts: [String] {
    guard let labels, labels.images > 0 else { return empty("Boxes per image") }
    let histogram = labels.objectCounts
    let width = histogram.edges[1] - histogram.edges[0]
    let data = zip(histogram.edges, histogram.counts).map { "\($0 + (width - 1) / 2) \($1)" }
    return titled("Boxes per image", x: "boxes", y: "images") + [
      "set xrange [\(histogram.edges[0] - 0.5 - 0.2 * width):\((histogram.edges.last ?? 1) - 0.5 + 0.2 * width)]",
      "set boxwidth \(0.86 * width) absolute", "set xtics format '%.0f'",
      histogram.edges.count <= 16 && width == 1 ? "set xtics 1" : "set xtics autofreq",
    ] + plot(data, ["using 1:2 with boxes linecolor rgb '\(Self.color)'"])
  }

  var areas: [String] {
    guard let labels, labels.area != nil else { return empty("Box area") }
    let ticks: [(Double, String)] = [
      (1e-5, "0.001"), (1e-4, "0.01"), (1e-3, "0.1"), (1e-2, "1"), (1e-1, "10"), (1, "100"),
    ]
    return titled("Box area", x: "share of the image, %", y: "boxes")
      + logarithmic(labels.areas, ticks: ticks)
  }

  var aspectRatios: [String] {
    guard let labels, labels.aspectRatio != nil else { return empty("Box shape") }
    let ticks: [(Double, String)] = [
      (1.0 / 16, "1:16"), (1.0 / 8, "1:8"), (1.0 / 4, "1:4"), (1.0 / 2, "1:2"), (1, "1:1"), (2, "2:1"), (4, "4:1"),
      (8, "8:1"), (16, "16:1"),
    ]
    return titled("Box shape", x: "width : height", y: "boxes") + logarithmic(labels.aspectRatios, ticks: ticks)
  }

  /// A circle for each size; its area stands for the number of images.
  var imageSizes: [String] {
    let sizes = statistics.images.sizes
    guard let most = sizes.first?.images else { return empty("Image sizes") }
    let data = sizes.prefix(5000).map { "\($0.width) \($0.height) \($0.images)" }
    let reach = Double(sizes.map { max($0.width, $0.height) }.max() ?? 1) * 1.08
    return titled("Image sizes", x: "width, pixels", y: "height, pixels") + [
      "set xrange [0:\(reach)]", "set yrange [0:\(reach)]", "set grid xtics ytics back linecolor rgb '#dfe3e8'",
      "set arrow from 0,0 to \(reach),\(reach) nohead back linecolor rgb '#c9ced6' dashtype 2",
    ]
      + plot(
        data,
        [
          "using 1:2:(0.7+2.6*sqrt($3/\(most).0)) with points pointtype 7 pointsize variable "
            + "linecolor rgb '#803b7dd8'"
        ])
  }

  /// The image from above, darker where more centres lie.
  var centers: [String] {
    guard let labels, labels.area != nil else { return empty("Box centres") }
    let (columns, rows) = (LabelStatistics.centerColumns, LabelStatistics.centerRows)
    let data = labels.centers.map { row in row.map(String.init).joined(separator: " ") }
    return titled("Box centres", x: "share of the width, %", y: "share of the height, %") + [
      "unset grid", "set border 15 linecolor rgb '#9aa1ab'", "set xrange [0:100]", "set yrange [100:0]",
      "set palette defined (0 '#f7fafe', 0.25 '#bcd6f5', 0.55 '#5b98e0', 0.8 '#2b5fb0', 1 '#12305f')",
      "set cbrange [0:*]", "set colorbox", "set cbtics format '%.0f' scale 0.5",
      "set rmargin at screen 0.945",
    ]
      + plot(
        data,
        [
          "matrix using (($1+0.5)*100.0/\(columns)):(($2+0.5)*100.0/\(rows)):3 with image pixels"
        ])
  }

  // MARK: Parts

  private func titled(_ title: String, x: String, y: String) -> [String] {
    [
      "set title \(Chart.quoted(title)) font ',13' textcolor rgb '\(Self.ink)'",
      "set xlabel \(Chart.quoted(x)) textcolor rgb '\(Self.ink)'",
      "set ylabel \(Chart.quoted(y)) textcolor rgb '\(Self.ink)'",
    ]
  }

  private func logarithmic(_ histogram: Histogram, ticks: [(Double, String)]) -> [String] {
    let (low, high) = Self.range(of: histogram, between: ticks.map(\.0))
    let data = histogram.counts.indices.map {
      "\(histogram.edges[$0]) \(histogram.edges[$0 + 1]) \(histogram.counts[$0])"
    }
    let tics = ticks.map { "\(Chart.quoted($0.1)) \($0.0)" }.joined(separator: ", ")
    return ["set logscale x 10", "set xrange [\(low):\(high)]", "set xtics (\(tics))"]
      + plot(
        data,
        [
          "using (sqrt($1*$2)):($3/2.0):($1*1.015):($2/1.015):(0.0):3 with boxxyerror linecolor rgb '\(Self.color)'"
        ])
  }

  /// From the last tick below the first box to the first above the last.
  private static func range(of histogram: Histogram, between ticks: [Double]) -> (low: Double, high: Double) {
    let first = histogram.counts.firstIndex { $0 > 0 } ?? 0
    let last = histogram.counts.lastIndex { $0 > 0 } ?? histogram.counts.count - 1
    let (low, high) = (histogram.edges[first] * 1.01, histogram.edges[last + 1] / 1.01)
    return (ticks.last { $0 <= low } ?? histogram.edges[0], ticks.first { $0 >= high } ?? histogram.edges[last + 1])
  }

  private func empty(_ title: String) -> [String] {
    titled(title, x: "", y: "") + [
      "unset tics", "set border 0", "set xrange [0:1]", "set yrange [0:1]",
      "set label 1 'nothing to show' at 0.5,0.5 center textcolor rgb '#9aa1ab'", "plot -1 linecolor rgb '#ffffff'",
    ]
  }

  /// Plots the same data in several ways.
  private func plot(_ data: [String], _ styles: [String]) -> [String] {
    let plots = styles.map { "$data \($0)" }.joined(separator: ", ")
    return ["$data << EOD"] + data + ["EOD", "plot \(plots)"]
  }

  private static func shortened(_ name: String) -> String {
    drawable(name.count > nameLimit ? name.prefix(nameLimit - 1) + "…" : name)
  }

  /// The text with question marks for what no font has: gnuplot would draw a huge box in its place.
  private static func drawable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    let text = printable(text.unicodeScalars)
    let isDrawable = (try? TextImage(text, TextStyle(pixelHeight: 10))) != nil
    return isDrawable ? text : text.unicodeScalars.map { $0.isASCII ? String($0) : "?" }.joined()
  }
}
