// A file of named arrays, written once and memory-mapped afterwards: the form of a bundle's
// weights, catalog and tables. Little-endian. Layout (docs/formats.md): the magic, the number of
// arrays, one directory entry an array (name, type, length, offset), then the arrays, each
// aligned to 64 bytes.
//
//   ArrayFileWriter writer;
//   writer.Add<float>("weights", weights);
//   RETURN_IF_ERROR(writer.Write(path));
//
//   ASSIGN_OR_RETURN(ArrayFile file, ArrayFile::Open(path));
//   ASSIGN_OR_RETURN(std::span<const float> weights, file.Get<float>("weights", dim * items));
//
// An ArrayFile is immutable and thread-safe; its spans live as long as it or a copy of it does.
// Every error names the file and, where there is one, the array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status_macros.h"

namespace shortlist {

// What the file begins with.
inline constexpr std::string_view kArrayFileMagic = "SLARRAY1";

enum class ArrayType : uint32_t { kChar = 1, kUint8, kInt8, kUint32, kUint64, kFloat, kDouble };

template <class T>
constexpr ArrayType ArrayTypeOf() {
  if constexpr (std::is_same_v<T, char>) return ArrayType::kChar;
  if constexpr (std::is_same_v<T, uint8_t>) return ArrayType::kUint8;
  if constexpr (std::is_same_v<T, int8_t>) return ArrayType::kInt8;
  if constexpr (std::is_same_v<T, uint32_t>) return ArrayType::kUint32;
  if constexpr (std::is_same_v<T, uint64_t>) return ArrayType::kUint64;
  if constexpr (std::is_same_v<T, float>) return ArrayType::kFloat;
  if constexpr (std::is_same_v<T, double>) return ArrayType::kDouble;
}

class ArrayFileWriter {
 public:
  // Names are unique within a file, at most 255 bytes. The data is not copied: it must live until
  // Write returns.
  template <class T>
  void Add(std::string name, std::span<const T> values) {
    AddMade<T>(std::move(name), values.size(),
               [values](size_t from) { return values.subspan(from); });
  }
  // For data made on the way: kept by the writer.
  template <class T>
  void AddOwned(std::string name, std::vector<T> values) {
    auto owned = std::make_shared<std::vector<T>>(std::move(values));
    Add<T>(std::move(name), *owned);
    owned_.push_back(std::move(owned));
  }

  // For data that need not be in memory at once: it is made while it is written, array after array
  // in the order in which they were added. make(i) returns values from the i-th on, at least one,
  // which must live until it is called again.
  template <class T>
  void AddMade(std::string name, size_t length, std::function<std::span<const T>(size_t)> make) {
    arrays_.push_back({std::move(name), ArrayTypeOf<T>(), length, length * sizeof(T),
                       [make = std::move(make)](uint64_t from) {
                         const std::span<const T> values = make(from / sizeof(T));
                         return std::string_view(reinterpret_cast<const char*>(values.data()),
                                                 values.size_bytes());
                       }});
  }

  // Writes and fsyncs the file. Not atomic: a bundle is published by renaming its folder.
  absl::Status Write(const std::filesystem::path& path) const;
  // Writes the same bytes to a stream that is at its beginning. `name` is for errors.
  absl::Status Write(std::ostream& out, const std::string& name) const;

 private:
  struct Array {
    std::string name;
    ArrayType type;
    uint64_t length;
    uint64_t bytes;
    std::function<std::string_view(uint64_t)> bytes_from;
  };
  std::vector<Array> arrays_;
  std::vector<std::shared_ptr<void>> owned_;
};

class ArrayFile {
 public:
  // Maps the file and checks its directory against its size.
  static absl::StatusOr<ArrayFile> Open(const std::filesystem::path& path);
  // What Open would find in the file that the writer would write. `name` is for errors.
  static absl::StatusOr<ArrayFile> InMemory(const ArrayFileWriter& writer, const std::string& name);

  // The array of that name, if it is there with that type and, if given, that length.
  template <class T>
  absl::StatusOr<std::span<const T>> Get(std::string_view name,
                                         std::optional<size_t> length = std::nullopt) const {
    ASSIGN_OR_RETURN(std::string_view bytes, Find(name, ArrayTypeOf<T>(), sizeof(T), length));
    return std::span<const T>(reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T));
  }

  bool Has(std::string_view name) const { return arrays_.contains(name); }
  const std::string& path() const { return path_; }

 private:
  struct Array {
    ArrayType type;
    std::string_view bytes;
  };
  static absl::StatusOr<ArrayFile> Read(std::string name, std::string_view content,
                                        std::shared_ptr<const void> owner);
  absl::StatusOr<std::string_view> Find(std::string_view name, ArrayType type, size_t element_size,
                                        std::optional<size_t> length) const;

  std::string path_;
  std::shared_ptr<const void> owner_;  // Of the bytes.
  std::map<std::string, Array, std::less<>> arrays_;
};

}  // namespace shortlist
