#include "web/api/history_csv.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <vector>

#include "storage/transfer/csv.hpp"
#include "web/api/plant_time.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

struct Cell {
  std::string column;
  std::string text;
};

bool is_time(std::string_view name) {
  return name == "timestamp" || name == "end";
}

std::string on_plant_clocks(std::string_view utc, const storage::Calendar& calendar) {
  const auto at = parse_iso8601(utc);
  return at ? plant_time(*at, calendar) : std::string(utc);
}

/// Flattens elements of `data`: members of points become columns of their own.
class Table {
 public:
  Table(const Plant& plant, std::string device, const storage::Calendar& calendar)
      : plant_(plant), device_(std::move(device)), calendar_(calendar) {}

  std::string line(const boost::json::object& row) {
    cells_.clear();
    take(row, "");
    return joined([](const Cell& cell) { return cell.text; });
  }
  /// Of the row that was taken last; all rows have the same columns.
  std::string header() const {
    return joined([](const Cell& cell) { return storage::csv_text(cell.column); });
  }

 private:
  void take(const boost::json::object& members, const std::string& point) {
    for (const auto& [key, value] : members) {
      const std::string name = key;
      if (name == "points") {
        for (const auto& [inner, statistics] : value.as_object())
          take(statistics.as_object(), inner);
        continue;
      }
      cells_.push_back({column(name, point), text(name, value)});
    }
  }

  std::string column(const std::string& name, const std::string& point) const {
    const std::string label = point.empty() ? name : point + "." + name;
    const bool pure = name == "count" || name == "coverage";
    const auto found = plant_.find_point(device_ + "." + (point.empty() ? name : point));
    const std::string unit = found && !pure ? plant_.point(*found).unit : "";
    return unit.empty() ? label : fmt::format("{} ({})", label, unit);
  }

  std::string text(const std::string& name, const boost::json::value& value) const {
    if (value.is_null()) return "";
    if (value.is_string()) {
      const std::string_view written = value.get_string();
      return is_time(name) ? on_plant_clocks(written, calendar_) : storage::csv_text(written);
    }
    return number_text(value.to_number<double>());
  }

  template <class Text>
  std::string joined(Text&& text_of) const {
    std::string line;
    for (const Cell& cell : cells_) line += (line.empty() ? "" : ",") + text_of(cell);
    return line + "\r\n";
  }

  const Plant& plant_;
  std::string device_;
  const storage::Calendar& calendar_;
  std::vector<Cell> cells_;
};

}  // namespace

Result<std::string> history_csv(const std::string& body, const Plant& plant, CsvHeader header) {
  const auto calendar = storage::Calendar::of(plant.time_zone);
  if (!calendar) return std::unexpected(calendar.error());
  const boost::json::object answer = boost::json::parse(body).as_object();
  Table table(plant, std::string(answer.at("device_id").as_string()), *calendar);
  std::string lines;
  for (const boost::json::value& row : answer.at("data").as_array())
    lines += table.line(row.as_object());
  if (header == CsvHeader::without) return lines;
  return lines.empty() ? "timestamp\r\n" : table.header() + lines;
}

}  // namespace wl::web
