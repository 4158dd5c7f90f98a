// From the texts of an application to a checked tree. The one door of this room.
#pragma once

#include <string>
#include <vector>

#include "plc/lang/check/checked_program.hpp"
#include "plc/lang/diagnostics/diagnostic.hpp"
#include "plc/lang/source/source_set.hpp"

namespace wl::plc::lang {

/// The result never "fails": with errors, `program` is incomplete and must not be compiled.
struct Compilation {
  SourceSet sources;  ///< The user's files, then the embedded standard library.
  CheckedProgram program;
  std::vector<Diagnostic> diagnostics;  ///< In order of file and place; at most 1000.

  bool ok() const;  ///< No diagnostic is an error.
};

/// Lexes, parses and checks. Deterministic; touches no file; takes time linear in the input.
Compilation compile_sources(SourceSet sources);

/// Every diagnostic, rendered, and a last line with the counts; at most `limit` diagnostics.
std::string render_all(const Compilation& compilation, std::size_t limit = 20);

}  // namespace wl::plc::lang
