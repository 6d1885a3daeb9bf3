#include "training/synthetic_catalog.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/parallel.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"
#include "features/context_time.h"
#include "features/feature_spec_check.h"
#include "learning/items/item_regression.h"
#include "learning/items/item_similarity_builder.h"
#include "model/feature_spec_text.h"
#include "retrieval/index/item_index_builder.h"
#include "retrieval/item_similarity.h"

namespace shortlist {
namespace {

constexpr uint32_t kClusters = 300;
constexpr size_t kHidden = 20;  // Dimensions of the space that the items really lie in.
constexpr size_t kUnits = 128;  // Of the network that bends it.
constexpr uint32_t kTags = 40;
constexpr uint32_t kPrices = 10;
constexpr uint32_t kNeighbours = 50;
constexpr uint32_t kCountries = 20;
constexpr uint32_t kPopularItems = 100;
// More than the 0.98 that is asked for: the anonymous, whom it is not tuned to, are harder to find
// for.
constexpr double kRecall = 0.984;
constexpr uint32_t kAges = 8;
// The k-th most popular item is taken in proportion to k^-kZipf.
constexpr double kZipf = 0.8;
constexpr double kSelectivities[] = {0.5, 0.1, 0.01, 0.001};
constexpr const char* kSelectivityNames[] = {"50%", "10%", "1%", "0.1%"};
constexpr int64_t kNow = 1'700'000'000'000;  // When the users' last interactions happened, in ms.
constexpr size_t kBlock = 4096;

// What the random numbers of one thing are drawn from: `what` tells kinds of things apart.
enum class Purpose : uint64_t {
  kWorld = 1,
  kRanks,
  kItems,
  kEmbeddings,
  kSimilar,
  kUser,
  kRanker,
  kFactors,
  kLikedHead
};
std::mt19937_64 Random(uint64_t seed, Purpose what, uint64_t which = 0) {
  std::seed_seq words{seed, static_cast<uint64_t>(what), which, which >> 32};
  return std::mt19937_64(words);
}

double Uniform(std::mt19937_64& random) { return std::uniform_real_distribution<>()(random); }

size_t Below(size_t bound, std::mt19937_64& random) {
  return std::uniform_int_distribution<size_t>(0, bound - 1)(random);
}

std::vector<float> NormalMatrix(size_t size, float deviation, std::mt19937_64& random) {
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> values(size);
  for (float& value : values) value = normal(random);
  return values;
}

AttributeFieldData Tokens(const std::string& name, AttributeType type, const std::string& prefix,
                          uint32_t count) {
  AttributeFieldData field{.name = name, .type = type};
  for (uint32_t i = 0; i < count; ++i) field.values.push_back(absl::StrCat(prefix, i));
  return field;
}

double PriceEdge(uint32_t bucket) { return std::exp2(bucket); }

std::vector<AttributeFieldData> ItemSchema() {
  AttributeFieldData price{.name = "price", .type = AttributeType::kNumber};
  for (uint32_t i = 0; i < kPrices; ++i) price.values.push_back(absl::StrCat("price ", i));
  for (uint32_t i = 1; i < kPrices; ++i) price.bucket_edges.push_back(PriceEdge(i));
  return {
      Tokens("category", AttributeType::kToken, "category ", kClusters),
      Tokens("tag", AttributeType::kTokens, "tag ", kTags), price,
      AttributeFieldData{.name = "selectivity",
                         .type = AttributeType::kTokens,
                         .values = {std::begin(kSelectivityNames), std::end(kSelectivityNames)}}};
}

std::vector<AttributeFieldData> UserSchema() {
  return {Tokens("age", AttributeType::kToken, "age ", kAges),
          AttributeFieldData{.name = "gender", .type = AttributeType::kToken, .values = {"F", "M"}},
          Tokens("country", AttributeType::kToken, "country ", kCountries)};
}

std::vector<AttributeFieldData> ContextSchema() {
  std::vector<AttributeFieldData> schema;
  for (const TimeField& field : kTimeFields)
    schema.push_back({.name = std::string(field.name),
                      .type = AttributeType::kToken,
                      .values = {field.values.begin(), field.values.end()}});
  schema.push_back(
      {.name = "device", .type = AttributeType::kToken, .values = {"phone", "desktop", "tv"}});
  return schema;
}

float TypicalWeight(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::kTowerScore:
      return 6;
    case FeatureKind::kLogRank:
      return -0.2F;
    case FeatureKind::kRecentTowerScore:
      return 2;
    case FeatureKind::kHistoryRegression:
    case FeatureKind::kNextRegression:
    case FeatureKind::kCoOccurrence:
      return 1;
    case FeatureKind::kLogPopularity:
    case FeatureKind::kHistoryAffinity:
      return 0.3F;
    default:
      return 0;
  }
}

}  // namespace

