#include "web/api/command_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "web/api/device_values.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/utf8_text.hpp"

namespace wl::web {
namespace {

namespace json = boost::json;
using Proven = opcua::WriteReport::Proven;

constexpr std::string_view tag_namespace = "ns=2;s=";

Problem unknown_command(const CommandablePlant& plant, DeviceId device) {
  const std::string& id = plant.plant.device(device).id;
  std::string known;
  for (const CommandSpec& command : plant.of(device))
    known += (known.empty() ? "" : ", ") + command.name;
  if (known.empty()) {
    return problems::bad_request(fmt::format("设备 {} 不接受命令", id),
                                 fmt::format("{} takes no commands", id));
  }
  return problems::bad_request(fmt::format("command:应为 {} 之一", known),
                               fmt::format("command: should be one of {}", known));
}

Problem bad_value(const CommandSpec& spec) {
  if (spec.kind != CommandKind::number) {
    return problems::bad_request(fmt::format("value:命令 {} 不带数值", spec.name),
                                 fmt::format("value: {} takes none", spec.name));
  }
  const std::string range =
      fmt::format("{} – {} {}", number_text(spec.low), number_text(spec.high), spec.unit);
  return problems::bad_request(fmt::format("value:应为 {} 的数字", range),
                               fmt::format("value: should be a number, {}", range));
}

/// Null for a body that is no object with these members alone.
std::optional<json::object> object_of(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) return std::nullopt;
  for (const auto& member : value.get_object()) {
    if (member.key() != "command" && member.key() != "value") return std::nullopt;
  }
  return std::move(value.get_object());
}

/// The number of the body; nothing when it has none that fits.
std::optional<double> fitting_value(const json::value* value, const CommandSpec& spec) {
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double number = value->to_number<double>();
  const bool fits = std::isfinite(number) && number >= spec.low && number <= spec.high;
  return fits ? std::optional(number) : std::nullopt;
}

const PointSpec* status_point(const Plant& plant, DeviceId device) {
  const auto point = plant.find_point(plant.device(device).id + ".status");
  return point ? &plant.point(*point) : nullptr;
}

std::string_view proof_word(Proven proven) {
  switch (proven) {
    case Proven::by_state:
      return "state";
    case Proven::by_value:
      return "value";
    case Proven::by_clearing:
      return "cleared";
    default:
      return "none";
  }
}

/// `running`; empty when it is not known.
std::string_view state_word(const DataValue& state, const Plant& plant, DeviceId device) {
  const PointSpec* point = status_point(plant, device);
  const auto code = to_number(state.value);
  if (point == nullptr || !code || state.quality.is_bad()) return {};
  return word_of(*point, *code);
}

void write_state(JsonWriter& out, std::string_view name, std::string_view word) {
  out.key(name);
  word.empty() ? out.null() : out.text(word);
}

void write_node(JsonWriter& out, std::string_view name, const DataValue& node) {
  out.key(name);
  if (node.quality.is_bad()) {
    out.null();
  } else if (const bool* flag = std::get_if<bool>(&node.value)) {
    out.boolean(*flag);
  } else if (const auto number = to_number(node.value)) {
    out.number(*number);
  } else {
    out.null();
  }
}

Message outcome_words(const LineCommand& command, const opcua::WriteReport& report,
                      std::string_view state) {
  if (report.proven == Proven::by_clearing && command.spec.leads_to) {
    return {fmt::format("控制器已接收命令 {},状态为 {}", command.spec.name, state),
            fmt::format("the controller took {}; the state is {}", command.spec.name, state)};
  }
  return {fmt::format("命令 {} 已执行并确认", command.spec.name),
          fmt::format("{} was carried out and confirmed", command.spec.name)};
}

Problem not_confirmed(const LineCommand& command, const opcua::WriteReport& report) {
  return {504,
          "not_confirmed",
          {fmt::format("命令 {} 已写入但未见生效({}):请在现场确认设备状态", command.spec.name,
                       report.reason),
           fmt::format("{} was written and its effect was not seen ({}): look at the line itself",
                       command.spec.name, report.reason)},
          {}};
}

}  // namespace

std::expected<LineCommand, Problem> parse_command(std::string_view body,
                                                  const CommandablePlant& plant, DeviceId device) {
  const auto object = object_of(body);
  if (!object) {
    return std::unexpected(problems::bad_request(
        R"(请求体应为 {"command":"…"},带数值的命令加 "value")",
        R"(the body should be {"command":"…"}, with "value" where the command takes a number)"));
  }
  const auto& known = plant.of(device);
  const json::value* name = object->if_contains("command");
  if (name == nullptr || !name->is_string()) return std::unexpected(unknown_command(plant, device));
  const auto found =
      std::ranges::find(known, std::string_view(name->get_string()), &CommandSpec::name);
  if (found == known.end()) return std::unexpected(unknown_command(plant, device));
  LineCommand command{device, *found, {}};
  const json::value* value = object->if_contains("value");
  if (found->kind == CommandKind::number) command.value = fitting_value(value, *found);
  const bool fits = found->kind == CommandKind::number ? command.value.has_value() : !value;
  if (!fits) return std::unexpected(bad_value(*found));
  return command;
}

