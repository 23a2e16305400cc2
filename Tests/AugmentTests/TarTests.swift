import Foundation
import Glibc
import Imaging
import Jobs
import TestSupport
import Testing

/// Runs from tar to tar: what comes out is what a run from folder to folder makes, packed.
@Suite(.enabled(if: Tar.python != nil, "no python3 to make tars"))
struct TarTests {
  /// The tar that a run from folder to folder leads to, packed by Python.
  private func reference(in workspace: Workspace) throws -> String {
    _ = try Program.run(["augment", "in", "whole", "--copies", "3"], in: workspace)
    try workspace.pack("whole", "expected.tar")
    return try Tar.entries(of: "expected.tar", in: workspace)
  }

  private func entries(in workspace: Workspace) throws -> String { try Tar.entries(of: "out.tar", in: workspace) }

  @Test func tarHoldsWhatTheFolderWouldHoldWhateverTheRanks() throws {
    let workspace = try Workspace(images: 4)
    // The order of names is that of bytes, where '-' comes before '/'.
    for name in ["image0-b.jpg", "b/c/image9.png", "b-c.jpg", "über.jpg"] {
      try workspace.addImage("in/\(name)", as: name.hasSuffix("png") ? .png : .jpeg, seed: 9)
    }
    try workspace.addFolder("scratch")
    try workspace.pack("in", "in.tar")
    for (tar, ranks) in [("out.tar", "1"), ("more.tar", "3")] {
      let outcome = try workspace.augmentTar("in.tar", tar, "--ranks", ranks)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    let bytes = try #require(workspace.contents("out.tar"))
    #expect(bytes == workspace.contents("more.tar") && bytes.count.isMultiple(of: 10_240))
    #expect(try entries(in: workspace) == reference(in: workspace))
    #expect(workspace.scratch.isEmpty)
  }

  @Test(arguments: StrategyNames.all)
  func everyStrategyMakesTheSameTar(strategy: String) throws {
    let workspace = try Workspace.withTar(images: 3)
    let outcome = try workspace.augmentTar(
      "in.tar", "out.tar", "--strategy", strategy, "--ranks", strategy == "sequential" ? "1" : "3")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try entries(in: workspace) == reference(in: workspace))
  }

