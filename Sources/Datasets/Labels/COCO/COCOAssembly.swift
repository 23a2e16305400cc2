internal import Imaging

/// Brings the parts of COCO files together by their identifiers, into one set.
struct COCOAssembly {
  /// Which image an identifier stands for.
  private enum Meaning {
    case image(Int)
    /// Of several images, or of one that is left out.
    case unusable
  }

  private var images: [LabelledImage] = []
  private var classes: [LabelClass] = []
  private var splits: [LabelSplit] = []
  private var whole: LabelSplit?
  private var fields: [LabelField] = []
  private var faults: [LabelFault] = []
  private var faultCount = 0
  private var imageIndices: [String: Int] = [:]
  private var classNames: Set<String> = []

  /// - Parameter split: the part of the set that the file is, as far as its name tells; without a name, it is the whole.
  mutating func add(_ content: consuming COCOContent, _ split: LabelSplit) {
    var split = split
    let earlierCount = images.count
    let meanings = addImages(content, &split)
    let classNames = addClasses(content)
    for fault in content.faults { add(fault) }
    addFaults(of: content, meanings)
    addObjects(of: content, meanings, classNames, earlierCount)
    if split.name.isEmpty {
      split.members = []
      (whole, fields) = (split, content.fields)
    } else {
      split.fields = content.fields
      splits.append(split)
    }
  }

  /// Everything that was added.
  consuming func set() -> LabelSet {
    var set = LabelSet(images, classes: classes)
    (set.splits, set.whole, set.fields, set.faults) = (splits, whole, fields, faults)
    return set
  }

  private mutating func addImages(
    _ content: COCOContent, _ split: inout LabelSplit
  ) -> [Int: Meaning] {
    var meanings: [Int: Meaning] = [:]
    var paths: Set<String> = []
    for picture in content.pictures {
      let image = picture.image.moved(to: split.imageFolder ?? "")
      guard paths.insert(image.path).inserted else {
        if let key = picture.key { meanings[key] = .unusable }
        add(content.sameness(picture, "file_name"))
        continue
      }
      let index = add(image)
      split.members.append(LabelSplit.Member(index))
      if let key = picture.key { assign(key, index, content.sameness(picture, "id"), &meanings) }
    }
    return meanings
  }

  /// An image that an earlier file names, too, gets the labels of both.
  private mutating func add(_ image: LabelledImage) -> Int {
    if let index = imageIndices[image.path] {
      images[index].faults += image.faults
      return index
    }
    imageIndices[image.path] = images.count
    images.append(image)
    return images.count - 1
  }

  /// Gives an identifier its meaning. Nobody knows which of two images the labels of a common identifier are of.
  private mutating func assign(_ key: Int, _ index: Int, _ sameness: LabelFault, _ meanings: inout [Int: Meaning]) {
    guard let earlier = meanings.updateValue(.image(index), forKey: key) else { return }
    meanings[key] = .unusable
    let fault = LabelFault(sameness.error, isOfWholeImage: true)
    add(fault, index)
    if case .image(let other) = earlier { add(fault, other) }
  }

  /// The names of the classes by their keys; `nil` for a key of several classes.
  private mutating func addClasses(_ content: COCOContent) -> [Int: String?] {
    var names: [Int: String?] = [:]
    for category in content.categories {
      if let other = names[category.key], other != category.kind.name {
        names[category.key] = .some(nil)
        let reason = LabelError.Reason.value("the same as of another category")
        add(content.fault(JSONFailure(reason: reason, line: category.line, path: "\(category.path).id")))
      } else {
        names[category.key] = category.kind.name
      }
      guard classNames.insert(category.kind.name).inserted else { continue }
      classes.append(category.kind)
    }
    return names
  }
}

extension COCOAssembly {
  private mutating func addFaults(of content: COCOContent, _ meanings: [Int: Meaning]) {
    for fault in content.annotationFaults {
      switch fault.image.flatMap({ meanings[$0] }) {
      case .image(let index): add(fault.fault, index)
      case .unusable: break
      case nil: add(fault.fault)
      }
    }
    guard content.furtherFaultCount > 0 else { return }
    faults.append(content.fault(JSONFailure(reason: .value("\(content.furtherFaultCount) more entries are broken"))))
  }

  private mutating func addObjects(
    of content: COCOContent, _ meanings: [Int: Meaning], _ classNames: [Int: String?], _ earlierCount: Int
  ) {
    var known: [Int: Set<LabelledObject>] = [:]
    for annotation in content.annotations {
      guard let meaning = meanings[annotation.image] else {
        add(content.fault(annotation, COCOMisfit("image_id", "there is no such image")))
        continue
      }
      guard case .image(let index) = meaning else { continue }
      do throws(COCOMisfit) {
        var object = annotation.object
        object.className = try Self.name(classNames[annotation.category])
        try images[index].check(object)
        if index < earlierCount, !known[index, default: Set(images[index].objects)].insert(object).inserted { continue }
        images[index].objects.append(object)
      } catch {
        add(content.fault(annotation, error), index)
      }
    }
  }

  private static func name(_ meaning: String??) throws(COCOMisfit) -> String {
    guard let meaning else { throw COCOMisfit("category_id", "there is no such category") }
    guard let name = meaning else { throw COCOMisfit("category_id", "several categories have this identifier") }
    return name
  }

  /// Adds a fault of an image, or of none.
  private mutating func add(_ fault: LabelFault, _ index: Int? = nil) {
    faultCount += 1
    switch faultCount - COCOContent.faultLimit {
    case ...0: if let index { images[index].faults.append(fault) } else { faults.append(fault) }
    case 1: faults.append(LabelFault(LabelError(.value("more entries are broken than are told"), in: fault.error.file)))
    default: if fault.isOfWholeImage, let index { images[index].faults.append(fault) }
    }
  }
}

extension COCOContent {
  fileprivate func sameness(_ picture: Picture, _ field: String) -> LabelFault {
    let reason = LabelError.Reason.value("the same as of another image")
    return fault(JSONFailure(reason: reason, line: picture.line, path: "\(picture.path).\(field)"))
  }

  fileprivate func fault(_ annotation: Annotation, _ misfit: COCOMisfit) -> LabelFault {
    let path = "annotations[\(annotation.number)].\(misfit.field)"
    return fault(JSONFailure(reason: .value(misfit.text), line: annotation.line, path: path))
  }
}

extension LabelledImage {
  /// The image, with its path in a folder unless it is there already.
  fileprivate func moved(to folder: String) -> LabelledImage {
    guard !folder.isEmpty, !path.hasPrefix(folder) else { return self }
    var image = self
    (image.path, image.stemPath) = (folder + path, folder + stemPath)
    return image
  }

  /// Refuses a mask of another size.
  fileprivate func check(_ object: LabelledObject) throws(COCOMisfit) {
    guard let size, case .mask(let runs) = object.shape.outline else { return }
    if (runs.width, runs.height) == (size.width, size.height) { return }
    let sizes = ("\(runs.width) x \(runs.height)", "\(size.width) x \(size.height)")
    throw COCOMisfit("segmentation", "a mask of \(sizes.0) is not one of an image of \(sizes.1)")
  }
}

/// Why an annotation does not fit what it refers to.
private struct COCOMisfit: Error {
  let field, text: String

  init(_ field: String, _ text: String) { (self.field, self.text) = (field, text) }
}