opcua::ConfirmedWrite write_of(const LineCommand& command, const Plant& plant) {
  const CommandSpec& spec = command.spec;
  const PointSpec* status = status_point(plant, command.device);
  opcua::ConfirmedWrite write;
  write.node_id = std::string(tag_namespace) + spec.tag;
  write.state_node_id = std::string(tag_namespace) + (status != nullptr ? status->tag : spec.tag);
  write.value = spec.kind == CommandKind::number ? Value{command.value.value_or(0)}
                                                 : Value{spec.kind != CommandKind::off};
  if (spec.kind == CommandKind::edge) write.proof = opcua::ConfirmedWrite::Proof::cleared;
  if (spec.leads_to) write.leads_to = Value{std::int64_t{*spec.leads_to}};
  if (command.is_emergency()) write.before = opcua::ConfirmedWrite::Before::is_read;
  return write;
}

Response command_response(const LineCommand& command, const opcua::WriteReport& report,
                          const Plant& plant, Language language) {
  if (report.proven == Proven::no)
    return problem_response(not_confirmed(command, report), language);
  const std::string_view state = state_word(report.state_after, plant, command.device);
  JsonWriter out;
  out.object().key("success").boolean(true);
  out.key("message").text(outcome_words(command, report, state).in(language));
  out.key("device_id").text(plant.device(command.device).id);
  out.key("command").text(command.spec.name).key("confirmed").boolean(true);
  out.key("confirmed_by").text(proof_word(report.proven));
  write_node(out, "value_before", report.before);
  write_node(out, "value_after", report.after);
  write_state(out, "state_before", state_word(report.state_before, plant, command.device));
  write_state(out, "state_after", state);
  out.key("tag").text(command.spec.tag).key("unit").text(command.spec.unit).end();
  return json_response(out.take());
}

Problem command_refused(const Error& error) {
  if (error.code == Errc::unavailable) {
    return {409,
            "line_not_reached",
            {fmt::format("无法连接网关,命令未发出:{}", error.what),
             fmt::format("the gateway is not reached, nothing was written: {}", error.what)},
            {}};
  }
  if (error.code == Errc::conflict) {
    return {409,
            "line_not_ready",
            {fmt::format("质量戳不是 Good 或网关拒绝写入,命令未执行:{}", error.what),
             fmt::format("a quality is not Good, or the gateway refuses; nothing was done: {}",
                         error.what)},
            {}};
  }
  return {
      409,
      "command_not_possible",
      {fmt::format("plant.json 中的命令与网关不符,命令未执行:{}", error.what),
       fmt::format("plant.json and the gateway do not agree; nothing was done: {}", error.what)},
      {}};
}

std::string audit_before(const LineCommand& command, const opcua::WriteReport& report,
                         const Plant& plant) {
  JsonWriter out;
  out.object();
  write_node(out, "value", report.before);
  write_state(out, "state", state_word(report.state_before, plant, command.device));
  out.end();
  return out.take();
}

std::string audit_after(const LineCommand& command, const opcua::WriteReport& report,
                        const Plant& plant) {
  JsonWriter out;
  const bool confirmed = report.proven != Proven::no;
  out.object().key("outcome").text(confirmed ? "confirmed" : "not confirmed");
  out.key("by").text(proof_word(report.proven));
  write_node(out, "value", report.after);
  write_state(out, "state", state_word(report.state_after, plant, command.device));
  if (!confirmed) out.key("reason").text(as_utf8(report.reason));
  out.end();
  return out.take();
}

std::string audit_refused(const Error& error) {
  JsonWriter out;
  out.object().key("outcome").text("refused").key("reason").text(as_utf8(error.what)).end();
  return out.take();
}

std::string audit_ordered(const LineCommand& command) {
  JsonWriter out;
  out.object().key("outcome").text("ordered");
  if (command.value) out.key("value").number(*command.value);
  out.end();
  return out.take();
}

std::string commands_json(const CommandablePlant& plant, DeviceId device) {
  const auto& commands = plant.of(device);
  JsonWriter out;
  out.object().key("success").boolean(true).key("device_id");
  out.text(plant.plant.device(device).id).key("commands").array();
  for (const CommandSpec& command : commands) {
    const bool number = command.kind == CommandKind::number;
    out.object().key("command").text(command.name).key("takes_value").boolean(number);
    out.key("low");
    number ? out.number(command.low) : out.null();
    out.key("high");
    number ? out.number(command.high) : out.null();
    out.key("unit").text(command.unit).key("tag").text(command.tag).end();
  }
  out.end().key("total").integer(static_cast<std::int64_t>(commands.size())).end();
  return out.take();
}

}  // namespace wl::web
