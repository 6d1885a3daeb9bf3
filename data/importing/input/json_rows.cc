#include "data/importing/input/json_rows.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

namespace json = simdjson::ondemand;

std::string_view Trim(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end + 1);  // npos + 1 is 0.
}

// Calls `use` with the text of a string, number, true or false; not for null, arrays and objects.
template <typename Use>
simdjson::error_code ReadScalar(json::value value, const Use& use) {
  json::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case json::json_type::string: {
      std::string_view text;
      if (const auto error = value.get_string().get(text)) return error;
      use(text);
      return simdjson::SUCCESS;
    }
    case json::json_type::number: {
      // Read as a number, too, so that what is none is an error.
      const std::string_view token = Trim(value.raw_json_token());
      double number = 0;
      if (const auto error = value.get_double().get(number)) return error;
      use(token);
      return simdjson::SUCCESS;
    }
    case json::json_type::boolean: {
      bool yes = false;
      if (const auto error = value.get_bool().get(yes)) return error;
      use(std::string_view(yes ? "1" : "0"));
      return simdjson::SUCCESS;
    }
    case json::json_type::null:
      return value.is_null() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    case json::json_type::array:
    case json::json_type::object:
      return simdjson::SUCCESS;  // Skipped with the value.
  }
  return simdjson::UNEXPECTED_ERROR;
}

simdjson::error_code ReadArray(json::value value, std::string& joined) {
  joined.clear();
  json::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto element : array) {
    json::value item;
    if (const auto error = element.get(item)) return error;
    const auto error = ReadScalar(item, [&](std::string_view text) {
      if (text.empty()) return;
      if (!joined.empty()) joined += JsonRows::kJoint;
      const size_t begin = joined.size();
      joined += text;
      std::replace(joined.begin() + static_cast<std::ptrdiff_t>(begin), joined.end(),
                   JsonRows::kJoint, ' ');
    });
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace

struct JsonRows::Parser {
  json::parser parser;
  simdjson::padded_string line;
};

JsonRows::JsonRows(std::vector<std::string> keys)
    : keys_(std::move(keys)),
      parser_(std::make_unique<Parser>()),
      cells_(keys_.size()),
      arrays_(keys_.size()),
      is_array_(keys_.size()),
      is_object_(keys_.size()) {}

JsonRows::~JsonRows() = default;

void JsonRows::Start(std::string_view text) {
  text_ = text;
  position_ = 0;
  line_ = 0;
}

bool JsonRows::Next() {
  while (position_ < text_.size()) {
    const size_t end = std::min(text_.find('\n', position_), text_.size());
    const std::string_view line = text_.substr(position_, end - position_);
    position_ = std::min(end + 1, text_.size());
    ++line_;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    status_ = ReadObject(line);
    return true;
  }
  return false;
}

absl::Status JsonRows::ReadObject(std::string_view line) {
  std::fill(cells_.begin(), cells_.end(), std::string_view());
  std::fill(is_array_.begin(), is_array_.end(), false);
  std::fill(is_object_.begin(), is_object_.end(), false);
  const auto failure = [](simdjson::error_code error) {
    return absl::InvalidArgumentError(
        absl::StrCat("no JSON object: ", simdjson::error_message(error)));
  };
  // The parser looks beyond the end, so that the line has to be where that is allowed.
  parser_->line = simdjson::padded_string(line);
  json::document document;
  if (const auto error = parser_->parser.iterate(parser_->line).get(document))
    return failure(error);
  json::object object;
  if (const auto error = document.get_object().get(object)) return failure(error);
  for (auto member : object) {
    json::field field;
    if (const auto error = std::move(member).get(field)) return failure(error);
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return failure(error);
    const size_t cell =
        static_cast<size_t>(std::find(keys_.begin(), keys_.end(), key) - keys_.begin());
    if (cell == keys_.size()) continue;
    json::value value = field.value();
    json::json_type type{};
    if (const auto error = value.type().get(type)) return failure(error);
    is_array_[cell] = type == json::json_type::array;
    is_object_[cell] = type == json::json_type::object;
    simdjson::error_code error = simdjson::SUCCESS;
    if (is_array_[cell]) {
      error = ReadArray(value, arrays_[cell]);
      cells_[cell] = arrays_[cell];
    } else {
      error = ReadScalar(value, [&](std::string_view text) { cells_[cell] = text; });
    }
    if (error) return failure(error);
  }
  const char* rest = nullptr;  // An error at the end.
  if (document.current_location().get(rest) == simdjson::SUCCESS)
    return absl::InvalidArgumentError("more than one JSON value in the line");
  return absl::OkStatus();
}

std::vector<std::string> JsonKeys(std::string_view text) {
  std::vector<std::string> keys;
  json::parser parser;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const simdjson::padded_string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    json::document document;
    json::object object;
    if (parser.iterate(line).get(document) || document.get_object().get(object)) continue;
    for (auto member : object) {
      std::string_view key;
      if (member.unescaped_key().get(key)) break;
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.emplace_back(key);
    }
  }
  return keys;
}

}  // namespace shortlist
