import Imaging
import augment_cli
import Testing

struct PipelineExplanationTests {
  @Test func treeShowsTheChanceOfEachNode() throws {
    let pipeline = try Pipeline(
      text: """
        __class_fullname__: Compose
        seed: 3
        transforms:
        - __class_fullname__: OneOf
          p: 0.5
          transforms:
          - {__class_fullname__: HorizontalFlip, p: 0.25}
          - {__class_fullname__: NoOp, p: 0.75}
        - __class_fullname__: SomeOf
          n: 2
          p: 0.8
          transforms:
          - {__class_fullname__: HorizontalFlip, p: 0}
          - {__class_fullname__: RandomGamma, p: 1, gamma_limit: [50, 150]}
          - {__class_fullname__: RandomRotate90, p: 0.3}
        """, file: "p.yaml")
    #expect(
      pipeline.explanation == """
          Chance  Node
          ------  ----
           100 %  Compose: p 1, all in order
            50 %    OneOf: p 0.5, one of 2, p as weight
          12.5 %      HorizontalFlip: p 0.25
          37.5 %      NoOp: p 0.75, leaves the image unchanged
            80 %    SomeOf: p 0.8, 2 of 3, each with its own p
             0 %      HorizontalFlip: p 0
          53.3 %      RandomGamma: p 1, gamma_limit [50, 150]
            16 %      RandomRotate90: p 0.3

        Warnings:
        - HorizontalFlip: it never runs.
        - RandomRotate90: 25 % of its draws leave the image unchanged.

        Notes:
        - seed: the seed is an option of the run; ignored

        Chance that a copy is unchanged: 35.6 %

        """)
  }

  @Test func stepsThatNobodyWouldSeeAreNamed() {
    let text = Pipeline(.compose([.transform(ElasticTransform()), .oneOf([]), .oneOf([.noOp(p: 0)])])).explanation
    #expect(text.contains("- ElasticTransform: "))
    #expect(text.contains("- OneOf: it has no transforms and does nothing.\n"))
    #expect(text.contains("- OneOf: every child has p 0, so none is ever chosen.\n"))
  }

  @Test func pipelineThatDoesNothingIsSaidToDoNothing() {
    let text = Pipeline(.compose([.noOp()])).explanation
    #expect(text.hasSuffix("- Every copy is the unchanged image.\n\nChance that a copy is unchanged: 100 %\n"))
  }

  @Test func linesKeepToTheWidth() {
    for width in [60, 80, 100] {
      let texts = [
        PipelineExplanation.text(of: .default, width: width), TransformListing.text(width: width),
        TransformListing.overview(width: width),
      ]
      for line in texts.flatMap({ $0.split(separator: "\n") }) { #expect(line.count <= width, "\(line)") }
    }
  }

  @Test func listingNamesEveryTransformAndParameter() {
    let entries = TransformListing.text().split(separator: "\n\n").map(String.init)
    #expect(entries.count == TransformCatalog.all.count)
    for (type, entry) in zip(TransformCatalog.all, entries) {
      #expect(entry.hasPrefix("\(type.name)  (p "))
      #expect(entry.contains("\n  \(type.summary.prefix(20))"))
      #expect(
        entry.split(separator: "\n").count { $0.hasPrefix("    ") && !$0.hasPrefix("     ") } == parameterCount(type))
    }
    #expect(entries.contains { $0.contains(": \"camera\" or \"fisheye\"\n") })
  }

  @Test func overviewNamesEveryTransformAndComposition() {
    let lines = TransformListing.overview().split(separator: "\n")
    for name in TransformCatalog.all.map({ $0.name }) {
      #expect(lines.contains { $0.hasPrefix("  \(name) ") }, "\(name)")
    }
    for name in ["Compose", "OneOf", "SomeOf", "Sequential", "NoOp"] {
      #expect(lines.contains { $0.hasPrefix("  \(name) (p ") }, "\(name)")
    }
  }

  private func parameterCount<Change: Transform>(_ type: Change.Type) -> Int { Change.parameters.count }

  @Test func catalogNamesEachTransformOnce() {
    let names = TransformCatalog.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for name in names { #expect(TransformCatalog.type(named: name)?.name == name) }
    #expect(TransformCatalog.type(named: "Compose") == nil)
  }
}
