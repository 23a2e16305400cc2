// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: warnings are errors, and each use of unsafe memory is marked where it stands.
let swiftSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let cSettings: [CSetting] = [.headerSearchPath("."), .enableWarning("all"), .treatAllWarnings(as: .error)]

/// OpenCV by include path and two libraries: its pkg-config file would load 374 shared objects into every process.
/// Only the imaging targets carry this flag, so that ProcPool can be depended on alone.
let cxxSettings: [CXXSetting] = [
  .unsafeFlags(["-isystem", "/usr/include/opencv4"]),
  .headerSearchPath("."),  // Highway includes a kernel's file again for each instruction set
  .enableWarning("all"),
  .treatAllWarnings(as: .error),
]

/// Headers of Pango and Cairo only: the libraries are loaded by the process that draws text.
let textSettings: [CSetting] =
  cSettings + [
    .unsafeFlags(
      [
        "pango-1.0", "glib-2.0", "harfbuzz", "cairo", "../lib/x86_64-linux-gnu/glib-2.0/include",
        "../lib/aarch64-linux-gnu/glib-2.0/include",
      ].flatMap { ["-isystem", "/usr/include/\($0)"] })
  ]

/// Paths, error numbers and the status of files, which those name who use Platform.
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "augment",
  products: [
    .library(name: "ProcPool", targets: ["ProcPool"]),
    .executable(name: "augment-cli", targets: ["augment-cli"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // Processes; know no image.
    .target(name: "CProcPool", cSettings: cSettings),
    .target(name: "ProcPool", dependencies: ["CProcPool"], swiftSettings: swiftSettings),
    .executableTarget(name: "pool-probe", dependencies: ["ProcPool", "CProcPool"], swiftSettings: swiftSettings),
    .executableTarget(name: "pool-bench", dependencies: ["ProcPool"], swiftSettings: swiftSettings),

    // Files, errors, clocks and the machine, over swift-system. ProcPool does without: it is used alone, and depends on
    // nothing but its own C target.
    .target(name: "CPlatform", cSettings: cSettings),
    .target(name: "Platform", dependencies: ["CPlatform", systemPackage], swiftSettings: swiftSettings),

    // Pixels; know no process.
    .target(
      name: "CImaging",
      cSettings: cSettings,
      cxxSettings: cxxSettings,
      linkerSettings: [
        .linkedLibrary("opencv_core"), .linkedLibrary("opencv_imgproc"), .linkedLibrary("jpeg"),
        .linkedLibrary("png16"), .linkedLibrary("hwy"), .linkedLibrary("turbojpeg"), .linkedLibrary("webp"),
        .linkedLibrary("z"),
      ]),
    .systemLibrary(name: "CYAML"),
    .target(name: "CText", cSettings: textSettings, linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "CClipper", cxxSettings: [.enableWarning("all"), .treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("polyclipping")]),
    .target(
      name: "Imaging", dependencies: ["Platform", systemPackage, "CImaging", "CText", "CYAML", "CClipper"],
      swiftSettings: swiftSettings),

    // Generated images and contact sheets: what to look at and to measure where there are no photographs.
    .target(name: "Scenes", dependencies: ["Imaging"], swiftSettings: swiftSettings),

    // Downloads. It loads libcurl when it is needed, and links nothing.
    .target(name: "CHTTP", cSettings: cSettings),

    // Tars to read. It loads libarchive when it is needed, and links nothing.
    .target(name: "CArchive", cSettings: cSettings),

    // JSON as a stream, by RapidJSON, which is headers only: nothing is linked.
    .target(
      name: "CJSON",
      cxxSettings: [.enableWarning("all"), .treatAllWarnings(as: .error)]),

    // What lies in folders and behind URLs: listing, names, labels, outputs, downloads.
    .systemLibrary(name: "CExpat"),
    .systemLibrary(name: "CZstd"),
    .target(
      name: "Datasets",
      dependencies: ["Platform", systemPackage, "Imaging", "CArchive", "CExpat", "CZstd", "CHTTP", "CJSON"],
      swiftSettings: swiftSettings),

    // What is done to an image: one file a job.
    .target(
      name: "Jobs",
      dependencies: ["Datasets", "Imaging", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swiftSettings),

    // Who reads, transforms and saves.
    .target(
      name: "Strategies", dependencies: ["Platform", systemPackage, "ProcPool", "Jobs", "Datasets", "Imaging"],
      swiftSettings: swiftSettings),

    .executableTarget(
      name: "team-probe",
      dependencies: ["Platform", systemPackage, "Strategies", "Jobs", "Datasets", "ProcPool", "Imaging", "Scenes"],
      swiftSettings: swiftSettings),

    // Studies: what is measured, kept and compared.
    .target(
      name: "Studies",
      dependencies: [
        "Platform", systemPackage, "Strategies", "Jobs", "Datasets", "ProcPool", "Imaging", "Scenes",
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: swiftSettings),

    .executableTarget(
      name: "augment-cli",
      dependencies: [
        "Platform", systemPackage, "Studies", "Strategies", "Jobs", "Datasets", "Imaging", "Scenes", "ProcPool",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // Programs to copy from.
    .executableTarget(
      name: "folder-checksum", dependencies: ["ProcPool"], path: "Examples/folder-checksum",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "monte-carlo", dependencies: ["ProcPool"], path: "Examples/monte-carlo", swiftSettings: swiftSettings),
    .executableTarget(
      name: "image-job", dependencies: ["Platform", "ProcPool", "Imaging", "Scenes"], path: "Examples/image-job",
      swiftSettings: swiftSettings),

    // What the tests of several targets need: data, folders, random numbers, faults.
    .target(
      name: "TestSupport", dependencies: ["Imaging"], path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .testTarget(
      name: "ProcPoolTests",
      dependencies: ["ProcPool", "pool-probe", "folder-checksum", "monte-carlo", "image-job", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PlatformTests", dependencies: ["Platform", systemPackage, "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "CImaging", "Scenes", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(name: "ScenesTests", dependencies: ["Scenes", "Imaging"], swiftSettings: swiftSettings),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "CHTTP", "Platform", systemPackage, "Imaging", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "StrategiesTests",
      dependencies: ["Platform", "Strategies", "team-probe", "Jobs", "Datasets", "ProcPool", "Imaging", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "StudiesTests",
      dependencies: ["Platform", "Studies", "Strategies", "Jobs", "Datasets", "Imaging", "Scenes", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "AugmentTests",
      dependencies: [
        "augment-cli", "Studies", "Strategies", "Jobs", "Datasets", "Platform", systemPackage, "Imaging", "Scenes",
        "TestSupport",
      ],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17,
  cxxLanguageStandard: .cxx20
)

// What experiments/fuzzing/fuzz.py builds, and nobody else: it needs libFuzzer to be linked.
if Context.environment["AUGMENT_FUZZ_TARGETS"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "experiments/fuzzing/CFuzzer"),
    .executableTarget(
      name: "fuzz-readers",
      dependencies: ["CFuzzer", "CZstd", "Platform", "Imaging", "Datasets", "Jobs", "Strategies"],
      path: "experiments/fuzzing/fuzz-readers", swiftSettings: swiftSettings),
  ]
}
