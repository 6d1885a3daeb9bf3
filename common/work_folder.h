// A new, empty folder for what training writes only to read it back, among the system's temporary
// files ($TMPDIR); removed with everything in it at the end.
//
//   ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Create());
//   RETURN_IF_ERROR(WriteTwoTower(towers, dataset, work->path() / "towers.arr"));
#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"

namespace shortlist {

class WorkFolder {
 public:
  // Errors name the folder that could not be made.
  static absl::StatusOr<std::unique_ptr<WorkFolder>> Create();
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // A new folder in it.
  absl::StatusOr<std::filesystem::path> Make(const char* name) const;

 private:
  explicit WorkFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace shortlist
