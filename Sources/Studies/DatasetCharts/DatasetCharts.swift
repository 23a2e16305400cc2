package import Datasets
internal import Platform
internal import SystemPackage

/// Six charts of a data set in one picture, drawn by gnuplot.
package struct DatasetCharts {
  private let statistics: DatasetStatistics

  package static var canBeDrawn: Bool { Gnuplot.installed != nil }

  package init(_ statistics: DatasetStatistics) { self.statistics = statistics }

  /// Writes a PNG file.
  package func write(to path: String) throws {
    guard let gnuplot = Gnuplot.installed else { throw Gnuplot.Failure(description: "gnuplot is not installed") }
    let picture = try gnuplot.picture(script)
    try AtomicFile.write(picture.span, to: FilePath(text: path))
  }

  private static let (width, height) = (1680, 1000)

  /// The gnuplot script.
  var script: String {
    let panels = DatasetPanels(statistics)
    let parts = [
      panels.classes, panels.objectCounts, panels.areas, panels.aspectRatios, panels.imageSizes, panels.centers,
    ]
    let head = [
      "set encoding utf8",
      "set terminal pngcairo size \(Self.width),\(Self.height) font 'DejaVu Sans,11' noenhanced background rgb '#ffffff'",
      "set multiplot layout 2,3 title \(Chart.quoted(panels.title)) font ',15' margins 0.055,0.975,0.085,0.87 "
        + "spacing 0.065,0.16",
    ]
    return (head + parts.flatMap { DatasetPanels.reset + $0 } + ["unset multiplot"]).map { "\($0)\n" }.joined()
  }
}
