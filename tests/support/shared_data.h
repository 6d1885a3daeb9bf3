// Real data sets that are too large, or not free enough, to be part of the project.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace shortlist {

// Where they lie: $SHORTLIST_SHARED_DATA, by default ../shared/data beside the source. Tests skip
// where a data set is absent:
//
//   std::filesystem::path folder = SharedDataset("ml-100k");
//   if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
inline std::filesystem::path SharedDataset(const std::string& name) {
  const char* folder = std::getenv("SHORTLIST_SHARED_DATA");
  return std::filesystem::path(folder != nullptr ? folder : SHORTLIST_DEFAULT_SHARED_DATA) / name;
}

}  // namespace shortlist
