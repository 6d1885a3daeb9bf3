#!/usr/bin/env bash
# Highway's vqsort, as Debian 12 has it (libhwy 1.0.3-3+deb12u1, a hwy::Sorter kept for all sorts):
# every sort makes a system call. It asks the kernel for 24 random bytes to draw pivots with, also
# for 16 keys, and also when the Sorter is kept, which its header recommends for spreading what it
# allocates over many sorts. A service that sorts a few hundred keys a request pays for a system call
# that a profile of its own functions does not show.
#
# Seen, 100 sorts each: 100 calls of getrandom for 16, 512 and 10,000 keys alike.
set -euo pipefail
version=1.0.3-3+deb12u1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get download -q -o APT::Sandbox::User=root "libhwy-dev=$version" "libhwy1=$version" >/dev/null
for package in ./*.deb; do dpkg-deb --extract "$package" root; done
libraries=$(dirname "$(find root -name 'libhwy_contrib.so*' | head -n 1)")

cat >count.cc <<'END'
// Counts calls of getrandom on their way to the C library.
#include <sys/syscall.h>
#include <unistd.h>
int random_calls = 0;
extern "C" ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  ++random_calls;
  return syscall(SYS_getrandom, buffer, size, flags);
}
END
cat >sort.cc <<'END'
#include <hwy/contrib/sort/vqsort.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

extern int random_calls;

int main() {
  std::mt19937_64 random(1);
  hwy::Sorter sorter;
  for (size_t count : {16, 512, 10000}) {
    const int before = random_calls;
    for (int turn = 0; turn < 100; ++turn) {
      std::vector<uint64_t> keys(count);
      for (uint64_t& key : keys) key = random();
      sorter(keys.data(), keys.size(), hwy::SortAscending());
      if (!std::is_sorted(keys.begin(), keys.end())) return 1;
    }
    std::printf("%zu keys: %d calls for 100 sorts\n", count, random_calls - before);
  }
}
END
g++ -std=c++17 -O1 -DHWY_SHARED_DEFINE -Iroot/usr/include sort.cc count.cc -o sort -rdynamic \
  -L"$libraries" -lhwy_contrib -lhwy -Wl,-rpath,"$PWD/$libraries"
./sort | tee seen
diff seen - <<'END'
16 keys: 100 calls for 100 sorts
512 keys: 100 calls for 100 sorts
10000 keys: 100 calls for 100 sorts
END
echo "As stated: Highway $version asks the kernel for random bytes at every sort."
