#include "data/attribute_columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "data/interner.h"
#include "data/tables/atomic_file.h"

namespace shortlist {
namespace {

constexpr size_t kMaxBuckets = 10;
// What RecogniseNumbers asks of a column of numbers with a few exceptions, such as "unknown".
constexpr size_t kMinNumbersPerOtherCell = 100;

// One column's values by row, each as its position in the field's values.
struct EncodedColumn {
  AttributeFieldData field;
  std::vector<uint64_t> offsets = {0};
  std::vector<uint32_t> positions;
};

template <class Use>
void ForEachToken(std::string_view cell, AttributeType type, Use use) {
  if (type == AttributeType::kToken) {
    if (!cell.empty()) use(cell);
    return;
  }
  while (!cell.empty()) {
    size_t space = cell.find(' ');
    std::string_view token = cell.substr(0, space);
    if (!token.empty()) use(token);
    cell.remove_prefix(space == std::string_view::npos ? cell.size() : space + 1);
  }
}

EncodedColumn EncodeTokens(const AttributeColumn& column) {
  EncodedColumn encoded;
  Interner values;
  for (std::string_view cell : column.cells) {
    auto begin = static_cast<std::ptrdiff_t>(encoded.positions.size());
    ForEachToken(cell, column.type, [&](std::string_view token) {
      encoded.positions.push_back(values.Intern(token));
    });
    std::sort(encoded.positions.begin() + begin, encoded.positions.end());
    encoded.positions.erase(std::unique(encoded.positions.begin() + begin, encoded.positions.end()),
                            encoded.positions.end());
    encoded.offsets.push_back(encoded.positions.size());
  }
  encoded.field = {column.name, column.type, values.ToStrings(), {}};
  return encoded;
}

std::vector<float> ReadNumbers(const AttributeColumn& column) {
  std::vector<float> numbers;
  numbers.reserve(column.cells.size());
  for (std::string_view cell : column.cells) {
    absl::StatusOr<double> number = ParseNumber(cell, column.name);
    numbers.push_back(number.ok() ? static_cast<float>(*number)
                                  : std::numeric_limits<float>::quiet_NaN());
  }
  return numbers;
}

// Inner edges of the buckets of `sorted` numbers: edge i is the smallest number of bucket i + 1.
// Each number gets its own bucket when there are few, otherwise the edges are quantiles.
std::vector<float> FindBucketEdges(const std::vector<float>& sorted) {
  if (sorted.empty()) return {};
  std::vector<float> edges;
  std::unique_copy(sorted.begin(), sorted.end(), std::back_inserter(edges));
  if (edges.size() > kMaxBuckets) {
    edges.assign(1, sorted.front());
    for (size_t b = 1; b < kMaxBuckets; ++b) {
      float quantile = sorted[sorted.size() * b / kMaxBuckets];
      if (quantile > edges.back()) edges.push_back(quantile);
    }
  }
  edges.erase(edges.begin());
  return edges;
}

std::string FormatNumber(float number) {
  char text[64];
  auto [end, error] = std::to_chars(text, text + sizeof(text), number, std::chars_format::fixed);
  if (error != std::errc()) return absl::StrCat(number);
  return {text, end};
}

// "1990..1994", or "1995" where a bucket holds a single number.
std::vector<std::string> NameBuckets(const std::vector<float>& sorted,
                                     const std::vector<float>& edges) {
  std::vector<std::string> names;
  auto begin = sorted.begin();
  while (begin != sorted.end()) {
    auto end = names.size() < edges.size()
                   ? std::lower_bound(begin, sorted.end(), edges[names.size()])
                   : sorted.end();
    float smallest = *begin, largest = *(end - 1);
    names.push_back(smallest == largest
                        ? FormatNumber(smallest)
                        : absl::StrCat(FormatNumber(smallest), "..", FormatNumber(largest)));
    begin = end;
  }
  return names;
}

EncodedColumn EncodeNumbers(const std::string& name, const std::vector<float>& numbers) {
  std::vector<float> sorted;
  std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(sorted),
               [](float number) { return !std::isnan(number); });
  std::sort(sorted.begin(), sorted.end());
  EncodedColumn encoded;
  std::vector<float> edges = FindBucketEdges(sorted);
  for (float number : numbers) {
    if (!std::isnan(number)) {
      auto bucket = std::upper_bound(edges.begin(), edges.end(), number) - edges.begin();
      encoded.positions.push_back(static_cast<uint32_t>(bucket));
    }
    encoded.offsets.push_back(encoded.positions.size());
  }
  encoded.field = {name, AttributeType::kNumber, NameBuckets(sorted, edges), edges};
  return encoded;
}

}  // namespace

EncodedAttributes EncodeAttributes(const std::vector<AttributeColumn>& columns, size_t rows) {
  EncodedAttributes attributes;
  std::vector<EncodedColumn> encoded;
  for (const AttributeColumn& column : columns) {
    if (column.type == AttributeType::kNumber) {
      attributes.numbers.push_back(ReadNumbers(column));
      encoded.push_back(EncodeNumbers(column.name, attributes.numbers.back()));
    } else {
      encoded.push_back(EncodeTokens(column));
    }
  }

  AttributeCodes& codes = attributes.codes;
  codes.offsets.reserve(rows + 1);
  codes.offsets.push_back(0);
  for (size_t row = 0; row < rows; ++row) {
    uint32_t first_code = 0;
    for (const EncodedColumn& column : encoded) {
      for (uint64_t i = column.offsets[row]; i < column.offsets[row + 1]; ++i)
        codes.codes.push_back(first_code + column.positions[i]);
      first_code += static_cast<uint32_t>(column.field.values.size());
    }
    codes.offsets.push_back(codes.codes.size());
  }
  for (EncodedColumn& column : encoded) codes.schema.push_back(std::move(column.field));
  return attributes;
}

void RecogniseNumbers(AttributeColumn& column) {
  std::string_view name = column.name;
  if (column.type != AttributeType::kToken) return;
  if (!name.ends_with("year") && !name.ends_with("age")) return;
  size_t values = 0;
  Interner others;
  size_t other_cells = 0;
  for (std::string_view cell : column.cells) {
    if (cell.empty()) continue;
    ++values;
    if (ParseNumber(cell, name).ok()) continue;
    ++other_cells;
    others.Intern(cell);
  }
  if (values == 0 || other_cells * kMinNumbersPerOtherCell > values) return;
  column.type = AttributeType::kNumber;
  for (const std::string& other : others.ToStrings())
    LogWarning(absl::StrCat(column.name, ": \"", other, "\" is no number and taken as missing"));
}

size_t CountDistinctValues(const AttributeColumn& column) {
  Interner values;
  for (std::string_view cell : column.cells)
    ForEachToken(cell, column.type, [&](std::string_view token) { values.Intern(token); });
  return values.size();
}

}  // namespace shortlist
