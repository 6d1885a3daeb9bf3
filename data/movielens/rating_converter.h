// The ratings of MovieLens as rows of NAME.inter: user_id, item_id, rating, timestamp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "data/importing/distinct_counter.h"
#include "data/importing/row_converter.h"

namespace shortlist {

class RatingConverter final : public RowConverter {
 public:
  // `cells`: user, item, rating and time, the last in seconds since the Unix epoch or as text.
  absl::Status Convert(std::span<const std::string_view> cells, std::string& lines) override;

  const DistinctCounter& users() const { return users_; }
  const DistinctCounter& items() const { return items_; }

 private:
  DistinctCounter users_, items_;
};

}  // namespace shortlist
