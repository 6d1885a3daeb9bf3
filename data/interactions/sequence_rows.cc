#include "data/interactions/sequence_rows.h"

#include <algorithm>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "data/attributes/values.h"

namespace shortlist {
namespace {

using Cells = std::span<const std::string_view>;

std::vector<std::string_view> Split(std::string_view list) {
  std::vector<std::string_view> values;
  ForEachValue(list, " ", [&](std::string_view value) { values.push_back(value); });
  return values;
}

// Times that are equal have the same text: 7 and 7.0.
std::string TimeText(std::string_view cell) {
  const std::optional<double> number = ParseDecimal(cell);
  return number ? FormatDecimal(*number) : std::string(cell);
}

// A row's interactions: first those of its list, last its own.
struct Sequence {
  std::vector<std::string_view> items;
  std::vector<std::string_view> times;  // Empty where they are not known.
  std::vector<std::string> keys;
};

absl::StatusOr<Sequence> Read(Cells cells, const SequenceColumns& columns) {
  Sequence sequence;
  sequence.items = Split(cells[*columns.items]);
  if (columns.times) {
    sequence.times = Split(cells[*columns.times]);
    if (sequence.times.size() != sequence.items.size())
      return absl::InvalidArgumentError(absl::StrCat("the lists hold ", sequence.items.size(),
                                                     " items and ", sequence.times.size(),
                                                     " times"));
  }
  sequence.items.push_back(cells[columns.item]);
  if (columns.times) sequence.times.push_back(cells[*columns.time]);
  for (size_t i = 0; i < sequence.items.size(); ++i) {
    sequence.keys.push_back(
        absl::StrCat(AbslView(cells[columns.user]), "\t", AbslView(sequence.items[i])));
    if (columns.times) absl::StrAppend(&sequence.keys.back(), "\t", TimeText(sequence.times[i]));
  }
  return sequence;
}

}  // namespace

SequenceColumns FindSequenceColumns(const AtomicFile& file, size_t user, size_t item,
                                    std::optional<size_t> time) {
  SequenceColumns columns = {.user = user, .item = item, .time = time, .items = {}, .times = {}};
  auto list_of = [&](size_t column, AtomicType type) {
    auto list = file.FindColumn(file.columns()[column].name + "_list");
    return list && file.columns()[*list].type == type ? list : std::nullopt;
  };
  columns.items = list_of(item, AtomicType::kTokenSeq);
  if (columns.items && time) columns.times = list_of(*time, AtomicType::kFloatSeq);
  return columns;
}

absl::Status SequenceRows::ForEachRow(const AtomicFile& file, const SequenceColumns& columns,
                                      BadRows& bad_rows, RowUser use) {
  if (!columns.items) return file.ForEachRow(bad_rows, use);

  // First what there is, so that a list adds nothing that a later row has as its own.
  BadRows ignored(/*skip=*/true);
  RETURN_IF_ERROR(file.ForEachRow(ignored, [&](Cells cells) {
    const absl::StatusOr<Sequence> sequence = Read(cells, columns);
    if (!sequence.ok()) return absl::OkStatus();
    for (const std::string& key : sequence->keys) {
      Count& count = counts_[key];
      count.needed = std::max(count.needed, ++count.in_row);
    }
    for (const std::string& key : sequence->keys) counts_[key].in_row = 0;
    ++counts_[sequence->keys.back()].rows;
    return absl::OkStatus();
  }));

  std::vector<std::string_view> made(file.columns().size());
  return file.ForEachRow(bad_rows, [&](Cells cells) {
    ASSIGN_OR_RETURN(const Sequence sequence, Read(cells, columns));
    for (size_t i = 0; i + 1 < sequence.items.size(); ++i) {
      Count& count = counts_[sequence.keys[i]];
      if (count.rows >= count.needed) continue;
      ++count.rows;
      std::fill(made.begin(), made.end(), std::string_view());
      made[columns.user] = cells[columns.user];
      made[columns.item] = sequence.items[i];
      if (columns.times) made[*columns.time] = sequence.times[i];
      in_list_ = true;
      const absl::Status status = use(made);
      in_list_ = false;
      RETURN_IF_ERROR(status);
    }
    return use(cells);
  });
}

}  // namespace shortlist
