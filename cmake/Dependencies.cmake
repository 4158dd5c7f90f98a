# Third-party libraries, all from Debian. Which room may use which is said in ARCHITECTURE.md.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL 7.85 REQUIRED)           # CURLOPT_PROTOCOLS_STR
find_package(SQLiteCpp REQUIRED)
find_package(date REQUIRED)                 # time zones; libstdc++ 12 has none
find_package(open62541 REQUIRED)            # needs libopen62541-1.4-tools as well
find_package(MbedTLS 3.6 REQUIRED)          # certificates; open62541 links the same library
find_package(LLVM 19.1 REQUIRED CONFIG)     # "19" alone is refused
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(MARIADB REQUIRED IMPORTED_TARGET libmariadb)
if(WATTLINE_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(WATTLINE_BENCH)
  find_package(benchmark REQUIRED)
endif()
