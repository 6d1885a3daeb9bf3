#include "state/sqlite/state_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/sqlite/state_file.h"
#include "state/user_state_codec.h"

namespace shortlist {
namespace {

// Reads from the page cache without a system call a page; SQLite bounds it to 2 GiB of the file.
constexpr char kMapFile[] = "PRAGMA mmap_size = 1099511627776";

// One statement, and so one round trip and one transaction. The last part is what this process has
// not heard of, mostly nothing.
enum Part : int64_t { kSeed, kRecorded, kForgotten, kFolded, kBlock };
constexpr char kSelectParts[] =
    "SELECT 0, 0, state FROM seed WHERE key = ?1 "
    "UNION ALL SELECT 1, position, state FROM recorded WHERE key = ?1 "
    "UNION ALL SELECT 2, 0, NULL FROM forgotten WHERE tombstone = ?2 "
    "UNION ALL SELECT 3, folded, NULL FROM progress "
    "UNION ALL SELECT 4, position, entries FROM log "
    "WHERE position > max(?3, (SELECT folded FROM progress))";

}  // namespace

struct StateReader::Parts {
  bool is_known = false;
  UserState seed, recorded;
  int64_t position = 0;  // Up to which `recorded` has all that the log says of it.
  int64_t folded = 0;    // Up to which every state has.
  std::vector<std::pair<int64_t, std::string>> blocks;
};

absl::StatusOr<std::unique_ptr<StateReader>> StateReader::Open(const std::string& path,
                                                               SqliteConnection::Mode mode,
                                                               const StateProjection& projection,
                                                               LogTail& tail) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                   SqliteConnection::Open(path, mode, kReaderTimeoutMs));
  RETURN_IF_ERROR(connection->Execute(kMapFile));
  ASSIGN_OR_RETURN(const EventHash hash, ReadEventHash(*connection));
  auto reader =
      std::unique_ptr<StateReader>(new StateReader(std::move(connection), projection, tail, hash));
  ASSIGN_OR_RETURN(reader->select_, reader->connection_->Prepare(kSelectParts));
  return reader;
}

absl::StatusOr<bool> StateReader::Read(std::string_view key, UserState& state) {
  Parts parts;
  std::vector<std::string> changes;
  do {
    // Again where what the file had was folded meanwhile, and is in the tail no longer.
    parts = {};
    RETURN_IF_ERROR(ReadParts(key, parts));
    tail_.Fold(parts.folded);
    for (const auto& [first, block] : parts.blocks)
      if (!AddBlock(first, block, hash_, projection_, tail_))
        return absl::DataLossError(
            absl::StrCat(connection_->path(), ": entry ", first, " of the event log is damaged"));
  } while (!tail_.ChangesOf(key, std::max(parts.position, parts.folded), changes));
  v1::LogEntry entry;
  for (const std::string& change : changes)
    if (entry.ParseFromString(change)) projection_.Apply(entry, parts.recorded);
  state = Merge(std::move(parts.seed), std::move(parts.recorded));
  return parts.is_known || !changes.empty();
}

absl::Status StateReader::ReadParts(std::string_view key, Parts& parts) {
  const std::string tombstone = TombstoneOf(key);
  RETURN_IF_ERROR(select_.BindText(1, key));
  RETURN_IF_ERROR(select_.BindText(2, tombstone));
  RETURN_IF_ERROR(select_.BindInt(3, tail_.end()));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select_.Step());
    if (!more) return absl::OkStatus();
    if (absl::Status status = ReadRow(key, parts); !status.ok()) {
      select_.Reset();
      return status;
    }
  }
}

absl::Status StateReader::ReadRow(std::string_view key, Parts& parts) const {
  const int64_t part = select_.Int(0);
  if (part == kFolded) {
    parts.folded = select_.Int(1);
    return absl::OkStatus();
  }
  if (part == kBlock) {
    parts.blocks.emplace_back(select_.Int(1), select_.Bytes(2));
    return absl::OkStatus();
  }
  parts.is_known = true;
  if (part == kForgotten) {
    parts.recorded.is_forgotten = true;
    return absl::OkStatus();
  }
  if (part == kRecorded) parts.position = select_.Int(1);
  if (DecodeUserState(select_.Bytes(2), part == kSeed ? parts.seed : parts.recorded))
    return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(connection_->path(), ": the state of ",
                                          IsUserKey(key) ? "user " : "session ",
                                          AbslView(IdOf(key)), " is damaged"));
}

}  // namespace shortlist
