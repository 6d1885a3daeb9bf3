#include "training/new_item_experiment.h"

#include <cblas.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "common/vector_kernels.h"
#include "common/work_folder.h"
#include "data/item_holdout.h"
#include "data/named_attributes.h"
#include "data/split_summary.h"
#include "evaluation/recommenders.h"
#include "model/live_bundle.h"
#include "retrieval/top_items.h"

namespace shortlist {
namespace {

// A model's embeddings by row of the whole data set; nothing is known of the other items.
struct Embeddings {
  std::vector<float> rows;
  std::vector<char> known;
};

// A bundle that answers, and its rows beside those of the whole data set; kNoItem where one has not
// what the other has.
struct Served {
  std::shared_ptr<const Bundle> bundle;
  std::vector<ItemRow> row_of, item_of;
};

class NewItemExperiment {
 public:
  NewItemExperiment(const Dataset& dataset, const NewItemOptions& options)
      : dataset_(dataset), options_(options), pool_(options.threads) {}

  absl::StatusOr<NewItemResult> Run() {
    openblas_set_num_threads(1);  // The pool's threads each call it for a part.
    ASSIGN_OR_RETURN(const std::vector<UserSequence> sequences, Split(dataset_, options_.split));
    RETURN_IF_ERROR(CheckTestable(SummariseSplit(dataset_, sequences)));
    const std::vector<uint32_t> counts = TrainingCounts(dataset_, sequences);
    new_items_ = DrawItems(counts, options_.share, options_.stages.seed);
    if (new_items_.empty())
      return absl::FailedPreconditionError("there are too few items to hold any out");
    holdout_ = WithoutItems(dataset_, sequences, new_items_);
    result_.items = dataset_.items.ids.size();
    result_.new_items = new_items_.size();
    for (const UserSequence& sequence : holdout_.sequences)
      result_.train_interactions += sequence.train_end - sequence.begin;
    std::vector<TestCase> cases =
        MakeTestCases(dataset_, sequences, {.seed = options_.stages.seed});
    if (OfNewItems(cases).empty())
      return absl::FailedPreconditionError("no user has one of the items held out as a test");

    ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Create());
    ASSIGN_OR_RETURN(const std::filesystem::path before, work->Make("before"));
    ASSIGN_OR_RETURN(TrainedStages without, TrainRetrieval(holdout_.dataset, holdout_.sequences,
                                                           options_.stages, before, pool_));
    if (!without.bundle->content)
      return absl::FailedPreconditionError("the items have neither attributes nor vectors");
    ASSIGN_OR_RETURN(const std::filesystem::path after, work->Make("after"));
    ASSIGN_OR_RETURN(TrainedStages with,
                     TrainRetrieval(dataset_, sequences, options_.stages, after, pool_));
    RETURN_IF_ERROR(AddRankers(sequences, without, with));

    const Embeddings projected = Projected(*without.bundle);
    const Embeddings trained{{with.bundle->towers.item_embeddings().begin(),
                              with.bundle->towers.item_embeddings().end()},
                             std::vector<char>(result_.items, 1)};
    const Served before_them = ServedBy(Borrow(*without.bundle));
    const Served with_them = ServedBy(Borrow(*with.bundle));
    Served told;
    if (result_.has_both_stages) {
      ASSIGN_OR_RETURN(told, ToldOf(before_them.bundle));
    }
    for (const ItemRow item : new_items_) result_.without_content += projected.known[item] ? 0 : 1;

    EvaluatorOptions options = options_.evaluator;
    options.seed = options_.stages.seed;
    auto evaluator = [&](std::vector<TestCase> asked) {
      return Evaluator(std::move(asked), counts, dataset_.user_ids.size(), options, pool_);
    };
    for (const bool whole : {false, true}) {
      Evaluator measured = evaluator(OfNewItems(cases));
      measured.Measure("random", AtRandom(whole));
      measured.Measure("popularity_by_attribute", ByScores(AttributePopularity(), whole));
      measured.Measure("popularity_afterwards", ByScores({counts.begin(), counts.end()}, whole));
      measured.Measure("from_content", ByEmbedding(projected, *without.bundle, true, whole));
      measured.Measure("trained_with_them", ByEmbedding(trained, *with.bundle, false, whole));
      if (result_.has_both_stages) {
        measured.Measure("two_stage_from_content", ByBothStages(told, true, whole));
        measured.Measure("two_stage_trained_with_them", ByBothStages(with_them, false, whole));
      }
      (whole ? result_.whole_catalog : result_.among_new) = std::move(measured).Take();
    }
    Embeddings others = projected;
    for (const ItemRow item : new_items_) others.known[item] = 0;
    Evaluator measured = evaluator(std::move(cases));
    measured.Measure("without_them", ByEmbedding(others, *without.bundle, true, true));
    measured.Measure("from_content", ByEmbedding(projected, *without.bundle, true, true));
    measured.Measure("trained_with_them", ByEmbedding(trained, *with.bundle, false, true));
    if (result_.has_both_stages) {
      measured.Measure("two_stage_without_them", ByBothStages(before_them, true, true));
      measured.Measure("two_stage_from_content", ByBothStages(told, true, true));
      measured.Measure("two_stage_trained_with_them", ByBothStages(with_them, false, true));
    }
    result_.all_relevant = std::move(measured).Take();
    return std::move(result_);
  }

