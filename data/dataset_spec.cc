#include "data/dataset_spec.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/tables/cell_numbers.h"
#include "proto/text_proto.h"
#include "shortlist/v1/dataset_spec.pb.h"

namespace shortlist {
namespace {

using ParseInfoTree = google::protobuf::TextFormat::ParseInfoTree;

// Makes the plain structs of the messages, and knows where in the file each is.
class SpecReader {
 public:
  SpecReader(std::string file, const ParseInfoTree& lines)
      : file_(std::move(file)), lines_(lines) {}

  absl::StatusOr<DatasetSpec> Read(const v1::DatasetSpec& message) const {
    DatasetSpec spec;
    spec.user_column = message.user_column();
    spec.item_column = message.item_column();
    spec.time_column = message.time_column();
    spec.rating_column = message.rating_column();
    spec.label_column = message.label_column();
    spec.type_column = message.type_column();
    if (!v1::TimeUnit_IsValid(message.time_unit()))
      return Error("time_unit", -1, absl::StrCat("there is no unit ", message.time_unit()));
    spec.time_unit = static_cast<TimeUnit>(message.time_unit());
    for (int i = 0; i < message.worth_size(); ++i) {
      ASSIGN_OR_RETURN(WorthRule rule, ReadRule(message.worth(i), i));
      spec.worth.push_back(std::move(rule));
    }
    for (int i = 0; i < message.columns_size(); ++i) {
      if (spec.FindColumn(message.columns(i).name()) != nullptr)
        return Error("columns", i,
                     absl::StrCat("a second entry for \"", message.columns(i).name(), "\""));
      ASSIGN_OR_RETURN(ColumnSpec column, ReadColumn(message.columns(i), i));
      spec.columns.push_back(std::move(column));
    }
    if (!v1::Duplicates_IsValid(message.duplicates()))
      return Error("duplicates", -1, absl::StrCat("there is no choice ", message.duplicates()));
    spec.duplicates = static_cast<Duplicates>(message.duplicates());
    spec.min_user_interactions = message.min_user_interactions();
    spec.min_item_interactions = message.min_item_interactions();
    return spec;
  }

 private:
  // "FILE:LINE: FIELD: reason"; `index` is -1 for a field that is not repeated.
  absl::Status Error(const std::string& field, int index, std::string_view reason) const {
    const google::protobuf::FieldDescriptor* descriptor =
        v1::DatasetSpec::descriptor()->FindFieldByName(field);
    return absl::InvalidArgumentError(absl::StrCat(file_, ":",
                                                   lines_.GetLocation(descriptor, index).line + 1,
                                                   ": ", field, ": ", AbslView(reason)));
  }

  absl::StatusOr<WorthRule> ReadRule(const v1::WorthRule& message, int index) const {
    WorthRule rule;
    rule.column = message.column();
    rule.worth = message.worth();
    if (rule.column.empty()) return Error("worth", index, "column is missing");
    if (!std::isfinite(rule.worth)) return Error("worth", index, "worth is not a finite number");
    switch (message.condition_case()) {
      case v1::WorthRule::kIs:
        rule.condition = WorthRule::Condition::kIs;
        rule.is = message.is();
        if (rule.is.empty()) return Error("worth", index, "is: an empty cell meets no rule");
        break;
      case v1::WorthRule::kAtLeast:
        rule.condition = WorthRule::Condition::kAtLeast;
        rule.bound = message.at_least();
        break;
      case v1::WorthRule::kAtMost:
        rule.condition = WorthRule::Condition::kAtMost;
        rule.bound = message.at_most();
        break;
      case v1::WorthRule::CONDITION_NOT_SET:
        return Error("worth", index, "one of is, at_least and at_most is needed");
    }
    if (!std::isfinite(rule.bound)) return Error("worth", index, "the bound is not finite");
    return rule;
  }

