#include "data/attributes/attribute_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/decimal.h"
#include "data/attributes/values.h"
#include "data/interner.h"
#include "data/row_numbering.h"

namespace shortlist {
namespace {

constexpr size_t kMaxBuckets = 10;

// One column's values by row, each as its position in the field's values.
struct EncodedColumn {
  AttributeFieldData field;
  std::vector<uint64_t> offsets = {0};
  std::vector<uint32_t> positions;
};

template <class Use>
void ForEachToken(std::string_view cell, const AttributeColumn& column, Use use) {
  if (column.type == AttributeType::kTokens) {
    ForEachValue(cell, column.separator, use);
  } else if (const std::string_view value = Trimmed(cell); !value.empty()) {
    use(value);
  }
}

EncodedColumn EncodeTokens(const AttributeColumn& column) {
  Interner values;
  for (std::string_view cell : column.cells)
    ForEachToken(cell, column, [&](std::string_view token) { values.Intern(token); });
  EncodedColumn encoded;
  RowNumbering numbering = NumberByBytes(values, {});
  encoded.field = {column.name, column.type, std::move(numbering.ids), {}};
  for (std::string_view cell : column.cells) {
    auto begin = static_cast<std::ptrdiff_t>(encoded.positions.size());
    ForEachToken(cell, column, [&](std::string_view token) {
      encoded.positions.push_back(numbering.new_rows[*values.Find(token)]);
    });
    std::sort(encoded.positions.begin() + begin, encoded.positions.end());
    encoded.positions.erase(std::unique(encoded.positions.begin() + begin, encoded.positions.end()),
                            encoded.positions.end());
    encoded.offsets.push_back(encoded.positions.size());
  }
  return encoded;
}

std::vector<double> ReadNumbers(const AttributeColumn& column) {
  std::vector<double> numbers;
  numbers.reserve(column.cells.size());
  for (std::string_view cell : column.cells)
    numbers.push_back(ParseDecimal(cell).value_or(std::numeric_limits<double>::quiet_NaN()));
  return numbers;
}

// Inner edges of the buckets of `sorted` numbers: edge i is the smallest number of bucket i + 1.
// Each number gets its own bucket when there are few, otherwise the edges are quantiles.
std::vector<double> FindBucketEdges(const std::vector<double>& sorted) {
  if (sorted.empty()) return {};
  std::vector<double> edges;
  std::unique_copy(sorted.begin(), sorted.end(), std::back_inserter(edges));
  if (edges.size() > kMaxBuckets) {
    edges.assign(1, sorted.front());
    for (size_t b = 1; b < kMaxBuckets; ++b) {
      double quantile = sorted[sorted.size() * b / kMaxBuckets];
      if (quantile > edges.back()) edges.push_back(quantile);
    }
  }
  edges.erase(edges.begin());
  return edges;
}

// "1990..1994", or "1995" where a bucket holds a single number.
std::vector<std::string> NameBuckets(const std::vector<double>& sorted,
                                     const std::vector<double>& edges) {
  std::vector<std::string> names;
  auto begin = sorted.begin();
  while (begin != sorted.end()) {
    auto end = names.size() < edges.size()
                   ? std::lower_bound(begin, sorted.end(), edges[names.size()])
                   : sorted.end();
    double smallest = *begin, largest = *(end - 1);
    names.push_back(smallest == largest
                        ? FormatDecimal(smallest)
                        : absl::StrCat(FormatDecimal(smallest), "..", FormatDecimal(largest)));
    begin = end;
  }
  return names;
}

EncodedColumn EncodeNumbers(const std::string& name, const std::vector<double>& numbers) {
  std::vector<double> sorted;
  std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(sorted),
               [](double number) { return !std::isnan(number); });
  std::sort(sorted.begin(), sorted.end());
  EncodedColumn encoded;
  std::vector<double> edges = FindBucketEdges(sorted);
  for (double number : numbers) {
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

void Renumber(const RowNumbering& numbering, std::vector<AttributeColumn>& columns) {
  for (AttributeColumn& column : columns) {
    std::vector<std::string_view> cells;
    cells.reserve(numbering.old_rows.size());
    for (uint32_t old : numbering.old_rows) cells.push_back(column.cells[old]);
    column.cells = std::move(cells);
  }
}

size_t CountDistinctValues(const AttributeColumn& column) {
  Interner values;
  for (std::string_view cell : column.cells)
    ForEachToken(cell, column, [&](std::string_view token) { values.Intern(token); });
  return values.size();
}

}  // namespace shortlist