  /// But `convert`, which needs labels.
  @Test func everyJobTakesTars() throws {
    let workspace = try Workspace.withTar(images: 2)
    for job in JobCatalog.all where job.name != Convert.name {
      let options = [Prepare.name: ["--size", "32x32"], Quantize.name: ["--colors", "4"]][job.name] ?? []
      let outcome = try Program.run([job.name, "in.tar", "\(job.name).tar", "--tar"] + options, in: workspace)
      #expect(outcome.status == 0, "\(job): \(outcome.errorText)")
      let count = try Tar.run(#"print(len(tarfile.open("\#(job.name).tar").getnames()))"#, in: workspace)
      #expect(count == (job.name == Augment.name ? "10" : "2"), "\(job)")
    }
  }

  @Test(arguments: ["w:gz", "w:bz2", "w:xz"])
  func compressedTarsAreRead(mode: String) throws {
    let workspace = try Workspace.withTar(images: 2)
    try workspace.pack("in", "in.tar.z", mode: mode)
    #expect(try workspace.augmentTar("in.tar.z", "out.tar").status == 0)
    #expect(try entries(in: workspace) == reference(in: workspace))
  }

  /// Blocks after the end are read, or the writer before the pipe would fail.
  @Test func pipesTakeTheTars() throws {
    let workspace = try Workspace.withTar(images: 3)
    try Tar.run(#"open("in.tar", "ab").write(bytes(1 << 20))"#, in: workspace)
    let outcome = try Program.run(
      ["augment", "-", "-", "--tar", "--copies", "3", "--scratch", "scratch"], in: workspace,
      prefix: ["bash", "-o", "pipefail", "-c", #"cat in.tar | "$@" | cat > out.tar"#, "bash"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try entries(in: workspace) == reference(in: workspace))
    #expect(workspace.scratch.isEmpty)
  }

  @Test func readerThatLeavesEndsTheRun() throws {
    let workspace = try Workspace.withTar(images: 30)
    let outcome = try Program.run(
      ["augment", "in.tar", "-", "--tar", "--copies", "9", "--scratch", "scratch"], in: workspace,
      prefix: ["bash", "-o", "pipefail", "-c", #""$@" | head -c 10 > out.tar"#, "bash"])
    #expect(outcome.status == 2 && outcome.errorText.contains("standard output: cannot write: Broken pipe"))
    #expect(workspace.scratch.isEmpty)
  }

  // Labels.

  @Test func labelsBesideTheImagesFollow() throws {
    let workspace = try Workspace()
    try workspace.addFolder("scratch")
    for name in ["00012", "00013"] {
      try workspace.addImage("in/\(name).jpg", seed: 1)
      try workspace.addFile("in/\(name).txt", "0 0.5 0.5 0.2 0.2\n1 0.2 0.3 0.1 0.1\n")
    }
    try workspace.addFile("in/data.yaml", "names: [cat, dog]\n")
    try workspace.pack("in", "in.tar")
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let names = try Tar.run(#"print(*tarfile.open("out.tar").getnames())"#, in: workspace).split(separator: " ")
    #expect(names.contains("00012_aug000000.jpg") && names.contains("00013_aug000002.txt"), "\(names)")
    #expect(try entries(in: workspace) == reference(in: workspace))
    let converted = try Program.run(["convert", "in.tar", "voc.tar", "--tar", "--label-output", "voc"], in: workspace)
    #expect(converted.status == 0, "\(converted.errorText)")
    #expect(try Tar.entries(of: "voc.tar", in: workspace).contains("Annotations/00012.xml"))
  }

  @Test func faultOfALabelNamesTheTar() throws {
    let workspace = try Workspace.withTar(images: 1)
    try workspace.addFile("in/image0.xml", "<annotation\n")
    try workspace.pack("in", "in.tar")
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 1, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("in.tar/image0.xml:1: is not XML"), "\(outcome.errorText)")
  }

  @Test(arguments: LabelledDataSet.Content.allCases)
  func dataSetsFollow(content: LabelledDataSet.Content) throws {
    let workspace = try Workspace()
    try workspace.addFolder("scratch")
    try LabelledDataSet.write(content, to: workspace)
    try workspace.pack("in", "in.tar")
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try entries(in: workspace) == reference(in: workspace))
  }

  // Names.

  @Test func longNamesAndNamesThatAreNotUTF8AreKept() throws {
    let workspace = try Workspace.withTar(images: 1)
    try Tar.run(
      #"""
      with made(format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape") as tar:
        for name in [b"caf\xe9.jpg", b"d" * 90 + b"/" + b"e" * 90 + b".jpg", b"d" * 160 + b"/f.jpg",
                     "ü".encode() * 80 + b".jpg", b"\xff" * 120 + b".jpg", b"./here/./is/it.jpg"]:
          add(tar, os.fsdecode(name), image)
      """#, in: workspace)
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let names = try Tar.run(
      #"""
      names = [os.fsencode(name) for name in tarfile.open("out.tar", encoding="utf-8").getnames()]
      stems = [b"caf\xe9", b"d" * 90 + b"/" + b"e" * 90, b"d" * 160 + b"/f", "ü".encode() * 80, b"\xff" * 120,
               b"here/is/it"]
      print(names == sorted(stem + b"_aug%06d.jpg" % copy for stem in stems for copy in range(3)))
      """#, in: workspace)
    #expect(names == "True")
  }

  // Hostile tars: how one is made, and what is said of it.

  private static let refused: [(script: String, text: String)] = [
    (#"with made() as tar: add(tar, "/etc/x.jpg", image)"#, "/etc/x.jpg leads out of the tar"),
    (#"with made() as tar: add(tar, "a/../../x.jpg", image)"#, "a/../../x.jpg leads out of the tar"),
    (#"with made() as tar: add(tar, "a.jpg", image); add(tar, "a.jpg/b.jpg", image)"#, "is both a file and a folder"),
    (#"with made() as tar: add(tar, "a.jpg/b.jpg", image); add(tar, "a.jpg", image)"#, "is both a file and a folder"),
    (#"open("in.tar", "wb").write(b"hello" * 4000)"#, "in.tar: not a tar"),
    (#"open("in.tar", "wb").write(image)"#, "in.tar: not a tar"),
    (#"open("in.tar", "wb")"#, "in.tar: not a tar"),
    (#"pack("in", "whole.tar"); open("in.tar", "wb").write(open("whole.tar", "rb").read()[:1500])"#, "cut off"),
    // Between two entries.
    (
      #"""
      pack("in", "x.tar")
      tar = tarfile.open("x.tar")
      last = tar.getmembers()[-1]
      end = last.offset_data + (last.size + 511) // 512 * 512
      open("in.tar", "wb").write(open("x.tar", "rb").read()[:end])
      """#, "cut off: it ends without"
    ),
    (#"pack("in", "x.tgz", "w:gz"); open("in.tar", "wb").write(open("x.tgz", "rb").read()[:1500])"#, "cut off"),
    (#"with made() as tar: add(tar, "n" * 300 + ".jpg", image)"#, "File name too long"),
    (#"with made() as tar: add(tar, "a.txt", b"no image")"#, "in.tar: no images here"),
  ]

  @Test(arguments: refused.indices)
  func hostileTarIsRefusedInASentence(index: Int) throws {
    let workspace = try Workspace.withTar(images: 2)
    try Tar.run(Self.refused[index].script, in: workspace)
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 2 && outcome.errorLines.count == 1)
    #expect(outcome.errorText.contains(Self.refused[index].text), "\(outcome.errorText)")
    #expect(workspace.contents("out.tar") == nil && workspace.scratch.isEmpty)
    #expect(workspace.tree.temporaries.isEmpty)
  }

  /// A header may promise what no disk has; a sparse file counts as what it would be read as.
  @Test(arguments: [
    #"""
    info = tarfile.TarInfo("a.jpg")
    info.size = 1 << 50
    open("in.tar", "wb").write(info.tobuf(tarfile.GNU_FORMAT))
    """#,
    #"""
    sparse = {"major": "1", "minor": "0", "name": "a.jpg", "realsize": str(1 << 50)}
    with made(format=tarfile.PAX_FORMAT) as tar:
      add(tar, "a.jpg", b"1\n0\n1\n".ljust(512, b"\0") + b"x",
          pax_headers={"GNU.sparse." + key: value for key, value in sparse.items()})
    """#,
  ])
  func fileLargerThanTheDiskIsAShortage(script: String) throws {
    let workspace = try Workspace.withTar(images: 1)
    try Tar.run(script, in: workspace)
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 75, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("a.jpg has 1125899906842624 bytes"), "\(outcome.errorText)")
    #expect(workspace.contents("out.tar") == nil && workspace.scratch.isEmpty)
  }

  @Test func linksAndDevicesAreLeftOutAndCounted() throws {
    let workspace = try Workspace.withTar(images: 1)
    try Tar.run(
      #"""
      with made() as tar:
        add(tar, "folder", type=tarfile.DIRTYPE)
        add(tar, "link.jpg", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add(tar, "image0.jpg", image)
        add(tar, "hard.jpg", type=tarfile.LNKTYPE, linkname="image0.jpg")
        add(tar, "null", type=tarfile.CHRTYPE, devmajor=1, devminor=3)
        add(tar, "fifo", type=tarfile.FIFOTYPE)
        # Through a link: it was not made.
        add(tar, "to", type=tarfile.SYMTYPE, linkname="/tmp")
        add(tar, "to/image0.jpg", image)
      """#, in: workspace)
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("in.tar: left out 5 of its entries"), "\(outcome.errorText)")
    let names = try Tar.run(#"print(len(tarfile.open("out.tar").getnames()))"#, in: workspace)
    #expect(names == "6")
  }

  @Test func lastFileOfANameCounts() throws {
    let workspace = try Workspace.withTar(images: 1)
    try Tar.run(
      #"with made() as tar: add(tar, "image0.jpg", b"none"); add(tar, "./image0.jpg", image)"#, in: workspace)
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("in.tar: 1 of its names came again"), "\(outcome.errorText)")
    #expect(try entries(in: workspace) == reference(in: workspace))
  }

  @Test func tarOfTheRestIsPublishedIfAnImageFails() throws {
    let workspace = try Workspace.withTar(images: 2)
    try workspace.addFile("in/broken.jpg", "\u{FFFD}")
    try workspace.pack("in", "in.tar")
    let outcome = try workspace.augmentTar("in.tar", "out.tar")
    #expect(outcome.status == 1 && outcome.errorText.contains("broken.jpg: "))
    #expect(try entries(in: workspace) == reference(in: workspace))
  }

  // Refusals.

  @Test(arguments: [
    ["in.tar", "out.tar", "--resume"], ["in.tar", "-", "--shard", "0/2"], ["in.tar", "out.tar", "--no-saving"],
    ["-", "out.tar", "--shards", "2", "--cluster", "local"], ["in.tar", "-", "--overwrite"],
    ["in.tar", "-", "--json"], ["in.tar", ""], ["in", "out.tar"], ["in.tar", "scratch"],
  ])
  func optionsThatMeanNothingAreRefused(arguments: [String]) throws {
    let workspace = try Workspace.withTar(images: 1)
    let outcome = try Program.run(["augment"] + arguments + ["--tar"], in: workspace)
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.errorText)")
    #expect(workspace.contents("out.tar") == nil)
  }

  @Test func tarThatIsThereIsReplacedOnlyIfTheUserSaysSo() throws {
    let workspace = try Workspace.withTar(images: 1)
    try workspace.addFile("out.tar", "precious")
    let refused = try workspace.augmentTar("in.tar", "out.tar")
    #expect(refused.status == 2 && refused.errorText.contains("out.tar is there already"))
    #expect(workspace.contents("out.tar") == Data("precious".utf8))
    #expect(try workspace.augmentTar("in.tar", "out.tar", "--overwrite").status == 0)
    #expect(try entries(in: workspace) == reference(in: workspace))
    let onItself = try workspace.augmentTar("in.tar", "in.tar", "--overwrite")
    #expect(onItself.status == 2 && onItself.errorText.contains("in.tar is the input itself"))
  }

  // Signals.

  private func expectNothingLeft(_ outcome: Program.Outcome, in workspace: Workspace) {
    #expect(outcome.status == 128 + SIGTERM && outcome.errorLines.last == "augment-cli: stopped by SIGTERM")
    #expect(!outcome.errorText.contains("to go on"))
    #expect(workspace.scratch.isEmpty && workspace.contents("out.tar") == nil && workspace.tree.temporaries.isEmpty)
  }

  /// Waits until something lies in the scratch folder whose path ends like this.
  private func wait(for ending: String, in workspace: Workspace) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      if workspace.scratch.contains(where: { $0.hasSuffix(ending) }) { return true }
      sched_yield()
    }
    return false
  }

  @Test func signalWhileAPipeBlocksLeavesNothing() throws {
    let workspace = try Workspace.withTar(images: 1)
    try #require(unsafe mkfifo(workspace.absolute("pipe"), 0o600) == 0)
    // Held open, so that neither end waits for the other.
    let pipe = unsafe open(workspace.absolute("pipe"), O_RDWR | O_CLOEXEC)
    defer { close(pipe) }
    let program = try Program(["augment", "pipe", "out.tar", "--tar", "--scratch", "scratch"], in: workspace)
    #expect(wait(for: "/input", in: workspace))
    program.send(SIGTERM)
    expectNothingLeft(program.wait(), in: workspace)
  }

  @Test func signalInTheRunLeavesNothing() throws {
    let workspace = try Workspace.withTar(images: 40)
    let program = try Program(
      ["augment", "in.tar", "out.tar", "--tar", "--copies", "50", "--scratch", "scratch"], in: workspace)
    #expect(wait(for: "_aug000000.jpg", in: workspace))
    program.send(SIGTERM)
    expectNothingLeft(program.wait(), in: workspace)
  }

  @Test func killedProcessLeavesAFolderThatNamesIt() throws {
    let workspace = try Workspace.withTar(images: 40)
    let program = try Program(
      ["augment", "in.tar", "out.tar", "--tar", "--copies", "50", "--scratch", "scratch"], in: workspace)
    #expect(wait(for: "_aug000000.jpg", in: workspace))
    program.send(SIGKILL)
    #expect(program.wait().status == 128 + SIGKILL)
    #expect(workspace.scratch.contains { $0.hasPrefix("augment-tar-\(program.pid)-") })
    #expect(workspace.contents("out.tar") == nil)
  }
}
