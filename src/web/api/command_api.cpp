#include "web/api/command_api.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace wl::web {
namespace {

/// From the request on. What follows (write, proof) fits into ServerLimits::handler behind it.
constexpr std::chrono::seconds time_to_write{6};
constexpr std::size_t most_unrecorded = 1000;

Problem under_way_already() {
  return {409,
          "command_under_way",
          {"该设备的上一条命令仍在执行,请稍候再发",
           "another command for this device is under way; "
           "wait for its answer"},
          {}};
}

Problem not_recorded() {
  return {503,
          "audit_unavailable",
          {"无法写入审计日志,命令未执行;急停不受此限。请稍后重试,管理员请运行 wattline doctor",
           "the audit log cannot be written, so nothing was done (an emergency stop would be); try "
           "again soon. An administrator can run `wattline doctor`"},
          5};
}

}  // namespace

std::vector<Route> CommandApi::routes() {
  return {{"GET", "/api/devices/{id}/commands", Access::user, Scope::read,
           [this](Call call, Reply reply) { list(std::move(call), std::move(reply)); }},
          {"POST", "/api/devices/{id}/commands", Access::admin, Scope::commands,
           [this](Call call, Reply reply) { command(std::move(call), std::move(reply)); }}};
}

void CommandApi::list(Call call, Reply reply) {
  const auto device = plant_.find_device(call.parameters["id"]);
  if (device) return reply(json_response(commands_json(commands_, *device)));
  reply(problem_response(problems::not_found(call.request.path), call.request.language()));
}

void CommandApi::command(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto device = plant_.find_device(call.parameters["id"]);
  if (!device) return reply(problem_response(problems::not_found(call.request.path), language));
  auto parsed = parse_command(call.request.body, commands_, *device);
  if (!parsed) return reply(problem_response(parsed.error(), language));
  if (!parsed->is_emergency() && under_way_.contains(device->value))
    return reply(problem_response(under_way_already(), language));
  AuditEntry entry =
      entry_of(call, clock_(), "command." + parsed->spec.name, plant_.device(*device).id);
  entry.after = audit_ordered(*parsed);
  spdlog::warn("'{}' from {}: command {} for {}", entry.actor, entry.remote_address,
               parsed->spec.name, entry.subject);
  ++under_way_[device->value];
  const auto order = std::make_shared<Order>(
      Order{std::move(*parsed), std::move(entry), language, std::move(reply)});
  if (!order->command.is_emergency()) return record_then_carry_out(order);
  record_at_last(order->entry, Attempt::first);
  carry_out(order);
}

void CommandApi::record_then_carry_out(Shared order) {
  audit_.record(order->entry, [this, order](Result<void> recorded) {
    if (recorded) return carry_out(order);
    spdlog::error("command refused: audit log: {}", recorded.error().what);
    end(order, problem_response(not_recorded(), order->language));
  });
}

void CommandApi::carry_out(Shared order) {
  opcua::ConfirmedWrite write = write_of(order->command, plant_);
  write.write_until = std::chrono::steady_clock::now() + time_to_write;
  CommandDesk& desk = order->command.is_emergency() ? desks_.emergency : desks_.usual;
  using Outcome = Result<opcua::WriteReport>;
  const bool asked = desk.ask(
      // A line that refuses is an answer, not a failure of the desk.
      [write = std::move(write)](LineCommander& commander) -> Result<Outcome> {
        return Result<Outcome>(std::in_place, commander.carry_out(write));
      },
      [this, order](Result<Outcome> outcome) {
        on_outcome(order, outcome ? *outcome : std::unexpected(outcome.error()));
      });
  if (asked) return;
  on_outcome(order, fail(Errc::unavailable, "too many commands wait"));
}

void CommandApi::on_outcome(const Shared& order, const Result<opcua::WriteReport>& outcome) {
  AuditEntry entry = order->entry;
  entry.at = clock_();
  entry.before = outcome ? audit_before(order->command, *outcome, plant_) : "";
  entry.after =
      outcome ? audit_after(order->command, *outcome, plant_) : audit_refused(outcome.error());
  spdlog::warn("command {} for {}: {}", order->command.spec.name, entry.subject, entry.after);
  if (order->command.is_emergency()) {
    record_at_last(std::move(entry), Attempt::first);
  } else {
    audit_.record(std::move(entry));
  }
  end(order, outcome ? command_response(order->command, *outcome, plant_, order->language)
                     : problem_response(command_refused(outcome.error()), order->language));
}

void CommandApi::end(const Shared& order, Response response) {
  const auto found = under_way_.find(order->command.device.value);
  if (found != under_way_.end() && --found->second <= 0) under_way_.erase(found);
  order->reply(std::move(response));
}

void CommandApi::record_at_last(AuditEntry entry, Attempt attempt) {
  audit_.record(entry, [this, entry, attempt](Result<void> recorded) mutable {
    if (recorded) return;
    if (attempt == Attempt::first)
      spdlog::error("an emergency stop is not in the audit log yet: {}", recorded.error().what);
    if (unrecorded_.size() >= most_unrecorded) unrecorded_.pop_front();
    unrecorded_.push_back(std::move(entry));
  });
}

void CommandApi::tick() {
  // What fails again comes back to the end of the queue.
  for (AuditEntry& entry : std::exchange(unrecorded_, {}))
    record_at_last(std::move(entry), Attempt::again);
}

}  // namespace wl::web
