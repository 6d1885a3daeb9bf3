#include "model/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

nlohmann::json FileList(const std::vector<ManifestEntry>& files) {
  nlohmann::json list = nlohmann::json::array();
  for (const ManifestEntry& file : files)
    list.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  return list;
}

std::string BundleId(const std::vector<ManifestEntry>& files) {
  return Sha256(FileList(files).dump());
}

absl::Status Damaged(const std::filesystem::path& file, const std::string& what) {
  return absl::DataLossError(absl::StrCat(file.string(), ": ", what));
}

}  // namespace

absl::StatusOr<Manifest> WriteManifest(const std::filesystem::path& folder) {
  Manifest manifest;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (!entry->is_regular_file(error) || entry->path().filename() == kManifestFile) continue;
    ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(entry->path()));
    manifest.files.push_back({.name = entry->path().filename().string(),
                              .bytes = file->content().size(),
                              .sha256 = Sha256(file->content())});
  }
  if (error) return absl::ErrnoToStatus(error.value(), folder.string());
  std::sort(manifest.files.begin(), manifest.files.end(),
            [](const ManifestEntry& a, const ManifestEntry& b) { return a.name < b.name; });
  manifest.bundle_id = BundleId(manifest.files);
  const nlohmann::json json = {{"format", kManifestFormat},
                               {"bundle_id", manifest.bundle_id},
                               {"files", FileList(manifest.files)}};
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
    if (json.at("format").get<int>() != kManifestFormat)
      return Damaged(path, "written in another format version");
    json.at("bundle_id").get_to(manifest.bundle_id);
    for (const nlohmann::json& file : json.at("files"))
      manifest.files.push_back({.name = file.at("name").get<std::string>(),
                                .bytes = file.at("bytes").get<uint64_t>(),
                                .sha256 = file.at("sha256").get<std::string>()});
  } catch (const nlohmann::json::exception& e) {
    return Damaged(path, absl::StrCat("not a manifest: ", e.what()));
  }
  if (BundleId(manifest.files) != manifest.bundle_id)
    return Damaged(path, "the bundle id does not belong to the list of files");
  return manifest;
}

absl::StatusOr<Manifest> VerifyManifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kManifestFile;
  ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(folder));
  for (const ManifestEntry& file : manifest.files) {
    const std::filesystem::path file_path = folder / file.name;
    if (std::filesystem::path(file.name).filename() != file.name)
      return Damaged(path, "lists a file outside the bundle: " + file.name);
    std::error_code code;
    const uint64_t bytes = std::filesystem::file_size(file_path, code);
    if (code) return Damaged(file_path, "missing, though the manifest lists it");
    if (bytes != file.bytes)
      return Damaged(file_path, absl::StrCat("has ", bytes, " bytes instead of ", file.bytes));
    ASSIGN_OR_RETURN(std::string sha256, Sha256OfFile(file_path));
    if (sha256 != file.sha256)
      return Damaged(file_path, "altered: its SHA-256 is not the one in the manifest");
  }
  return manifest;
}

}  // namespace shortlist
