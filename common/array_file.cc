#include "common/array_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr uint64_t kAlignment = 64;
constexpr size_t kMaxNameBytes = 256;

struct DirectoryEntry {
  char name[kMaxNameBytes];
  uint32_t type;
  uint32_t reserved;
  uint64_t length;  // Elements.
  uint64_t offset;  // Bytes from the beginning of the file.
};

struct Header {
  char magic[8];
  uint64_t array_count;
};

uint64_t AlignUp(uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

size_t ElementSize(ArrayType type) {
  switch (type) {
    case ArrayType::kChar:
    case ArrayType::kUint8:
    case ArrayType::kInt8:
      return 1;
    case ArrayType::kUint32:
    case ArrayType::kFloat:
      return 4;
    case ArrayType::kUint64:
    case ArrayType::kDouble:
      return 8;
  }
  return 0;
}

}  // namespace

absl::Status ArrayFileWriter::Write(const std::filesystem::path& path) const {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  RETURN_IF_ERROR(Write(out, path.string()));
  out.close();
  if (!out) return absl::DataLossError(absl::StrCat(path.string(), ": cannot write"));
  RETURN_IF_ERROR(Fsync(path));
  ForgetPages(path);
  return absl::OkStatus();
}

absl::Status ArrayFileWriter::Write(std::ostream& out, const std::string& name) const {
  Header header{};
  std::memcpy(header.magic, kArrayFileMagic.data(), kArrayFileMagic.size());
  header.array_count = arrays_.size();
  std::vector<DirectoryEntry> directory;
  uint64_t offset = AlignUp(sizeof(Header) + arrays_.size() * sizeof(DirectoryEntry));
  for (const Array& array : arrays_) {
    if (array.name.empty() || array.name.size() >= kMaxNameBytes)
      return absl::InvalidArgumentError(absl::StrCat(name, ": array name too long"));
    DirectoryEntry entry{};
    std::memcpy(entry.name, array.name.data(), array.name.size());
    entry.type = static_cast<uint32_t>(array.type);
    entry.length = array.length;
    entry.offset = offset;
    directory.push_back(entry);
    offset = AlignUp(offset + array.bytes);
  }

  out.write(reinterpret_cast<const char*>(&header), sizeof header);
  out.write(reinterpret_cast<const char*>(directory.data()),
            static_cast<std::streamsize>(directory.size() * sizeof(DirectoryEntry)));
  for (size_t i = 0; i < arrays_.size() && out; ++i) {
    static constexpr char kZeros[kAlignment] = {};
    auto position = static_cast<uint64_t>(out.tellp());
    out.write(kZeros, static_cast<std::streamsize>(directory[i].offset - position));
    for (uint64_t written = 0; written < arrays_[i].bytes && out;) {
      const std::string_view part = arrays_[i].bytes_from(written);
      out.write(part.data(), static_cast<std::streamsize>(part.size()));
      written += part.size();
    }
  }
  if (!out) return absl::DataLossError(absl::StrCat(name, ": cannot write"));
  return absl::OkStatus();
}

absl::StatusOr<ArrayFile> ArrayFile::Open(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  const std::string_view content = file->content();
  return Read(path.string(), content, std::move(file));
}

absl::StatusOr<ArrayFile> ArrayFile::InMemory(const ArrayFileWriter& writer,
                                              const std::string& name) {
  std::ostringstream out;
  RETURN_IF_ERROR(writer.Write(out, name));
  auto bytes = std::make_shared<const std::string>(std::move(out).str());
  return Read(name, *bytes, bytes);
}

absl::StatusOr<ArrayFile> ArrayFile::Read(std::string name, std::string_view content,
                                          std::shared_ptr<const void> owner) {
  ArrayFile result;
  result.path_ = std::move(name);
  result.owner_ = std::move(owner);
  auto corrupt = [&](std::string_view what) {
    return absl::DataLossError(absl::StrCat(result.path_, ": ", AbslView(what)));
  };

  Header header;
  if (content.size() < sizeof header) return corrupt("too short for an array file");
  std::memcpy(&header, content.data(), sizeof header);
  if (std::string_view(header.magic, sizeof header.magic) != kArrayFileMagic)
    return corrupt("not an array file");
  if (header.array_count > (content.size() - sizeof header) / sizeof(DirectoryEntry))
    return corrupt("truncated directory");
  for (uint64_t i = 0; i < header.array_count; ++i) {
    DirectoryEntry entry;
    std::memcpy(&entry, content.data() + sizeof header + i * sizeof entry, sizeof entry);
    const char* name_end = std::find(entry.name, entry.name + kMaxNameBytes, '\0');
    std::string array(static_cast<const char*>(entry.name), name_end);
    auto type = static_cast<ArrayType>(entry.type);
    size_t element_size = ElementSize(type);
    if (array.empty() || element_size == 0 || entry.offset % kAlignment != 0 ||
        entry.offset > content.size() ||
        entry.length > (content.size() - entry.offset) / element_size)
      return corrupt("directory entry " + std::to_string(i) + " is invalid, or the file truncated");
    if (!result.arrays_
             .emplace(array, Array{type, content.substr(entry.offset, entry.length * element_size)})
             .second)
      return corrupt("array " + array + " appears twice");
  }
  return result;
}

absl::StatusOr<std::string_view> ArrayFile::Find(std::string_view name, ArrayType type,
                                                 size_t element_size,
                                                 std::optional<size_t> length) const {
  auto error = [&](std::string_view what) {
    return absl::DataLossError(
        absl::StrCat(path_, ": array ", AbslView(name), " ", AbslView(what)));
  };
  auto it = arrays_.find(name);
  if (it == arrays_.end()) return error("is missing");
  if (it->second.type != type) return error("has another type than expected");
  size_t found = it->second.bytes.size() / element_size;
  if (length && found != *length)
    return error("has " + std::to_string(found) + " elements instead of " +
                 std::to_string(*length));
  return it->second.bytes;
}

}  // namespace shortlist
