/// Threads that wait for steps between images and between steps.
package final class ThreadTeam: QuantizerTeam {
  package let count: Int

  /// Starts `count` − 1 threads; the caller of `perform` does a part, too.
  package init(count: Int) throws(ImagingError) { self.count = count }

  package func perform(_ step: QuantizeStep, on memory: QuantizerMemory) { fatalError() }
}
