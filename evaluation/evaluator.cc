#include "evaluation/evaluator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/progress.h"
#include "data/past_request.h"
#include "evaluation/bootstrap.h"

namespace shortlist {
namespace {

using MetricFunction = double (*)(std::span<const ItemRow>, const ItemSet&, size_t);

struct NamedMetric {
  const char* name;
  MetricFunction function;
};

// Those that are means over users.
constexpr std::array<NamedMetric, 5> kMetrics = {{{"hit", HitAt},
                                                  {"recall", RecallAt},
                                                  {"ndcg", NdcgAt},
                                                  {"mrr", ReciprocalRankAt},
                                                  {"map", AveragePrecisionAt}}};

TestCase WithShortHistory(TestCase test, size_t length) {
  std::vector<HistoryEntry>& history = test.user.history;
  const size_t kept = std::min(history.size(), length);
  history.erase(history.begin(), history.end() - static_cast<ptrdiff_t>(kept));
  test.asker = Asker::kShortHistory;
  return test;
}

}  // namespace

std::vector<TestCase> MakeTestCases(const Dataset& dataset, std::span<const UserSequence> sequences,
                                    const TestCaseOptions& options) {
  std::vector<uint32_t> users;
  for (uint32_t user = 0; user < sequences.size(); ++user)
    if (sequences[user].valid_end < sequences[user].end) users.push_back(user);
  users = SampleUsers(std::move(users), options.max_users, options.seed);
  std::vector<char> unseen(sequences.size(), 0);
  for (uint32_t user : options.unseen_users) unseen[user] = 1;
  const PastRequests past(dataset);
  std::vector<TestCase> cases;
  for (uint32_t user : users) {
    UserSequence sequence = sequences[user];
    PastRequest request = past.Before(sequence, user, sequence.valid_end);
    TestCase test{.user = std::move(request.user),
                  .context = std::move(request.context),
                  .had = {},
                  .relevant = {}};
    test.had = ItemsOf(test.user);
    for (size_t i = sequence.valid_end; i < sequence.end; ++i)
      test.relevant.insert(dataset.interactions[i].item);
    // What the user has already is not to be recommended again.
    for (ItemRow item : test.had) test.relevant.erase(item);
    if (test.relevant.empty()) continue;
    if (unseen[user]) {
      cases.push_back(WithShortHistory(std::move(test), options.short_history));
      cases.back().user.user = kNoUser;
      cases.back().asker = Asker::kUnseen;
      continue;
    }
    if (!options.unseen_users.empty() && !test.had.empty())
      cases.push_back(WithShortHistory(test, options.short_history));
    cases.push_back(std::move(test));
  }
  return cases;
}

size_t MainCutoff(std::span<const size_t> cutoffs) {
  return std::find(cutoffs.begin(), cutoffs.end(), 10) != cutoffs.end() ? 10 : cutoffs.front();
}

bool IsUserMetric(std::string_view metric, std::span<const size_t> cutoffs) {
  for (size_t cutoff : cutoffs)
    for (const NamedMetric& known : kMetrics)
      if (metric == absl::StrCat(known.name, "@", cutoff)) return true;
  return false;
}

double EvaluationRow::operator[](std::string_view metric) const {
  for (const EvaluationMetric& m : metrics)
    if (m.name == metric) return m.value;
  return 0;
}

Evaluator::Evaluator(std::vector<TestCase> cases, std::vector<uint32_t> train_counts, size_t users,
                     EvaluatorOptions options, WorkerPool& pool)
    : cases_(std::move(cases)),
      train_counts_(std::move(train_counts)),
      users_(users),
      options_(std::move(options)),
      pool_(pool) {
  Group all, cold_users, without_history, short_history, unseen, cold_items;
  auto add = [&](Group& group, uint32_t i, ItemSet relevant) {
    group.cases.push_back(i);
    group.relevant.push_back(std::move(relevant));
  };
  for (uint32_t i = 0; i < cases_.size(); ++i) {
    const TestCase& test = cases_[i];
    if (test.asker != Asker::kKnown) {
      add(test.asker == Asker::kUnseen ? unseen : short_history, i, test.relevant);
      continue;
    }
    add(all, i, test.relevant);
    const size_t length = test.user.history.size();
    if (length == 0) add(without_history, i, test.relevant);
    if (length > 0 && length <= options_.cold) add(cold_users, i, test.relevant);
    ItemSet cold;
    for (ItemRow item : test.relevant)
      if (train_counts_[item] <= options_.cold) cold.insert(item);
    if (!cold.empty()) add(cold_items, i, std::move(cold));
  }
  evaluation_.cutoffs = options_.cutoffs;
  evaluation_.users = all.cases.size();
  evaluation_.compared = !options_.compared.empty() ? options_.compared
                         : options_.cutoffs.empty()
                             ? ""
                             : absl::StrCat("ndcg@", MainCutoff(options_.cutoffs));
  groups_.push_back(std::move(all));
  auto slice = [&](const char* name, Group& group) {
    if (group.cases.empty()) return;
    evaluation_.slices.push_back({.name = name, .users = group.cases.size(), .rows = {}});
    groups_.push_back(std::move(group));
  };
  slice("cold_users", cold_users);
  slice("cold_items", cold_items);
  slice("users_without_history", without_history);
  slice("known_users_short_history", short_history);
  slice("unseen_users", unseen);
}

const EvaluationRow& Evaluator::Measure(const std::string& model, const Recommend& recommend) {
  const size_t longest = options_.cutoffs.empty()
                             ? 0
                             : *std::max_element(options_.cutoffs.begin(), options_.cutoffs.end());
  RankedLists lists(cases_.size());
  // In parts, to show how far it is.
  constexpr size_t kPart = 1'000;
  Progress progress(absl::StrCat("ranking with ", model), cases_.size(), "users");
  for (size_t begin = 0; begin < cases_.size(); begin += kPart) {
    const size_t count = std::min(kPart, cases_.size() - begin);
    pool_.ForEach(count, [&](size_t c) {
      const TestCase& test = cases_[begin + c];
      ItemFilter filter;
      filter.Exclude(test.had);
      lists[begin + c] = recommend(test, filter, longest);
    });
    progress.Update(begin + count);
  }
  if (options_.on_lists) options_.on_lists(model, cases_, lists);
  evaluation_.rows.push_back(MeasureGroup(model, groups_[0], lists, &compared_.emplace_back()));
  for (size_t s = 0; s < evaluation_.slices.size(); ++s)
    evaluation_.slices[s].rows.push_back(MeasureGroup(model, groups_[s + 1], lists));
  progress.Finish();
  return evaluation_.rows.back();
}

void Evaluator::CompareLast(std::span<const std::string> models) {
  auto values_of = [&](const std::string& model) -> std::span<const float> {
    for (size_t r = 0; r < evaluation_.rows.size(); ++r)
      if (evaluation_.rows[r].model == model) return compared_[r];
    return {};
  };
  for (size_t m = 0; m + 1 < models.size(); ++m) {
    evaluation_.comparisons.push_back(
        ComparePaired(values_of(models.back()), values_of(models[m]),
                      {.resamples = options_.resamples, .seed = options_.seed}, pool_));
    evaluation_.comparisons.back().model = models.back();
    evaluation_.comparisons.back().baseline = models[m];
  }
}

EvaluationRow Evaluator::MeasureGroup(const std::string& model, const Group& group,
                                      const RankedLists& lists, std::vector<float>* compared) {
  EvaluationRow row{.model = model, .metrics = {}};
  const size_t columns = options_.cutoffs.size() * kMetrics.size();
  std::vector<float> values(group.cases.size() * columns);
  RankedLists chosen;
  chosen.reserve(group.cases.size());
  for (uint32_t i : group.cases) chosen.push_back(lists[i]);
  pool_.ForEachRange(group.cases.size(), [&](size_t, size_t begin, size_t end) {
    for (size_t c = begin; c < end; ++c) {
      float* out = values.data() + c * columns;
      for (size_t cutoff : options_.cutoffs)
        for (const NamedMetric& metric : kMetrics)
          *out++ = static_cast<float>(metric.function(chosen[c], group.relevant[c], cutoff));
    }
  });
  for (size_t cutoff : options_.cutoffs)
    for (const NamedMetric& metric : kMetrics)
      row.metrics.push_back({.name = absl::StrCat(metric.name, "@", cutoff)});
  AddIntervals(values, columns, row);
  const auto metric =
      std::find_if(row.metrics.begin(), row.metrics.end(),
                   [&](const EvaluationMetric& m) { return m.name == evaluation_.compared; });
  if (compared != nullptr && metric != row.metrics.end())
    for (auto i = static_cast<size_t>(metric - row.metrics.begin()); i < values.size();
         i += columns)
      compared->push_back(values[i]);

  for (size_t cutoff : options_.cutoffs) {
    const std::vector<uint32_t> exposure = ExposureAt(chosen, cutoff, train_counts_.size());
    auto add = [&](const char* name, double value) {
      row.metrics.push_back({absl::StrCat(name, "@", cutoff), value, value, value});
    };
    add("coverage", Coverage(exposure));
    add("gini", Gini(exposure));
    add("novelty", Novelty(exposure, train_counts_, users_));
  }
  return row;
}

void Evaluator::AddIntervals(const std::vector<float>& values, size_t columns, EvaluationRow& row) {
  const size_t users = values.size() / std::max<size_t>(columns, 1);
  if (users == 0) return;
  auto add_user = [&](size_t user, std::vector<double>& sums) {
    for (size_t m = 0; m < columns; ++m) sums[m] += values[user * columns + m];
  };
  std::vector<double> sums(columns, 0);
  for (size_t user = 0; user < users; ++user) add_user(user, sums);
  // The same resamples for every model, so that intervals of one evaluation belong together.
  std::vector<std::vector<double>> resampled(options_.resamples, std::vector<double>(columns, 0));
  pool_.ForEach(options_.resamples, [&](size_t r) {
    ForEachResampled(users, options_.seed, r, [&](size_t user) { add_user(user, resampled[r]); });
  });
  const auto count = static_cast<double>(users);
  std::vector<double> column(options_.resamples);
  for (size_t m = 0; m < columns; ++m) {
    EvaluationMetric& metric = row.metrics[m];
    metric.value = metric.low = metric.high = sums[m] / count;
    if (column.empty()) continue;
    for (size_t r = 0; r < column.size(); ++r) column[r] = resampled[r][m] / count;
    const Interval interval = PercentileInterval(column);
    metric.low = interval.low;
    metric.high = interval.high;
  }
}

}  // namespace shortlist
