/// Where a run writes down what becomes of its outputs. The main process alone writes.
package protocol OutcomeRecord: AnyObject {
  func append(_ entry: ManifestEntry) throws

  /// Call when every task has ended.
  /// - Parameter setFiles: the files of the whole set, relative to the output folder.
  func finish(setFiles: [String]) throws
}