SyntheticCatalog::SyntheticCatalog(const SyntheticCatalogOptions& options)
    : options_(options), pool_(options.threads) {
  DrawItems();
}

void SyntheticCatalog::DrawItems() {
  const size_t items = options_.items;
  std::vector<ItemRow> by_rank(items);
  std::iota(by_rank.begin(), by_rank.end(), 0);
  std::mt19937_64 random = Random(options_.seed, Purpose::kRanks);
  std::shuffle(by_rank.begin(), by_rank.end(), random);
  cluster_of_.resize(items);
  cluster_begins_.assign(kClusters + 1, 0);
  for (uint32_t& cluster : cluster_of_) {
    // The largest clusters have some ten times as many items as the smallest.
    cluster = static_cast<uint32_t>(kClusters * std::pow(Uniform(random), 1.5));
    ++cluster_begins_[cluster + 1];
  }
  std::partial_sum(cluster_begins_.begin(), cluster_begins_.end(), cluster_begins_.begin());
  rank_.resize(items);
  members_.resize(items);
  std::vector<size_t> next(cluster_begins_.begin(), cluster_begins_.end() - 1);
  for (uint32_t rank = 0; rank < items; ++rank) {
    const ItemRow row = by_rank[rank];
    rank_[row] = rank;
    members_[next[cluster_of_[row]]++] = row;
  }
}

template <class Random>
ItemRow SyntheticCatalog::DrawItem(uint32_t cluster, Random& random) const {
  const size_t begin = cluster_begins_[cluster];
  const auto size = static_cast<double>(cluster_begins_[cluster + 1] - begin);
  // The inverse of the distribution function of x^-kZipf on (0, 1).
  return members_[begin + static_cast<size_t>(size * std::pow(Uniform(random), 1 / (1 - kZipf)))];
}

CatalogData SyntheticCatalog::MakeCatalog() const {
  CatalogData catalog;
  catalog.schema = ItemSchema();
  catalog.code_offsets = {0};
  catalog.numbers.resize(1);
  std::mt19937_64 random = Random(options_.seed, Purpose::kItems);
  std::lognormal_distribution<float> price(3, 1);
  for (size_t row = 0; row < options_.items; ++row) {
    catalog.ids.push_back(absl::StrCat("i", row));
    catalog.titles.push_back(absl::StrCat("Item ", row));
    catalog.interaction_counts.push_back(static_cast<uint32_t>(
        std::pow(static_cast<double>(options_.items) / (rank_[row] + 1), kZipf)));

    catalog.codes.push_back(cluster_of_[row]);
    uint32_t first = kClusters;
    // Steps of at least one keep the codes ascending and apart.
    const size_t tags = 1 + Below(3, random);
    for (size_t t = 0, tag = Below(kTags / 3, random); t < tags; ++t) {
      catalog.codes.push_back(first + static_cast<uint32_t>(tag));
      tag += 1 + Below(kTags / 3 - 1, random);
    }
    first += kTags;
    catalog.numbers[0].push_back(price(random));
    const double log_price = std::log2(catalog.numbers[0].back());
    catalog.codes.push_back(first +
                            static_cast<uint32_t>(std::clamp(log_price, 0.0, double{kPrices - 1})));
    first += kPrices;
    for (uint32_t i = 0; i < std::size(kSelectivities); ++i)
      if (Uniform(random) < kSelectivities[i]) catalog.codes.push_back(first + i);
    catalog.code_offsets.push_back(catalog.codes.size());
  }
  return catalog;
}

