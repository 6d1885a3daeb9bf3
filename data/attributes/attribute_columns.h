// Turns columns of text, such as those of an .item or .user file, into attributes: a schema, codes
// and numbers by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/attribute_codes.h"
#include "data/row_numbering.h"
#include "features/attribute_schema.h"

namespace shortlist {

struct AttributeColumn {
  std::string name;
  AttributeType type = AttributeType::kToken;
  // By row; empty where the row has none. Cells of a kNumber column that are no finite decimal
  // numbers count as missing.
  std::vector<std::string_view> cells;
  std::string separator = " ";  // Of kTokens: between the values of a cell.
  bool is_vector = false;       // Lists of numbers: no attribute.
};

struct EncodedAttributes {
  AttributeCodes codes;
  // One list per kNumber column, in their order: the number by row, NaN where there is none.
  std::vector<std::vector<double>> numbers;
};

// All columns have `rows` cells. Values are coded in the order of their bytes; numbers fall into at
// most 10 buckets of about equally many rows. The order of the rows is of no account.
EncodedAttributes EncodeAttributes(const std::vector<AttributeColumn>& columns, size_t rows);

// Brings cells, which are by the interner's numbers, into the new order.
void Renumber(const RowNumbering& numbering, std::vector<AttributeColumn>& columns);

// Different values of a kToken or kTokens column.
size_t CountDistinctValues(const AttributeColumn& column);

}  // namespace shortlist
