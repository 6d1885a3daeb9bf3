#include "model/live_bundle.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/decimal.h"
#include "common/vector_kernels.h"
#include "features/item_encoder.h"
#include "model/alike_items.h"
#include "tests/support/test_models.h"
#include "tests/support/trained_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Values = std::map<std::string, std::set<std::string>>;  // By attribute.

// What there is to know of an item, as a caller sees it.
struct Seen {
  std::string title;
  Values values;
  VectorOrigin origin = VectorOrigin::kTrained;

  bool operator==(const Seen&) const = default;
};

Seen SeenOf(const Bundle& bundle, ItemRow row) {
  const Catalog& catalog = bundle.catalog;
  const auto& fields = catalog.schema().fields();
  Seen seen{.title = std::string(catalog.title(row)), .origin = catalog.vector_origin(row)};
  for (uint32_t f = 0; f < fields.size(); ++f) {
    if (fields[f].type != AttributeType::kNumber) continue;
    if (const double number = catalog.numbers(f)[row]; !std::isnan(number))
      seen.values[fields[f].name].insert(FormatDecimal(number));
  }
  for (uint32_t code : catalog.codes(row)) {
    const AttributeSchema::Field& field = fields[catalog.schema().FieldOf(code)];
    if (field.type != AttributeType::kNumber)
      seen.values[field.name].emplace(field.values[code - field.first_code]);
  }
  catalog.ForEachUncoded(row, [&](uint32_t field, std::string_view value) {
    seen.values[fields[field].name].emplace(value);
  });
  return seen;
}

// Items as they should be, without any of the code that is tested.
struct Expected {
  Seen seen;
  bool deleted = false;
  int64_t hidden_until_ms = 0;
};

class LiveBundleTest : public testing::Test {
 protected:
  LiveBundleTest() : live_(*LiveBundle::Make(TrainedBundle())) {
    for (ItemRow row = 0; row < trained_.catalog.item_count(); ++row)
      expected_[std::string(trained_.catalog.id(row))].seen = SeenOf(trained_, row);
  }

  // Applies them, no item twice, and does the same to what is expected.
  std::shared_ptr<const Bundle> Apply(const std::vector<ItemChange>& changes) {
    std::vector<LiveBundle::Item> items;
    for (const ItemChange& change : changes) {
      ItemState& state = states_[change.item_id];
      shortlist::Apply(change, state);
      items.push_back({change.item_id, &state});
      Expect(change);
    }
    auto bundle = live_->Apply(items, now_ms_);
    EXPECT_TRUE(bundle.ok()) << bundle.status();
    return *std::move(bundle);
  }
  std::shared_ptr<const Bundle> Upsert(const std::string& id, const std::string& title,
                                       const std::vector<NamedAttribute>& attributes) {
    return Apply({{.item_id = id, .title = title, .attributes = attributes}});
  }

  void Expect(const ItemChange& change) {
    const bool known = expected_.contains(change.item_id);
    if (!known && change.kind != ItemChange::Kind::kUpsert) {
      // An item that is hidden before it comes is hidden when it does.
      if (change.kind == ItemChange::Kind::kHide)
        unknown_hidden_[change.item_id] = change.hidden_until_ms;
      return;
    }
    Expected& item = expected_[change.item_id];
    switch (change.kind) {
      case ItemChange::Kind::kUpsert: {
        if (!known && unknown_hidden_.contains(change.item_id))
          item.hidden_until_ms = unknown_hidden_[change.item_id];
        const bool trained = trained_.catalog.FindItem(change.item_id).has_value();
        item.seen = {.title = change.title};
        bool has_known_value = false;
        for (const NamedAttribute& attribute : change.attributes)
          for (const std::string& value : attribute.values) {
            item.seen.values[attribute.name].insert(value);
            has_known_value |= value != "Noir";
          }
        item.seen.origin = trained           ? VectorOrigin::kTrained
                           : has_known_value ? VectorOrigin::kFromAttributes
                                             : VectorOrigin::kNone;
        item.deleted = false;
        break;
      }
      case ItemChange::Kind::kDelete:
        item.deleted = true;
        break;
      case ItemChange::Kind::kHide:
        item.hidden_until_ms = change.hidden_until_ms;
        break;
    }
  }

