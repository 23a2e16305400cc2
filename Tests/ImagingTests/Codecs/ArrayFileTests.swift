import Foundation
import Imaging
import TestSupport
import Testing

private let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

/// Arrays of images, and what the end of a pipeline makes of their values.
struct ArrayFileTests {
  private static func encoded(
    _ image: borrowing PixelBuffer, _ tensor: TensorOptions = TensorOptions(), as format: OutputFormat = .array
  ) throws -> [UInt8] {
    var copy = PixelBuffer()
    try copy.copy(from: image)
    var encoder = ImageEncoder()
    var options = EncodingOptions()
    options.tensor = tensor
    return try encoder.encode(Image(color: copy), as: format, options)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes[10..<128], as: UTF8.self) }

  @Test func bytesStayBytesWithoutAnEnd() throws {
    let image = Picture.gradient(width: 5, height: 3)
    let file = try Self.encoded(image)
    #expect(Array(file[0..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    #expect(Self.text(file).hasPrefix("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 5, 3), }"))
    #expect(file.count == 128 + 45 && Array(file[128...]) == image.bytes)
  }

  @Test func channelsComeFirstIfAskedFor() throws {
    var tensor = TensorOptions()
    tensor.isChannelsFirst = true
    let image = Picture.gradient(width: 5, height: 3)
    let file = try Self.encoded(image, tensor)
    #expect(Self.text(file).contains("(3, 3, 5)"))
    #expect(Array(file[128..<143]) == stride(from: 0, to: 45, by: 3).map { image.bytes[$0] })
  }

  @Test func greyHasNoAxisForChannels() throws {
    let grey = Picture.noise(ImageShape(width: 4, height: 2, channels: 1))
    #expect(Self.text(try Self.encoded(grey)).contains("(2, 4)"))
  }

  /// NumPy reads the files, and Albumentations gives the same numbers.
  @Test(.enabled(if: python != nil, "AUGMENT_PYTHON names no Python with albumentations 2.0.8"))
  func numbersAreThoseOfAlbumentations() throws {
    let folder = try TemporaryFolder()
    func store(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: folder.url.appending(path: name))
    }
    let image = Picture.noise(ImageShape(width: 33, height: 20, channels: 3))
    try store(image.bytes, "image")
    for method in Normalization.Method.allCases {
      var tensor = TensorOptions()
      var normalization = Normalization()
      normalization.method = method
      tensor.normalization = normalization
      try store(Self.encoded(image, tensor), "\(method.rawValue).npy")
    }
    var scaled = TensorOptions()
    (scaled.divisor, scaled.isChannelsFirst) = (200, true)
    try store(Self.encoded(image, scaled, as: .archive), "scaled.npz")
    try Self.run(Self.script, folder.url)
  }

  private static func run(_ script: String, _ folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    (process.arguments, process.currentDirectoryURL) = (["-c", script], folder)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private static let script = """
    import os
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    import albumentations as A
    import numpy as np
    image = np.fromfile("image", np.uint8).reshape(20, 33, 3)
    for method in ["standard", "image", "image_per_channel", "min_max", "min_max_per_channel"]:
        ours = np.load(method + ".npy")
        theirs = A.Normalize(normalization=method)(image=image)["image"].astype(np.float32)
        assert ours.dtype == np.float32 and ours.shape == theirs.shape, method
        assert np.array_equal(ours, theirs) if method == "standard" else np.allclose(ours, theirs, 1e-6, 1e-6), method
    ours = np.load("scaled.npz")["image"]
    assert np.array_equal(ours, A.ToFloat(200)(image=image)["image"].transpose(2, 0, 1))
    """
}
