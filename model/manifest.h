// The manifest of a bundle: every file with its size and SHA-256. The SHA-256 of the list is the
// bundle's id (docs/formats.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

inline constexpr char kManifestFile[] = "manifest.json";
// Its field "format"; files of another are refused.
inline constexpr int kManifestFormat = 2;

struct ManifestEntry {
  std::string name;
  uint64_t bytes = 0;
  std::string sha256;  // Lower-case hexadecimal.
};

struct Manifest {
  std::string bundle_id;
  std::vector<ManifestEntry> files;  // By name.
};

// Lists and hashes the regular files of a folder and writes the manifest there.
absl::StatusOr<Manifest> WriteManifest(const std::filesystem::path& folder);

// Of a folder, whose files are not looked at. The id belongs to the list.
absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& folder);

// Reads the manifest and checks that every file it lists is there, unaltered.
absl::StatusOr<Manifest> VerifyManifest(const std::filesystem::path& folder);

}  // namespace shortlist
