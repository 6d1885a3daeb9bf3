#include "data/dataset_folder.h"

#include <unistd.h>

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/dataset_spec.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

absl::Status Error(const fs::path& path, const std::error_code& error) {
  return absl::ErrnoToStatus(error.value(), path.string());
}

bool IsOfADataset(const fs::directory_entry& entry) {
  const fs::path ending = entry.path().extension();
  return entry.is_regular_file() &&
         (ending == ".inter" || ending == ".item" || ending == ".user" ||
          entry.path().filename().string().ends_with(".item.npy") ||
          entry.path().filename().string().ends_with(kDatasetSpecEnding));
}

// OK when a data set may be put at `path`.
absl::Status CheckFree(const fs::path& path, bool replace) {
  std::error_code error;
  fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return absl::OkStatus();
  if (!fs::is_directory(status))
    return absl::AlreadyExistsError(absl::StrCat(path.string(), " is there and no folder"));
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (!replace)
      return absl::AlreadyExistsError(
          absl::StrCat(path.string(), " is not empty (--force replaces a data set)"));
    if (!IsOfADataset(entry))
      return absl::AlreadyExistsError(absl::StrCat(
          path.string(), " holds more than a data set: ", entry.path().filename().string()));
  }
  return error ? Error(path, error) : absl::OkStatus();
}

fs::path WithSuffix(const fs::path& path, std::string_view what) {
  fs::path result = path;
  result += absl::StrCat(".", AbslView(what), ".", ::getpid());
  return result;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DatasetFolder>> DatasetFolder::Create(const fs::path& path,
                                                                     bool replace) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  RETURN_IF_ERROR(CheckFree(absolute, replace));
  std::unique_ptr<DatasetFolder> folder(new DatasetFolder(std::move(absolute), replace));
  if (!fs::create_directories(folder->temporary_, error) && error)
    return Error(folder->temporary_, error);
  return folder;
}

DatasetFolder::DatasetFolder(fs::path path, bool replace)
    : path_(std::move(path)), temporary_(WithSuffix(path_, "tmp")), replace_(replace) {}

DatasetFolder::~DatasetFolder() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

fs::path DatasetFolder::File(std::string_view ending) const {
  return temporary_ / absl::StrCat(path_.filename().string(), ".", AbslView(ending));
}

absl::Status DatasetFolder::Publish() {
  RETURN_IF_ERROR(CheckFree(path_, replace_));
  RETURN_IF_ERROR(Fsync(temporary_));
  std::error_code error;
  fs::path old = WithSuffix(path_, "old");
  if (replace_ && fs::exists(path_)) fs::rename(path_, old, error);
  if (!error) fs::rename(temporary_, path_, error);
  if (error) return Error(path_, error);
  fs::remove_all(old, error);
  return Fsync(path_.parent_path());
}

}  // namespace shortlist
