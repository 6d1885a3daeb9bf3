# Two helpers that every folder's CMakeLists.txt uses.

# shortlist_library(NAME SOURCES a.cc b.cc DEPS x y): one static library for one part.
function(shortlist_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  shortlist_own_code(${name})
endfunction()

# shortlist_test(NAME LABEL unit|integration|slow SOURCES a_test.cc DEPS x y)
function(shortlist_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  shortlist_own_code(${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT 600)
endfunction()

# The flags of our own code; third-party headers are SYSTEM and exempt.
function(shortlist_own_code name)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  # GCC 12 also warns of designated initialisers that leave a member to its default, which is what
  # they are for, and wrongly of overlapping copies where a literal is assigned to a std::string
  # (its bug 105651).
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Werror
                         -Wno-missing-field-initializers -Wno-restrict)
endfunction()
