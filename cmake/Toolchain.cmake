# Compiler settings that hold for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(CCACHE ccache)
if(CCACHE)
  # base_dir makes a second clone hit the cache of the first.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(wattline_flags INTERFACE)
target_compile_options(wattline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
# g++ 12.2 drops stores in inlined code, among them optional::reset() after a copy, when this pass
# is on (from -O1 up): RetainRotation then never synced again after one failed sync (ADR 0080).
target_compile_options(wattline_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fno-ipa-modref>)
# g++ 12.2 loses a rounding to float when it joins two chosen values into one vector (-O2 up): REAL
# points then lost their first and last value in the rollups (ADR 0082).
target_compile_options(wattline_flags INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-fno-tree-slp-vectorize>)
# Relative paths in __FILE__ and debug information: reproducible, and the same in every clone.
target_compile_options(wattline_flags INTERFACE
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(WATTLINE_SANITIZE)
  target_compile_options(wattline_flags INTERFACE
    -fsanitize=${WATTLINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(wattline_flags INTERFACE -fsanitize=${WATTLINE_SANITIZE})
  # g++ 12 reports false maybe-uninitialized inside std::variant when it instruments.
  target_compile_options(wattline_flags INTERFACE -Wno-maybe-uninitialized)
endif()
