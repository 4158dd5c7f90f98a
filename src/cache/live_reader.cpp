#include "cache/live_reader.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>

#include "base/quantity.hpp"

namespace wl::cache {
namespace {

constexpr std::size_t max_line_bytes = 4 << 20;
constexpr std::size_t max_points = 100'000;

bool is_readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0;
}

/// The text of a message of the channel; null when it is something else.
const std::string* text_of(const Reply& reply) {
  const bool is_message = reply.items.size() == 3 && reply.items[0].text == "message";
  return is_message ? &reply.items[2].text : nullptr;
}

std::string field(const Reply& hash, std::string_view name) {
  for (std::size_t i = 0; i + 1 < hash.items.size(); i += 2) {
    if (hash.items[i].text == name) return hash.items[i + 1].text;
  }
  return {};
}

/// A value as the hash has it. It is untrusted: read as a message of its own.
Result<LiveMessage> value_message(const std::string& value) {
  return decode_live(R"({"type":"values","ts":"1970-01-01","values":{"v":)" + value + "}}");
}

Result<LiveMessage> snapshot_of(const Reply& latest, const Reply& state) {
  const auto not_whole = [](std::string why) { return fail(Errc::not_found, std::move(why)); };
  const std::string rest = field(state, "rest");
  if (rest.empty()) return not_whole("no collector has written there");
  auto snapshot = decode_live(rest);
  if (!snapshot) return snapshot;
  const auto seq = parse_integer(field(state, "seq"), 1, INT64_MAX);
  const auto points = parse_integer(field(state, "points"), 0, max_points);
  const std::size_t found = latest.items.size() / 2;
  if (!seq || !points || static_cast<std::size_t>(*points) != found) {
    return not_whole("the latest values there are not whole; were they deleted?");
  }
  snapshot->type = LiveMessage::Type::snapshot;
  snapshot->epoch = field(state, "epoch");
  snapshot->seq = static_cast<std::uint64_t>(*seq);
  for (std::size_t i = 0; i + 1 < latest.items.size(); i += 2) {
    auto value = value_message(latest.items[i + 1].text);
    if (!value) return value;
    if (value->values.size() != 1 || !value->values.contains("v")) {
      return not_whole("a value there is none");
    }
    snapshot->values.insert_or_assign(latest.items[i].text, value->values.at("v"));
  }
  return snapshot;
}

}  // namespace

Result<std::unique_ptr<LiveReader>> LiveReader::open(const RedisOptions& options) {
  auto channel = Connection::open(options);
  if (!channel) return std::unexpected(channel.error());
  auto hashes = Connection::open(options);
  if (!hashes) return std::unexpected(hashes.error());
  auto subscribed = (*channel)->run(Command{"SUBSCRIBE", Keys(options.database).live});
  if (!subscribed) return std::unexpected(subscribed.error());
  return std::unique_ptr<LiveReader>(
      new LiveReader(options, std::move(*channel), std::move(*hashes)));
}

LiveReader::LiveReader(const RedisOptions& options, std::unique_ptr<Connection> channel,
                       std::unique_ptr<Connection> hashes)
    : keys_(options.database),
      channel_(std::move(channel)),
      hashes_(std::move(hashes)),
      passed_at_(Clock::now()) {}

Result<std::vector<LiveMessage>> LiveReader::take() {
  std::vector<LiveMessage> taken;
  if (auto done = take_messages(taken); !done) return std::unexpected(done.error());
  if (snapshot_wanted_ && Clock::now() >= next_look_) {
    if (auto done = look_at_hashes(taken); !done) return std::unexpected(done.error());
  }
  const auto now = Clock::now();
  if (!taken.empty()) passed_at_ = now;
  if (now - passed_at_ >= silence_limit) return std::unexpected(silence());
  return taken;
}

Result<void> LiveReader::take_messages(std::vector<LiveMessage>& taken) {
  if (is_readable(fd())) {
    if (auto filled = channel_->fill(); !filled) return filled;
  }
  for (;;) {
    auto reply = channel_->next();
    if (!reply) return std::unexpected(reply.error());
    if (!*reply) return {};
    const std::string* text = text_of(**reply);
    if (text == nullptr) continue;
    if (text->size() > max_line_bytes) return fail(Errc::corrupt, "a message above 4 MiB");
    auto message = decode_live(*text);
    if (!message) return fail(Errc::corrupt, "Redis: " + message.error().what);
    const Stitch::Verdict verdict = stitch_.on_channel(*message);
    if (verdict == Stitch::Verdict::read_snapshot) snapshot_wanted_ = true;
    if (verdict != Stitch::Verdict::pass) continue;
    snapshot_wanted_ = false;
    taken.push_back(std::move(*message));
  }
}

Result<void> LiveReader::look_at_hashes(std::vector<LiveMessage>& taken) {
  next_look_ = Clock::now() + look_pause;
  auto snapshot = read_snapshot();
  if (!snapshot && snapshot.error().code == Errc::not_found) {
    not_whole_ = snapshot.error().what;
    return {};
  }
  if (!snapshot) return std::unexpected(snapshot.error());
  static_cast<void>(stitch_.on_snapshot(*snapshot));
  snapshot_wanted_ = false;
  not_whole_.clear();
  taken.push_back(std::move(*snapshot));
  return {};
}

/// Both hashes as of one moment.
Result<LiveMessage> LiveReader::read_snapshot() {
  auto replies = hashes_->run(std::vector<Command>{
      {"MULTI"}, {"HGETALL", keys_.latest}, {"HGETALL", keys_.state}, {"EXEC"}});
  if (!replies) return std::unexpected(replies.error());
  const Reply& both = replies->back();
  if (both.items.size() != 2) return fail(Errc::corrupt, "Redis: an answer that is none");
  return snapshot_of(both.items[0], both.items[1]);
}

/// Whose silence it is decides what a person has to look at.
Error LiveReader::silence() {
  if (auto alive = hashes_->run(Command{"PING"}); !alive) return alive.error();
  return {Errc::unavailable,
          fmt::format("Redis answers, but no collector spoke there for {} s{}{}; does it run, with "
                      "CACHE_ENABLED=True and the same REDIS_DB?",
                      silence_limit.count(), not_whole_.empty() ? "" : ": ", not_whole_)};
}

}  // namespace wl::cache
