#include "benchmarks/vector_file.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class T>
std::string BytesOf(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}
const std::string kValues = BytesOf<float>({1, 2, 3, 4, 5, 6});

std::string Npy(const std::string& header) {
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
         kValues;
}

TEST(ReadVectors, ReadsFbinAndNpy) {
  const TemporaryFolder folder;
  for (const auto& path :
       {folder.Write("a.fbin", BytesOf<uint32_t>({2, 3}) + kValues),
        folder.Write("a.npy",
                     Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n"))}) {
    const auto vectors = ReadVectors(path);
    ASSERT_TRUE(vectors.ok()) << vectors.status();
    EXPECT_EQ(vectors->dim, 3u);
    EXPECT_THAT(vectors->values, ElementsAre(1, 2, 3, 4, 5, 6));
  }
}

TEST(ReadVectors, NamesTheFileAndWhatIsWrongWithIt) {
  const TemporaryFolder folder;
  auto error = [&](const std::string& name, const std::string& content) {
    return std::string(ReadVectors(folder.Write(name, content)).status().message());
  };
  EXPECT_THAT(error("a.fbin", "x"), HasSubstr("a.fbin: too short"));
  EXPECT_THAT(error("a.fbin", BytesOf<uint32_t>({3, 3}) + kValues),
              HasSubstr("the size does not fit the shape"));
  EXPECT_THAT(error("a.npy", "PK"), HasSubstr("not a .npy file of version 1"));
  EXPECT_THAT(error("a.npy", Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n")),
              HasSubstr("not a C-ordered matrix of little-endian float32"));
  EXPECT_THAT(error("a.txt", ""), HasSubstr("neither .fbin nor .npy"));
}

TEST(MakeVectors, AreOfLengthOneAndTheSameForTheSameSeed) {
  const Vectors vectors = MakeVectors(50, 12, /*mixed=*/false, 7);
  ASSERT_EQ(vectors.values.size(), 50u * 12);
  for (size_t row = 0; row < 50; ++row) {
    float squares = 0;
    for (size_t d = 0; d < 12; ++d)
      squares += vectors.values[row * 12 + d] * vectors.values[row * 12 + d];
    EXPECT_NEAR(squares, 1, 1e-5);
  }
  EXPECT_EQ(MakeVectors(50, 12, false, 7).values, vectors.values);
  EXPECT_NE(MakeVectors(50, 12, false, 8).values, vectors.values);
  EXPECT_NE(MakeVectors(50, 12, true, 7).values, vectors.values);
}

}  // namespace
}  // namespace shortlist
