#include "apps/notify/notify_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/json_file.hpp"
#include "base/mail_address.hpp"
#include "base/quantity.hpp"

namespace wl {
namespace {

using alarm::Language;
using alarm::Level;

constexpr std::size_t most_addresses = 50;
constexpr std::size_t most_headers = 20;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

Language language(const JsonCursor& place) {
  const std::string text = place.text();
  if (text == folder_of(Language::en)) return Language::en;
  if (text != folder_of(Language::zh_cn)) {
    place.problem(fmt::format("'{}' is neither zh nor en, the folders of config/mail", text));
  }
  return Language::zh_cn;
}

std::vector<Language> languages(const JsonCursor& place) {
  std::vector<Language> all;
  for (const JsonCursor& each : place.items()) {
    const Language next = language(each);
    if (std::ranges::find(all, next) != all.end()) each.problem("stands twice");
    all.push_back(next);
  }
  if (all.empty()) place.problem("name at least one language: zh or en");
  return all;
}

std::string address(const JsonCursor& place) {
  std::string text = place.text();
  if (const auto good = check_mail_address(text); !good) place.problem(good.error().what);
  return text;
}

std::vector<std::string> addresses(const JsonCursor& place) {
  std::vector<std::string> all;
  for (const JsonCursor& each : place.items()) {
    const std::string next = address(each);
    if (std::ranges::find(all, next) == all.end()) all.push_back(next);
  }
  if (all.size() > most_addresses) {
    place.problem(fmt::format("{} addresses; at most {} are allowed", all.size(), most_addresses));
  }
  return all;
}

void read_recipients(const JsonCursor& place, NotifyConfig& config) {
  place.allow_only({"warning", "critical", "emergency", "escalation"});
  for (const Level level : {Level::warning, Level::critical, Level::emergency}) {
    const auto list = place.find(alarm::word(level));
    if (list) config.recipients[static_cast<std::size_t>(level)] = addresses(*list);
  }
  if (const auto list = place.find("escalation")) config.escalation = addresses(*list);
}

void read_smtp(const JsonCursor& place, NotifyConfig& config) {
  place.allow_only({"ca_file"});
  const auto file = place.find("ca_file");
  if (!file) return;
  const std::filesystem::path path = config.root / file->text();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    file->problem(fmt::format("there is no file {}", path.string()));
  }
  if (config.smtp) config.smtp->ca_file = path;
}

/// RFC 9110: a token, and what cannot begin another line.
void read_header(const std::string& name, const JsonCursor& place, mail::Webhook& call) {
  const std::string value = place.text();
  const bool token = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!token) place.problem(fmt::format("'{}' is not the name of a header", name));
  if (value.empty() || !is_printable(value)) {
    place.problem("want a text of printable ASCII characters on one line");
  }
  call.headers.push_back(name + ": " + value);
}

std::string url(const JsonCursor& place) {
  std::string text = place.text();
  const bool schemed = text.starts_with("http://") || text.starts_with("https://");
  if (!schemed || mail::host_of_url(text).empty()) {
    place.problem("want http://host/… or https://host/…");
  } else if (!is_printable(text) || text.find(' ') != std::string::npos) {
    place.problem("blanks and non-ASCII characters are written as %XX in an address");
  }
  return text;
}

NotifyWebhook webhook(const JsonCursor& place) {
  place.allow_only({"url", "headers", "template", "language"});
  NotifyWebhook made;
  if (const auto target = place.find("url")) {
    made.call.url = url(*target);
  } else {
    place.problem("'url' is missing: where the calls go");
  }
  if (const auto headers = place.find("headers")) {
    for (const auto& [name, value] : headers->members()) read_header(name, value, made.call);
    if (made.call.headers.size() > most_headers) {
      headers->problem(fmt::format("at most {} headers are allowed", most_headers));
    }
  }
  if (const auto body = place.find("template")) made.body = body->text();
  if (const auto words = place.find("language")) made.language = language(*words);
  return made;
}

Milliseconds escalate_after(const JsonCursor& place) {
  const std::string text = place.text();
  const auto duration = parse_duration(text, std::chrono::minutes{1});
  if (!duration) {
    place.problem(duration.error().what);
    return {};
  }
  constexpr Milliseconds least = std::chrono::minutes{1};
  constexpr Milliseconds most = std::chrono::hours{24};
  if (*duration != Milliseconds{} && (*duration < least || *duration > most)) {
    place.problem(fmt::format("'{}' is outside 1min to 24h; 0 means never", text));
  }
  return *duration;
}

void read(const JsonCursor& root, NotifyConfig& config) {
  root.allow_only({"languages", "from", "from_name", "recipients", "smtp", "escalate_after",
                   "storm", "webhook"});
  if (const auto place = root.find("languages")) config.languages = languages(*place);
  if (const auto place = root.find("from")) config.from = address(*place);
  if (const auto place = root.find("from_name")) config.from_name = place->text();
  if (const auto place = root.find("recipients")) read_recipients(*place, config);
  if (const auto place = root.find("smtp")) read_smtp(*place, config);
  if (const auto place = root.find("escalate_after")) {
    config.policy.escalate_after = escalate_after(*place);
  }
  if (const auto storm = root.find("storm")) {
    storm->allow_only({"more_than"});
    config.policy.storm_more_than =
        static_cast<std::size_t>(storm->at("more_than").integer(1, 1000));
  }
  if (const auto place = root.find("webhook")) config.webhook = webhook(*place);
}

}  // namespace

Result<void> read_notify_file(std::string text, std::string name, NotifyConfig& config) {
  const auto document = JsonDocument::parse(std::move(text), std::move(name));
  if (!document) return std::unexpected(document.error());
  read((*document)->root(), config);
  return (*document)->verdict();
}

}  // namespace wl
