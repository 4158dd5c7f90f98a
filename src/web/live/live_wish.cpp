#include "web/live/live_wish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace wl::web {
namespace {

constexpr std::size_t longest_epoch = 40;
constexpr std::size_t longest_query = 4096;

Problem unknown_parameter(std::string_view name) {
  return {400,
          "unknown_parameter",
          {fmt::format("/ws/live 没有参数 '{}',只有 devices 和 resume,各一次", shown_word(name)),
           fmt::format("/ws/live has no parameter '{}', only devices and resume, once each",
                       shown_word(name))},
          {}};
}

Problem bad_resume() {
  return {400,
          "bad_resume",
          {"resume 须为 <epoch>:<seq>,取自收到的消息",
           "resume must be <epoch>:<seq> of a message that was received"},
          {}};
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (parts.size() <= Subscription::max_names) {
    const auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

/// The names in the query; a broken one is nothing that anybody knows.
std::vector<std::string_view> names_in(std::string_view query) {
  std::vector<std::string_view> names;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    names.push_back(pair.substr(0, pair.find('=')));
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return names;
}

}  // namespace

std::optional<ResumePoint> parse_resume_point(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > longest_epoch) return std::nullopt;
  const std::string_view epoch = text.substr(0, colon);
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  };
  if (!std::ranges::all_of(epoch, fits)) return std::nullopt;
  const std::string_view number = text.substr(colon + 1);
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), seq);
  if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  return ResumePoint{std::string(epoch), seq};
}

std::expected<LiveWish, Problem> parse_live_query(std::string_view query, const LiveNames& known) {
  LiveWish wish;
  if (query.size() > longest_query) return std::unexpected(unknown_parameter(query));
  const auto names = names_in(query);
  for (const std::string_view name : names) {
    const bool ours = name == "devices" || name == "resume";
    if (!ours || std::ranges::count(names, name) > 1) {
      return std::unexpected(unknown_parameter(name));
    }
  }
  if (std::ranges::count(names, "devices") > 0) {
    const auto list = query_parameter(query, "devices");
    auto subscription = Subscription::of(split(list.value_or("")), known);
    if (!subscription) return std::unexpected(std::move(subscription.error()));
    wish.subscription = std::move(*subscription);
  }
  if (std::ranges::count(names, "resume") > 0) {
    wish.resume = parse_resume_point(query_parameter(query, "resume").value_or(""));
    if (!wish.resume) return std::unexpected(bad_resume());
  }
  return wish;
}

}  // namespace wl::web
