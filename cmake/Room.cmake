# wl_room(<name> [DEPS target...] [PCH header...] [SKIP folder...])
#
# One room of src/: the static library wl_<name> from every .cpp of the folder that is not a test,
# and, with WATTLINE_TESTS, the program wl_<name>_test from its *_test.cpp. Files are found by
# themselves; add one and build. SKIP names sub-folders that are rooms of their own.
function(wl_room name)
  cmake_parse_arguments(ROOM "" "" "DEPS;PRIVATE_DEPS;TEST_DEPS;PCH;SKIP" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp *.hpp)
  file(GLOB_RECURSE nested CONFIGURE_DEPENDS */*.cpp */*.hpp)
  foreach(folder ${ROOM_SKIP})
    list(FILTER nested EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${folder}/")
  endforeach()
  list(APPEND sources ${nested})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")

  set(compiled ${sources})
  list(FILTER compiled INCLUDE REGEX "\\.cpp$")
  if(compiled)
    add_library(wl_${name} STATIC ${sources})
    target_include_directories(wl_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(wl_${name} PUBLIC ${ROOM_DEPS}
                                     PRIVATE wattline_flags ${ROOM_PRIVATE_DEPS})
    if(ROOM_PCH)
      target_precompile_headers(wl_${name} PRIVATE ${ROOM_PCH})
    endif()
  else()
    add_library(wl_${name} INTERFACE)
    target_include_directories(wl_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(wl_${name} INTERFACE ${ROOM_DEPS})
  endif()

  if(WATTLINE_TESTS AND tests)
    add_executable(wl_${name}_test ${tests})
    target_link_libraries(wl_${name}_test PRIVATE
      wl_${name} wattline_flags ${ROOM_PRIVATE_DEPS} ${ROOM_TEST_DEPS}
      GTest::gtest_main GTest::gmock)
    target_precompile_headers(wl_${name}_test PRIVATE <gtest/gtest.h> <gmock/gmock.h>)
    gtest_discover_tests(wl_${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
      PROPERTIES TIMEOUT 300 LABELS unit)
  endif()
endfunction()

# wl_app(<program> <folder> DEPS target...): one process from apps/<folder>.
function(wl_app program)
  cmake_parse_arguments(APP "" "" "DEPS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp *.hpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  add_executable(${program} ${sources})
  target_link_libraries(${program} PRIVATE wattline_flags wl_settings CLI11::CLI11 ${APP_DEPS})
  target_compile_definitions(${program} PRIVATE WATTLINE_VERSION="${PROJECT_VERSION}")
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()
