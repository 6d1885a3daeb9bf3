// Says which mapped file it was when a page of it cannot be read: because the file was cut short
// while it was mapped, or the disk failed. Then the system ends the process with SIGBUS, whatever
// it is doing; a last line on standard error names the file.
//
//   ReportUnreadablePages();                        // Once, by main.
//   const size_t slot = NoteMapping(data, size, path);   // By who maps files (common/files.h).
//   ForgetMapping(slot);
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <string>

namespace shortlist {

// What NoteMapping returns when there is no room: such a file is not named.
inline constexpr size_t kNoMappingSlot = static_cast<size_t>(-1);
inline constexpr size_t kMostNotedMappings = 512;

// Until it is forgotten. The end of a path of 400 bytes or more is kept.
size_t NoteMapping(const void* data, size_t size, const std::string& path);
void ForgetMapping(size_t slot);

// From now on the process says so before it dies of SIGBUS.
void ReportUnreadablePages();

}  // namespace shortlist
