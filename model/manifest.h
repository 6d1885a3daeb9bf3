// The manifest of a bundle: every file with its size and hash. The SHA-256 of the list is the
// bundle's id (docs/formats.md).
//
// The hash is one of a tree, so that all cores can work on one file: the SHA-256 of the SHA-256s of
// the file's chunks. Manifests of the format before, with the SHA-256 of each file as a whole, are
// read as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

inline constexpr char kManifestFile[] = "manifest.json";
// Its field "format". Files of other formats than these two are refused.
inline constexpr int kManifestFormat = 3;
inline constexpr int kManifestFormatBefore = 2;
// Of a file but for its last chunk.
inline constexpr size_t kHashChunkBytes = size_t{4} << 20;

struct ManifestEntry {
  std::string name;
  uint64_t bytes = 0;
  std::string hash;  // Lower-case hexadecimal.
};

struct Manifest {
  int format = kManifestFormat;
  std::string bundle_id;
  std::vector<ManifestEntry> files;  // By name.
};

// Lists and hashes the regular files of a folder and writes the manifest there. `format` is one of
// the two.
absl::StatusOr<Manifest> WriteManifest(const std::filesystem::path& folder,
                                       int format = kManifestFormat);

// Of a folder, whose files are not looked at. The id belongs to the list.
absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& folder);

// Reads the manifest and checks that every file it lists is there, unaltered, by so many threads;
// 0: one per core.
absl::StatusOr<Manifest> VerifyManifest(const std::filesystem::path& folder, size_t threads = 0);

}  // namespace shortlist
