// What `shortlist import table` has taken the columns of tables for, as text for a terminal.
#pragma once

#include <string>

#include "data/importing/table_import.h"

namespace shortlist {

// By table: a row for each column with what it becomes, examples, and the shares of missing and bad
// cells; the columns that are ignored and why; and which interactions are to be learned from.
std::string FormatImportPlan(const TablePlan& plan);

}  // namespace shortlist
