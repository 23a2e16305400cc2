package import Imaging

/// What label files say about an image.
package struct LabelledImage: Codable, Hashable, Sendable {
  /// As the labels name the image: a path relative to a folder that need not be the input.
  package var path: String
  /// The path without the extension of the image.
  package var stemPath: String
  /// The size that the labels are for; `nil` if they do not tell.
  package var size: ImageSize?
  package var objects: [LabelledObject]
  /// The label file of this image alone, relative to the folder of the labels; `nil` if there is none.
  package var labelFile: String?
  /// Only a list names it, so nobody has told which objects it shows.
  package var isListedOnly = false
  /// Everything else that the labels say about the image.
  package var fields: [LabelField] = []
  /// What cannot be used.
  package var faults: [LabelFault] = []

  /// An image that the labels name by its file.
  package init(file: String, size: ImageSize? = nil, objects: [LabelledObject] = []) {
    let path = file.replacing("\\", with: "/")
    (self.path, stemPath) = (path, path.withoutExtension)
    (self.size, self.objects) = (size, objects)
  }

  /// An image whose labels lie in a file of their own, which is named like it.
  package init(stemPath: String, size: ImageSize? = nil, objects: [LabelledObject] = []) {
    (path, self.stemPath) = (stemPath, stemPath)
    (self.size, self.objects) = (size, objects)
  }

  /// Whether nothing is known about the image, because its labels cannot be read.
  package var isUnreadable: Bool { faults.contains(where: \.isOfWholeImage) }
}

/// Why an object, or all that is said about an image, cannot be used.
package struct LabelFault: Codable, Hashable, Sendable {
  package var error: LabelError
  package var isOfWholeImage: Bool

  package init(_ error: LabelError, isOfWholeImage: Bool = false) {
    (self.error, self.isOfWholeImage) = (error, isOfWholeImage)
  }
}

/// A class of objects.
package struct LabelClass: Codable, Hashable, Sendable {
  package var name: String
  /// As the labels number it; `nil` if they do not.
  package var number: Int?
  /// Names of the points of its objects, in order; empty if there are none or they have no names.
  package var keypointNames: [String] = []
  /// For each point, which one takes its place in a mirrored image; `nil` if the labels do not tell.
  package var mirroredKeypoints: [Int]?
  /// Everything else that the labels say about the class.
  package var fields: [LabelField] = []

  package init(_ name: String, number: Int? = nil) { (self.name, self.number) = (name, number) }
}

/// A part of a data set with a list of its own: train, val, test.
package struct LabelSplit: Codable, Hashable, Sendable {
  package struct Member: Codable, Hashable, Sendable {
    /// Index among the images of the set.
    package var image: Int
    /// What the list says behind the name; mostly empty.
    package var remark: String

    package init(_ image: Int, remark: String = "") { (self.image, self.remark) = (image, remark) }
  }

  package var name: String
  /// The file that lists it, relative to the folder of the labels; empty if its folder tells.
  package var file: String
  /// The folder that the names of images in its file leave out, with a slash at the end; `nil` if the file does not tell
  /// or is no list with names.
  package var imageFolder: String?
  /// In the order of the list.
  package var members: [Member] = []
  /// Everything else that its file says.
  package var fields: [LabelField] = []

  package init(_ name: String, file: String = "") { (self.name, self.file) = (name, file) }
}