 private:
  // With new items alone as relevant, those users who have any.
  std::vector<TestCase> OfNewItems(std::vector<TestCase> cases) const {
    for (TestCase& test : cases)
      absl::erase_if(test.relevant, [&](ItemRow item) { return holdout_.row_of[item] != kNoItem; });
    std::erase_if(cases, [](const TestCase& test) { return test.relevant.empty(); });
    return cases;
  }

  // Those of training where there are, the others from their content.
  Embeddings Projected(const Bundle& bundle) const {
    const size_t dim = bundle.towers.dim();
    Embeddings embeddings{std::vector<float>(result_.items * dim),
                          std::vector<char>(result_.items, 1)};
    for (ItemRow item = 0; item < result_.items; ++item) {
      const auto row = embeddings.rows.begin() + static_cast<ptrdiff_t>(item * dim);
      if (const ItemRow known = holdout_.row_of[item]; known != kNoItem) {
        std::ranges::copy(bundle.towers.item_embedding(known), row);
      } else if (const auto projected = bundle.content->Project(ContentOf(dataset_.items, item))) {
        std::ranges::copy(projected->embedding, row);
      } else {
        embeddings.known[item] = 0;
      }
    }
    return embeddings;
  }

  absl::Status AddRankers(std::span<const UserSequence> sequences, TrainedStages& without,
                          TrainedStages& with) {
    StagesOptions options = options_.stages;
    options.ranker.variants = RankerVariants::kNone;  // Nothing is judged by them here.
    absl::Status status = AddRanker(holdout_.dataset, holdout_.sequences, options, pool_, without);
    if (status.ok()) status = AddRanker(dataset_, sequences, options, pool_, with);
    result_.has_both_stages = status.ok();
    return absl::IsFailedPrecondition(status) ? absl::OkStatus() : status;
  }

  Served ServedBy(std::shared_ptr<const Bundle> bundle) const {
    Served served{.bundle = std::move(bundle), .row_of = {}, .item_of = {}};
    served.item_of.resize(served.bundle->catalog.item_count(), kNoItem);
    for (ItemRow item = 0; item < result_.items; ++item) {
      const ItemRow row =
          served.bundle->catalog.FindItem(dataset_.items.ids[item]).value_or(kNoItem);
      served.row_of.push_back(row);
      if (row != kNoItem) served.item_of[row] = item;
    }
    return served;
  }

  // The bundle after it was told of the new items, as UpsertItems tells it.
  absl::StatusOr<Served> ToldOf(std::shared_ptr<const Bundle> bundle) const {
    const CatalogData& items = dataset_.items;
    std::vector<ItemState> states;
    for (const ItemRow item : new_items_) {
      const std::span<const float> vector = ContentOf(items, item).vector;
      states.push_back(
          {.presence = ItemState::Presence::kUpserted,
           .title = items.titles.empty() ? "" : items.titles[item],
           .attributes = NamedAttributesOf(items.schema, CodesOf(items, item), items.numbers, item),
           .vector = {vector.begin(), vector.end()}});
    }
    std::vector<LiveBundle::Item> told;
    for (size_t i = 0; i < new_items_.size(); ++i)
      told.push_back({items.ids[new_items_[i]], &states[i]});
    ASSIGN_OR_RETURN(const std::unique_ptr<LiveBundle> live, LiveBundle::Make(std::move(bundle)));
    ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> after, live->Apply(told, /*now_ms=*/0));
    return ServedBy(std::move(after));
  }

  // Calls body(item) for what is ranked in a case.
  template <class Body>
  void ForEachRanked(bool whole, const ItemFilter& filter, const Body& body) const {
    if (whole) {
      filter.ForEachPassing(static_cast<uint32_t>(result_.items), body);
    } else {
      for (const ItemRow item : new_items_)
        if (filter.Passes(item)) body(item);
    }
  }

  static std::vector<ItemRow> Best(TopItems top) {
    std::vector<ItemRow> rows;
    for (const ScoredItem& item : std::move(top).Take()) rows.push_back(item.item);
    return rows;
  }