SyntheticCatalog::World SyntheticCatalog::MakeWorld() const {
  std::mt19937_64 random = Random(options_.seed, Purpose::kWorld);
  World world;
  world.first = NormalMatrix(kUnits * kHidden, 1.5F / std::sqrt(float{kHidden}), random);
  world.second = NormalMatrix(options_.dim * kUnits, 1 / std::sqrt(float{kUnits}), random);
  world.centres = NormalMatrix(kClusters * kHidden, 1, random);
  return world;
}

size_t SyntheticCatalog::BlockCount() const { return (options_.items + kBlock - 1) / kBlock; }

void SyntheticCatalog::Embed(const World& world, size_t block, std::span<float> rows) const {
  const size_t dim = options_.dim;
  std::mt19937_64 random = Random(options_.seed, Purpose::kEmbeddings, block);
  std::normal_distribution<float> normal;
  float hidden[kHidden], units[kUnits];
  for (size_t i = 0; i < rows.size() / dim; ++i) {
    const float* centre = &world.centres[cluster_of_[block * kBlock + i] * kHidden];
    for (size_t h = 0; h < kHidden; ++h) hidden[h] = centre[h] + 0.6F * normal(random);
    for (size_t u = 0; u < kUnits; ++u)
      units[u] = std::tanh(DotProduct(&world.first[u * kHidden], hidden, kHidden));
    const std::span<float> row = rows.subspan(i * dim, dim);
    for (size_t d = 0; d < dim; ++d)
      row[d] = DotProduct(&world.second[d * kUnits], units, kUnits) + 0.1F * normal(random);
    const float length = std::sqrt(DotProduct(row.data(), row.data(), dim));
    for (float& x : row) x /= length;
  }
}

Matrix SyntheticCatalog::MeanOfPopular(const World& world) const {
  std::map<size_t, std::vector<ItemRow>> popular;  // By block.
  for (ItemRow row = 0; row < options_.items; ++row)
    if (rank_[row] < kPopularItems) popular[row / kBlock].push_back(row);
  const size_t dim = options_.dim;
  Matrix sum = Matrix::Zero(1, static_cast<Eigen::Index>(dim));
  std::vector<float> rows(kBlock * dim);
  for (const auto& [block, members] : popular) {
    const size_t items = std::min(kBlock, options_.items - block * kBlock);
    Embed(world, block, std::span(rows).first(items * dim));
    for (ItemRow row : members)
      for (size_t d = 0; d < dim; ++d)
        sum(0, static_cast<Eigen::Index>(d)) += rows[(row - block * kBlock) * dim + d];
  }
  return sum.normalized();
}

template <class T>
std::function<std::span<const T>(size_t)> SyntheticCatalog::MadeInBlocks(
    const std::string& what, size_t width, std::function<void(size_t, std::span<T>)> fill) {
  constexpr size_t kBlocksAtOnce = 16;
  struct State {
    std::vector<T> values;
    Progress progress;
  };
  auto state = std::make_shared<State>(State{std::vector<T>(kBlocksAtOnce * kBlock * width),
                                             Progress(what, options_.items, "items")});
  return [this, state, width, fill = std::move(fill)](size_t from) -> std::span<const T> {
    const size_t first_row = from / width;
    const size_t rows = std::min(kBlocksAtOnce * kBlock, options_.items - first_row);
    const auto values = std::span(state->values).first(rows * width);
    pool_.ForEach((rows + kBlock - 1) / kBlock, [&](size_t b) {
      const size_t begin = b * kBlock * width;
      fill(first_row / kBlock + b,
           values.subspan(begin, std::min(kBlock * width, values.size() - begin)));
    });
    state->progress.Update(first_row + rows);
    if (first_row + rows == options_.items) state->progress.Finish();
    return values;
  };
}

std::vector<ItemRow> SyntheticCatalog::DrawHistory(size_t user) const {
  std::mt19937_64 random = Random(options_.seed, Purpose::kUser, user);
  if (Below(20, random) == 0) return {};
  uint32_t clusters[3];
  for (uint32_t& cluster : clusters) cluster = cluster_of_[Below(options_.items, random)];
  const double length = std::lognormal_distribution<>(std::log(30.0), 1)(random);
  std::vector<ItemRow> items(static_cast<size_t>(std::clamp(length, 1.0, 1000.0)));
  for (ItemRow& item : items) {
    const double which = Uniform(random);
    item = DrawItem(clusters[which < 0.5 ? 0 : which < 0.8 ? 1 : 2], random);
  }
  return items;
}

