/// What comes into the tars that a run in shards writes.
package enum TarOutput: String, Codable, Hashable, Sendable {
  /// The listing names tars, and of each comes one.
  case ofTar = "tar"
  /// The listing names images, and all that comes of those of a shard goes into one.
  case ofShard = "shard"
}
