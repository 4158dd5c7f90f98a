#include "apps/plc/application.hpp"

#include <malloc.h>

#include <algorithm>

#include "plc/codegen/compiler.hpp"
#include "plc/lang/compile.hpp"

namespace wl {
namespace {

std::size_t count_user_pous(const plc::lang::CheckedProgram& program) {
  return static_cast<std::size_t>(
      std::ranges::count_if(program.pous, [](const auto& pou) { return !pou->standard; }));
}

Result<Application> compile(const std::filesystem::path& folder) {
  auto sources = plc::lang::load_folder(folder);
  if (!sources) return std::unexpected(sources.error());
  const auto compilation = plc::lang::compile_sources(std::move(*sources));
  Application application;
  if (!compilation.diagnostics.empty()) application.diagnostics = render_all(compilation);
  if (!compilation.ok()) return fail(Errc::invalid_argument, application.diagnostics);
  auto native = plc::Compiler::compile(compilation.program);
  if (!native) return std::unexpected(native.error());
  application.native = std::move(*native);
  application.pous = count_user_pous(compilation.program);
  return application;
}

}  // namespace

Result<Application> compile_application(const std::filesystem::path& folder) {
  auto application = compile(folder);
  // The compiler took up to 100 MB and the line runs for months: what is free goes back.
  ::malloc_trim(0);
  return application;
}

}  // namespace wl
