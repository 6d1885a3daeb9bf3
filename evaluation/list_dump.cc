#include "evaluation/list_dump.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

std::vector<std::string> Quoted(std::span<const std::string> ids) {
  std::vector<std::string> quoted;
  quoted.reserve(ids.size());
  for (const std::string& id : ids) quoted.push_back(nlohmann::json(id).dump());
  return quoted;
}

}  // namespace

ListDump::ListDump(const std::filesystem::path& path, const Dataset& dataset)
    : path_(path),
      partial_(path.string() + ".partial"),
      out_(partial_, std::ios::binary | std::ios::trunc),
      users_(Quoted(dataset.user_ids)),
      items_(Quoted(dataset.items.ids)) {
  NoteError();
}

ListDump::~ListDump() {
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void ListDump::Add(const std::string& model, std::span<const TestCase> cases,
                   const RankedLists& lists) {
  std::string lines;
  auto append_items = [&](const auto& items) {
    const char* separator = "[";
    for (ItemRow item : items) {
      absl::StrAppend(&lines, separator, items_[item]);
      separator = ", ";
    }
    lines += items.empty() ? "[]" : "]";
  };
  const std::string name = nlohmann::json(model).dump();
  for (size_t c = 0; c < cases.size(); ++c) {
    if (cases[c].asker != Asker::kKnown) continue;
    absl::StrAppend(&lines, "{\"model\": ", name, ", \"user\": ", users_[cases[c].user.user],
                    ", \"relevant\": ");
    std::vector<ItemRow> relevant(cases[c].relevant.begin(), cases[c].relevant.end());
    std::sort(relevant.begin(), relevant.end());  // Sets are in no order.
    append_items(relevant);
    lines += ", \"ranked\": ";
    append_items(lists[c]);
    lines += "}\n";
    if (lines.size() >= kBufferBytes) {
      Write(lines);
      lines.clear();
    }
  }
  Write(lines);
}

void ListDump::Write(const std::string& lines) {
  errno = 0;
  out_.write(lines.data(), static_cast<std::streamsize>(lines.size()));
  NoteError();
}

void ListDump::NoteError() {
  // Streams fail without an error number, too.
  if (!out_ && error_ == 0) error_ = errno != 0 ? errno : EIO;
}

absl::Status ListDump::Finish() {
  errno = 0;
  out_.close();
  NoteError();
  if (error_ != 0)
    return absl::ErrnoToStatus(error_, absl::StrCat(partial_.string(), ": cannot be written"));
  RETURN_IF_ERROR(Fsync(partial_));
  std::error_code error;
  std::filesystem::rename(partial_, path_, error);
  if (error) return absl::ErrnoToStatus(error.value(), path_.string());
  return absl::OkStatus();
}

}  // namespace shortlist