void SyntheticCatalog::MakeUser(size_t user, UserState& state) const {
  state.user_id = absl::StrCat("u", user);
  auto add = [&](const char* name, std::string value) {
    state.attributes.push_back({.name = name, .values = {std::move(value)}});
  };
  std::mt19937_64 random = Random(~options_.seed, Purpose::kUser, user);
  add("age", absl::StrCat("age ", Below(kAges, random)));
  add("gender", Below(2, random) == 0 ? "F" : "M");
  add("country", absl::StrCat("country ", Below(kCountries, random)));
  const std::vector<ItemRow> history = DrawHistory(user);
  for (size_t i = 0; i < history.size(); ++i)
    state.history.push_back({.item_id = absl::StrCat("i", history[i]),
                             .time_ms = kNow - static_cast<int64_t>(history.size() - i) * 3'600'000,
                             .value = static_cast<float>(1 + Below(5, random))});
}

absl::Status SyntheticCatalog::WriteTowers(const std::filesystem::path& folder) {
  Dataset dataset;  // Without items: their embeddings are made below, complete.
  for (size_t user = 0; user < options_.users; ++user)
    dataset.user_ids.push_back(absl::StrCat("u", user));
  dataset.user_attributes.schema = UserSchema();
  dataset.context_attributes.schema = ContextSchema();
  const TwoTowerShape shape{.dim = options_.dim};
  TwoTowerParameters towers = InitialTwoTowerParameters(shape, dataset, options_.seed);
  const World world = MakeWorld();
  towers.empty = MeanOfPopular(world);
  return WriteTwoTower(
      {.shape = shape, .item_embeddings = {}, .user_tower = std::move(towers), .history = {}},
      dataset, options_.items,
      MadeInBlocks<float>("embeddings", options_.dim,
                          [&](size_t block, std::span<float> rows) { Embed(world, block, rows); }),
      folder / kTowersFile);
}

absl::Status SyntheticCatalog::WriteSimilarity(const std::filesystem::path& folder) {
  std::vector<uint8_t> found(options_.items);  // Neighbours of each item.
  auto draw = [&](size_t block, std::span<ItemRow> rows) {
    std::mt19937_64 random = Random(options_.seed, Purpose::kSimilar, block);
    std::ranges::fill(rows, kNoItem);
    for (size_t i = 0; i < rows.size() / kNeighbours; ++i) {
      const size_t row = block * kBlock + i;
      const auto neighbours = rows.subspan(i * kNeighbours, kNeighbours);
      for (size_t attempt = 0; attempt < 2 * kNeighbours && found[row] < kNeighbours; ++attempt) {
        const ItemRow item = DrawItem(cluster_of_[row], random);
        if (item == row || std::ranges::count(neighbours.first(found[row]), item) > 0) continue;
        neighbours[found[row]++] = item;
      }
    }
  };
  auto score = [&](size_t block, std::span<float> rows) {
    std::ranges::fill(rows, 0.0F);
    for (size_t i = 0; i < rows.size() / kNeighbours; ++i)
      for (size_t n = 0; n < found[block * kBlock + i]; ++n)
        rows[i * kNeighbours + n] = 0.3F * std::pow(0.95F, static_cast<float>(n));
  };
  return WriteItemSimilarity(kNeighbours, options_.items, WeightsByAge(SequenceSimilarity()),
                             MadeInBlocks<ItemRow>("similar items", kNeighbours, draw),
                             MadeInBlocks<float>("their scores", kNeighbours, score),
                             folder / kSimilarityFile);
}

