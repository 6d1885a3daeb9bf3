// The folder of a data set that is being written. It grows under a temporary name beside its final
// one and appears under that only when it is complete; an unfinished one is removed.
//
//   ASSIGN_OR_RETURN(auto folder, DatasetFolder::Create("datasets/movielens", /*replace=*/false));
//   WriteTo(folder->File("inter"));
//   RETURN_IF_ERROR(folder->Publish());
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

class DatasetFolder {
 public:
  // `path` must be a name that is free or an empty folder or, with `replace`, a folder that holds
  // nothing but atomic files and a spec of them.
  static absl::StatusOr<std::unique_ptr<DatasetFolder>> Create(const std::filesystem::path& path,
                                                               bool replace);
  ~DatasetFolder();
  DatasetFolder(const DatasetFolder&) = delete;
  DatasetFolder& operator=(const DatasetFolder&) = delete;

  // Where to write NAME.ENDING, NAME being that of the final folder.
  std::filesystem::path File(std::string_view ending) const;
  // Puts the folder, with what was written, in its place.
  absl::Status Publish();

 private:
  DatasetFolder(std::filesystem::path path, bool replace);

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  bool replace_;
};

}  // namespace shortlist
