#include "base/json_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "base/json_duplicates.hpp"
#include "base/nearest.hpp"
#include "base/quantity.hpp"

namespace wl {
namespace {

namespace json = boost::json;

/// Walks JSON text that is known to be well-formed, to find where a value starts.
class Locator {
 public:
  explicit Locator(std::string_view text) : text_(text) {}

  /// Moves to the start of the value that `pointer` names. False when it does not exist.
  bool seek(std::string_view pointer) {
    skip_blank();
    while (!pointer.empty()) {
      pointer.remove_prefix(1);
      const auto step = pointer.substr(0, pointer.find('/'));
      pointer.remove_prefix(step.size());
      if (!enter(step)) return false;
    }
    return true;
  }

  int line() const {
    return 1 +
           static_cast<int>(std::count(text_.begin(), text_.begin() + std::ptrdiff_t(at_), '\n'));
  }

 private:
  bool enter(std::string_view step) {
    const bool object = text_[at_] == '{';
    const std::size_t wanted =
        object ? 0 : std::size_t(parse_integer(step, 0, 1 << 30).value_or(0));
    ++at_;
    for (std::size_t index = 0;; ++index) {
      skip_blank();
      if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']') return false;
      bool found = !object && index == wanted;
      if (object) {
        const std::size_t start = at_ + 1;
        skip_string();
        found = text_.substr(start, at_ - start - 1) == step;
        skip_blank();
        ++at_;  // ':'
        skip_blank();
      }
      if (found) return true;
      skip_value();
      skip_blank();
      if (at_ < text_.size() && text_[at_] == ',') ++at_;
    }
  }

  void skip_blank() {
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.size(), text_.find('\n', at_));
      } else if (text_.substr(at_, 2) == "/*") {
        at_ = std::min(text_.size(), text_.find("*/", at_) + 2);
      } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  void skip_value() {
    int depth = 0;
    while (at_ < text_.size()) {
      skip_blank();
      if (at_ >= text_.size()) return;
      const char c = text_[at_];
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) return;
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string place(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto column =
      newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return fmt::format("{}:{}", line, column);
}

}  // namespace

int line_of(std::string_view text, std::string_view pointer) {
  Locator locator{text};
  return locator.seek(pointer) ? locator.line() : 0;
}

Result<std::unique_ptr<JsonDocument>> JsonDocument::parse(std::string text, std::string name) {
  std::unique_ptr<JsonDocument> document{new JsonDocument(std::move(text), std::move(name))};
  json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  json::stream_parser parser({}, options);
  json::error_code error;
  const std::size_t consumed = parser.write_some(document->text_, error);
  if (!error && !parser.done()) error = json::error::incomplete;
  const auto rest = document->text_.find_first_not_of(" \t\r\n", consumed);
  if (!error && rest != std::string::npos) error = json::error::extra_data;
  if (error) {
    return fail(Errc::invalid_argument,
                fmt::format("{}:{}: not valid JSON: {}", document->name_,
                            place(document->text_, consumed), error.message()));
  }
  document->value_ = parser.release();
  for (const DuplicateKey& key : duplicate_keys(document->text_)) {
    document->problems_.push_back(
        fmt::format("{}:{}: {}: stands twice in one object; the first is on line {}",
                    document->name_, key.line, key.pointer, key.first_line));
  }
  return document;
}

JsonCursor JsonDocument::root() {
  return {*this, &value_, ""};
}

Result<void> JsonDocument::verdict() const {
  if (problems_.empty()) return {};
  return fail(Errc::invalid_argument, fmt::format("{}", fmt::join(problems_, "\n")));
}

void JsonCursor::problem(std::string_view reason) const {
  document_->problems_.push_back(fmt::format("{}:{}: {}: {}", document_->name_,
                                             line_of(document_->text_, path_),
                                             path_.empty() ? "/" : path_, reason));
}

std::optional<JsonCursor> JsonCursor::find(std::string_view key) const {
  if (!value_) return std::nullopt;
  if (!value_->is_object()) {
    problem("want an object {…}");
    return std::nullopt;
  }
  const auto* member = value_->get_object().if_contains(key);
  if (!member) return std::nullopt;
  return JsonCursor{*document_, member, fmt::format("{}/{}", path_, key)};
}

JsonCursor JsonCursor::at(std::string_view key) const {
  const auto before = document_->problems_.size();
  if (auto member = find(key)) return *member;
  if (value_ && document_->problems_.size() == before) {
    problem(fmt::format("'{}' is missing", key));
  }
  return {*document_, nullptr, fmt::format("{}/{}", path_, key)};
}

std::vector<JsonCursor> JsonCursor::items() const {
  std::vector<JsonCursor> all;
  if (!value_) return all;
  if (!value_->is_array()) {
    problem("want a list […]");
    return all;
  }
  for (std::size_t i = 0; i < value_->get_array().size(); ++i) {
    all.push_back({*document_, &value_->get_array()[i], fmt::format("{}/{}", path_, i)});
  }
  return all;
}

std::vector<std::pair<std::string, JsonCursor>> JsonCursor::members() const {
  std::vector<std::pair<std::string, JsonCursor>> all;
  if (!value_) return all;
  if (!value_->is_object()) {
    problem("want an object {…}");
    return all;
  }
  for (const auto& member : value_->get_object()) {
    const std::string key(member.key());
    all.emplace_back(key,
                     JsonCursor{*document_, &member.value(), fmt::format("{}/{}", path_, key)});
  }
  return all;
}

std::string JsonCursor::text() const {
  if (!value_) return {};
  if (value_->is_string()) return std::string(value_->get_string());
  problem("want a text in quotes");
  return {};
}

double JsonCursor::number(double low, double high) const {
  if (!value_) return low;
  json::error_code error;
  const double number = value_->to_number<double>(error);
  if (error) {
    problem("want a number");
    return low;
  }
  if (number < low || number > high) {
    problem(fmt::format("{} is outside {} to {}", number, low, high));
    return low;
  }
  return number;
}

std::int64_t JsonCursor::integer(std::int64_t low, std::int64_t high) const {
  if (!value_) return low;
  json::error_code error;
  const auto number = value_->to_number<std::int64_t>(error);
  if (error) {
    problem("want a whole number");
    return low;
  }
  if (number < low || number > high) {
    problem(fmt::format("{} is outside {} to {}", number, low, high));
    return low;
  }
  return number;
}

bool JsonCursor::boolean() const {
  if (!value_) return false;
  if (value_->is_bool()) return value_->get_bool();
  problem("want true or false");
  return false;
}

void JsonCursor::allow_only(std::initializer_list<std::string_view> keys) const {
  if (!value_ || !value_->is_object()) return;
  const std::vector<std::string_view> known(keys);
  for (const auto& [key, member] : members()) {
    if (std::ranges::find(known, std::string_view(key)) != known.end()) continue;
    const auto guess = nearest(key, known);
    member.problem(guess ? fmt::format("unknown key; did you mean '{}'?", *guess)
                         : fmt::format("unknown key; known are: {}", fmt::join(known, ", ")));
  }
}

}  // namespace wl
