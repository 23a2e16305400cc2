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

  /// Decodes a `payload`; `nil` if the bytes are none.
  init?(validating payload: some Collection<UInt8>) {
    guard !payload.isEmpty else {
      self.init()
      return
    }
    let record = MessageReader.read(payload) { reader throws(MessageReader.Malformed) in
      try ProductRecord(from: &reader)
    }
    guard let record else { return nil }
    self = record
  }

  private init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    self.init()
    let hasSource = try reader.number(in: 0...1) == 1
    let fileCount = try reader.count(ofAtLeast: 32)
    if hasSource { source = try FileRecord(from: &reader) }
    for _ in 0..<fileCount { files.append(try FileRecord(from: &reader)) }
    draw = try reader.rest()
    // It goes into a line as it is.
    guard draw.allSatisfy({ $0 >= 0x20 }) else { throw MessageReader.Malformed() }
  }
}

extension FileRecord {
  fileprivate init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    let byteCount = try reader.number()
    let hash = ContentHash(words: (try reader.word(), try reader.word()))
    let path = try reader.bytes(reader.count(ofAtLeast: 1))
    self.init(path: String(decoding: path, as: UTF8.self), byteCount: byteCount, hash: hash)
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
    // A worker gone wrong may name any file.
    let own = [output.path] + plan.companions(of: output)
    entry.product.files.removeAll { !own.contains($0.path) }
    (entry.labels, entry.notes) = (labels, notes + imageNotes)
    return entry
  }
}
