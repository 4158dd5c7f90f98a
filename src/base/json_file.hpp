// Reads JSON configuration so that every mistake is named as file:line: key: reason.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl {

class JsonCursor;

/// One parsed file and the mistakes found in it so far. Not thread-safe; lives while it is read.
class JsonDocument {
 public:
  /// Comments and trailing commas are accepted; a key that stands twice is a problem. Fails on
  /// syntax with `name:line:column: reason`.
  static Result<std::unique_ptr<JsonDocument>> parse(std::string text, std::string name);

  JsonCursor root();

  /// Empty when everything asked for was there and right.
  const std::vector<std::string>& problems() const { return problems_; }

  /// Fails with all problems, a line each.
  Result<void> verdict() const;

 private:
  friend class JsonCursor;
  JsonDocument(std::string text, std::string name)
      : text_(std::move(text)), name_(std::move(name)) {}

  std::string text_;
  std::string name_;
  boost::json::value value_;
  std::vector<std::string> problems_;
};

/// A place in the document. Getters record a problem and return a neutral value when the place is
/// missing or of the wrong kind, so that one pass reports every mistake of the file.
class JsonCursor {
 public:
  /// Required member. A missing one is a problem.
  JsonCursor at(std::string_view key) const;
  /// Optional member.
  std::optional<JsonCursor> find(std::string_view key) const;
  /// Elements of an array; a problem and empty when it is none.
  std::vector<JsonCursor> items() const;
  /// Members of an object in file order, as (key, place).
  std::vector<std::pair<std::string, JsonCursor>> members() const;

  std::string text() const;
  double number(double low, double high) const;
  std::int64_t integer(std::int64_t low, std::int64_t high) const;
  bool boolean() const;

  /// Unknown members are problems, with the nearest known name.
  void allow_only(std::initializer_list<std::string_view> keys) const;

  /// Records `name:line: path: reason`.
  void problem(std::string_view reason) const;

 private:
  friend class JsonDocument;
  JsonCursor(JsonDocument& document, const boost::json::value* value, std::string path)
      : document_(&document), value_(value), path_(std::move(path)) {}

  JsonDocument* document_;
  const boost::json::value* value_;  // null: missing, already reported
  std::string path_;                 // /devices/0/points
};

/// The 1-based line on which the value at a JSON pointer (`/a/0/b`) starts; 0 when not there.
int line_of(std::string_view json, std::string_view pointer);

}  // namespace wl