  absl::StatusOr<ColumnSpec> ReadColumn(const v1::ColumnSpec& message, int index) const {
    ColumnSpec column;
    column.name = message.name();
    if (column.name.empty()) return Error("columns", index, "name is missing");
    auto error = [&](std::string_view reason) {
      return Error("columns", index, absl::StrCat(column.name, ": ", AbslView(reason)));
    };
    if (!v1::ColumnType_IsValid(message.type()))
      return error(absl::StrCat("there is no type ", message.type()));
    column.type = static_cast<ColumnType>(message.type());
    column.separator = message.separator();
    if (!column.separator.empty() && column.type != ColumnType::kTokens)
      return error("a separator needs type: COLUMN_TYPE_TOKENS");
    column.missing.assign(message.missing().begin(), message.missing().end());
    if (message.has_min()) column.min = message.min();
    if (message.has_max()) column.max = message.max();
    if ((column.min && std::isnan(*column.min)) || (column.max && std::isnan(*column.max)))
      return error("min and max must be numbers");
    if (column.min && column.max && *column.min > *column.max) return error("min is above max");
    return column;
  }

  std::string file_;
  const ParseInfoTree& lines_;
};

void Write(const WorthRule& rule, v1::WorthRule& out) {
  out.set_column(rule.column);
  switch (rule.condition) {
    case WorthRule::Condition::kIs:
      out.set_is(rule.is);
      break;
    case WorthRule::Condition::kAtLeast:
      out.set_at_least(rule.bound);
      break;
    case WorthRule::Condition::kAtMost:
      out.set_at_most(rule.bound);
      break;
  }
  out.set_worth(rule.worth);
}

void Write(const ColumnSpec& column, v1::ColumnSpec& out) {
  out.set_name(column.name);
  out.set_type(static_cast<v1::ColumnType>(column.type));
  out.set_separator(column.separator);
  out.mutable_missing()->Assign(column.missing.begin(), column.missing.end());
  if (column.min) out.set_min(*column.min);
  if (column.max) out.set_max(*column.max);
}

}  // namespace

bool ColumnSpec::IsMissing(std::string_view cell, bool of_numbers) const {
  return std::any_of(missing.begin(), missing.end(), [&](const std::string& declared) {
    return cell == declared || (of_numbers && SayTheSame(cell, declared));
  });
}

const ColumnSpec* DatasetSpec::FindColumn(std::string_view name) const {
  auto it = std::find_if(columns.begin(), columns.end(),
                         [&](const ColumnSpec& column) { return column.name == name; });
  return it == columns.end() ? nullptr : &*it;
}

absl::StatusOr<DatasetSpec> ReadDatasetSpec(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  v1::DatasetSpec message;
  ParseInfoTree lines;
  RETURN_IF_ERROR(ParseTextProto(text, path.string(), message, &lines));
  return SpecReader(path.string(), lines).Read(message);
}

absl::Status WriteDatasetSpec(const DatasetSpec& spec, const std::filesystem::path& path) {
  v1::DatasetSpec message;
  message.set_user_column(spec.user_column);
  message.set_item_column(spec.item_column);
  message.set_time_column(spec.time_column);
  message.set_rating_column(spec.rating_column);
  message.set_label_column(spec.label_column);
  message.set_type_column(spec.type_column);
  message.set_time_unit(static_cast<v1::TimeUnit>(spec.time_unit));
  for (const WorthRule& rule : spec.worth) Write(rule, *message.add_worth());
  for (const ColumnSpec& column : spec.columns) Write(column, *message.add_columns());
  message.set_duplicates(static_cast<v1::Duplicates>(spec.duplicates));
  message.set_min_user_interactions(spec.min_user_interactions);
  message.set_min_item_interactions(spec.min_item_interactions);
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return WriteFileAtomically(
      path, absl::StrCat("# shortlist.v1.DatasetSpec: what the columns mean.\n", text));
}

}  // namespace shortlist
