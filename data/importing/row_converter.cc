#include "data/importing/row_converter.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "data/importing/input/block_rows.h"

namespace shortlist {
namespace {

// Tables below this size take less than a second.
constexpr uint64_t kMinBytesForProgress = 64 << 20;

struct BadRow {
  uint64_t line;  // Within the block.
  absl::Status reason;
};

// A block and what has become of it.
struct Slot {
  TableBlock block;
  BlockRows rows;
  std::string lines;
  uint64_t good_rows = 0;
  uint64_t lines_read = 0;
  std::vector<BadRow> bad_rows;
};

// The first `size` of `slots` hold blocks.
struct Batch {
  std::vector<Slot> slots;
  size_t size = 0;
};

// JSON has what is no value.
absl::Status CheckValues(const Slot& slot, const RowConverter& converter) {
  const std::vector<std::string>& names = slot.block.layout->names;
  for (size_t c = 0; c < names.size(); ++c) {
    if (slot.rows.IsObject(c))
      return absl::InvalidArgumentError(absl::StrCat(names[c], " is an object, not a value"));
    if (slot.rows.IsArray(c) && !converter.MayBeArray(c))
      return absl::InvalidArgumentError(absl::StrCat(names[c], " is an array, not one value"));
  }
  return absl::OkStatus();
}

class Conversion {
 public:
  Conversion(TableReader& table, BadRows& bad_rows, AtomicFileWriter& out)
      : table_(table), bad_rows_(bad_rows), out_(out) {
    if (table.total_bytes() >= kMinBytesForProgress)
      progress_.emplace("importing " + table.first_path(), table.total_bytes(), "B");
  }

  absl::StatusOr<uint64_t> Run(std::span<const std::unique_ptr<RowConverter>> converters,
                               WorkerPool& pool) {
    Batch current, other;
    current.slots.resize(converters.size());
    other.slots.resize(converters.size());
    RETURN_IF_ERROR(Read(current));
    // While the blocks of one batch are converted, those before them are written and those after
    // them read.
    while (current.size > 0) {
      absl::Status status;
      pool.ForEach(current.size + 1, [&](size_t task) {
        if (task == 0)
          status = WriteAndRead(other);
        else
          Convert(current.slots[task - 1], *converters[task - 1]);
      });
      RETURN_IF_ERROR(status);
      std::swap(current, other);
    }
    RETURN_IF_ERROR(Write(other));
    if (progress_) progress_->Finish();
    return good_rows_;
  }

 private:
  absl::Status WriteAndRead(Batch& batch) {
    RETURN_IF_ERROR(Write(batch));
    return Read(batch);
  }

  absl::Status Read(Batch& batch) {
    batch.size = 0;
    while (batch.size < batch.slots.size()) {
      ASSIGN_OR_RETURN(const bool found, table_.Next(batch.slots[batch.size].block));
      if (!found) break;
      ++batch.size;
    }
    return absl::OkStatus();
  }

  static void Convert(Slot& slot, RowConverter& converter) {
    slot.lines.clear();
    slot.bad_rows.clear();
    slot.good_rows = 0;
    slot.rows.Start(slot.block.text, *slot.block.layout);
    while (slot.rows.Next()) {
      absl::Status status = slot.rows.status();
      if (status.ok() && slot.rows.is_json()) status = CheckValues(slot, converter);
      if (status.ok()) status = converter.Convert(slot.rows.cells(), slot.lines);
      if (status.ok())
        ++slot.good_rows;
      else
        slot.bad_rows.push_back({slot.rows.line(), std::move(status)});
    }
    slot.lines_read = slot.rows.lines_read();
  }

  absl::Status Write(Batch& batch) {
    for (size_t i = 0; i < batch.size; ++i) {
      const Slot& slot = batch.slots[i];
      if (slot.block.lines_before) line_ = *slot.block.lines_before;
      for (const BadRow& row : slot.bad_rows)
        RETURN_IF_ERROR(bad_rows_.Add(absl::InvalidArgumentError(absl::StrCat(
            slot.block.layout->path, ":", line_ + row.line, ": ", row.reason.message()))));
      out_.AddLines(slot.lines);
      line_ += slot.lines_read;
      good_rows_ += slot.good_rows;
    }
    batch.size = 0;
    if (progress_) progress_->Update(table_.bytes_read());
    return absl::OkStatus();
  }

  TableReader& table_;
  BadRows& bad_rows_;
  AtomicFileWriter& out_;
  std::optional<Progress> progress_;
  uint64_t line_ = 0;  // That precedes the next block to write.
  uint64_t good_rows_ = 0;
};

}  // namespace

size_t ConvertersFor(const WorkerPool& pool) { return 2 * pool.threads(); }

absl::StatusOr<uint64_t> ConvertRows(TableReader& table,
                                     std::span<const std::unique_ptr<RowConverter>> converters,
                                     WorkerPool& pool, BadRows& bad_rows, AtomicFileWriter& out) {
  return Conversion(table, bad_rows, out).Run(converters, pool);
}

}  // namespace shortlist
