// A ScanProgram written by hand, for tests: variables by name, bodies as lambdas.
#pragma once

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plc/runtime/scan_program.hpp"

namespace wl::plc {

class FakeProgram final : public ScanProgram {
 public:
  using Body = std::function<std::optional<ScanFault>(std::chrono::nanoseconds)>;

  /// Published, 8 bytes (STRING: `size`), initial value zero. Returns the symbol's index.
  std::size_t add(std::string path, IecType type, std::uint32_t size) {
    symbols_.push_back({.path = std::move(path),
                        .type = type,
                        .offset = size_,
                        .size = size,
                        .retain = false,
                        .constant = false,
                        .published = true,
                        .location = {},
                        .comment = {}});
    size_ += (size + 7) / 8 * 8;
    return symbols_.size() - 1;
  }
  std::size_t add_udint(std::string path) { return add(std::move(path), IecType::udint, 4); }
  std::size_t add_retained(std::string path, IecType type, std::uint32_t size) {
    const std::size_t index = add(std::move(path), type, size);
    symbols_[index].retain = true;
    return index;
  }
  Symbol& symbol(std::size_t index) { return symbols_[index]; }

  void add_task(std::string name, std::chrono::nanoseconds interval, int priority, Body body) {
    const std::string program = name + "_PRG";
    tasks_.push_back({std::move(name), interval, priority, {program}});
    bodies_[program] = std::move(body);
  }

  /// For bodies: the variable inside the state of the running scan.
  template <class T>
  T get(std::size_t index) const {
    T value;
    std::memcpy(&value, state_ + symbols_[index].offset, sizeof value);
    return value;
  }
  template <class T>
  void set(std::size_t index, T value) const {
    std::memcpy(state_ + symbols_[index].offset, &value, sizeof value);
  }
  void set_text(std::size_t index, const std::string& text) const {
    std::memcpy(state_ + symbols_[index].offset, text.c_str(), text.size() + 1);
  }
  ScanControl& control() const { return *control_; }

  std::size_t state_size() const override { return size_; }
  std::span<const Symbol> symbols() const override { return symbols_; }
  std::span<const TaskSpec> tasks() const override { return tasks_; }
  void initialize(std::byte* state) const override { std::memset(state, 0, size_); }
  std::optional<ScanFault> run(const std::string& program, std::byte* state,
                               std::chrono::nanoseconds now, ScanControl& control) const override {
    state_ = state;
    control_ = &control;
    return bodies_.at(program)(now);
  }

 private:
  std::vector<Symbol> symbols_;
  std::vector<TaskSpec> tasks_;
  std::map<std::string, Body> bodies_;
  std::uint32_t size_ = 0;
  mutable std::byte* state_ = nullptr;
  mutable ScanControl* control_ = nullptr;
};

/// What a division by zero in line 12 of FB_X looks like.
inline ScanFault some_fault() {
  return {ScanFault::Kind::division_by_zero, "FB_X", "FB_X.st", 12, 0};
}

}  // namespace wl::plc