  static bool Meets(const FilterCondition& condition, const Values& values) {
    const auto found = values.find(condition.attribute);
    if (found == values.end()) return false;
    if (!condition.range)
      return std::any_of(condition.any_value.begin(), condition.any_value.end(),
                         [&](const std::string& value) { return found->second.contains(value); });
    const double number = std::stod(*found->second.begin());
    return condition.range->min.value_or(number) <= number &&
           number <= condition.range->max.value_or(number);
  }
  std::set<std::string> ExpectedToPass(const FilterConditions& conditions) const {
    std::set<std::string> ids;
    for (const auto& [id, item] : expected_) {
      const Values& values = item.seen.values;
      auto meets = [&](const FilterCondition& condition) { return Meets(condition, values); };
      if (item.deleted || item.hidden_until_ms > now_ms_) continue;
      if (std::all_of(conditions.all_of.begin(), conditions.all_of.end(), meets) &&
          (conditions.any_of.empty() ||
           std::any_of(conditions.any_of.begin(), conditions.any_of.end(), meets)) &&
          std::none_of(conditions.none_of.begin(), conditions.none_of.end(), meets))
        ids.insert(id);
    }
    return ids;
  }

  FilterCondition RandomCondition() {
    if (random_() % 3 == 0) {
      const double from = 1980 + static_cast<double>(random_() % 40);
      return {.attribute = "year", .range = FilterCondition::Range{from, from + 10}};
    }
    FilterCondition condition{.attribute = "genre"};
    for (size_t i = 0; i <= random_() % 2; ++i)
      condition.any_value.push_back(kGenres[random_() % std::size(kGenres)]);
    return condition;
  }
  FilterConditions RandomConditions() {
    FilterConditions conditions;
    for (auto* list : {&conditions.all_of, &conditions.any_of, &conditions.none_of})
      for (size_t i = 0; i < random_() % 2; ++i) list->push_back(RandomCondition());
    return conditions;
  }
  ItemChange RandomChange() {
    ItemChange change{.item_id = random_() % 2 == 0 ? "i" + std::to_string(random_() % 40)
                                                    : "new" + std::to_string(random_() % 30)};
    switch (random_() % 4) {
      case 0:
        change.kind = ItemChange::Kind::kDelete;
        return change;
      case 1:
        change.kind = ItemChange::Kind::kHide;
        change.hidden_until_ms = now_ms_ + static_cast<int64_t>(random_() % 3) * 10;
        return change;
      default:
        change.title = "Title " + std::to_string(random_() % 3);
        if (random_() % 3 != 0) {
          change.attributes.push_back({"genre", {}});
          for (size_t i = 0; i <= random_() % 2; ++i)
            change.attributes.back().values.push_back(kGenres[random_() % std::size(kGenres)]);
        }
        if (random_() % 3 == 0)
          change.attributes.push_back({"year", {std::to_string(1980 + random_() % 40)}});
        return change;
    }
  }

  template <class Items>
  static std::set<std::string> IdsOf(const Bundle& bundle, const Items& items) {
    std::set<std::string> ids;
    for (const auto& item : items)
      EXPECT_TRUE(ids.emplace(bundle.catalog.id(item.item)).second) << "an item twice";
    return ids;
  }

