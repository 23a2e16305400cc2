package import Datasets
internal import Imaging
internal import Platform

extension ProductRecord {
  /// The record as bytes: source and files, each behind its size, hash and length of its path, and the draw. Empty if
  /// there is nothing to say.
  var payload: [UInt8] {
    guard self != ProductRecord() else { return [] }
    var bytes: [UInt8] = []
    bytes.append(word: UInt64(source == nil ? 0 : 1))
    bytes.append(word: UInt64(files.count))
    for file in (source.map { [$0] } ?? []) + files {
      bytes.append(word: UInt64(file.byteCount))
      bytes.append(word: file.hash.words.high)
      bytes.append(word: file.hash.words.low)
      bytes.append(word: UInt64(file.path.utf8.count))
      bytes += file.path.utf8
    }
    return bytes + draw
  }

  /// Decodes a `payload`.
  init(payload: some Collection<UInt8>) {
    self.init()
    let bytes = Array(payload)
    guard !bytes.isEmpty else { return }
    var place = 0
    func word() -> UInt64 {
      defer { place += 8 }
      return bytes.word(at: place)
    }
    let (hasSource, fileCount) = (word() == 1, Int(word()))
    for index in 0..<fileCount + (hasSource ? 1 : 0) {
      let byteCount = Int(word())
      let hash = ContentHash(words: (word(), word()))
      let length = Int(word())
      let path = String(decoding: bytes[place..<place + length], as: UTF8.self)
      place += length
      let file = FileRecord(path: path, byteCount: byteCount, hash: hash)
      if hasSource && index == 0 { source = file } else { files.append(file) }
    }
    draw = Array(bytes[place...])
  }
}

extension TaskReport {
  /// The line of the manifest about a task; `nil` if it has nothing to make.
  package func entry(ofTask task: Int, in plan: Plan) -> ManifestEntry? {
    guard let output = plan.output(ofTask: task), omission != "" else { return nil }
    let outcome: ManifestEntry.Outcome =
      if let problem = problem ?? lostLabels(in: plan) {
        .failed(problem.reason)
      } else if let omission {
        .leftOut(omission)
      } else {
        .made
      }
    var entry = ManifestEntry(
      output, id: plan.number(ofTask: task), source: plan.images[output.imageIndex].path, outcome)
    (entry.product, entry.milliseconds) = (product, 1000 * times.total)
    (entry.labels, entry.notes) = (labels, notes + imageNotes)
    return entry
  }
}
