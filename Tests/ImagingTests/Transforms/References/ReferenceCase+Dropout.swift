extension ReferenceCase {
  static let dropoutMakers: [String: Maker] = [:]
}