  // Everything that can be asked of the bundle is as it is expected.
  void ExpectAsExpected(const Bundle& bundle) {
    for (const auto& [id, item] : expected_) {
      const std::optional<ItemRow> row = bundle.catalog.FindItem(id);
      if (!row) {  // It came and went before this bundle was made.
        EXPECT_TRUE(item.deleted) << id;
        continue;
      }
      EXPECT_EQ(bundle.catalog.id(*row), id);
      EXPECT_EQ(bundle.catalog.IsDeleted(*row), item.deleted) << id;
      EXPECT_EQ(bundle.catalog.IsHidden(*row), item.deleted || item.hidden_until_ms > now_ms_)
          << id;
      EXPECT_TRUE(item.deleted || SeenOf(bundle, *row) == item.seen) << id;
    }
    EXPECT_EQ(bundle.catalog.FindItem("never"), std::nullopt);

    const std::vector<std::string> history = {"i3", "i9", "new1", "i21"};
    UserState state;
    for (const std::string& id : history) state.history.push_back({.item_id = id});
    const EncodedUser user = bundle.encoder->Encode(state);
    const std::vector<float> vector = bundle.towers.UserVector(user, {});
    for (int round = 0; round < 8; ++round) {
      const FilterConditions conditions = round == 0 ? FilterConditions() : RandomConditions();
      const ItemFilter filter = *bundle.attributes->Compile(conditions);
      const std::set<std::string> expected = ExpectedToPass(conditions);
      std::set<std::string> passing;
      filter.ForEachPassing(bundle.catalog.item_count(), [&](ItemRow row) {
        EXPECT_TRUE(filter.Passes(row));
        EXPECT_TRUE(passing.emplace(bundle.catalog.id(row)).second);
      });
      EXPECT_EQ(passing, expected);
      EXPECT_EQ(filter.PassingCount(bundle.catalog.item_count()), expected.size());

      const std::vector<ScoredItem> nearest =
          bundle.index->Search(vector, filter, bundle.catalog.item_count());
      EXPECT_EQ(IdsOf(bundle, nearest), expected);
      EXPECT_TRUE(std::is_sorted(nearest.begin(), nearest.end(), RanksBefore));
      for (const ScoredItem& item : nearest)
        EXPECT_NEAR(item.score,
                    DotProduct(vector.data(), bundle.towers.item_embedding(item.item).data(),
                               bundle.towers.dim()),
                    1e-5);

      std::vector<ItemRow> pinned;
      std::set<std::string> pinned_ids;
      for (const auto& [id, item] : expected_) {
        if (random_() % 40 != 0) continue;
        if (const auto row = bundle.catalog.FindItem(id)) pinned.push_back(*row);
        if (expected.contains(id)) pinned_ids.insert(id);
      }
      for (size_t k : {size_t{30}, size_t{1000}}) {
        const std::vector<Candidate> candidates =
            bundle.candidates->Generate(user, {}, filter, k, pinned);
        const std::set<std::string> found = IdsOf(bundle, candidates);
        EXPECT_EQ(found.size(), std::min(k, expected.size()));
        EXPECT_TRUE(std::includes(expected.begin(), expected.end(), found.begin(), found.end()));
        if (pinned_ids.size() <= found.size()) {
          EXPECT_TRUE(
              std::includes(found.begin(), found.end(), pinned_ids.begin(), pinned_ids.end()));
        }
        ExpectScoresOfFeatures(bundle, user, candidates);
      }
    }
  }

  // The scores are those of a ranker that is made from the weights for the catalog as it is.
  void ExpectScoresOfFeatures(const Bundle& bundle, const EncodedUser& user,
                              const std::vector<Candidate>& candidates) {
    const EncodedContext context;
    const auto request = bundle.extractor->Begin(user, context, candidates);
    for (const std::optional<LogisticRanker>* head : {&bundle.ranker, &bundle.liked_head}) {
      std::vector<float> scores(candidates.size()), made(candidates.size());
      (*head)->Score(request, scores);
      LogisticRanker((*head)->weights(), *bundle.extractor).Score(request, made);
      EXPECT_EQ(scores, made);
      for (size_t i = 0; i < candidates.size(); i += 7) {
        const auto parts = (*head)->Explain(request, i, scores[i]);
        const auto bias = std::find_if(parts.begin(), parts.end(),
                                       [](const auto& part) { return part.feature == "bias"; });
        ASSERT_NE(bias, parts.end());
        EXPECT_NEAR(bias->contribution, (*head)->weights().bias, 1e-3);
      }
    }
  }

