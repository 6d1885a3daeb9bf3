// What a power failure would leave of a folder: of every file what was in it when it was last
// flushed, and of every folder the names that it had then. What was not flushed is gone, renames
// included.
//
//   DurableDisk disk(models, [&] { disk.WriteTo(image); ... look at image ... });
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "common/files.h"

namespace shortlist {

class DurableDisk {
 public:
  // Watches every flush until it goes, and calls `after_each`. `root` and what is in it are on the
  // disk already.
  DurableDisk(std::filesystem::path root, std::function<void()> after_each)
      : root_(std::move(root)) {
    Flush(root_);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_))
      Flush(entry.path());
    ObserveFsync([this, after_each = std::move(after_each)](const std::filesystem::path& path) {
      Flush(path);
      after_each();
    });
  }
  ~DurableDisk() { ObserveFsync(nullptr); }
  DurableDisk(const DurableDisk&) = delete;
  DurableDisk& operator=(const DurableDisk&) = delete;

  // Makes `image` what the disk would hold now.
  void WriteTo(const std::filesystem::path& image) const {
    std::filesystem::remove_all(image);
    WriteFolder(InodeOf(root_), image);
  }

 private:
  static ino_t InodeOf(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
  }

  void Flush(const std::filesystem::path& path) {
    if (!std::filesystem::is_directory(path)) {
      std::ostringstream content;
      content << std::ifstream(path, std::ios::binary).rdbuf();
      files_[InodeOf(path)] = content.str();
      return;
    }
    std::map<std::string, std::pair<ino_t, bool>>& names = folders_[InodeOf(path)];
    names.clear();
    for (const auto& entry : std::filesystem::directory_iterator(path))
      names[entry.path().filename()] = {InodeOf(entry.path()), entry.is_directory()};
  }

  void WriteFolder(ino_t inode, const std::filesystem::path& to) const {
    std::filesystem::create_directory(to);
    const auto folder = folders_.find(inode);
    if (folder == folders_.end()) return;  // Never flushed: empty.
    for (const auto& [name, entry] : folder->second) {
      if (entry.second) {
        WriteFolder(entry.first, to / name);
      } else {
        const auto file = files_.find(entry.first);
        std::ofstream(to / name, std::ios::binary)
            << (file == files_.end() ? std::string() : file->second);
      }
    }
  }

  const std::filesystem::path root_;
  std::map<ino_t, std::string> files_;
  std::map<ino_t, std::map<std::string, std::pair<ino_t, bool>>> folders_;
};

}  // namespace shortlist
