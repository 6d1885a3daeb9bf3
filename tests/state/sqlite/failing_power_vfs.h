// What a power failure would leave of SQLite's files: what was synced, and of what was written
// // since then any part, as disks write in any order.
//
//   FailingPowerVfs disk(folder, [&] { disk.WriteTo(image, random); ... look at image ... });
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace shortlist {

class FailingPowerVfs {
 public:
  // Watches the databases in `folder` that are opened while it lives, and calls `before_sync`
  // before anything is synced.
  FailingPowerVfs(std::filesystem::path folder, std::function<void()> before_sync);
  ~FailingPowerVfs();
  FailingPowerVfs(const FailingPowerVfs&) = delete;
  FailingPowerVfs& operator=(const FailingPowerVfs&) = delete;

  // Makes `image` what would be found of the folder now.
  void WriteTo(const std::filesystem::path& image, std::mt19937_64& random);

 private:
  // Bytes at a place, or with no bytes an end.
  struct Write {
    int64_t offset;
    std::string bytes;
    bool is_truncation;
  };
  struct Disk {
    std::string synced;
    std::vector<Write> unsynced;
  };
  struct File;

  static void Apply(const Write& write, std::string& content);
  // What SQLite calls; `File` is what it calls them with.
  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* given);
  static int Delete(sqlite3_vfs* vfs, const char* name, int is_durable);
  static int WriteBytes(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset);
  static int Truncate(sqlite3_file* file, sqlite3_int64 size);
  static int Sync(sqlite3_file* file, int flags);
  static const sqlite3_io_methods& Methods();
  bool Watches(const char* path) const;
  void Remember(const char* path, Write write);

  const std::filesystem::path folder_;
  const std::function<void()> before_sync_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;
  std::mutex mutex_;
  std::map<std::string, Disk> disks_;  // By path; guarded by mutex_.
};

}  // namespace shortlist
