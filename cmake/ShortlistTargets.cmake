# Helpers that every folder's CMakeLists.txt uses.

# shortlist_library(NAME SOURCES a.cc b.cc DEPS x y [PRECOMPILED core|eigen|wire]): one
# static library for one part.
function(shortlist_library name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_PRECOMPILED)
    set(ARG_PRECOMPILED core)
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  # In unity builds: each source more is memory that the compiler's process takes.
  set(batch 4)
  if(ARG_PRECOMPILED STREQUAL "eigen")
    set(batch 2)
  endif()
  set_target_properties(${name} PROPERTIES UNITY_BUILD_BATCH_SIZE ${batch})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  shortlist_own_code(${name} ${ARG_PRECOMPILED})
endfunction()

# shortlist_test(NAME LABEL unit|integration|slow SOURCES a_test.cc DEPS x y)
function(shortlist_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  shortlist_own_code(${name} test)
  # The same bug 105651: where headers are precompiled, it shows in tests, which are full of literals.
  target_compile_options(${name} PRIVATE -Wno-array-bounds -Wno-stringop-overflow)
  # Compiled in three quarters of the time.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT 600)
endfunction()

# GCC 12 also warns of designated initialisers that leave a member to its default, which is what they
# are for, and wrongly of overlapping copies where a literal is assigned to a std::string (its bug
# 105651).
set(SHORTLIST_OPTIONS -pthread -Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers
    -Wno-restrict)
# In a unity build every source is a header to GCC, and what it says there is of headers.
if(CMAKE_UNITY_BUILD)
  list(APPEND SHORTLIST_OPTIONS -Wno-subobject-linkage)
endif()
# What sanitizers add to the code has GCC warn of what is not there.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(REMOVE_ITEM SHORTLIST_OPTIONS -Werror)
endif()

# The flags of our own code; third-party headers are SYSTEM and exempt. `precompiled` names the header
# of cmake/precompiled that is compiled once for all targets that name it. Sources include what they
# use all the same: they compile with CMAKE_DISABLE_PRECOMPILE_HEADERS, too.
function(shortlist_own_code name precompiled)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${SHORTLIST_OPTIONS})
  shortlist_precompiled_header(${name} ${precompiled})
endfunction()

# Has the target compile with a header of cmake/precompiled.
function(shortlist_precompiled_header name precompiled)
  # Clang (fuzzing) does without, and so does a target that is compiled for another machine ("none").
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR precompiled STREQUAL "none")
    return()
  endif()
  if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
    target_compile_options(${name} PRIVATE -fpch-preprocess)  # So that ccache sees what is in it.
  endif()
  shortlist_precompiled(${precompiled})
  target_precompile_headers(${name} REUSE_FROM shortlist_precompiled_${precompiled})
endfunction()

# The target that a header of cmake/precompiled is compiled for, made when first asked for.
function(shortlist_precompiled header)
  set(name shortlist_precompiled_${header})
  if(TARGET ${name})
    return()
  endif()
  add_library(${name} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled/empty.cc)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${SHORTLIST_OPTIONS})
  if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
    target_compile_options(${name} PRIVATE -fpch-preprocess)
  endif()
  set(links_core Threads::Threads absl::status absl::statusor absl::strings absl::str_format
      absl::time absl::flat_hash_map roaring::roaring)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
    list(APPEND links_core protobuf::libprotobuf)
  endif()
  set(links_eigen shortlist_eigen)
  set(links_wire protobuf::libprotobuf gRPC::grpc++)
  set(links_test GTest::gmock GTest::gtest)
  target_link_libraries(${name} PRIVATE ${links_core} ${links_${header}})
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled/${header}.h)
endfunction()
