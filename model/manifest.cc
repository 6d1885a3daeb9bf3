#include "model/manifest.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/files.h"
#include "common/parallel.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// The hash of an entry, by format.
const char* HashField(int format) { return format == kManifestFormat ? "tree_sha256" : "sha256"; }

nlohmann::json FileList(const Manifest& manifest) {
  nlohmann::json list = nlohmann::json::array();
  for (const ManifestEntry& file : manifest.files)
    list.push_back(
        {{"name", file.name}, {"bytes", file.bytes}, {HashField(manifest.format), file.hash}});
  return list;
}

std::string BundleId(const Manifest& manifest) { return Sha256(FileList(manifest).dump()); }

absl::Status Damaged(const std::filesystem::path& file, const std::string& what) {
  return absl::DataLossError(absl::StrCat(file.string(), ": ", what));
}

// The hash of each file, whose chunks all threads share.
std::vector<std::string> HashesOf(const std::vector<std::shared_ptr<const MappedFile>>& files,
                                  int format, size_t threads) {
  struct Chunk {
    std::string_view content;
    std::string hash;
  };
  std::vector<Chunk> chunks;
  std::vector<size_t> begins;  // Of each file's chunks.
  for (const std::shared_ptr<const MappedFile>& file : files) {
    begins.push_back(chunks.size());
    std::string_view content = file->content();
    const size_t bytes = format == kManifestFormat ? kHashChunkBytes : content.size();
    do {
      chunks.push_back({content.substr(0, bytes), ""});
      content.remove_prefix(std::min(bytes, content.size()));
    } while (!content.empty());
  }
  begins.push_back(chunks.size());
  WorkerPool workers(threads);
  workers.ForEach(chunks.size(), [&](size_t i) { chunks[i].hash = Sha256(chunks[i].content); });
  std::vector<std::string> hashes;
  for (size_t f = 0; f < files.size(); ++f)
    hashes.push_back(
        format == kManifestFormat
            ? Sha256(absl::StrJoin(chunks.begin() + static_cast<ptrdiff_t>(begins[f]),
                                   chunks.begin() + static_cast<ptrdiff_t>(begins[f + 1]), "",
                                   [](std::string* out, const Chunk& c) { *out += c.hash; }))
            : chunks[begins[f]].hash);
  return hashes;
}

}  // namespace

absl::StatusOr<Manifest> WriteManifest(const std::filesystem::path& folder, int format) {
  Manifest manifest{.format = format, .bundle_id = {}, .files = {}};
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (!entry->is_regular_file(error) || entry->path().filename() == kManifestFile) continue;
    manifest.files.push_back({.name = entry->path().filename().string(), .bytes = 0, .hash = {}});
  }
  if (error) return absl::ErrnoToStatus(error.value(), folder.string());
  std::sort(manifest.files.begin(), manifest.files.end(),
            [](const ManifestEntry& a, const ManifestEntry& b) { return a.name < b.name; });
  std::vector<std::shared_ptr<const MappedFile>> files;
  for (ManifestEntry& file : manifest.files) {
    ASSIGN_OR_RETURN(files.emplace_back(), MappedFile::Open(folder / file.name));
    file.bytes = files.back()->content().size();
  }
  const std::vector<std::string> hashes = HashesOf(files, format, /*threads=*/0);
  for (size_t i = 0; i < hashes.size(); ++i) manifest.files[i].hash = hashes[i];
  manifest.bundle_id = BundleId(manifest);
  const nlohmann::json json = {
      {"format", format}, {"bundle_id", manifest.bundle_id}, {"files", FileList(manifest)}};
  RETURN_IF_ERROR(WriteFileAtomically(folder / kManifestFile, json.dump(2) + "\n"));
  return manifest;
}

absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kManifestFile;
  ASSIGN_OR_RETURN(std::string text, ReadFile(path));
  Manifest manifest;
  // The one place that meets the JSON library's exceptions for manifests.
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    json.at("format").get_to(manifest.format);
    if (manifest.format != kManifestFormat && manifest.format != kManifestFormatBefore)
      return Damaged(path, "written in another format version");
    json.at("bundle_id").get_to(manifest.bundle_id);
    for (const nlohmann::json& file : json.at("files"))
      manifest.files.push_back({.name = file.at("name").get<std::string>(),
                                .bytes = file.at("bytes").get<uint64_t>(),
                                .hash = file.at(HashField(manifest.format)).get<std::string>()});
  } catch (const nlohmann::json::exception& e) {
    return Damaged(path, absl::StrCat("not a manifest: ", e.what()));
  }
  if (BundleId(manifest) != manifest.bundle_id)
    return Damaged(path, "the bundle id does not belong to the list of files");
  return manifest;
}

absl::StatusOr<Manifest> VerifyManifest(const std::filesystem::path& folder, size_t threads) {
  const std::filesystem::path path = folder / kManifestFile;
  ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(folder));
  std::vector<std::shared_ptr<const MappedFile>> files;
  for (const ManifestEntry& file : manifest.files) {
    const std::filesystem::path file_path = folder / file.name;
    if (std::filesystem::path(file.name).filename() != file.name)
      return Damaged(path, "lists a file outside the bundle: " + file.name);
    std::error_code code;
    const uint64_t bytes = std::filesystem::file_size(file_path, code);
    if (code) return Damaged(file_path, "missing, though the manifest lists it");
    if (bytes != file.bytes)
      return Damaged(file_path, absl::StrCat("has ", bytes, " bytes instead of ", file.bytes));
    ASSIGN_OR_RETURN(files.emplace_back(), MappedFile::Open(file_path));
  }
  const std::vector<std::string> hashes = HashesOf(files, manifest.format, threads);
  for (size_t i = 0; i < hashes.size(); ++i)
    if (hashes[i] != manifest.files[i].hash)
      return Damaged(folder / manifest.files[i].name,
                     "altered: its SHA-256 is not the one in the manifest");
  return manifest;
}

}  // namespace shortlist
