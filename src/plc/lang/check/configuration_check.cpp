// Tasks, and the order of POUs.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "plc/lang/check/checker.hpp"
#include "plc/lang/lex/text_case.hpp"

namespace wl::plc::lang {
namespace {

constexpr std::chrono::nanoseconds shortest_interval = std::chrono::microseconds{100};
constexpr std::chrono::nanoseconds longest_interval = std::chrono::hours{1};
constexpr std::chrono::nanoseconds default_interval = std::chrono::milliseconds{100};
constexpr std::int64_t lowest_priority = 255;

}  // namespace

void Checker::check_tasks() {
  bool configured = false;
  for (const ast::Unit& unit : units_) {
    for (const ast::Configuration& configuration : unit.configurations) {
      if (configured) {
        sink_.report(Code::duplicate_name, configuration.name.span,
                     "there is a second CONFIGURATION", "an application has one");
        continue;
      }
      configured = true;
      check_configuration(configuration);
    }
  }
  if (!configured) default_task();
}

void Checker::default_task() {
  const auto main = pou_names_.find("PLC_PRG");
  if (main != pou_names_.end() && main->second.pou->kind == PouKind::program) {
    program_.tasks.push_back({.name = "MainTask",
                              .interval = default_interval,
                              .priority = 1,
                              .programs = {{.name = "PLC_PRG", .program = main->second.pou}}});
    return;
  }
  if (sink_.size() > 0) return;  // it may stand in the part that was not understood
  sink_.report(Code::nothing_to_run, {}, "there is no CONFIGURATION and no PROGRAM PLC_PRG",
               "name the main program PLC_PRG, or write a CONFIGURATION with a TASK");
}

Task Checker::check_task(const ast::TaskDecl& decl) {
  Task task;
  task.name = std::string(decl.name.text);
  task.interval = default_interval;
  const auto constant = [&](const ast::Expr& expr) -> std::optional<Operand> {
    Operand value = check(expr);
    if (is_poison(value)) return std::nullopt;
    if (std::holds_alternative<Literal>(value.expr->node)) return value;
    sink_.report(Code::not_constant, expr.span, "a setting of a task must be constant");
    return std::nullopt;
  };
  if (decl.interval) {
    if (const auto value = constant(*decl.interval)) {
      const TypeKind kind = value->expr->type->kind;
      const std::int64_t amount =
          is_time(kind) ? std::get<Literal>(value->expr->node).value.integer() : 0;
      task.interval = kind == TypeKind::time ? std::chrono::nanoseconds(amount * 1'000'000)
                                             : std::chrono::nanoseconds(amount);
    }
    if (task.interval < shortest_interval || task.interval > longest_interval) {
      sink_.report(Code::bad_task, decl.interval->span,
                   "the INTERVAL of a task is a time from 100 µs to 1 h", "for example T#100ms");
    }
  }
  if (decl.priority) {
    const auto priority = constant_integer(decl.priority, "a priority");
    if (priority && (*priority < 0 || *priority > lowest_priority)) {
      sink_.report(Code::bad_task, decl.priority->span,
                   fmt::format("priorities go from 0 (highest) to {}", lowest_priority));
    } else if (priority) {
      task.priority = static_cast<int>(*priority);
    }
  }
  return task;
}

void Checker::check_configuration(const ast::Configuration& configuration) {
  for (const ast::TaskDecl& decl : configuration.tasks) {
    const bool twice = std::ranges::any_of(
        program_.tasks, [&](const Task& t) { return same_word(t.name, decl.name.text); });
    if (twice) {
      sink_.report(Code::duplicate_name, decl.name.span,
                   fmt::format("the task {} exists already", decl.name.text));
      continue;
    }
    program_.tasks.push_back(check_task(decl));
  }
  std::set<const Pou*> placed;
  for (const ast::ProgramDecl& decl : configuration.programs) {
    if (decl.program.text.empty()) continue;
    const auto pou = pou_names_.find(fold_case(decl.program.text));
    if (pou == pou_names_.end() || pou->second.pou->kind != PouKind::program) {
      std::vector<std::string_view> known;
      for (const auto& [key, entry] : pou_names_) {
        if (entry.pou->kind == PouKind::program) known.push_back(entry.decl->name.text);
      }
      sink_.report(Code::unknown_program, decl.program.span,
                   fmt::format("there is no PROGRAM {}", decl.program.text),
                   suggestion(decl.program.text, known));
      continue;
    }
    const auto task = std::ranges::find_if(
        program_.tasks, [&](const Task& t) { return same_word(t.name, decl.task.text); });
    if (task == program_.tasks.end()) {
      sink_.report(Code::bad_task, decl.task.text.empty() ? decl.name.span : decl.task.span,
                   decl.task.text.empty()
                       ? fmt::format("the program {} has no task", decl.name.text)
                       : fmt::format("there is no TASK {}", decl.task.text),
                   "write PROGRAM name WITH task : POU");
      continue;
    }
    if (!placed.insert(pou->second.pou).second) {
      sink_.report(Code::not_supported_yet, decl.program.span,
                   fmt::format("a second instance of {} is not supported yet", decl.program.text),
                   "make it a FUNCTION_BLOCK with two instances");
      continue;
    }
    task->programs.push_back({.name = std::string(decl.name.text), .program = pou->second.pou});
  }
  if (placed.empty() && sink_.size() == 0) {
    sink_.report(Code::nothing_to_run, configuration.name.span,
                 "this CONFIGURATION runs no program", "add PROGRAM main WITH task : PLC_PRG;");
  }
}

/// Callee first. A cycle is reported once, where the first call in it stands.
void Checker::order_pous() {
  std::map<const Pou*, PouEntry*> entries;
  for (auto& [key, entry] : pou_names_) entries[entry.pou] = &entry;
  std::map<const Pou*, Progress> progress;
  std::vector<const Pou*> order;
  struct Frame {
    const Pou* pou;
    std::map<const Pou*, Span>::const_iterator next;
  };
  // An explicit stack: the chain of calls in a program is not bounded by its nesting.
  for (const std::unique_ptr<Pou>& root : program_.pous) {
    if (progress[root.get()] != Progress::waiting) continue;
    std::vector<Frame> stack{{root.get(), entries.at(root.get())->uses.begin()}};
    progress[root.get()] = Progress::running;
    while (!stack.empty()) {
      Frame& top = stack.back();
      if (top.next == entries.at(top.pou)->uses.end()) {
        progress[top.pou] = Progress::done;
        order.push_back(top.pou);
        stack.pop_back();
        continue;
      }
      const auto [callee, span] = *top.next++;
      if (progress[callee] == Progress::running) {
        sink_.report(Code::recursive_call, span,
                     fmt::format("{} uses {}, which uses it again: recursion is not allowed",
                                 top.pou->name, callee->name),
                     "a controller must know its memory and time before it runs; use a loop");
      } else if (progress[callee] == Progress::waiting) {
        progress[callee] = Progress::running;
        stack.push_back({callee, entries.at(callee)->uses.begin()});
      }
    }
  }
  std::map<const Pou*, std::size_t> rank;
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  std::ranges::sort(program_.pous, {}, [&](const auto& pou) { return rank.at(pou.get()); });
}

}  // namespace wl::plc::lang
