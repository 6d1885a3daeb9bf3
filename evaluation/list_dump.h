// The ranked lists that models were measured by, as a file: so that others can compute the metrics
// for themselves (scripts/score_lists does). A JSON object a line, for each model and user:
//
//   {"model": "ease", "user": "u7", "relevant": ["i3"], "ranked": ["i9", "i3", ...]}
//
// Of users who ask as themselves (Asker::kKnown), as in the main table; lists have the length of
// the longest cutoff.
//
//   ListDump dump(path, dataset);
//   dump.Add("ease", cases, lists);
//   RETURN_IF_ERROR(dump.Finish());
#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "data/dataset.h"
#include "evaluation/evaluator.h"

namespace shortlist {

// Not thread-safe.
class ListDump {
 public:
  // Writes beside `path`; it is replaced by Finish.
  ListDump(const std::filesystem::path& path, const Dataset& dataset);
  ~ListDump();  // Without Finish nothing is left behind.
  ListDump(const ListDump&) = delete;
  ListDump& operator=(const ListDump&) = delete;

  // `lists`: one a case, best first.
  void Add(const std::string& model, std::span<const TestCase> cases, const RankedLists& lists);

  // Reports any error since the construction.
  absl::Status Finish();

 private:
  void Write(const std::string& lines);
  void NoteError();  // Remembers the first error of the stream.

  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::ofstream out_;
  int error_ = 0;  // As errno numbers it.
  // Ids as JSON has them, by row.
  std::vector<std::string> users_;
  std::vector<std::string> items_;
};

}  // namespace shortlist