  static constexpr const char* kGenres[] = {"Comedy", "Drama", "Horror", "Western", "Noir"};

  const Bundle& trained_ = *TrainedBundle();
  std::unique_ptr<LiveBundle> live_;
  int64_t now_ms_ = 1'000'000;
  CatalogChanges states_;
  std::map<std::string, Expected> expected_;
  std::map<std::string, int64_t> unknown_hidden_;
  std::mt19937_64 random_{1};
};

TEST_F(LiveBundleTest, AnswersAsTheItemsAreAfterAnyChanges) {
  std::vector<std::shared_ptr<const Bundle>> all = {live_->bundle()};
  for (int batch = 0; batch < 60; ++batch) {
    std::map<std::string, ItemChange> changes;
    for (size_t i = 0; i <= random_() % 5; ++i) {
      ItemChange change = RandomChange();
      changes[change.item_id] = std::move(change);
    }
    std::vector<ItemChange> list;
    for (auto& [id, change] : changes) list.push_back(change);
    all.push_back(Apply(list));
    ExpectAsExpected(*all.back());
    if (HasFailure()) FAIL() << "after batch " << batch;
  }
  // All at once is the same.
  live_ = *LiveBundle::Make(TrainedBundle());
  std::vector<LiveBundle::Item> items;
  for (const auto& [id, state] : states_) items.push_back({id, &state});
  ExpectAsExpected(**live_->Apply(items, now_ms_));
  // And later, when items may be shown again.
  now_ms_ += 15;
  ExpectAsExpected(**live_->Apply(items, now_ms_));
  EXPECT_EQ(all.front(), TrainedBundle());
}

