// What the event log costs: events a second and P99 of Events.Record, beside raw inserts of the
// same bytes into SQLite and, where redis-server runs, its own appends; and what reading a user's
// state takes. Everything is synced before it is acknowledged. Exit status 0 only where the targets
// hold; the last line sums up.

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <grpcpp/create_channel.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmarks/thread_clock.h"
#include "common/command_line.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "serving/server.h"
#include "shortlist/v1/events.grpc.pb.h"
#include "state/redis/redis_client.h"
#include "state/state_projection.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

constexpr double kLeastShareOfSqlite = 0.5;
constexpr double kLeastShareOfRedis = 0.35;
constexpr double kMostReadMicros = 15;
constexpr int kTurns = 3;

struct Flags {
  fs::path models;
  int redis_port = 0;  // 0: without.
  uint32_t users = 100'000;
  uint32_t items = 10'000;
  double seconds = 5;  // For each measurement.
};

struct Rate {
  double per_second = 0;  // Events.
  absl::Duration p99;     // Of a batch.
  size_t events = 0;
  double processor_micros = 0;  // Of the whole process, an event.
};

double ProcessorSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Of this process, that no file backs.
int64_t MemoryBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t size = 0, resident = 0, shared = 0;
  statm >> size >> resident >> shared;
  return (resident - shared) * ::sysconf(_SC_PAGESIZE);
}

int64_t DiskBytes(const std::string& path) {
  int64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto size = fs::file_size(path + suffix, error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

// Calls `write(first, count)` with batches until the time is over.
template <class Write>
absl::StatusOr<Rate> Measure(double seconds, size_t batch, const Write& write) {
  std::vector<absl::Duration> times;
  size_t events = 0;
  const double processor_before = ProcessorSeconds();
  const absl::Time begin = absl::Now();
  for (absl::Time now = begin; now - begin < absl::Seconds(seconds);) {
    RETURN_IF_ERROR(write(events, batch));
    events += batch;
    const absl::Time after = absl::Now();
    times.push_back(after - now);
    now = after;
  }
  const double elapsed = absl::ToDoubleSeconds(absl::Now() - begin);
  const auto p99 = times.begin() + static_cast<std::ptrdiff_t>(times.size() * 99 / 100);
  std::nth_element(times.begin(), p99, times.end());
  const double processor = ProcessorSeconds() - processor_before;
  return Rate{.per_second = static_cast<double>(events) / elapsed,
              .p99 = *p99,
              .events = events,
              .processor_micros = processor * 1e6 / static_cast<double>(events)};
}

// Events of random users and items. Different for each `run`.
class EventMaker {
 public:
  EventMaker(const Flags& flags, int run)
      : flags_(flags), run_(run), random_(static_cast<uint64_t>(run)) {}

  v1::Event Make(size_t number) {
    v1::Event event;
    event.set_event_id(absl::StrFormat("%08x-%016x", run_, number));
    event.set_user_id(absl::StrCat("u", random_() % flags_.users));
    event.set_item_id(absl::StrCat("i", random_() % flags_.items));
    event.set_type(v1::EVENT_TYPE_CLICK);
    event.set_time_ms(1'700'000'000'000 + static_cast<int64_t>(number));
    event.set_request_id("0123456789abcdef0123456789abcdef");
    event.set_place(static_cast<int32_t>(number % 20 + 1));
    return event;
  }

 private:
  const Flags& flags_;
  const int run_;
  std::mt19937_64 random_;
};

absl::Status SqliteError(sqlite3* database) {
  return absl::InternalError(absl::StrCat("SQLite: ", sqlite3_errmsg(database)));
}

// The bytes of the same log entries, a row each, and nothing else.
absl::StatusOr<Rate> MeasureRawSqlite(const Flags& flags, size_t batch, int run) {
  const fs::path path = flags.models / absl::StrCat("raw", run, ".db");
  sqlite3* database = nullptr;
  sqlite3_stmt* insert = nullptr;
  auto run_sql = [&](const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK
               ? absl::OkStatus()
               : SqliteError(database);
  };
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) return SqliteError(database);
  RETURN_IF_ERROR(run_sql("PRAGMA journal_mode = WAL"));
  RETURN_IF_ERROR(run_sql("PRAGMA synchronous = FULL"));
  RETURN_IF_ERROR(run_sql("CREATE TABLE log (position INTEGER PRIMARY KEY, entry BLOB NOT NULL)"));
  if (sqlite3_prepare_v2(database, "INSERT INTO log (entry) VALUES (?1)", -1, &insert, nullptr) !=
      SQLITE_OK)
    return SqliteError(database);
  EventMaker maker(flags, run);
  absl::StatusOr<Rate> rate =
      Measure(flags.seconds, batch, [&](size_t first, size_t count) -> absl::Status {
        RETURN_IF_ERROR(run_sql("BEGIN IMMEDIATE"));
        for (size_t i = first; i < first + count; ++i) {
          v1::LogEntry entry;
          *entry.mutable_event() = maker.Make(i);
          const std::string bytes = entry.SerializeAsString();
          sqlite3_bind_blob(insert, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
          if (sqlite3_step(insert) != SQLITE_DONE) return SqliteError(database);
          sqlite3_reset(insert);
        }
        return run_sql("COMMIT");
      });
  sqlite3_finalize(insert);
  sqlite3_close(database);
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path.string() + suffix);
  return rate;
}

// The same entries as raw appends to a stream, a round trip a batch.
absl::StatusOr<Rate> MeasureRawRedis(const Flags& flags, RedisClient& redis, size_t batch,
                                     int run) {
  EventMaker maker(flags, run);
  const std::string key = absl::StrCat("raw", run);
  absl::StatusOr<Rate> rate =
      Measure(flags.seconds, batch, [&](size_t first, size_t count) -> absl::Status {
        std::vector<RedisCommand> commands;
        for (size_t i = first; i < first + count; ++i) {
          v1::LogEntry entry;
          *entry.mutable_event() = maker.Make(i);
          commands.push_back({"XADD", key, "*", "e", entry.SerializeAsString()});
        }
        return redis.Run(commands, absl::Seconds(10)).status();
      });
  RETURN_IF_ERROR(redis.Run({{{"UNLINK", key}}}, absl::Seconds(10)).status());
  return rate;
}

// Through a service of its own, over a channel on this machine.
absl::StatusOr<Rate> MeasureRecord(const Flags& flags, const std::string& state, size_t batch,
                                   int& run, int clients) {
  v1::ServerConfig config;
  config.set_models_dir(flags.models.string());
  config.set_listen("127.0.0.1:0");
  config.set_state(state);
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server, Server::Start(config));
  const int first_run = run;
  run += clients;
  std::vector<absl::StatusOr<Rate>> rates(static_cast<size_t>(clients), Rate{});
  std::vector<std::thread> threads;
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      const auto events = v1::Events::NewStub(
          grpc::CreateChannel(server->address(), grpc::InsecureChannelCredentials()));
      EventMaker maker(flags, first_run + client);
      rates[static_cast<size_t>(client)] =
          Measure(flags.seconds, batch, [&](size_t first, size_t count) -> absl::Status {
            v1::RecordRequest request;
            for (size_t i = first; i < first + count; ++i) *request.add_events() = maker.Make(i);
            v1::RecordResponse response;
            grpc::ClientContext context;
            const grpc::Status status = events->Record(&context, request, &response);
            if (!status.ok()) return absl::InternalError(status.error_message());
            if (static_cast<size_t>(response.recorded()) != count)
              return absl::InternalError("not every event was recorded");
            return absl::OkStatus();
          });
    });
  }
  for (std::thread& thread : threads) thread.join();
  Rate all;
  double processor = 0;
  for (const absl::StatusOr<Rate>& rate : rates) {
    RETURN_IF_ERROR(rate.status());
    all.per_second += rate->per_second;
    all.p99 = std::max(all.p99, rate->p99);
    all.events += rate->events;
    // Each measures the processor time of all.
    processor += rate->processor_micros * static_cast<double>(rate->events) / clients;
  }
  all.processor_micros = processor / static_cast<double>(all.events);
  return all;
}

