#include "tests/state/sqlite/failing_power_vfs.h"

#include <algorithm>
#include <fstream>
#include <new>
#include <utility>

namespace shortlist {

// Before the memory of the file that does the work. SQLite makes room for it, and knows of no
// constructors.
struct FailingPowerVfs::File : sqlite3_file {
  FailingPowerVfs* disk;
  const char* path;  // SQLite's, which lives as long as the file is open.

  static File& Of(sqlite3_file* file) { return *static_cast<File*>(file); }
  static sqlite3_file* Real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(static_cast<File*>(file) + 1);
  }
  static const sqlite3_io_methods& Do(sqlite3_file* file) { return *Real(file)->pMethods; }
};

FailingPowerVfs::FailingPowerVfs(std::filesystem::path folder, std::function<void()> before_sync)
    : folder_(std::move(folder)),
      before_sync_(std::move(before_sync)),
      real_(sqlite3_vfs_find(nullptr)),
      vfs_(*real_) {
  vfs_.zName = "failing power";
  vfs_.pNext = nullptr;
  vfs_.pAppData = this;  // Of the real one's functions only xOpen uses it.
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.xOpen = &Open;
  vfs_.xDelete = &Delete;
  sqlite3_vfs_register(&vfs_, /*makeDflt=*/1);
}

FailingPowerVfs::~FailingPowerVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, /*makeDflt=*/1);
}

void FailingPowerVfs::WriteTo(const std::filesystem::path& image, std::mt19937_64& random) {
  std::filesystem::remove_all(image);
  std::filesystem::create_directories(image);
  std::lock_guard lock(mutex_);
  for (const auto& [path, disk] : disks_) {
    std::string content = disk.synced;
    for (const Write& write : disk.unsynced)
      if (random() % 2 == 0) Apply(write, content);
    std::ofstream(image / std::filesystem::path(path).filename(), std::ios::binary) << content;
  }
}

void FailingPowerVfs::Apply(const Write& write, std::string& content) {
  const auto offset = static_cast<size_t>(write.offset);
  if (write.is_truncation) {
    content.resize(std::min(content.size(), offset));
    return;
  }
  if (content.size() < offset + write.bytes.size()) content.resize(offset + write.bytes.size());
  content.replace(offset, write.bytes.size(), write.bytes);
}

int FailingPowerVfs::Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                          int* given) {
  FailingPowerVfs& disk = *static_cast<FailingPowerVfs*>(vfs->pAppData);
  auto* const wrapper = new (file) File();
  wrapper->disk = &disk;
  wrapper->path = name;
  const int result = disk.real_->xOpen(disk.real_, name, File::Real(file), flags, given);
  wrapper->pMethods = File::Real(file)->pMethods == nullptr ? nullptr : &Methods();
  return result;
}

int FailingPowerVfs::Delete(sqlite3_vfs* vfs, const char* name, int is_durable) {
  FailingPowerVfs& disk = *static_cast<FailingPowerVfs*>(vfs->pAppData);
  {
    std::lock_guard lock(disk.mutex_);
    disk.disks_.erase(name);
  }
  return disk.real_->xDelete(disk.real_, name, is_durable);
}

bool FailingPowerVfs::Watches(const char* path) const {
  return path != nullptr && std::filesystem::path(path).parent_path() == folder_;
}

void FailingPowerVfs::Remember(const char* path, Write write) {
  if (!Watches(path)) return;
  std::lock_guard lock(mutex_);
  disks_[path].unsynced.push_back(std::move(write));
}

int FailingPowerVfs::WriteBytes(sqlite3_file* file, const void* bytes, int size,
                                sqlite3_int64 offset) {
  const File& of = File::Of(file);
  of.disk->Remember(
      of.path, {.offset = offset,
                .bytes = std::string(static_cast<const char*>(bytes), static_cast<size_t>(size)),
                .is_truncation = false});
  return File::Do(file).xWrite(File::Real(file), bytes, size, offset);
}

int FailingPowerVfs::Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const File& of = File::Of(file);
  of.disk->Remember(of.path, {.offset = size, .bytes = "", .is_truncation = true});
  return File::Do(file).xTruncate(File::Real(file), size);
}

int FailingPowerVfs::Sync(sqlite3_file* file, int flags) {
  const File& of = File::Of(file);
  if (of.disk->Watches(of.path)) {
    of.disk->before_sync_();
    std::lock_guard lock(of.disk->mutex_);
    Disk& disk = of.disk->disks_[of.path];
    for (const Write& write : std::exchange(disk.unsynced, {})) Apply(write, disk.synced);
  }
  return File::Do(file).xSync(File::Real(file), flags);
}

const sqlite3_io_methods& FailingPowerVfs::Methods() {
  static const sqlite3_io_methods methods = {
      .iVersion = 3,
      .xClose = [](sqlite3_file* f) { return File::Do(f).xClose(File::Real(f)); },
      .xRead = [](sqlite3_file* f, void* to, int size,
                  sqlite3_int64 at) { return File::Do(f).xRead(File::Real(f), to, size, at); },
      .xWrite = &WriteBytes,
      .xTruncate = &Truncate,
      .xSync = &Sync,
      .xFileSize = [](sqlite3_file* f,
                      sqlite3_int64* size) { return File::Do(f).xFileSize(File::Real(f), size); },
      .xLock = [](sqlite3_file* f, int level) { return File::Do(f).xLock(File::Real(f), level); },
      .xUnlock = [](sqlite3_file* f,
                    int level) { return File::Do(f).xUnlock(File::Real(f), level); },
      .xCheckReservedLock =
          [](sqlite3_file* f, int* is) {
            return File::Do(f).xCheckReservedLock(File::Real(f), is);
          },
      .xFileControl =
          [](sqlite3_file* f, int operation, void* argument) {
            return File::Do(f).xFileControl(File::Real(f), operation, argument);
          },
      .xSectorSize = [](sqlite3_file* f) { return File::Do(f).xSectorSize(File::Real(f)); },
      // None that would let SQLite leave out a sync.
      .xDeviceCharacteristics = [](sqlite3_file*) { return 0; },
      .xShmMap =
          [](sqlite3_file* f, int region, int size, int extend, void volatile** to) {
            return File::Do(f).xShmMap(File::Real(f), region, size, extend, to);
          },
      .xShmLock = [](sqlite3_file* f, int offset, int n,
                     int flags) { return File::Do(f).xShmLock(File::Real(f), offset, n, flags); },
      .xShmBarrier = [](sqlite3_file* f) { File::Do(f).xShmBarrier(File::Real(f)); },
      .xShmUnmap = [](sqlite3_file* f,
                      int remove) { return File::Do(f).xShmUnmap(File::Real(f), remove); },
      .xFetch = [](sqlite3_file* f, sqlite3_int64 offset, int size,
                   void** to) { return File::Do(f).xFetch(File::Real(f), offset, size, to); },
      .xUnfetch = [](sqlite3_file* f, sqlite3_int64 offset,
                     void* at) { return File::Do(f).xUnfetch(File::Real(f), offset, at); },
  };
  return methods;
}

}  // namespace shortlist
