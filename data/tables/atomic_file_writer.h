// Writes one of RecBole's atomic files; see atomic_file.h. Not thread-safe.
//
//   AtomicFileWriter ratings(path, {"user_id:token", "item_id:token"});
//   ratings.AddRow({"alice", "tt0133093"});
//   RETURN_IF_ERROR(ratings.Close());
#pragma once

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace shortlist {

// Appends a cell as it stands in atomic files: tabs and line ends in it become spaces, and one that
// holds a quote stands in quotes, its own doubled, so that a reader never has to guess
// (quoted_cells.h).
void AppendAtomicCell(std::string_view cell, std::string& line);

class AtomicFileWriter {
 public:
  AtomicFileWriter(const std::filesystem::path& path,
                   std::initializer_list<std::string_view> header)
      : AtomicFileWriter(path, std::span(header.begin(), header.size())) {}
  AtomicFileWriter(const std::filesystem::path& path, std::span<const std::string_view> header);

  // One cell per column of the header. Tabs and line ends in cells become spaces.
  void AddRow(std::initializer_list<std::string_view> cells) {
    AddRow(std::span(cells.begin(), cells.size()));
  }
  void AddRow(std::span<const std::string_view> cells);
  // Whole rows that somebody has put together already, each with its line end.
  void AddLines(std::string_view lines);
  // Brings everything to the disk. Reports any error since the construction.
  absl::Status Close();

 private:
  void Flush();
  // Remembers the first error of the stream.
  void NoteError();

  std::filesystem::path path_;
  std::ofstream out_;
  std::string buffer_;
  int error_ = 0;  // As errno numbers it.
};

}  // namespace shortlist
