// When things happened: a column of cells as they stand in files, and the moments they mean.
//
//   TimeColumn times;
//   for (...) RETURN_IF_ERROR(times.Add(cell));
//   times.Recognise(TimeUnit::kRecognised);
//   const double when = times[row];
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "data/dataset_spec.h"

namespace shortlist {

// Milliseconds since the Unix epoch of a date in text, in UTC unless it names another offset: a day
// (2019-01-31 or 2019/01/31), and where there is one a time of day after a space or T (12:00,
// 12:00:00 or 12:00:00.123), and Z, UTC or an offset (+02:00). None for anything else.
std::optional<int64_t> ParseDate(std::string_view text);

class TimeColumn {
 public:
  static constexpr double kUnknown = -std::numeric_limits<double>::infinity();

  // Appends a cell: a number or a date; as of MeansNoValue: not known. An error says why it is
  // neither.
  absl::Status Add(std::string_view cell, std::string_view column);
  void AddUnknown() { Append(kUnknown, /*is_date=*/false); }
  size_t size() const { return values_.size(); }

  // Decides what the cells mean, once all are there. Where nothing is declared:
  // - Numbers that are all below 10^8 only say in which order things happened, unless most of them
  //   are days (20190131).
  // - Others are, one by one, digits of a date (20190131, 201901311200, 20190131120000 and, where
  //   most numbers of this size are, 2019013112) or seconds, milliseconds, microseconds or
  //   nanoseconds since the Unix epoch, as their size says: each must lie between 1973 and 2100.
  // 0 and -1 are not known, except that an order may begin with them. What is none of this fits no
  // unit.
  void Recognise(TimeUnit declared);

  // Of these only Add, AddUnknown and size may be called before Recognise.

  // Milliseconds since the Unix epoch or, where there is an order alone, the numbers times 1000,
  // moved to be above 0; kUnknown, or NaN for what fits no unit.
  double operator[](size_t row) const { return values_[row]; }
  bool is_order() const { return is_order_; }
  // Rows with a time that is known and fits.
  uint64_t known() const;
  uint64_t unknown() const { return unknown_; }
  uint64_t unfit() const { return unfit_; }
  // Whether a cell is the first that fits no unit, or one like it.
  bool IsFirstUnfit(std::string_view cell) const;
  // What the times are, such as "seconds" or "seconds (98.0 %), dates (2.0 %)".
  std::string Describe() const;
  // What is not plausible about them at `now_ms`: how many are before 1990 or more than a year
  // after now. Empty where nothing is.
  std::string ImplausibleAt(int64_t now_ms) const;

 private:
  static constexpr size_t kUnits = static_cast<size_t>(TimeUnit::kOrder) + 1;

  void Append(double value, bool is_date);
  bool IsDate(size_t row) const { return !is_date_.empty() && is_date_[row]; }
  void LeaveUnfit(double& value);
  TimeUnit UnitOf(double value, TimeUnit declared) const;
  bool LooksLikeAnOrder() const;
  void FindHours();
  void ConvertOrder(bool declared);

  std::vector<double> values_;  // As in the cells; dates in milliseconds.
  std::vector<bool> is_date_;   // Empty where no cell is a date in text.
  bool is_order_ = false;
  bool has_hours_ = false;                 // Whether 2019013112 is a date.
  std::array<uint64_t, kUnits> counts_{};  // By unit.
  uint64_t unknown_ = 0;
  uint64_t unfit_ = 0;
  double first_unfit_ = 0;  // As in its cell.
};

}  // namespace shortlist
