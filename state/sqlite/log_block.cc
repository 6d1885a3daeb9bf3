#include "state/sqlite/log_block.h"

#include <google/protobuf/io/coded_stream.h>

#include <cstddef>

namespace shortlist {

void AddToBlock(const v1::LogEntry& entry, std::string& block) {
  using google::protobuf::io::CodedOutputStream;
  const auto size = static_cast<uint32_t>(entry.ByteSizeLong());
  const size_t before = block.size();
  block.resize(before + CodedOutputStream::VarintSize32(size) + size);
  auto* const begin = reinterpret_cast<uint8_t*>(block.data()) + before;
  entry.SerializeWithCachedSizesToArray(CodedOutputStream::WriteVarint32ToArray(size, begin));
}

bool SplitBlock(std::string_view block, std::vector<std::string_view>& entries) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(block.data()),
                                            static_cast<int>(block.size()));
  entries.clear();
  while (in.CurrentPosition() < static_cast<int>(block.size())) {
    int size = 0;
    if (!in.ReadVarintSizeAsInt(&size)) return false;
    const auto at = static_cast<size_t>(in.CurrentPosition());
    if (!in.Skip(size)) return false;
    entries.push_back(block.substr(at, static_cast<size_t>(size)));
  }
  return true;
}

FoldableEntry MakeFoldable(const v1::LogEntry& entry, absl::uint128 id, std::string_view bytes,
                           const StateProjection& projection) {
  return {
      .id = id, .key = projection.Changes(entry) ? KeyOf(entry) : std::string(), .bytes = bytes};
}

}  // namespace shortlist
