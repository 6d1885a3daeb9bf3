// What a person should know of how a data set was read: which columns were ignored or taken for
// something else than their header says, and why. Logged at once, and kept for the data report.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/log.h"

namespace shortlist {

class LoadNotes {
 public:
  // `path` is the file that it is about; empty where it is about all.
  void Inform(const std::filesystem::path& path, std::string_view note) {
    LogInfo(Keep(path, note));
  }
  void Warn(const std::filesystem::path& path, std::string_view note) {
    LogWarning(Keep(path, note));
  }

  // "films.item: column url is left out: ...", in their order. Files are named without their
  // folder: the same files give the same notes wherever they are.
  const std::vector<std::string>& all() const { return all_; }

 private:
  // With the whole path.
  std::string Keep(const std::filesystem::path& path, std::string_view note) {
    const auto after = [&](const std::string& name) {
      return name.empty() ? std::string(note) : name + ": " + std::string(note);
    };
    all_.push_back(after(path.filename().string()));
    return after(path.string());
  }

  std::vector<std::string> all_;
};

}  // namespace shortlist