struct ReadCost {
  double micros = 0;
  double processor_micros = 0;
};

// What reading the state of a random user takes; most users have been read before.
absl::StatusOr<ReadCost> MeasureRead(const Flags& flags, const std::string& state) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(state, StateProjection(EventWorth()), IfMissing::kFail));
  std::mt19937_64 random(1);
  std::vector<std::string> keys;
  for (uint32_t i = 0; i < flags.users; ++i)
    keys.push_back(UserKey(absl::StrCat("u", random() % flags.users)));
  ReadCost cost;
  const auto count = static_cast<double>(keys.size());
  for (int round = 0; round < 2; ++round) {
    const double processor_before = ThreadMicros();
    const absl::Time begin = absl::Now();
    for (const std::string& key : keys) {
      UserState user;
      RETURN_IF_ERROR(store->Read(key, user).status());
    }
    cost.micros = absl::ToDoubleMicroseconds(absl::Now() - begin) / count;
    cost.processor_micros = (ThreadMicros() - processor_before) / count;
  }
  return cost;
}

void Print(const std::string& what, size_t batch, const Rate& rate) {
  std::printf("%-34s %6zu %12s %10.2f %8.1f\n", what.c_str(), batch,
              Grouped(static_cast<uint64_t>(rate.per_second)).c_str(),
              absl::ToDoubleMilliseconds(rate.p99), rate.processor_micros);
  std::fflush(stdout);
}

