// Whether a file can be written that the results of long work are to go to: asked before the work,
// not after it.
//
//   app.add_option("--json", json, "File to write the results to")->check(OutputFileProblem);
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace shortlist {

// What is wrong with `path`, which is to be replaced as a whole; empty where nothing is.
inline std::string OutputFileProblem(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path parent = fs::path(path).parent_path();
  const fs::path folder = parent.empty() ? "." : parent;
  if (!fs::is_directory(folder, error)) return "there is no folder " + folder.string();
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return "cannot write to folder " + folder.string();
  const fs::file_status status = fs::symlink_status(path, error);
  if (fs::is_directory(status)) return path + " is a folder";
  if (fs::exists(status) && !fs::is_regular_file(status)) return path + " is not a regular file";
  return "";
}

}  // namespace shortlist
