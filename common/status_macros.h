// Early return for functions that return absl::Status or absl::StatusOr:
//
//   RETURN_IF_ERROR(WriteAll(file));
//   ASSIGN_OR_RETURN(std::string text, ReadFile(path));
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expr)                                         \
  do {                                                                \
    if (absl::Status status_ = (expr); !status_.ok()) return status_; \
  } while (false)

#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_IMPL_(STATUS_MACROS_CONCAT_(status_or_, __LINE__), lhs, expr)

#define ASSIGN_OR_RETURN_IMPL_(result, lhs, expr) \
  auto result = (expr);                           \
  if (!result.ok()) return result.status();       \
  lhs = std::move(result).value()

#define STATUS_MACROS_CONCAT_(a, b) STATUS_MACROS_CONCAT_IMPL_(a, b)
#define STATUS_MACROS_CONCAT_IMPL_(a, b) a##b