absl::Status SyntheticCatalog::WriteRegressions(const std::filesystem::path& folder) {
  for (const bool next : {false, true}) {
    const ItemRegressionOptions fit = next ? NextRegression() : HistoryRegression();
    auto draw = [&](bool to) {
      const size_t row_size = FactorRowSize(fit.dim);
      return MadeInBlocks<int8_t>(
          "regression", row_size, [=, this](size_t block, std::span<int8_t> rows) {
            std::mt19937_64 random =
                Random(options_.seed, Purpose::kFactors, 4 * block + 2 * size_t{next} + size_t{to});
            std::uniform_real_distribution<float> uniform(-0.1F, 0.1F);
            std::vector<float> numbers(fit.dim);
            for (size_t begin = 0; begin < rows.size(); begin += row_size) {
              for (float& x : numbers) x = uniform(random);
              EncodeFactors(numbers, rows.subspan(begin, row_size));
            }
          });
    };
    RETURN_IF_ERROR(
        WriteItemFactors(fit.dim, options_.items, WeightsByAge(fit), draw(false), draw(true),
                         folder / (next ? kNextRegressionFile : kHistoryRegressionFile)));
  }
  return absl::OkStatus();
}

absl::Status SyntheticCatalog::WriteIndex(const std::filesystem::path& folder) {
  ASSIGN_OR_RETURN(const TwoTower towers,
                   TwoTower::Open(folder / kTowersFile, static_cast<uint32_t>(options_.items)));
  // The index is tuned to users such as those that will ask, but others.
  std::vector<float> queries;
  for (size_t user = options_.users; queries.size() < 200 * towers.dim(); ++user) {
    EncodedUser state;
    for (ItemRow item : DrawHistory(user)) state.history.push_back({item, 0, 0});
    const std::vector<float> query = towers.UserVector(state, EncodedContext());
    queries.insert(queries.end(), query.begin(), query.end());
  }
  return BuildItemIndex(towers.item_embeddings(), towers.dim(),
                        {.target_recall = kRecall,
                         .queries = queries,
                         .seed = options_.seed,
                         .threads = options_.threads,
                         .show_progress = true},
                        folder / kIndexFile);
}

absl::Status SyntheticCatalog::WriteRanker(const std::filesystem::path& folder) const {
  Bundle bundle;
  WorkerPool pool(options_.threads);
  RETURN_IF_ERROR(LoadRetrieval(folder, bundle, pool));
  const FeatureSpec spec = DefaultFeatureSpec(bundle.catalog.schema(), bundle.requests.users(),
                                              bundle.requests.contexts(), false);
  ASSIGN_OR_RETURN(const FeatureExtractor extractor,
                   FeatureExtractor::Create(spec, FeatureInputsOf(bundle)));
  LogisticWeights weights{.spec_fingerprint = spec.Fingerprint(), .bias = -6};
  std::mt19937_64 random = Random(options_.seed, Purpose::kRanker);
  weights.weights = NormalMatrix(extractor.width(), 0.1F, random);
  for (uint32_t i = 0; i < extractor.width(); ++i)
    weights.weights[i] += TypicalWeight(spec.features[extractor.FeatureOf(i)].kind);
  RETURN_IF_ERROR(WriteFileAtomically(folder / kFeatureSpecFile, FormatFeatureSpec(spec)));
  RETURN_IF_ERROR(WriteLogisticWeights(weights, folder / kRankerFile));
  random = Random(options_.seed, Purpose::kLikedHead);
  weights.bias = 0;
  weights.weights = NormalMatrix(extractor.width(), 0.1F, random);
  return WriteLogisticWeights(weights, folder / kLikedHeadFile);
}

absl::Status SyntheticCatalog::WriteBundle(const std::filesystem::path& folder) {
  RETURN_IF_ERROR(WriteCatalog(MakeCatalog(), folder / kCatalogFile));
  RETURN_IF_ERROR(WriteTowers(folder));
  RETURN_IF_ERROR(WriteSimilarity(folder));
  RETURN_IF_ERROR(WriteRegressions(folder));
  RETURN_IF_ERROR(WriteIndex(folder));
  RETURN_IF_ERROR(WriteRanker(folder));
  return WriteFileAtomically(
      folder / kReportFile,
      absl::StrFormat(
          "{\n  \"synthetic\": {\n    \"dim\": %d,\n    \"items\": %d,\n    \"seed\": %d,\n"
          "    \"users\": %d\n  }\n}\n",
          options_.dim, options_.items, options_.seed, options_.users));
}

}  // namespace shortlist
