#include "cache/orders.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace wl::cache {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t id_size = 32;

std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

bool is_id(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == id_size && std::ranges::all_of(text, hex);
}

/// The text of a message of a channel; null when it is something else.
const std::string* text_of(const Reply& reply) {
  const bool is_message = reply.items.size() == 3 && reply.items[0].text == "message";
  return is_message ? &reply.items[2].text : nullptr;
}

Milliseconds left_until(Clock::time_point end) {
  return std::max(Milliseconds{1}, std::chrono::ceil<Milliseconds>(end - Clock::now()));
}

Result<LiveAnswer> wait_for_answer(Connection& channel, std::uint64_t ref, Clock::time_point end) {
  while (Clock::now() < end) {
    auto reply = channel.wait_for_next(left_until(end));
    if (!reply) break;
    const std::string* text = text_of(*reply);
    if (text == nullptr) continue;
    auto message = decode_live(*text);
    if (message && message->answer && message->answer->ref == ref) {
      return std::move(*message->answer);
    }
  }
  return fail(Errc::unavailable, "the collector did not answer in time through Redis");
}

}  // namespace

std::string request_text(const OrderRequest& request) {
  return request.answer_id + " " + encode_order(request.order);
}

Result<OrderRequest> read_request(std::string_view text) {
  if (text.size() <= id_size || text[id_size] != ' ' || !is_id(text.substr(0, id_size))) {
    return fail(Errc::invalid_argument, "not an order: it does not begin with an answer id");
  }
  auto order = decode_order(text.substr(id_size + 1));
  if (!order) return std::unexpected(order.error());
  return OrderRequest{std::string(text.substr(0, id_size)), std::move(*order)};
}

Result<LiveAnswer> give_order(RedisOptions options, LiveOrder order, Milliseconds patience) {
  const auto end = Clock::now() + patience;
  const Keys keys(options.database);
  options.patience = patience;
  auto channel = Connection::open(options);
  if (!channel) return std::unexpected(channel.error());
  options.patience = left_until(end);
  auto caller = Connection::open(options);
  if (!caller) return std::unexpected(caller.error());
  if (order.ref == 0) order.ref = 1;
  const OrderRequest request{random_id(), order};
  auto subscribed = (*channel)->run(Command{"SUBSCRIBE", keys.answers + request.answer_id});
  if (!subscribed) return std::unexpected(subscribed.error());
  auto heard = (*caller)->run(Command{"PUBLISH", keys.orders, request_text(request)});
  if (!heard) return std::unexpected(heard.error());
  if (heard->number == 0) {
    return fail(
        Errc::unavailable,
        fmt::format("no collector hears orders in Redis at {}; is it running?", options.place()));
  }
  return wait_for_answer(**channel, order.ref, end);
}

Result<std::unique_ptr<OrderListener>> OrderListener::open(const RedisOptions& options) {
  auto channel = Connection::open(options);
  if (!channel) return std::unexpected(channel.error());
  auto subscribed = (*channel)->run(Command{"SUBSCRIBE", Keys(options.database).orders});
  if (!subscribed) return std::unexpected(subscribed.error());
  return std::unique_ptr<OrderListener>(new OrderListener(std::move(*channel)));
}

Result<std::vector<OrderRequest>> OrderListener::take() {
  std::vector<OrderRequest> taken;
  pollfd watched{fd(), POLLIN, 0};
  if (::poll(&watched, 1, 0) > 0) {
    if (auto filled = channel_->fill(); !filled) return std::unexpected(filled.error());
  }
  for (;;) {
    auto reply = channel_->next();
    if (!reply) return std::unexpected(reply.error());
    if (!*reply) return taken;
    const std::string* text = text_of(**reply);
    if (text == nullptr) continue;
    auto request = read_request(*text);
    if (request) {
      taken.push_back(std::move(*request));
    } else {
      ++refused_;
      spdlog::warn("Redis: {}", request.error().what);
    }
  }
}

}  // namespace wl::cache
