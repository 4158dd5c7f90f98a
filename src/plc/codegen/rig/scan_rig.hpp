// Test rig: compiles a Structured Text and scans one of its programs by hand, with simulated time.
#pragma once

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "plc/codegen/compiler.hpp"
#include "plc/lang/compile.hpp"

namespace wl::plc::rig {

using std::chrono::milliseconds;

/// Throws std::runtime_error with the diagnostics when the text does not compile.
inline std::unique_ptr<NativeProgram> compile_text(const std::string& text,
                                                   const CompileOptions& options = {}) {
  lang::SourceSet sources;
  sources.add("main.st", text);
  sources.add("tasks.st",
              "CONFIGURATION C RESOURCE R ON PLC TASK T(INTERVAL := T#10ms, PRIORITY := 0);"
              "PROGRAM run WITH T : P; END_RESOURCE END_CONFIGURATION");
  const lang::Compilation compilation = lang::compile_sources(std::move(sources));
  if (!compilation.ok()) throw std::runtime_error(lang::render_all(compilation));
  auto program = Compiler::compile(compilation.program, options);
  if (!program) throw std::runtime_error(program.error().what);
  return std::move(*program);
}

/// Variables of the program P are named without `P.` in front.
class ScanRig {
 public:
  explicit ScanRig(const std::string& text, const CompileOptions& options = {})
      : program_(compile_text(text, options)), state_((program_->state_size() + 15) / 16) {
    program_->initialize(state());
  }

  /// `PROGRAM P` with these declarations and statements.
  static ScanRig of(const std::string& variables, const std::string& body) {
    return ScanRig("PROGRAM P\nVAR\n" + variables + "\nEND_VAR\n" + body + "\nEND_PROGRAM\n");
  }

  std::optional<ScanFault> scan(milliseconds step = milliseconds(0)) {
    now_ += step;
    return program_->run("P", state(), now_, control_);
  }
  std::optional<ScanFault> scan_times(int count, milliseconds step) {
    std::optional<ScanFault> fault;
    while (count-- > 0 && !fault) fault = scan(step);
    return fault;
  }

  template <class T>
  T get(const std::string& path) const {
    const Symbol& symbol = find(path);
    if (symbol.size != sizeof(T)) throw std::runtime_error(path + " has another size");
    T value;
    std::memcpy(&value, state() + symbol.offset, sizeof value);
    return value;
  }
  bool boolean(const std::string& path) const { return get<std::uint8_t>(path) != 0; }
  std::string text(const std::string& path) const {
    return reinterpret_cast<const char*>(state() + find(path).offset);
  }
  template <class T>
  void set(const std::string& path, T value) {
    const Symbol& symbol = find(path);
    if (symbol.size != sizeof(T)) throw std::runtime_error(path + " has another size");
    std::memcpy(state() + symbol.offset, &value, sizeof value);
  }

  bool has(const std::string& path) const { return lookup(path) != nullptr; }
  const Symbol& find(const std::string& path) const {
    if (const Symbol* symbol = lookup(path)) return *symbol;
    throw std::runtime_error("no symbol " + path);
  }
  const NativeProgram& program() const { return *program_; }
  ScanControl& control() { return control_; }

 private:
  struct alignas(16) Unit {
    std::byte bytes[16];
  };

  const Symbol* lookup(const std::string& path) const {
    for (const Symbol& symbol : program_->symbols())
      if (symbol.path == path || symbol.path == "P." + path) return &symbol;
    return nullptr;
  }
  std::byte* state() { return state_.front().bytes; }
  const std::byte* state() const { return state_.front().bytes; }

  std::unique_ptr<NativeProgram> program_;
  std::vector<Unit> state_;
  ScanControl control_;
  milliseconds now_{1'000'000};
};

}  // namespace wl::plc::rig
