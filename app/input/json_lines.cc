#include "app/input/json_lines.h"

#include <google/protobuf/util/json_util.h>

#include <cerrno>
#include <fstream>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/text/strings.h"

namespace shortlist {

absl::StatusOr<JsonLines> JsonLines::Open(const std::string& path) {
  if (path == "-")
    return JsonLines(std::shared_ptr<std::istream>(std::shared_ptr<void>(), &std::cin),
                     "standard input");
  auto file = std::make_shared<std::ifstream>(path);
  if (!*file) return absl::ErrnoToStatus(errno != 0 ? errno : EIO, path);
  return JsonLines(std::move(file), path);
}

absl::StatusOr<bool> JsonLines::Next(std::string_view what, google::protobuf::Message& message) {
  for (std::string text; std::getline(*input_, text);) {
    ++line_;
    if (absl::StripAsciiWhitespace(text).empty()) continue;
    const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
    if (!status.ok())
      return absl::InvalidArgumentError(absl::StrCat(PlaceOf(line_), ": not ", AbslView(what), ": ",
                                                     std::string(status.message())));
    return true;
  }
  if (input_->bad()) return absl::DataLossError(absl::StrCat(name_, ": cannot be read"));
  return false;
}

std::string JsonLines::PlaceOf(size_t line) const { return absl::StrCat(name_, ":", line); }

absl::Status AtPlace(const absl::Status& status, std::string_view field,
                     std::span<const std::string> places) {
  absl::string_view rest = status.message();
  if (!absl::ConsumePrefix(&rest, absl::StrCat(AbslView(field), "["))) return status;
  const size_t bracket = rest.find("].");
  size_t position = 0;
  if (bracket == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(0, bracket), &position) ||
      position >= places.size())
    return status;
  return {status.code(), absl::StrCat(places[position], ": ", rest.substr(bracket + 2))};
}

}  // namespace shortlist
