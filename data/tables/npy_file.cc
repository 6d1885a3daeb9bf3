#include "data/tables/npy_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "features/catalog.h"

namespace shortlist {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kNpyMagic = "\x93NUMPY";

// What the header says of the array: a dict as Python prints it,
//   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }
struct NpyHeader {
  std::string descr;
  bool is_fortran = false;
  std::vector<uint64_t> shape;
};

// Takes one token after the other off the front of a text.
class NpyHeaderReader {
 public:
  explicit NpyHeaderReader(std::string_view text) : text_(text) {}

  // None: it is no such dict, or the numbers are no plain ones.
  std::optional<NpyHeader> Read() {
    NpyHeader header;
    int keys = 0;
    if (!Take('{')) return std::nullopt;
    while (!Take('}')) {
      const std::optional<std::string> key = TakeText();
      if (!key || !Take(':') || !TakeValue(*key, header)) return std::nullopt;
      ++keys;
      if (!Take(',') && !Peek('}')) return std::nullopt;
    }
    SkipSpaces();
    if (keys != 3 || header.descr.empty() || !text_.empty()) return std::nullopt;
    return header;
  }

 private:
  void SkipSpaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }
  bool Peek(char c) {
    SkipSpaces();
    return text_.starts_with(c);
  }
  bool Take(char c) {
    if (!Peek(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool TakeWord(std::string_view word) {
    SkipSpaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::optional<std::string> TakeText() {
    if (!Peek('\'') && !Peek('"')) return std::nullopt;
    const size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return text;
  }
  std::optional<uint64_t> TakeNumber() {
    SkipSpaces();
    const size_t size = std::min(text_.find_first_not_of("0123456789"), text_.size());
    uint64_t number = 0;
    if (!absl::SimpleAtoi(AbslView(text_.substr(0, size)), &number)) return std::nullopt;
    text_.remove_prefix(size);
    return number;
  }
  bool TakeValue(const std::string& key, NpyHeader& header) {
    if (key == "descr") {
      std::optional<std::string> descr = TakeText();
      if (!descr) return false;
      header.descr = *std::move(descr);
      return true;
    }
    if (key == "fortran_order") {
      header.is_fortran = TakeWord("True");
      return header.is_fortran || TakeWord("False");
    }
    if (key != "shape" || !header.shape.empty() || !Take('(')) return false;
    while (!Take(')')) {
      const std::optional<uint64_t> size = TakeNumber();
      if (!size) return false;
      header.shape.push_back(*size);
      if (!Take(',') && !Peek(')')) return false;
    }
    return true;
  }

  std::string_view text_;
};

// Little-endian.
uint32_t ReadSize(std::string_view bytes) {
  uint32_t size = 0;
  for (size_t i = bytes.size(); i > 0; --i)
    size = size << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return size;
}

// Returns the place of the first number that may not be there.
template <class Number>
std::optional<size_t> CopyNumbers(std::string_view bytes, std::vector<float>& values) {
  values.resize(bytes.size() / sizeof(Number));
  for (size_t i = 0; i < values.size(); ++i) {
    Number number;
    std::memcpy(&number, bytes.data() + i * sizeof(Number), sizeof(Number));
    if (!(std::abs(number) <= static_cast<Number>(kLargestVectorNumber))) return i;
    values[i] = static_cast<float>(number);
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<NpyMatrix> ReadNpyMatrix(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  const auto wrong = [&](const auto&... what) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", what...));
  };
  std::string_view content = file->content();
  const size_t fixed = kNpyMagic.size() + 2;  // Before the length of the header.
  if (!content.starts_with(kNpyMagic) || content.size() < fixed)
    return wrong("is not in NumPy's form, which numpy.save writes");
  const int major = static_cast<unsigned char>(content[fixed - 2]);
  const int minor = static_cast<unsigned char>(content[fixed - 1]);
  if ((major != 1 && major != 2) || minor != 0)
    return wrong("is in NPY format ", major, ".", minor, "; 1.0 and 2.0 are read");
  const size_t size_bytes = major == 1 ? 2 : 4;
  content.remove_prefix(fixed);
  if (content.size() < size_bytes) return wrong("ends within its header");
  const uint32_t header_size = ReadSize(content.substr(0, size_bytes));
  content.remove_prefix(size_bytes);
  if (content.size() < header_size) return wrong("ends within its header");
  const std::optional<NpyHeader> header = NpyHeaderReader(content.substr(0, header_size)).Read();
  if (!header) return wrong("its header is not that of an array of plain numbers");
  content.remove_prefix(header_size);

  const bool is_float = header->descr == "<f4";
  if (!is_float && header->descr != "<f8")
    return wrong("has numbers of type \"", header->descr,
                 "\"; float32 and float64, little-endian, are read: save array.astype(\"<f4\")");
  if (header->is_fortran) return wrong("is in Fortran order; save numpy.ascontiguousarray(array)");
  if (header->shape.size() != 2)
    return wrong("has ", header->shape.size(), " dimensions, and not 2");
  NpyMatrix matrix{.rows = header->shape[0], .columns = header->shape[1], .values = {}};
  const size_t numbers = content.size() / (is_float ? sizeof(float) : sizeof(double));
  if (content.size() % (is_float ? sizeof(float) : sizeof(double)) != 0 ||
      (matrix.columns == 0
           ? numbers != 0
           : numbers / matrix.columns != matrix.rows || numbers % matrix.columns != 0))
    return wrong("has ", content.size(), " bytes of numbers, which are not ", matrix.rows, " x ",
                 matrix.columns, " of them");
  const std::optional<size_t> bad = is_float ? CopyNumbers<float>(content, matrix.values)
                                             : CopyNumbers<double>(content, matrix.values);
  if (bad)
    return wrong("array[", *bad / matrix.columns, ", ", *bad % matrix.columns,
                 "] is not finite, or beyond 1e18");
  return matrix;
}

}  // namespace shortlist
