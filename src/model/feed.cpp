#include "model/feed.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace wl {
namespace {

constexpr std::string_view first_word = "wattline-feed ";
constexpr std::string_view format = "1";
constexpr std::string_view variable_word = "var ";
constexpr std::size_t most_variables = 100'000;

/// Takes the number at the front of `text` off; false when there is none.
template <class T>
bool take_number(std::string_view& text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_letter(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

template <class T>
bool take_as(std::string_view& text, Value& value) {
  T number{};
  if (!take_number(text, number)) return false;
  value = number;
  return true;
}

bool take_value(std::string_view& text, DataType type, Value& value) {
  switch (type) {
    case DataType::boolean: {
      int bit = 0;
      if (!take_number(text, bit) || bit < 0 || bit > 1) return false;
      value = bit == 1;
      return true;
    }
    case DataType::float32:
    case DataType::float64:
      return take_as<double>(text, value);
    case DataType::byte:
    case DataType::uint16:
    case DataType::uint32:
    case DataType::uint64:
      return take_as<std::uint64_t>(text, value);
    case DataType::string:
      return false;
    default:
      return take_as<std::int64_t>(text, value);
  }
}

template <class T>
void append_number(std::string& text, T number) {
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  text.append(digits, end);
}

}  // namespace

FeedWriter::FeedWriter(const FeedHead& head) : last_(head.first) {
  text_ = fmt::format("{}{} {} {}\n", first_word, format, to_unix_ms(head.first),
                      to_unix_ms(head.expected_end));
  for (std::size_t i = 0; i < head.variables.size(); ++i) {
    const FeedVariable& variable = head.variables[i];
    text_ +=
        fmt::format("{}{} {} {}\n", variable_word, i, data_type_name(variable.type), variable.path);
  }
}

void FeedWriter::begin_scan(Timestamp time) {
  append_number(text_, (time - last_).count());
  last_ = time;
}

void FeedWriter::add(std::uint32_t variable, const Value& value) {
  text_.push_back(' ');
  append_number(text_, variable);
  text_.push_back('=');
  if (const bool* bit = std::get_if<bool>(&value)) {
    text_.push_back(*bit ? '1' : '0');
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    append_number(text_, *whole);
  } else if (const auto* natural = std::get_if<std::uint64_t>(&value)) {
    append_number(text_, *natural);
  } else if (const double* number = std::get_if<double>(&value)) {
    append_number(text_, *number);
  }
}

Result<FeedReader::Line> FeedReader::take(std::string_view line) {
  ++number_;
  if (ended_) return wrong("there is more after 'end'");
  const auto answer = [](Result<void> taken, Line kind) -> Result<Line> {
    if (!taken) return std::unexpected(taken.error());
    return kind;
  };
  if (number_ == 1) return answer(take_head(line), Line::head);
  if (line.starts_with(variable_word)) return answer(take_variable(line), Line::head);
  if (line != "end") return answer(take_scan(line), Line::scan);
  ended_ = true;
  return Line::end;
}

Result<void> FeedReader::take_head(std::string_view line) {
  if (!line.starts_with(first_word))
    return wrong("this is no feed of `wattline-plc --virtual --feed`");
  line.remove_prefix(first_word.size());
  if (!line.starts_with("1 "))
    return wrong("the feed has another format than 1: use programs of one version");
  line.remove_prefix(format.size() + 1);
  std::int64_t first = 0;
  std::int64_t end = 0;
  if (!take_number(line, first) || !take_letter(line, ' ') || !take_number(line, end))
    return wrong("the times of the head cannot be read");
  time_ = head_.first = from_unix_ms(first);
  head_.expected_end = from_unix_ms(end);
  return {};
}

Result<void> FeedReader::take_variable(std::string_view line) {
  line.remove_prefix(variable_word.size());
  std::size_t index = 0;
  const bool in_order = take_number(line, index) && index == head_.variables.size();
  if (!in_order || index >= most_variables || !take_letter(line, ' '))
    return wrong("the variables are not numbered in order");
  const auto space = line.find(' ');
  const auto type = data_type_from_name(line.substr(0, space));
  if (space == std::string_view::npos || !type) return wrong("the type of a variable is not known");
  head_.variables.push_back({*type, std::string(line.substr(space + 1))});
  return {};
}

Result<void> FeedReader::take_scan(std::string_view line) {
  changes_.clear();
  std::int64_t step = 0;
  if (!take_number(line, step) || step < 0) return wrong("a scan must begin with its time");
  time_ += Milliseconds{step};
  while (!line.empty()) {
    FeedChange change;
    if (!take_letter(line, ' ') || !take_number(line, change.variable) ||
        change.variable >= head_.variables.size() || !take_letter(line, '=') ||
        !take_value(line, head_.variables[change.variable].type, change.value))
      return wrong("a value cannot be read");
    changes_.push_back(std::move(change));
  }
  return {};
}

std::unexpected<Error> FeedReader::wrong(std::string_view what) const {
  return fail(Errc::corrupt, fmt::format("line {}: {}", number_, what));
}

}  // namespace wl
