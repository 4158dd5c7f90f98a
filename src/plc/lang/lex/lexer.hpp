// First step: text → words.
#pragma once

#include "plc/lang/diagnostics/sink.hpp"
#include "plc/lang/lex/token.hpp"
#include "plc/lang/source/source_set.hpp"

namespace wl::plc::lang {

/// Splits one file into words. Never fails: what is no word is reported and skipped. The result
/// points into `file.text`, which must outlive it. Linear in the length of the text.
Tokens lex(const SourceFile& file, FileId id, DiagnosticSink& sink);

}  // namespace wl::plc::lang
