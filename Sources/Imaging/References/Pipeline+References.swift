extension Pipeline {
  /// The transforms that take other images.
  private var referenceTransforms: [any ReferenceTransform] {
    nodes.compactMap { node in
      guard case .transform(let transform) = node.kind else { return nil }
      return transform as? any ReferenceTransform
    }
  }

  /// The lists of files and folders that its transforms name, each once; an empty list: the images of the run.
  package var referenceNames: [[String]] {
    referenceTransforms.reduce(into: []) { lists, transform in
      let names = transform.references.names
      if !lists.contains(names) { lists.append(names) }
    }
  }

  /// The names of the transforms that take the images of the run.
  package var needingReferences: [String] {
    referenceTransforms.filter { $0.references.names.isEmpty }.map { type(of: $0).name }
  }

  /// The names of the transforms that bring in the objects of other images.
  package var mergingTransforms: [String] {
    referenceTransforms.map { type(of: $0) as any ReferenceTransform.Type }.filter { $0.bringsObjects }.map { $0.name }
  }

  /// The pipeline with images for the transforms that take them, each those that it names.
  package func taking(_ references: [ReferenceImages]) -> Pipeline {
    let libraries = references.map { (names: $0.names, library: ReferenceLibrary($0)) }
    return taking { names in libraries.first { $0.names == names }?.library }
  }

  /// The pipeline with images for the transforms that take them, by the names that they have for them.
  package func taking(_ library: ([String]) -> ReferenceLibrary?) -> Pipeline {
    replacingRoot(
      root.replacingTransforms { transform in
        guard var taking = transform as? any ReferenceTransform else { return transform }
        taking.references.library = library(taking.references.names)
        return taking
      })
  }
}

extension PipelineNode {
  /// The node with other transforms in the same places.
  fileprivate func replacingTransforms(_ replace: (any Transform) -> any Transform) -> PipelineNode {
    if case .transform(let transform) = kind { return .transform(replace(transform), p: probability) }
    return replacingChildren(children.map { $0.replacingTransforms(replace) })
  }
}
