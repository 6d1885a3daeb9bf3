#include "data/tables/npy_file.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <class Number>
std::string BytesOf(const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

// The header's text as numpy.save pads it: so that the numbers begin at a multiple of 64 bytes.
std::string File(const std::string& dict, const std::string& numbers, int major = 1) {
  const size_t size_bytes = major == 1 ? 2 : 4;
  std::string header = dict;
  while ((8 + size_bytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string file = "\x93NUMPY";
  file += static_cast<char>(major);
  file += '\0';
  for (size_t i = 0; i < size_bytes; ++i)
    file += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return file + header + numbers;
}

class NpyFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<NpyMatrix> Read(const std::string& content) {
    return ReadNpyMatrix(folder_.Write("a.npy", content));
  }
  std::string ErrorOf(const std::string& content) {
    const absl::Status status = Read(content).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("a.npy: "));
    return std::string(status.message());
  }

  TemporaryFolder folder_;
};

// What numpy.save wrote for numpy.array([[1, -2.5], [0, 3e4], [7, 8]], dtype="float32"), byte for
// byte.
TEST_F(NpyFileTest, ReadsWhatNumpyWrote) {
  std::string file("\x93NUMPY\x01\x00v\x00", 10);
  file += "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
  file += std::string(58, ' ') + "\n";
  file += std::string(
      "\0\0\x80?\0\0 \xc0\0\0\0\0\0`\xea"
      "F\0\0\xe0@\0\0\0A",
      24);
  ASSERT_EQ(file.size(), 128u + 24u);
  const auto matrix = Read(file);
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->rows, 3u);
  EXPECT_EQ(matrix->columns, 2u);
  EXPECT_THAT(matrix->values, ElementsAre(1, -2.5F, 0, 3e4F, 7, 8));
}

TEST_F(NpyFileTest, ReadsBothTypesAndBothVersionsAndAnyOrderOfKeys) {
  const auto doubles = Read(File("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }",
                                 BytesOf<double>({0.1, -1e18}), 2));
  ASSERT_TRUE(doubles.ok()) << doubles.status();
  EXPECT_THAT(doubles->values, ElementsAre(0.1F, -1e18F));
  const auto other = Read(
      File("{\"shape\":(1,3),'fortran_order':False,\n'descr':'<f4'}", BytesOf<float>({1, 2, 3})));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->columns, 3u);
  const auto none = Read(File("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", ""));
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->rows, 0u);
  EXPECT_THAT(none->values, IsEmpty());
}

TEST_F(NpyFileTest, SaysWhatIsWrongAndHowToMendIt) {
  const std::string two = BytesOf<float>({1, 2});
  EXPECT_THAT(ErrorOf("PK\x03\x04"), HasSubstr("is not in NumPy's form"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("is not in NumPy's form"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", two, 3)),
              HasSubstr("is in NPY format 3.0; 1.0 and 2.0 are read"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2), }", two)),
              HasSubstr("has numbers of type \"<f2\"; float32 and float64"));
  EXPECT_THAT(ErrorOf(File("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2), }", two)),
              HasSubstr("little-endian, are read: save array.astype(\"<f4\")"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", two)),
              HasSubstr("is in Fortran order; save numpy.ascontiguousarray(array)"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", two)),
              HasSubstr("has 1 dimensions, and not 2"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", two)),
              HasSubstr("has 8 bytes of numbers, which are not 2 x 2 of them"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }", two)),
              HasSubstr("which are not 1 x 1 of them"));
  // A product that is 2 in 64 bits.
  EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': "
                           "(9223372036854775809, 2), }",
                           two)),
              HasSubstr("bytes of numbers, which are not 9223372036854775809 x 2"));
  EXPECT_THAT(
      ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", two + "x")),
      HasSubstr("has 9 bytes of numbers"));
}

TEST_F(NpyFileTest, NamesTheNumberThatIsNone) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {NAN, infinity, 1e20F})
    EXPECT_THAT(ErrorOf(File("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
                             BytesOf<float>({1, 2, 3, 4, 5, bad}))),
                HasSubstr("array[2, 1] is not finite, or beyond 1e18"));
  EXPECT_THAT(ErrorOf(File("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }",
                           BytesOf<double>({1e300}))),
              HasSubstr("array[0, 0]"));
}

TEST_F(NpyFileTest, RefusesAHeaderThatIsNone) {
  const char* const dicts[] = {
      "",
      "{",
      "{}",
      "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4' 'fortran_order': False, 'shape': (1, 2)}",
      "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1, 2)}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'more': 1}",
      "{'descr': '<f4, 'fortran_order': False, 'shape': (1, 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)} x"};
  for (const char* dict : dicts)
    EXPECT_THAT(ErrorOf(File(dict, BytesOf<float>({1, 2}))), HasSubstr("its header")) << dict;
}

TEST_F(NpyFileTest, RefusesAFileThatIsCutAnywhere) {
  const std::string whole =
      File("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", BytesOf<float>({1, 2}));
  ASSERT_TRUE(Read(whole).ok());
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(Read(whole.substr(0, size)).ok()) << size;
}

}  // namespace
}  // namespace shortlist
