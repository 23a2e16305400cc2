package enum JobCatalog {
  /// In listing order.
  package static var all: [any Job.Type] { [Augment.self, Anonymize.self, Prepare.self, Quantize.self, Convert.self] }

  package static func type(named name: String) -> (any Job.Type)? { all.first { $0.name == name } }
}
