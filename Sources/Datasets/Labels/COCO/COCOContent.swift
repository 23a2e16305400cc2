internal import Imaging

/// What a COCO file says, before its parts are brought together by their identifiers.
struct COCOContent {
  struct Picture {
    /// `nil` if its identifier cannot be used.
    var key: Int?
    var image: LabelledImage
    /// `images[3]`
    var path: String
    var line: Int
  }

  struct Category {
    var key: Int
    var kind: LabelClass
    /// `categories[3]`
    var path: String
    var line: Int
  }

  struct Annotation {
    var image, category: Int
    /// Without the name of its class.
    var object: LabelledObject
    /// In the list, from 0.
    var number: Int
    var line: Int
  }

  /// Of an annotation that is left out.
  struct Fault {
    /// `nil` if it names no image.
    var image: Int?
    var fault: LabelFault
  }

  /// Faults take more memory than their text, so of a file that has nothing else they are counted from here on.
  static let faultLimit = 100_000

  /// As the user names it.
  let file: String
  private(set) var pictures: [Picture] = []
  private(set) var categories: [Category] = []
  private(set) var annotations: [Annotation] = []
  private(set) var annotationFaults: [Fault] = []
  /// Everything else at the top.
  var fields: [LabelField] = []
  private(set) var faults: [LabelFault] = []
  /// Faults beyond the limit.
  private(set) var furtherFaultCount = 0
  private var images = COCOIdentifiers()
  private var classes = COCOIdentifiers()

  init(file: String) { self.file = file }

  func fault(_ failure: JSONFailure) -> LabelFault {
    LabelFault(LabelError(failure.reason, in: file, line: failure.line, path: failure.path))
  }
}

extension COCOContent {
  mutating func addImage(_ record: COCORecord) {
    var record = record
    do throws(JSONFailure) {
      let name = try record.name("file_name")
      pictures.append(picture(&record, LabelledImage(file: name)))
    } catch {
      addFault(error)
    }
  }

  private mutating func picture(_ record: inout COCORecord, _ image: LabelledImage) -> Picture {
    var picture = Picture(image: image, path: record.path, line: record.line)
    do throws(JSONFailure) {
      picture.key = try record.key("id", &images)
    } catch {
      picture.image.faults.append(LabelFault(fault(error).error, isOfWholeImage: true))
    }
    do throws(JSONFailure) {
      picture.image.size = try record.size()
    } catch {
      picture.image.faults.append(fault(error))
    }
    picture.image.fields = record.fields
    return picture
  }

  mutating func addCategory(_ record: COCORecord) {
    var record = record
    do throws(JSONFailure) {
      var kind = LabelClass(try record.name("name"))
      let identifier = record["id"]
      let key = try record.key("id", &classes)
      if case .number(let text) = identifier { kind.number = Int(text) }
      kind.keypointNames = record.takeTexts("keypoints") ?? []
      // Kept, for a text or a number of many digits is no `number`.
      kind.fields = (identifier.map { [LabelField("id", $0)] } ?? []) + record.fields
      categories.append(Category(key: key, kind: kind, path: record.path, line: record.line))
    } catch {
      addFault(error)
    }
  }

  mutating func addAnnotation(_ record: COCORecord, _ geometry: COCOGeometry) {
    var record = record
    var image: Int?
    do throws(JSONFailure) {
      image = try record.key("image_id", &images)
      let category = try record.key("category_id", &classes)
      var object = LabelledObject("", try geometry.shape(record.path, line: record.line))
      object.isCrowd = record.takeFlag("iscrowd") ?? false
      object.isDifficult = record.takeFlag("difficult") ?? false
      object.isTruncated = record.takeFlag("truncated")
      object.parts = record.takeParts()
      // They are made anew.
      for name in ["id", "area", "num_keypoints"] { _ = record.take(name) }
      object.fields = record.fields
      annotations.append(
        Annotation(image: image ?? 0, category: category, object: object, number: record.number, line: record.line))
    } catch {
      if annotationFaults.count < Self.faultLimit {
        annotationFaults.append(Fault(image: image, fault: fault(error)))
      } else {
        furtherFaultCount += 1
      }
    }
  }

  /// Of no image.
  mutating func addFault(_ failure: JSONFailure) {
    if faults.count < Self.faultLimit {
      faults.append(fault(failure))
    } else {
      furtherFaultCount += 1
    }
  }
}