// What the recorded events take on disk and in the memory of a process that has the file open.
// Users are read from the file.
absl::Status PrintSizes(const std::string& state, size_t recorded, int64_t disk_before) {
  const int64_t memory_before = MemoryBytes();
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(state, StateProjection(EventWorth()), IfMissing::kFail));
  const int64_t memory = MemoryBytes() - memory_before;
  std::printf("%s events recorded: %.0f bytes each on disk, %.1f MB in memory\n",
              Grouped(recorded).c_str(),
              static_cast<double>(DiskBytes(state) - disk_before) / static_cast<double>(recorded),
              static_cast<double>(memory) * 1e-6);
  return absl::OkStatus();
}

// `raw` and Record over `state` in turns, so that what else the machine does is no one's advantage;
// how many times the raw rate Record has.
template <class Raw>
absl::StatusOr<double> Compare(const Flags& flags, const std::string& kind,
                               const std::string& state, size_t batch, int& run, size_t& recorded,
                               const Raw& raw) {
  double ours = 0, theirs = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    ASSIGN_OR_RETURN(const Rate raw_rate, raw(batch, ++run));
    Print("raw " + kind, batch, raw_rate);
    ASSIGN_OR_RETURN(const Rate our_rate, MeasureRecord(flags, state, batch, run, 1));
    Print("Record, " + kind, batch, our_rate);
    ours += our_rate.per_second;
    recorded += our_rate.events;
    theirs += raw_rate.per_second;
  }
  ASSIGN_OR_RETURN(const Rate many, MeasureRecord(flags, state, batch, run, 8));
  Print("Record, " + kind + ", 8 clients", batch, many);
  recorded += many.events;
  std::printf("%-34s %6zu %11.2fx\n", absl::StrCat("Record over raw ", kind).c_str(), batch,
              ours / theirs);
  return ours / theirs;
}

absl::Status Run(const Flags& flags) {
  const std::string state = (flags.models / "state.db").string();
  // Event ids of another run would be known already.
  int run = static_cast<int>(absl::ToUnixSeconds(absl::Now()) & 0xFFFFFF) * 8;
  ASSIGN_OR_RETURN(const ReadCost read, MeasureRead(flags, state));
  std::printf("%-34s %6s %12s %10s %8s\n", "", "batch", "events/s", "P99 ms", "CPU us");
  const int64_t disk_before = DiskBytes(state);
  size_t recorded = 0;
  double of_sqlite = 0, of_redis = 0;
  for (const size_t batch : {size_t{1}, size_t{100}}) {
    ASSIGN_OR_RETURN(of_sqlite, Compare(flags, "SQLite", state, batch, run, recorded,
                                        [&](size_t size, int number) {
                                          return MeasureRawSqlite(flags, size, number);
                                        }));
    if (flags.redis_port == 0) continue;
    RedisClient redis("127.0.0.1", flags.redis_port);
    size_t recorded_by_redis = 0;
    ASSIGN_OR_RETURN(of_redis,
                     Compare(flags, "Redis", absl::StrCat("redis://127.0.0.1:", flags.redis_port),
                             batch, run, recorded_by_redis, [&](size_t size, int number) {
                               return MeasureRawRedis(flags, redis, size, number);
                             }));
  }
  RETURN_IF_ERROR(PrintSizes(state, recorded, disk_before));
  const bool holds = of_sqlite >= kLeastShareOfSqlite && read.micros <= kMostReadMicros &&
                     (flags.redis_port == 0 || of_redis >= kLeastShareOfRedis);
  std::printf(
      "%s: batches of 100 at %.2f times raw SQLite's rate (%.2f wanted)%s; a state of %s users "
      "read in %.1f us (%.0f wanted), %.1f of the processor\n",
      holds ? "holds" : "MISSED", of_sqlite, kLeastShareOfSqlite,
      flags.redis_port == 0
          ? ", Redis not measured"
          : absl::StrFormat(", %.2f times raw Redis's (%.2f wanted)", of_redis, kLeastShareOfRedis)
                .c_str(),
      Grouped(flags.users).c_str(), read.micros, kMostReadMicros, read.processor_micros);
  return holds ? absl::OkStatus() : absl::FailedPreconditionError("a target was missed");
}

}  // namespace
}  // namespace shortlist

int main(int argc, char** argv) {
  shortlist::CommandLine app("What recording events and reading user states takes.");
  shortlist::Flags flags;
  app.Add("--models", flags.models, "Folder that shortlist synth made; its state.db grows")
      .Required();
  app.Add("--redis-port", flags.redis_port, "Port of an empty Redis to measure, too; 0: none")
      .Within(0, 65'535);
  app.Add("--users", flags.users, "Users of the folder").Within(1, 100'000'000).ShowDefault();
  app.Add("--items", flags.items, "Items of the folder").Within(1, 100'000'000).ShowDefault();
  app.Add("--seconds", flags.seconds, "Of each measurement").ShowDefault();
  if (const std::optional<int> code = app.Parse(argc, argv)) return *code;
  const absl::Status status = shortlist::Run(flags);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
