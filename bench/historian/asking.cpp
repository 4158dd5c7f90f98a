#include "asking.hpp"

#include "figures.hpp"

namespace wl::bench {

Question Asker::next(Ask ask, Timestamp now) {
  Question question{.ask = ask,
                    .device = DeviceId{static_cast<std::uint32_t>(random_() % scope_.devices)},
                    .point = PointId{static_cast<std::uint32_t>(random_() % scope_.points)}};
  const auto whole = [&](Milliseconds unit, Milliseconds length) {
    question.to = Timestamp{now.time_since_epoch() / unit * unit};
    question.from = question.to - length;
  };
  switch (ask) {
    case Ask::latest:
      question.to = now;
      break;
    case Ask::chart:
      whole(std::chrono::minutes{1}, std::chrono::hours{24});
      break;
    case Ask::raw:
      whole(std::chrono::minutes{1}, std::chrono::hours{1});
      break;
    case Ask::hours:
      whole(std::chrono::hours{1}, scope_.hours);
      break;
    case Ask::days:
    case Ask::energy:
      whole(std::chrono::days{1}, scope_.days);
      break;
  }
  return question;
}

double Answers::p50() const {
  return percentile(ms, 0.5);
}
double Answers::p99() const {
  return percentile(ms, 0.99);
}

void ask_once(Reader& reader, const Question& question, Answers& answers) {
  const Stopwatch watch;
  answers.values = reader.ask(question);
  answers.ms.push_back(watch.seconds() * 1000);
}

}  // namespace wl::bench
