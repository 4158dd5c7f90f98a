#include "line_feed.hpp"

#include <stdexcept>

#include "base/durable_file.hpp"
#include "figures.hpp"

namespace wl::bench {

Plant read_plant(const std::filesystem::path& config) {
  const std::string path = (config / "plant.json").string();
  return must(parse_plant(must(read_file(path)), path));
}

collector::DayCounters day_counters(const Plant& plant) {
  return {plant, local_days(plant_calendar(Settings{}, plant))};
}

LineFeed::LineFeed(const Plant& plant, const std::filesystem::path& config,
                   const std::string& input)
    : input_(must(FeedInput::open(input, stop_))) {
  const std::string path = (config / "gateway.json").string();
  const auto gateway = must(gateway::parse_gateway_config(
      must(read_file(path)), path,
      {{"PLC_OPC_UA_HOST", "127.0.0.1"}, {"PLC_OPC_UA_PORT", "4841"}}));
  while (read() == FeedReader::Line::head) continue;
  if (ended_) throw std::runtime_error("the feed has no scan");
  source_ = std::make_unique<ReplaySource>(plant, gateway, reader_.head());
}

FeedReader::Line LineFeed::read() {
  std::string_view line;
  const auto got = must(input_.next(line));
  if (got == FeedInput::Got::stopped) throw std::runtime_error("stopped");
  if (got == FeedInput::Got::end) throw std::runtime_error("the feed broke off");
  const FeedReader::Line kind = must(reader_.take(line));
  ended_ = kind == FeedReader::Line::end;
  return kind;
}

std::vector<collector::PointChange> LineFeed::up_to(Timestamp to) {
  while (!ended_ && reader_.time() <= to) {
    source_->take(reader_.time(), reader_.changes());
    read();
  }
  return source_->deliver();
}

}  // namespace wl::bench
