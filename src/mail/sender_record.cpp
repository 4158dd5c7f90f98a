#include "mail/sender_record.hpp"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "base/durable_file.hpp"

namespace wl::mail {
namespace {
namespace json = boost::json;
constexpr std::size_t most_names = 512;
constexpr auto file = "sender.json";
}  // namespace

void SenderRecord::remember(const std::string& name) {
  done.push_back(name);
  if (done.size() > most_names) done.pop_front();
}

SenderRecord read_record(const std::filesystem::path& folder) {
  SenderRecord record;
  const auto text = read_file(folder / file, 1 << 20);
  if (!text) return record;
  try {
    const json::value parsed = json::parse(*text);
    const json::object& from = parsed.as_object();
    record.sent = from.at("sent").to_number<std::uint64_t>();
    record.last_error = std::string(from.at("last_error").as_string());
    if (from.contains("last_error_at")) {
      record.last_error_at = from_unix_ms(from.at("last_error_at").as_int64());
    }
    if (from.contains("last_sent_at")) {
      record.last_sent_at = from_unix_ms(from.at("last_sent_at").as_int64());
    }
    for (const json::value& name : from.at("done").as_array()) {
      record.remember(std::string(name.as_string()));
    }
  } catch (const std::exception& error) {
    spdlog::warn(
        "outbox: {} cannot be read ({}): what was sent is counted anew, and a letter whose file a "
        "crash left may come once more",
        (folder / file).string(), error.what());
    return {};
  }
  return record;
}

Result<void> write_record(const std::filesystem::path& folder, const SenderRecord& record) {
  json::object to{{"sent", record.sent}, {"last_error", record.last_error}};
  if (record.last_error_at) to["last_error_at"] = to_unix_ms(*record.last_error_at);
  if (record.last_sent_at) to["last_sent_at"] = to_unix_ms(*record.last_sent_at);
  json::array& done = (to["done"] = json::array()).as_array();
  for (const std::string& name : record.done) done.push_back(json::string(name));
  return write_file(folder / file, json::serialize(to), Durability::synced, 0600);
}

}  // namespace wl::mail
