#include "cache/connection.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <poll.h>

#include <chrono>

namespace wl::cache {
namespace {

constexpr std::size_t max_waiting_bytes = 64 << 20;

timeval to_timeval(Milliseconds time) {
  return {time.count() / 1000, time.count() % 1000 * 1000};
}

Reply to_reply(const redisReply& raw) {
  Reply reply;
  switch (raw.type) {
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::number;
      reply.number = raw.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      reply.kind = raw.type == REDIS_REPLY_ERROR ? Reply::Kind::error : Reply::Kind::text;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::list;
      reply.items.reserve(raw.elements);
      for (std::size_t i = 0; i < raw.elements; ++i) {
        reply.items.push_back(to_reply(*raw.element[i]));
      }
      break;
    default:
      break;
  }
  return reply;
}

const Reply* error_in(const Reply& reply) {
  if (reply.kind == Reply::Kind::error) return &reply;
  for (const Reply& item : reply.items) {
    if (const Reply* found = error_in(item)) return found;
  }
  return nullptr;
}

/// What Redis refused, with the next step where there is one.
std::string advice(const std::string& error) {
  if (error.starts_with("NOAUTH") || error.starts_with("WRONGPASS") ||
      error.find("AUTH") != std::string::npos) {
    return error + "; write its password as REDIS_PASSWORD in .env";
  }
  if (error.find("DB index") != std::string::npos) return error + "; choose another REDIS_DB";
  if (error.starts_with("OOM")) return error + "; raise its maxmemory";
  if (error.starts_with("READONLY")) return error + "; REDIS_HOST must name the master";
  return error;
}

}  // namespace

void Connection::Deleter::operator()(redisContext* context) const noexcept {
  redisFree(context);
}

Connection::Connection(const RedisOptions& options, redisContext* context)
    : place_(options.place()), patience_(options.patience), context_(context) {}

Connection::~Connection() = default;

int Connection::fd() const {
  return context_->fd;
}

std::unexpected<Error> Connection::broken(const std::string& doing) const {
  const bool silent = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  const std::string why =
      silent ? fmt::format("nothing for {} ms", patience_.count()) : std::string(context_->errstr);
  return fail(Errc::unavailable, fmt::format("Redis at {}: {}: {}", place_, doing, why));
}

Result<std::unique_ptr<Connection>> Connection::open(const RedisOptions& options) {
  redisContext* raw =
      redisConnectWithTimeout(options.host.c_str(), options.port, to_timeval(options.patience));
  if (raw == nullptr) return fail(Errc::unavailable, "no memory for a connection to Redis");
  std::unique_ptr<Connection> made(new Connection(options, raw));
  if (raw->err != 0) {
    return fail(Errc::unavailable,
                fmt::format("Redis at {} cannot be reached: {}; is it running, and are REDIS_HOST "
                            "and REDIS_PORT right?",
                            made->place_, raw->errstr));
  }
  redisSetTimeout(raw, to_timeval(options.patience));
  if (auto entered = made->sign_in(options); !entered) return std::unexpected(entered.error());
  return made;
}

Result<void> Connection::sign_in(const RedisOptions& options) {
  std::vector<Command> commands;
  if (!options.password.empty()) commands.push_back({"AUTH", options.password});
  commands.push_back({"SELECT", std::to_string(options.database)});
  if (auto done = run(commands); !done) return std::unexpected(done.error());
  return {};
}

Result<void> Connection::flush() {
  for (int done = 0; done == 0;) {
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK) return broken("sending");
  }
  return {};
}

Result<std::vector<Reply>> Connection::run(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    std::vector<const char*> words;
    std::vector<std::size_t> lengths;
    for (const std::string& word : command) {
      words.push_back(word.data());
      lengths.push_back(word.size());
    }
    const int appended = redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()),
                                                words.data(), lengths.data());
    if (appended != REDIS_OK) return broken("sending");
  }
  if (auto sent = flush(); !sent) return std::unexpected(sent.error());
  std::vector<Reply> replies;
  while (replies.size() < commands.size()) {
    auto reply = wait_for_next(patience_);
    if (!reply) return std::unexpected(reply.error());
    if (const Reply* error = error_in(*reply)) {
      return fail(Errc::unavailable,
                  fmt::format("Redis at {} refuses: {}", place_, advice(error->text)));
    }
    replies.push_back(std::move(*reply));
  }
  return replies;
}

Result<Reply> Connection::run(const Command& command) {
  auto replies = run(std::vector<Command>{command});
  if (!replies) return std::unexpected(replies.error());
  return std::move(replies->front());
}

Result<std::optional<Reply>> Connection::next() {
  void* raw = nullptr;
  if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK) return broken("reading");
  if (raw == nullptr) {
    const redisReader& reader = *context_->reader;
    if (reader.len - reader.pos > max_waiting_bytes) {
      return fail(Errc::unavailable, fmt::format("Redis at {} sent more than 64 MiB", place_));
    }
    return std::optional<Reply>();
  }
  const std::unique_ptr<void, void (*)(void*)> owned(raw, freeReplyObject);
  return to_reply(*static_cast<const redisReply*>(raw));
}

Result<void> Connection::fill() {
  if (redisBufferRead(context_.get()) != REDIS_OK) return broken("reading");
  return {};
}

Result<Reply> Connection::wait_for_next(Milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + patience;
  for (;;) {
    auto reply = next();
    if (!reply) return std::unexpected(reply.error());
    if (*reply) return std::move(**reply);
    const auto left = std::chrono::ceil<Milliseconds>(end - Clock::now());
    pollfd watched{fd(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0) {
      return fail(Errc::unavailable, fmt::format("Redis at {} does not answer within {} ms", place_,
                                                 patience.count()));
    }
    if (auto filled = fill(); !filled) return std::unexpected(filled.error());
  }
}

}  // namespace wl::cache
