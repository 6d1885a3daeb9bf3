#include "tests/support/synthetic_dataset.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "features/context_time.h"

namespace shortlist {
namespace {

constexpr uint32_t kGenres = 4;
constexpr float kFirstYear = 1980;
constexpr uint32_t kYears = 40;
constexpr int64_t kStartMs = 1'600'000'000'000;
constexpr int64_t kHourMs = 3'600'000;

// Eight in ten items from 2000 on are liked, of older ones three.
float Rating(uint32_t user, ItemRow item, float year) {
  return (item * 31 + user * 17) % 10 < (year >= 2000 ? 8 : 3) ? 5.0F : 3.0F;
}

void AddVectors(const SyntheticDatasetOptions& options, CatalogData& items) {
  std::mt19937_64 random(options.seed + 1);
  std::normal_distribution<float> noise(0, 0.2F);
  items.vector_dim = options.vector_dim;
  for (uint32_t i = 0; i < options.items; ++i)
    for (uint32_t d = 0; d < options.vector_dim; ++d) {
      const float number = noise(random) + (d == i % kGenres ? 1.0F : 0.0F);
      items.vectors.push_back(i + 1 == options.items ? 0 : static_cast<float>(1 + i) * number);
    }
}

}  // namespace

Dataset MakeSyntheticDataset(const SyntheticDatasetOptions& options) {
  std::mt19937_64 random(options.seed);
  Dataset dataset;
  dataset.name = "synthetic";
  dataset.has_unix_times = true;
  dataset.has_times = true;

  CatalogData& items = dataset.items;
  items.schema = {{.name = "genre",
                   .type = AttributeType::kTokens,
                   .values = {"Comedy", "Drama", "Horror", "Western"},
                   .bucket_edges = {}},
                  {.name = "year",
                   .type = AttributeType::kNumber,
                   .values = {"1980..1999", "2000..2019"},
                   .bucket_edges = {2000}}};
  items.numbers.resize(1);
  items.code_offsets = {0};
  for (uint32_t i = 0; i < options.items; ++i) {
    items.ids.push_back("i" + std::to_string(i));
    items.titles.push_back("Item " + std::to_string(i));
    const float year = kFirstYear + static_cast<float>(i * 7 % kYears);
    items.numbers[0].push_back(year);
    items.codes.push_back(i % kGenres);
    items.codes.push_back(kGenres + (year >= 2000 ? 1 : 0));
    items.code_offsets.push_back(items.codes.size());
  }
  items.interaction_counts.assign(options.items, 0);
  AddVectors(options, items);

  dataset.user_attributes.schema = {
      {.name = "gender", .type = AttributeType::kToken, .values = {"F", "M"}, .bucket_edges = {}}};
  dataset.user_attributes.offsets = {0};
  for (const TimeField& field : kTimeFields)
    dataset.context_attributes.schema.push_back(
        {.name = std::string(field.name),
         .type = AttributeType::kToken,
         .values = {field.values.begin(), field.values.end()}});
  dataset.context_attributes.offsets = {0};

  std::uniform_int_distribution<uint32_t> any_item(0, options.items - 1);
  std::bernoulli_distribution off_genre(0.15);
  for (uint32_t user = 0; user < options.users; ++user) {
    dataset.user_ids.push_back("u" + std::to_string(user));
    const uint32_t genre = user % kGenres;
    dataset.user_attributes.codes.push_back(genre % 2);
    dataset.user_attributes.offsets.push_back(dataset.user_attributes.codes.size());
    const uint32_t per_genre = options.items / kGenres;
    uint32_t next = any_item(random) % per_genre;
    std::set<ItemRow> taken;
    int64_t time_ms = kStartMs + static_cast<int64_t>(user) * 37 * kHourMs;
    while (taken.size() < options.interactions_per_user) {
      ItemRow item = next * kGenres + genre;
      next = (next + 1) % per_genre;
      if (off_genre(random)) item = any_item(random);
      if (!taken.insert(item).second) continue;
      time_ms += 5 * kHourMs;
      dataset.interactions.push_back(
          {.user = user,
           .item = item,
           .time_ms = time_ms,
           .value = Rating(user, item, static_cast<float>(items.numbers[0][item]))});
      ++items.interaction_counts[item];
      const auto [daypart, weekday] = TimeFieldValues(time_ms);
      dataset.context_attributes.codes.push_back(daypart);
      dataset.context_attributes.codes.push_back(
          static_cast<uint32_t>(kTimeFields[0].values.size()) + weekday);
      dataset.context_attributes.offsets.push_back(dataset.context_attributes.codes.size());
    }
  }
  return dataset;
}

}  // namespace shortlist
