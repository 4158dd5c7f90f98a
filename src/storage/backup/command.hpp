// Runs a program of the database's own (mariadb-dump, mariadb) and passes bytes to or from it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "storage/backup/progress.hpp"

namespace wl::storage {

struct Command {
  std::vector<std::string> words;  ///< The program, found by PATH, and its arguments. No secrets.
  std::filesystem::path input;     ///< Becomes its standard input; empty: nothing to read.
};

/// Gets the standard output as it comes. An error ends the program.
using TakeOutput = std::function<Result<void>(std::string_view)>;

/// Waits for the end. `not_found` when there is no such program; `unavailable` with the last lines
/// that it wrote to stderr when it fails, or when Progress says stop (the program is then ended).
Result<void> run_command(const Command& command, const TakeOutput& take,
                         const std::function<Result<void>()>& still_wanted);

}  // namespace wl::storage
