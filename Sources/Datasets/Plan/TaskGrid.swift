/// How many tasks a run has, and which belong to one image. All that a schedule knows of it.
package struct TaskGrid: Hashable, Sendable {
  package var imageCount: Int
  /// Outputs of each image.
  package var tasksPerImage: Int

  package init(imageCount: Int, tasksPerImage: Int) {
    (self.imageCount, self.tasksPerImage) = (imageCount, tasksPerImage)
  }

  package var taskCount: Int { imageCount * tasksPerImage }

  package func imageIndex(ofTask task: Int) -> Int { task / tasksPerImage }

  package func tasks(ofImage imageIndex: Int) -> Range<Int> {
    imageIndex * tasksPerImage..<(imageIndex + 1) * tasksPerImage
  }
}