  Recommend ByEmbedding(const Embeddings& embeddings, const Bundle& bundle, bool before,
                        bool whole) const {
    return [&, before, whole](const TestCase& test, const ItemFilter& filter, size_t count) {
      EncodedUser user = test.user;
      if (before) {
        for (HistoryEntry& entry : user.history) entry.item = holdout_.row_of[entry.item];
        std::erase_if(user.history,
                      [](const HistoryEntry& entry) { return entry.item == kNoItem; });
      }
      const std::vector<float> vector = bundle.towers.UserVector(user, test.context);
      TopItems top(count);
      ForEachRanked(whole, filter, [&](ItemRow item) {
        if (embeddings.known[item])
          top.Add({item, DotProduct(vector.data(), embeddings.rows.data() + item * vector.size(),
                                    vector.size())});
      });
      return Best(std::move(top));
    };
  }

  // As they are served, with as many candidates as the ranker learned from.
  Recommend ByBothStages(const Served& served, bool before, bool whole) const {
    Roaring ranked;
    if (!whole)
      for (const ItemRow item : new_items_) ranked.add(served.row_of[item]);
    return [&, before, whole, ranked](const TestCase& test, const ItemFilter&, size_t count) {
      EncodedUser user = test.user;
      for (HistoryEntry& entry : user.history) {
        const bool is_known = !before || holdout_.row_of[entry.item] != kNoItem;
        entry.item = is_known ? served.row_of[entry.item] : kNoItem;
      }
      std::erase_if(user.history, [](const HistoryEntry& entry) { return entry.item == kNoItem; });
      ItemFilter filter = whole ? ItemFilter() : ItemFilter(ranked);
      std::vector<ItemRow> had;
      for (const ItemRow item : test.had)
        if (served.row_of[item] != kNoItem) had.push_back(served.row_of[item]);
      filter.Exclude(had);
      std::vector<ItemRow> items;
      for (const ItemRow row : BothStages(*served.bundle, options_.stages.ranker.candidates)(
               {.user = user, .context = test.context, .had = {}, .relevant = {}}, filter, count))
        items.push_back(served.item_of[row]);
      return items;
    };
  }

  Recommend AtRandom(bool whole) const {
    return [this, whole](const TestCase& test, const ItemFilter& filter, size_t count) {
      std::mt19937_64 random(options_.stages.seed * 1'000'003 + test.user.user);
      std::uniform_real_distribution<float> uniform;
      TopItems top(count);
      ForEachRanked(whole, filter, [&](ItemRow item) { top.Add({item, uniform(random)}); });
      return Best(std::move(top));
    };
  }

  Recommend ByScores(std::vector<float> scores, bool whole) const {
    return [this, whole, scores = std::move(scores)](const TestCase&, const ItemFilter& filter,
                                                     size_t count) {
      TopItems top(count);
      ForEachRanked(whole, filter, [&](ItemRow item) { top.Add({item, scores[item]}); });
      return Best(std::move(top));
    };
  }

  // By item. A new one is as popular as its attributes' items are on average, the mean over its
  // attributes.
  std::vector<float> AttributePopularity() const {
    const CatalogData& items = dataset_.items;
    const std::vector<uint32_t> counts = TrainingCounts(holdout_.dataset, holdout_.sequences);
    struct Sum {
      double popularity = 0, items = 0;
    };
    std::vector<Sum> sums;  // By code.
    for (ItemRow item = 0; item < result_.items; ++item) {
      const ItemRow known = holdout_.row_of[item];
      if (known == kNoItem) continue;
      for (const uint32_t code : CodesOf(items, item)) {
        if (code >= sums.size()) sums.resize(code + 1);
        sums[code].popularity += counts[known];
        ++sums[code].items;
      }
    }
    std::vector<float> scores(result_.items, 0);
    for (ItemRow item = 0; item < result_.items; ++item) {
      if (const ItemRow known = holdout_.row_of[item]; known != kNoItem) {
        scores[item] = static_cast<float>(counts[known]);
        continue;
      }
      const std::span<const uint32_t> codes = CodesOf(items, item);
      for (const uint32_t code : codes)
        if (code < sums.size() && sums[code].items > 0)
          scores[item] += static_cast<float>(sums[code].popularity / sums[code].items /
                                             static_cast<double>(codes.size()));
    }
    return scores;
  }

  const Dataset& dataset_;
  const NewItemOptions& options_;
  WorkerPool pool_;
  std::vector<ItemRow> new_items_;
  ItemHoldout holdout_;
  NewItemResult result_;
};

}  // namespace

double ShareOfTrained(const Evaluation& evaluation, std::string_view metric,
                      std::string_view stages) {
  auto of = [&](std::string_view model) {
    for (const EvaluationRow& row : evaluation.rows)
      if (row.model == model) return row[metric];
    return 0.0;
  };
  const double random = of("random");
  return (of(absl::StrCat(AbslView(stages), "from_content")) - random) /
         (of(absl::StrCat(AbslView(stages), "trained_with_them")) - random);
}

absl::StatusOr<NewItemResult> RunNewItemExperiment(const Dataset& dataset,
                                                   const NewItemOptions& options) {
  return NewItemExperiment(dataset, options).Run();
}

}  // namespace shortlist
