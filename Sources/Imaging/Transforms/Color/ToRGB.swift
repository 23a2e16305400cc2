/// Repeats the levels of a grey image in three channels. Grey; colour images stay as they are.
///
/// Source: Albumentations `ToRGB`.
package struct ToRGB: Transform {
  package static let summary = "Makes a colour image of a grey one, without changing what it shows."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<ToRGB>] = [.channelCount("num_output_channels", \.numOutputChannels)]

  package var numOutputChannels = 3

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    shape.channels == 1 && numOutputChannels == 3 ? .grey(channels: 3) : .identity
  }
}
