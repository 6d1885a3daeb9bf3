// An empty folder of a test's own, removed with everything in it at the end.
//
//   TemporaryFolder folder;
//   folder.Write("toy/toy.inter", "user_id:token\titem_id:token\n");
//   LoadDataset(folder / "toy", {});
#pragma once

#include <filesystem>
#include <string_view>

namespace shortlist {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  // Writes a file, and the folders it is to be in; returns its path.
  std::filesystem::path Write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace shortlist
