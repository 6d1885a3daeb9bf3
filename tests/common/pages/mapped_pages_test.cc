#include "common/pages/mapped_pages.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

// Maps both files, cuts the second one short, and reads its end.
void ReadWhatIsGone(const std::filesystem::path& whole, const std::filesystem::path& cut) {
  ReportUnreadablePages();
  const std::shared_ptr<const MappedFile> other = MappedFile::Open(whole).value();
  const std::shared_ptr<const MappedFile> file = MappedFile::Open(cut).value();
  std::filesystem::resize_file(cut, 0);
  const volatile char* const end = file->content().data() + file->content().size() - 1;
  std::_Exit(*end + *other->content().data());
}

TEST(MappedPagesDeathTest, TheFileIsNamedAndTheProcessEndsAsItWould) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const TemporaryFolder folder;
  const std::string content(20'000, 'x');
  const std::filesystem::path whole = folder.Write("whole.arr", content);
  const std::filesystem::path cut = folder.Write("cut.arr", content);
  EXPECT_EXIT(ReadWhatIsGone(whole, cut), testing::KilledBySignal(SIGBUS),
              "cut.arr: a page of it cannot be read");
}

TEST(MappedPages, SlotsAreUsedAgain) {
  const std::string content = "content";
  std::vector<size_t> slots;
  for (size_t i = 0; i < kMostNotedMappings + 1; ++i)
    slots.push_back(NoteMapping(content.data(), content.size(), "file"));
  EXPECT_EQ(slots.back(), kNoMappingSlot);
  for (const size_t slot : slots) ForgetMapping(slot);
  const size_t slot = NoteMapping(content.data(), content.size(), std::string(5'000, 'p'));
  EXPECT_NE(slot, kNoMappingSlot);
  ForgetMapping(slot);
}

}  // namespace
}  // namespace shortlist