TEST_F(LiveBundleTest, ABundleStaysAsItIsAndAliveWhenThereAreOthers) {
  const auto before = Upsert("new", "First title", {{"genre", {"Horror"}}});
  const ItemRow row = *before->catalog.FindItem("new");
  for (int i = 0; i < 2'000; ++i) Upsert("new", "Title " + std::to_string(i), {{"year", {"2001"}}});
  live_ = nullptr;
  EXPECT_EQ(before->catalog.FindItem("new"), row);
  EXPECT_EQ(before->catalog.title(row), "First title");
  EXPECT_FALSE(before->catalog.IsHidden(row));
  EXPECT_EQ(before->catalog.item_count(), trained_.catalog.item_count() + 1);
  EXPECT_EQ(before->index->Search(before->towers.item_embedding(row), {}, 1)[0].item, row);
}

TEST_F(LiveBundleTest, ANewItemIsNearItsLikeAndANewTitleChangesNothingButTheTitle) {
  const auto with_new = Upsert("new", "Scary", {{"genre", {"Horror"}}, {"year", {"1999"}}});
  const ItemRow row = *with_new->catalog.FindItem("new");
  const auto alike = with_new->index->Search(with_new->towers.item_embedding(row), {}, 11);
  size_t horror = 0;
  for (const ScoredItem& item : alike)
    horror += SeenOf(*with_new, item.item).values["genre"].contains("Horror");
  EXPECT_GE(horror, 9u);
  EXPECT_EQ(with_new->catalog.interaction_counts()[row], 0u);
  // It is judged by what is most like it, and so is what goes with it.
  const AlikeItems expected = FindAlike(trained_, with_new->towers.item_embedding(row));
  EXPECT_TRUE(std::ranges::equal(with_new->catalog.AlikeRows(row), expected.rows));
  EXPECT_EQ(with_new->statistics.counts[row], expected.count);
  EXPECT_EQ(with_new->statistics.liked[row], expected.liked);
  EXPECT_TRUE(std::ranges::equal(with_new->similarity.neighbours(row),
                                 trained_.similarity.neighbours(expected.rows[0])));

  // Of every tenth item.
  const auto before = live_->bundle();
  std::vector<ItemChange> changes;
  for (ItemRow item = 0; item < trained_.catalog.item_count(); item += 10) {
    ItemChange change{.item_id = std::string(trained_.catalog.id(item)), .title = "Renamed"};
    for (const auto& [name, values] : SeenOf(trained_, item).values)
      change.attributes.push_back({name, {values.begin(), values.end()}});
    changes.push_back(change);
  }
  const auto after = Apply(changes);
  UserState user;
  for (const char* id : {"i10", "i3", "i20", "i7"}) user.history.push_back({.item_id = id});
  std::map<std::string, float> scores[2];
  std::map<std::string, SourceId> sources[2];
  for (int i = 0; i < 2; ++i) {
    const Bundle& bundle = i == 0 ? *before : *after;
    const EncodedUser encoded = bundle.encoder->Encode(user);
    const EncodedContext context;
    const ItemFilter filter = *bundle.attributes->Compile({});
    const auto candidates = bundle.candidates->Generate(encoded, context, filter, 60);
    std::vector<float> of_candidates(candidates.size());
    bundle.ranker->Score(encoded, context, candidates, of_candidates);
    for (size_t c = 0; c < candidates.size(); ++c) {
      const std::string id(bundle.catalog.id(candidates[c].item));
      scores[i][id] = of_candidates[c];
      sources[i][id] = candidates[c].source;
      if (i == 1 && id.starts_with("i") && id.ends_with("0")) {
        EXPECT_EQ(bundle.catalog.title(candidates[c].item), "Renamed");
      }
    }
  }
  EXPECT_EQ(sources[0], sources[1]);
  ASSERT_EQ(scores[0].size(), scores[1].size());
  for (const auto& [id, score] : scores[0]) EXPECT_NEAR(scores[1][id], score, 1e-5) << id;
}

TEST_F(LiveBundleTest, AnItemOfNoKnownAttributeHasNoVectorAndIsFoundAllTheSame) {
  const auto bundle = Upsert("bare", "Bare", {{"genre", {"Noir"}}});
  const ItemRow row = *bundle->catalog.FindItem("bare");
  EXPECT_EQ(bundle->catalog.vector_origin(row), VectorOrigin::kNone);
  const ItemFilter noir =
      *bundle->attributes->Compile({.all_of = {{.attribute = "genre", .any_value = {"Noir"}}}});
  const auto candidates = bundle->candidates->Generate({}, {}, noir, 10);
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_EQ(candidates[0].item, row);
  EXPECT_EQ(candidates[0].score, 0);
  const ItemRow pinned[] = {row};
  const ItemFilter all = *bundle->attributes->Compile({});
  EXPECT_EQ(bundle->candidates->Generate({}, {}, all, 10, pinned).back().item, row);
}

TEST_F(LiveBundleTest, ANewItemIsAmongTheNewestAndSegmentsAreThere) {
  const auto bundle = Upsert("bare", "Bare", {{"genre", {"Noir"}}});
  const CandidateMix mix = {{SourceId::kNewest, 0.5}, {SourceId::kPopularInSegment, 0.5}};
  const SourceSettings settings{.segment_attribute = "gender"};
  const EncodedUser user = bundle->encoder->Encode(UserState{.attributes = {{"gender", {"F"}}}});
  const auto candidates = bundle->candidates->Generate(
      user, {}, *bundle->attributes->Compile({}), 10, {}, {.mix = &mix, .settings = &settings});
  std::map<SourceId, std::vector<ItemRow>> by_source;
  for (const Candidate& candidate : candidates)
    by_source[candidate.source].push_back(candidate.item);
  EXPECT_THAT(by_source[SourceId::kNewest], ElementsAre(*bundle->catalog.FindItem("bare")));
  EXPECT_EQ(by_source[SourceId::kPopularInSegment].size(), 5u);
}

TEST_F(LiveBundleTest, IsTheSameBundleWhereNothingIsDifferent) {
  const Seen seen = SeenOf(trained_, 5);
  std::vector<NamedAttribute> same;
  for (const auto& [name, values] : seen.values)
    same.push_back({name, {values.begin(), values.end()}});
  EXPECT_EQ(Upsert("i5", seen.title, same), TrainedBundle());
  EXPECT_EQ(Apply({{.kind = ItemChange::Kind::kDelete, .item_id = "never"}}), TrainedBundle());
  const auto changed = Upsert("i5", "Other", same);
  EXPECT_NE(changed, TrainedBundle());
  EXPECT_EQ(Upsert("i5", "Other", same), changed);
}

// Of the items with vectors, which are not those of the fixture.
class LiveVectorsTest : public testing::Test {
 protected:
  std::shared_ptr<const Bundle> Upsert(const std::string& id, ItemState state) {
    state.presence = ItemState::Presence::kUpserted;
    const LiveBundle::Item item{id, &state};
    auto bundle = live_->Apply({&item, 1}, 0);
    EXPECT_TRUE(bundle.ok()) << bundle.status();
    return *std::move(bundle);
  }
  // A horror film as far as the vector goes.
  const std::vector<float> scary_ = {0.1F, 0, 5, 0.2F, 0, -0.1F};

  const Bundle& trained_ = *VectorTestModels().bundle();
  std::unique_ptr<LiveBundle> live_ = *LiveBundle::Make(VectorTestModels().bundle());
};

TEST_F(LiveVectorsTest, AnItemWithAVectorAloneFindsItsPlace) {
  const auto bundle = Upsert("new", {.title = "New", .vector = scary_});
  const ItemRow row = *bundle->catalog.FindItem("new");
  EXPECT_EQ(bundle->catalog.vector_origin(row), VectorOrigin::kFromAttributes);
  EXPECT_TRUE(std::ranges::equal(bundle->vectors.vector(row), scary_));
  const auto alike = bundle->index->Search(bundle->towers.item_embedding(row), {}, 11);
  size_t horror = 0;
  for (const ScoredItem& item : alike)
    horror += SeenOf(*bundle, item.item).values["genre"].contains("Horror");
  EXPECT_GE(horror, 9u);
  EXPECT_EQ(bundle->catalog.AlikeRows(row).size(), Catalog::kMostAlike);
  // And is among those alike by content.
  const auto nearest = *bundle->vectors.Nearest(scary_, *bundle->attributes->Compile({}), 20);
  EXPECT_EQ(nearest[0].item, row);
  EXPECT_NEAR(nearest[0].score, 1, 1e-6);
  for (const ScoredItem& item : std::span(nearest).subspan(1))
    EXPECT_TRUE(SeenOf(*bundle, item.item).values["genre"].contains("Horror"));
}

TEST_F(LiveVectorsTest, AnotherVectorIsAnotherPlaceAndTheSameChangesNothing) {
  const auto first = Upsert("new", {.vector = scary_});
  EXPECT_EQ(Upsert("new", {.vector = scary_}), first);
  const auto second = Upsert("new", {.vector = {0, 1, 0, 0, 0, 0}});
  EXPECT_NE(second, first);
  const ItemRow row = *second->catalog.FindItem("new"), before = *first->catalog.FindItem("new");
  EXPECT_NE(row, before);
  EXPECT_FALSE(
      std::ranges::equal(second->towers.item_embedding(row), first->towers.item_embedding(before)));
  EXPECT_FALSE(second->vectors.Nearest(scary_, *second->attributes->Compile({}), 1)->front().item ==
               before);  // It is hidden.
  const auto third = Upsert("new", {});
  const ItemRow bare = *third->catalog.FindItem("new");
  EXPECT_EQ(third->catalog.vector_origin(bare), VectorOrigin::kNone);
  EXPECT_FALSE(third->vectors.Has(bare));
}

TEST_F(LiveVectorsTest, ATrainedItemKeepsWhatWasLearnedOfItWhateverVectorItBrings) {
  const ItemRow trained = *trained_.catalog.FindItem("i7");
  const auto bundle = Upsert("i7", {.title = "Seven", .vector = scary_});
  const ItemRow row = *bundle->catalog.FindItem("i7");
  EXPECT_EQ(bundle->catalog.vector_origin(row), VectorOrigin::kTrained);
  EXPECT_TRUE(std::ranges::equal(bundle->towers.item_embedding(row),
                                 trained_.towers.item_embedding(trained)));
  EXPECT_TRUE(std::ranges::equal(bundle->vectors.vector(row), scary_));
  EXPECT_TRUE(
      std::ranges::equal(bundle->vectors.vector(trained), trained_.vectors.vector(trained)));
}

// As where items are told of before their vectors are, and training has them: their vectors were
// lost.
TEST_F(LiveVectorsTest, ATrainedItemKeepsItsVectorUnlessItIsToldAnother) {
  const ItemRow trained = *trained_.catalog.FindItem("i7");
  for (const std::vector<float>& unusable : {std::vector<float>{}, {1, 2, 3}}) {
    const auto bundle = Upsert("i7", {.title = "Seven", .vector = unusable});
    const ItemRow row = *bundle->catalog.FindItem("i7");
    EXPECT_TRUE(std::ranges::equal(bundle->vectors.vector(row), trained_.vectors.vector(trained)));
  }
}

TEST_F(LiveVectorsTest, AVectorThatIsNotAsLongAsTheBundlesIsLeftOut) {
  const auto bundle = Upsert("new", {.vector = {1, 2, 3}});
  const ItemRow row = *bundle->catalog.FindItem("new");
  EXPECT_EQ(bundle->catalog.vector_origin(row), VectorOrigin::kNone);
  EXPECT_FALSE(bundle->vectors.Has(row));
}

TEST_F(LiveBundleTest, ManyOfOneBundleDoNotDisturbOneAnother) {
  const auto first = Upsert("new", "First", {{"genre", {"Horror"}}});
  auto other = *LiveBundle::Make(TrainedBundle());
  const ItemState state{.presence = ItemState::Presence::kUpserted,
                        .title = "Second",
                        .attributes = {{"genre", {"Western", "Drama"}}}};
  const LiveBundle::Item item{"other", &state};
  const auto second = *other->Apply({&item, 1}, 0);
  const ItemRow row = trained_.catalog.item_count();
  EXPECT_EQ(first->catalog.title(row), "First");
  EXPECT_EQ(second->catalog.title(row), "Second");
  const std::vector<Candidate> candidate = {{row, 0.5F, SourceId::kTwoTower}};
  for (const Bundle* bundle : {first.get(), second.get()})
    ExpectScoresOfFeatures(*bundle, {}, candidate);
}

TEST_F(LiveBundleTest, SaysWhenMostOfItsRowsAreHidden) {
  EXPECT_FALSE(live_->IsMostlyHidden());
  ItemState state{.presence = ItemState::Presence::kUpserted};
  const LiveBundle::Item item{"new", &state};
  for (int i = 0; i <= 10'001; ++i) {
    EXPECT_FALSE(live_->IsMostlyHidden());
    state.title = std::to_string(i);
    ASSERT_TRUE(live_->Apply({&item, 1}, 0).ok());
  }
  EXPECT_TRUE(live_->IsMostlyHidden());
}

}  // namespace
}  // namespace shortlist
