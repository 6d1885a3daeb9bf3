# Every third-party package the build uses; all come from Debian (scripts/packages.txt).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl REQUIRED)
find_package(gRPC REQUIRED)
find_package(Protobuf REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(GTest REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(SQLite3 REQUIRED)
find_package(utf8cpp REQUIRED)
find_package(simdjson REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(HIGHWAY REQUIRED IMPORTED_TARGET libhwy libhwy-contrib)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
find_package(roaring REQUIRED)
# Its pkg-config file defines macros that precompiled headers do without.
find_library(HIREDIS hiredis REQUIRED)
# Its header takes in all of the processor's intrinsics otherwise, and so does what includes it. Our
# code uses none of its functions that they make faster: these are in the library.
add_compile_definitions(DISABLE_X64)

# OpenBLAS picks its kernels at run time, so training is fast without -march=native. The pthread
# flavour is the one that may be called from several threads at once; Debian's serial one is built
# without locks and gives wrong products there.
find_library(OPENBLAS_PTHREAD openblas PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread
             NO_DEFAULT_PATH REQUIRED)

# Eigen as every part of the project must use it: the same definition in every translation unit.
add_library(shortlist_eigen INTERFACE)
target_compile_definitions(shortlist_eigen INTERFACE EIGEN_USE_BLAS EIGEN_DONT_PARALLELIZE)
target_include_directories(shortlist_eigen SYSTEM INTERFACE
  /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread)
target_link_libraries(shortlist_eigen INTERFACE Eigen3::Eigen ${OPENBLAS_PTHREAD})
