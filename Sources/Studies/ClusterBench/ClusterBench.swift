internal import Datasets
internal import Imaging
internal import Platform
internal import ProcPool
internal import Strategies

/// Times the K-means of `quantize` on images that are decoded beforehand: sequential, and shared by threads or by
/// processes.
package struct ClusterBench {
  /// Who does the work on an image.
  package enum Way: String, CaseIterable, Codable, Sendable {
    /// One thread: what the others are compared with.
    case sequential
    case threads, ranks
  }

  /// What is timed several times.
  package struct Cell: Hashable, Codable, Sendable {
    package var way: Way
    package var colors: Int
    /// Threads, or ranks.
    package var threads: Int
  }

  package var colors = [8, 16, 32]
  package var threads = [1, 2, 4, 8]
  package var ways = [Way.threads, .ranks]
  /// Timings of each cell.
  package var runs = 5
  /// Most iterations of a quantisation.
  package var iterations = 20
  /// Seed of the draw of the first colours; each run adds its number.
  package var seed: UInt64 = 0
  /// Whether the sums of each thread lie on cache lines of their own.
  package var isPadded = true
  private let photographs: [Photograph]

  /// Decodes the images at `paths`.
  package init(_ paths: [String]) throws { photographs = try paths.map { try Photograph($0) } }

  /// Times every cell of every image.
  /// - Parameter each: called with each timing.
  package func run(each: (ClusterTiming) throws -> Void) throws {
    for photograph in photographs {
      for colors in colors {
        // In rounds, so that a slow minute of the machine affects all cells that are compared.
        for run in 1...runs {
          for cell in cells(colors) { try each(try time(cell, on: photograph, run: run)) }
        }
      }
    }
  }

  private func cells(_ colors: Int) -> [Cell] {
    [Cell(way: .sequential, colors: colors, threads: 1)]
      + ways.flatMap { way in threads.map { Cell(way: way, colors: colors, threads: $0) } }
  }

  /// Times a cell in a fresh process: one that has threads must not fork.
  private func time(_ cell: Cell, on photograph: Photograph, run: Int) throws(StudyError) -> ClusterTiming {
    try StudyError.wrapping { () throws(PoolError) in
      let pool = try Pool<Int, ClusterTiming>(PoolOptions(workers: 1)) { run in
        ImagingRuntime.prepareProcess()
        let quantizer = try self.quantizer(cell, pixelCount: photograph.pixelCount)
        return try photograph.time(cell, quantizer, run: run, seed: self.seed)
      }
      defer { pool.terminate() }
      return try pool.apply(run)
    }
  }

  private func quantizer(_ cell: Cell, pixelCount: Int) throws -> Quantizer {
    var options = QuantizeOptions()
    (options.colors, options.iterations) = (cell.colors, iterations)
    let quantizer: Quantizer
    switch cell.way {
    case .sequential: quantizer = Quantizer(options)
    case .threads: quantizer = Quantizer(options, team: try ThreadTeam(count: cell.threads))
    case .ranks:
      let team = try ProcessTeam(pixelCount: pixelCount, PoolOptions(workers: cell.threads))
      quantizer = Quantizer(options, team: team, sharedMemory: team.memory)
    }
    quantizer.isPadded = isPadded
    return quantizer
  }
}

/// One line of `runs.csv`: the time of one quantisation.
package struct ClusterTiming: Hashable, Codable, Sendable {
  /// Path of the image.
  package var image: String
  package var widthPixels: Int
  package var heightPixels: Int
  package var cell: ClusterBench.Cell
  package var isPadded: Bool
  /// From 1.
  package var run: Int
  package var seconds: Double
  package var iterations: Int
  package var inertia: Double
}

/// A decoded image. A class, so that the processes that quantise it inherit it.
private final class Photograph {
  private let path: String
  private let image: Image

  init(_ path: String) throws {
    do {
      image = try ImageFile.read(path)
    } catch let error as FileError {
      throw StudyError(error)
    } catch {
      throw StudyError("\(path): \(error)")
    }
    self.path = path
  }

  var pixelCount: Int { image.color.shape.width * image.color.shape.height }

  /// Quantises once untimed, so that starting threads and faulting in memory are not measured. Each run begins with
  /// other pixels, the same in every cell.
  func time(_ cell: ClusterBench.Cell, _ quantizer: Quantizer, run: Int, seed: UInt64) throws -> ClusterTiming {
    let key = StreamKey(seed: seed &+ UInt64(run), path: path.lastPathComponent, copy: 0)
    var result = PixelBuffer()
    _ = try quantizer.quantize(image.color, key: key, into: &result)
    let begin = Clock.nanoseconds
    let outcome = try quantizer.quantize(image.color, key: key, into: &result)
    let seconds = Double(Clock.nanoseconds - begin) * 1e-9
    let shape = image.color.shape
    return ClusterTiming(
      image: path, widthPixels: shape.width, heightPixels: shape.height, cell: cell, isPadded: quantizer.isPadded,
      run: run, seconds: seconds, iterations: outcome.iterations, inertia: outcome.inertia)
  }
}
