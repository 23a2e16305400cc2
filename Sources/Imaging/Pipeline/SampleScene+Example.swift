extension SampleScene {
  /// An object, and a mask of it, in the middle third of an image to which nothing has happened: what transforms that
  /// look for either are shown and measured with.
  package init(objectIn shape: ImageShape) {
    let (width, height) = (shape.width, shape.height)
    let corner = Vertex(Double(width / 3), Double(height / 3))
    let box = Box(corner, corner + Vertex(Double(width / 3), Double(height / 3)))
    let values = (0..<width * height).map { place -> UInt16 in
      let (x, y) = (place % width, place / width)
      return x >= width / 3 && x < 2 * width / 3 && y >= height / 3 && y < 2 * height / 3 ? 1 : 0
    }
    let mask = SceneMask(shape: ImageShape(width: width, height: height, channels: 1), values: values)
    self.init(objects: [SceneObject(className: "object", shape: LabelShape(box))]) { _ in mask }
  }
}
