#include "features/catalog.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/background/pace.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/text/utf8.h"

namespace shortlist {

absl::Status WriteCatalog(const CatalogData& data, const std::filesystem::path& path) {
  ArrayFileWriter writer;
  AddStringTable(writer, "ids", data.ids);
  AddStringTable(writer, "titles", data.titles);
  AddAttributeSchema(writer, "schema", data.schema);
  writer.Add<uint64_t>("code_offsets", data.code_offsets);
  writer.Add<uint32_t>("codes", data.codes);
  size_t number = 0;
  for (size_t f = 0; f < data.schema.size(); ++f) {
    if (data.schema[f].type == AttributeType::kNumber)
      writer.Add<double>("numbers." + std::to_string(f), data.numbers[number++]);
  }
  writer.Add<uint32_t>("interaction_counts", data.interaction_counts);
  writer.AddOwned<uint32_t>("liked_counts", data.liked_counts.empty()
                                                ? std::vector<uint32_t>(data.ids.size(), 0)
                                                : data.liked_counts);
  return writer.Write(path);
}

namespace {

// What is wrong with an item; null: nothing.
const char* FaultOf(const Catalog& catalog, ItemRow row) {
  const auto codes = catalog.codes(row);
  if (std::adjacent_find(codes.begin(), codes.end(), std::greater_equal<>()) != codes.end())
    return "an item's attribute codes do not ascend";
  if (catalog.id(row).empty() || catalog.FindItem(catalog.id(row)) != row)
    return "an item's id is empty or not its own";
  if (!IsUtf8(catalog.id(row)) || !IsUtf8(catalog.title(row)))
    return "an item's id or title is not UTF-8";
  return nullptr;
}

}  // namespace

absl::StatusOr<Catalog> Catalog::Open(const std::filesystem::path& path, WorkerPool* pool) {
  Catalog catalog;
  ASSIGN_OR_RETURN(catalog.file_, ArrayFile::Open(path));
  const ArrayFile& file = catalog.file_;
  ASSIGN_OR_RETURN(catalog.ids_, StringTable::Open(file, "ids"));
  ASSIGN_OR_RETURN(catalog.titles_, StringTable::Open(file, "titles"));
  ASSIGN_OR_RETURN(catalog.schema_, AttributeSchema::Open(file, "schema"));
  size_t items = catalog.ids_.size();
  ASSIGN_OR_RETURN(catalog.code_offsets_, file.Get<uint64_t>("code_offsets", items + 1));
  ASSIGN_OR_RETURN(catalog.codes_, file.Get<uint32_t>("codes"));
  ASSIGN_OR_RETURN(catalog.interaction_counts_, file.Get<uint32_t>("interaction_counts", items));
  ASSIGN_OR_RETURN(catalog.liked_counts_, file.Get<uint32_t>("liked_counts", items));
  const auto& fields = catalog.schema_.fields();
  catalog.numbers_.resize(fields.size());
  for (size_t f = 0; f < fields.size(); ++f) {
    if (fields[f].type == AttributeType::kNumber) {
      ASSIGN_OR_RETURN(catalog.numbers_[f],
                       file.Get<double>("numbers." + std::to_string(f), items));
    }
  }
  auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat(file.path(), ": ", AbslView(what)));
  };
  if (items == 0) return corrupt("the catalog is empty");
  if (catalog.titles_.size() != 0 && catalog.titles_.size() != items)
    return corrupt("titles do not match the items");
  if (catalog.code_offsets_.front() != 0 || catalog.code_offsets_.back() != catalog.codes_.size() ||
      !std::is_sorted(catalog.code_offsets_.begin(), catalog.code_offsets_.end()))
    return corrupt("attribute offsets are invalid");
  if (std::any_of(catalog.codes_.begin(), catalog.codes_.end(),
                  [&](uint32_t code) { return code >= catalog.schema_.code_count(); }))
    return corrupt("an attribute code is out of range");
  const size_t parts = pool == nullptr ? 1 : pool->threads();
  std::vector<const char*> faults(parts, nullptr);
  auto check = [&](size_t part, size_t begin, size_t end) {
    for (size_t row = begin; row < end && faults[part] == nullptr; ++row) {
      if (row % Pace::kRows == 0) Pace::Keep();
      faults[part] = FaultOf(catalog, static_cast<ItemRow>(row));
    }
  };
  if (pool == nullptr) {
    check(0, 0, items);
  } else {
    pool->ForEachRange(items, check);
  }
  for (const char* fault : faults)
    if (fault != nullptr) return corrupt(fault);
  catalog.trained_count_ = static_cast<uint32_t>(items);
  catalog.popularity_ = PopularityOf(catalog);
  return catalog;
}

namespace {

// The first of all rows by falling value, equal ones by row.
template <class ValueOf>
std::vector<ItemRow> FirstByFalling(std::vector<ItemRow> rows, const ValueOf& value_of) {
  const size_t kept = std::min(Catalog::kMostPopular, rows.size());
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end(),
                    [&](ItemRow a, ItemRow b) {
                      return value_of(a) != value_of(b) ? value_of(a) > value_of(b) : a < b;
                    });
  return {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(kept)};
}

}  // namespace

std::shared_ptr<const Catalog::Popularity> Catalog::PopularityOf(const Catalog& catalog) {
  auto popularity = std::make_shared<Popularity>();
  const std::span<const uint32_t> counts = catalog.interaction_counts();
  std::vector<ItemRow> rows(catalog.item_count());
  std::iota(rows.begin(), rows.end(), 0);
  popularity->rows = FirstByFalling(rows, [&](ItemRow row) { return counts[row]; });
  for (const std::span<const double> numbers : catalog.numbers_) {
    std::vector<ItemRow> with_number;
    for (const ItemRow row : rows)
      if (!numbers.empty() && !std::isnan(numbers[row])) with_number.push_back(row);
    popularity->largest.push_back(
        FirstByFalling(std::move(with_number), [&](ItemRow row) { return numbers[row]; }));
  }

  std::vector<double> code_counts(catalog.schema().code_count(), 0);
  double total = 0;
  for (ItemRow item = 0; item < catalog.item_count(); ++item) {
    const double count = counts[item];
    total += count;
    for (uint32_t code : catalog.codes(item)) code_counts[code] += count;
  }
  for (double count : code_counts)
    popularity->code_shares.push_back(static_cast<float>((count + 1) / (total + 1)));
  return popularity;
}

}  // namespace shortlist
