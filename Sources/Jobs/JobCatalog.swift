/// Every job there is.
package enum JobCatalog {
  /// In the order in which they are listed.
  package static var all: [any Job.Type] { [Augment.self, Anonymize.self] }

  package static func type(named name: String) -> (any Job.Type)? { all.first { $0.name == name } }
}
