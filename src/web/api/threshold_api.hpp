// /api/thresholds: when a point is in alarm. Admins change it, and the collector follows at once.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "web/api/alarm_api.hpp"
#include "web/api/device_api.hpp"

namespace wl::web {

/// Reads and writes through the alarm desk. A change is answered when the collector has read the
/// rules again, or with a warning that it did not answer: it reads them at its start in any case.
/// Lives on the loop's thread.
///
/// An answer about one threshold carries an ETag. A change with `If-Match` is refused with 412 when
/// it was changed meanwhile; without, the last one wins.
class ThresholdApi {
 public:
  ThresholdApi(const Plant& plant, AlarmDesk& alarms, OrderDesk& orders, StoreDesk& store,
               AuditPen audit)
      : plant_(plant), alarms_(alarms), orders_(orders), store_(store), audit_(std::move(audit)) {}

  std::vector<Route> routes();

 private:
  /// A row as it stood and as it now stands; nothing when it was not there, or was removed.
  struct Rows {
    std::optional<ThresholdRow> before;
    std::optional<ThresholdRow> after;
  };
  using Changed = std::expected<Rows, Problem>;
  using Work = std::function<Changed(storage::AlarmStore&)>;

  void list(Call call, Reply reply);
  void one(Call call, Reply reply);
  void add(Call call, Reply reply);
  void change(Call call, Reply reply);
  void remove(Call call, Reply reply);
  void preview(Call call, Reply reply);

  void write_audit(const Call& call, const Rows& rows) const;
  /// Runs `work` on the desk and answers with `status` when the collector has followed.
  void carry_out(Work work, int status, const Call& call, Reply reply);
  void tell_collector(std::optional<ThresholdRow> row, int status, Language language,
                      const std::string& by, std::shared_ptr<Reply> reply);
  Response changed_response(const std::optional<ThresholdRow>& row, int status, Language language,
                            const std::optional<std::string>& why_not_followed) const;

  const Plant& plant_;
  AlarmDesk& alarms_;
  OrderDesk& orders_;
  StoreDesk& store_;
  AuditPen audit_;
};

}  // namespace wl::web
