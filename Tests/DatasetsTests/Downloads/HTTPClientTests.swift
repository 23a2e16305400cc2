import CHTTP
import Datasets
import Platform
import SystemPackage
import TestSupport
import Testing

/// Facts of the client that need no server; `IngestTests` has the others.
struct HTTPClientTests {
  @Test(arguments: [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.1.2.3",
    "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "::ffff:8.8.8.8",
    "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::8.8.8.8", "100::1", "2001::1",
    "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "4000::1", "localhost", "", "127.1",
  ])
  func addressIsNotPublic(address: String) { #expect(unsafe chttp_is_private(address)) }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
    "169.253.1.1", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00::1", "3ffe::1",
    "64:ff9b::8.8.8.8",
  ])
  func addressIsPublic(address: String) { #expect(unsafe !chttp_is_private(address)) }

  private func failure(of url: String, _ options: HTTPClient.Options = .init()) throws -> DownloadFailure? {
    let client = try HTTPClient(options)
    do throws(DownloadFailure) {
      _ = try client.get(url)
      return nil
    } catch {
      return error
    }
  }

  @Test func fileIsReadOnlyIfThatIsAllowed() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/file"
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try AtomicFile.write(bytes.span, to: FilePath(path))
    #expect(try failure(of: "file://\(path)")?.cause == .badURL)
    var options = HTTPClient.Options()
    options.allowsFiles = true
    let response = try HTTPClient(options).get("file://\(path)")
    #expect(response.body == bytes && response.status == nil)
    options.largestByteCount = bytes.count
    #expect(try failure(of: "file://\(path)", options) == nil)
    options.largestByteCount = bytes.count - 1
    #expect(try failure(of: "file://\(path)", options)?.cause == .tooLarge)
    #expect(try failure(of: "file://\(path).missing", options)?.cause == .other)
  }

  @Test(arguments: ["ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "http://[/", "http://", "", "dict://127.0.0.1:1/x"])
  func urlOfAnotherKindIsRefused(url: String) throws { #expect(try failure(of: url)?.cause == .badURL) }

  @Test func serverThatIsNotThereIsADisconnection() throws {
    #expect(try failure(of: "http://127.0.0.1:1/")?.cause == .disconnected)
  }
}
