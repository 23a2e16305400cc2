internal import ArgumentParser
package import Imaging

// Values of options, where their type knows no command line.

extension ImageSize: ExpressibleByArgument {
  /// Parses "640x480".
  package init?(argument: String) { self.init(argument) }
  /// "640x480".
  package var defaultValueDescription: String { description }
}

extension ResampleFilter: ExpressibleByArgument {}

extension Watermark.Gravity: ExpressibleByArgument {}

extension Fit: ExpressibleByArgument {}
