#include "app/seed_list.h"

#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr uint64_t kMost = 100;

absl::Status NoSeeds(std::string_view text, std::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(text), ": ", AbslView(problem)));
}

}  // namespace

absl::StatusOr<std::vector<uint64_t>> ParseSeeds(std::string_view text) {
  constexpr std::string_view kForm = "seeds are given as 1..5 or 1,2,7";
  constexpr std::string_view kCount = "must be between two and 100 seeds";
  std::vector<uint64_t> seeds;
  if (const size_t dots = text.find(".."); dots != std::string_view::npos) {
    uint64_t first = 0, last = 0;
    if (!absl::SimpleAtoi(AbslView(text.substr(0, dots)), &first) ||
        !absl::SimpleAtoi(AbslView(text.substr(dots + 2)), &last))
      return NoSeeds(text, kForm);
    if (last < first || last - first >= kMost) return NoSeeds(text, kCount);
    for (uint64_t seed = first; seed - first <= last - first; ++seed) seeds.push_back(seed);
  } else {
    for (absl::string_view part : absl::StrSplit(AbslView(text), ','))
      if (!absl::SimpleAtoi(part, &seeds.emplace_back())) return NoSeeds(text, kForm);
  }
  if (seeds.size() < 2 || seeds.size() > kMost) return NoSeeds(text, kCount);
  if (std::set<uint64_t>(seeds.begin(), seeds.end()).size() < seeds.size())
    return NoSeeds(text, "a seed is given twice");
  return seeds;
}

}  // namespace shortlist
