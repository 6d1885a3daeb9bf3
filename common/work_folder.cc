#include "common/work_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace shortlist {

absl::StatusOr<std::unique_ptr<WorkFolder>> WorkFolder::Create() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error)
    return absl::FailedPreconditionError(
        absl::StrCat("there is no folder for temporary files (TMPDIR): ", error.message()));
  std::string path = (parent / "shortlist-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) return absl::ErrnoToStatus(errno, path);
  return std::unique_ptr<WorkFolder>(new WorkFolder(path));
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

absl::StatusOr<std::filesystem::path> WorkFolder::Make(const char* name) const {
  std::filesystem::path folder = path_ / name;
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) return absl::ErrnoToStatus(error.value(), folder.string());
  return folder;
}

}  // namespace shortlist
