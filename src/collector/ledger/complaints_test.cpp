// What users of other systems complain of, each as a test: it cannot happen here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/ledger/saved_state.hpp"
#include "collector/ledger/test_ledger.hpp"

namespace wl::collector::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LedgerComplaint, a_false_0_at_reboot_is_no_spike_of_everything_since) {
  OneMeter press;

  press.feed({reads(0, 5'000), reads(1, 0), reads(2, 5'000.2), reads(3, 5'000.3)}, {lives(0, 3)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.3);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::held, EventKind::glitch));
}

TEST(LedgerComplaint, a_false_0_as_the_very_first_value_is_no_spike_either) {
  OneMeter press;

  press.feed({reads(0, 0), reads(1, 5'000), reads(2, 5'000.1), reads(3, 5'000.2)}, {lives(0, 3)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.2);
}

TEST(LedgerComplaint, a_reset_gives_no_negative_energy_and_loses_none) {
  OneMeter press;

  press.feed({reads(0, 500), reads(1, 0.05), reads(2, 0.15), reads(3, 0.25)}, {lives(0, 3)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.25);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::held, EventKind::reset));
  EXPECT_EQ(press.store.event(EventKind::reset).before, 500'000'000);
  EXPECT_EQ(press.store.event(EventKind::reset).after, 50'000);
}

TEST(LedgerComplaint, a_meter_replacement_keeps_old_final_and_new_initial) {
  OneMeter press;

  press.feed({reads(0, 5'000), reads(1, 5'000.1)}, {lives(0, 1)});
  press.feed({reads(9, 73), reads(10, 73.1), reads(11, 73.2)}, {lives(8.9, 11)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.3);
  EXPECT_EQ(press.store.event(EventKind::swap).before, 5'000'100'000);
  EXPECT_EQ(press.store.event(EventKind::swap).after, 73'000'000);
}

TEST(LedgerComplaint, a_dip_of_a_tenth_is_no_reset) {
  OneMeter press;

  press.feed({reads(0, 100), reads(1, 99.9), reads(2, 99.9), reads(3, 99.9), reads(4, 100.2)},
             {lives(0, 4)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.2);
  EXPECT_THAT(press.store.kinds(), IsEmpty());
}

TEST(LedgerComplaint, no_energy_is_invented_across_an_outage) {
  OneMeter press(power_up_to_12_kw());

  press.feed({reads(0, 2)}, {lives(0, 15)});
  press.feed({reads(93, 2)}, {lives(90, 105)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 1);
  EXPECT_EQ(press.store.at(45).milli_wh, 0);
  EXPECT_EQ(press.store.at(45).covered_ms, 0);
  EXPECT_EQ(press.store.at(45).method, Method::estimated);
}

TEST(LedgerComplaint, a_restart_does_not_zero_the_accumulators) {
  OneMeter press;
  press.feed({reads(0, 100), reads(7, 101)}, {lives(0, 7)});

  press.ledger = Ledger({press.spec}, press.options, *restore(save(press.ledger.state())));
  press.feed({reads(12, 101.5)}, {lives(11, 12)});

  EXPECT_EQ(press.store.at(0).milli_wh, 1'500'000);
}

TEST(LedgerComplaint, buckets_reconcile_with_the_counter) {
  OneMeter press;

  press.feed({reads(3, 71.000'003), reads(22, 72.1), reads(61, 77.77)}, {lives(3, 40)});
  press.feed({reads(400, 99.999'999)}, {lives(390, 401)});

  EXPECT_EQ(press.store.sum(), 99'999'999 - 71'000'003);
}

}  // namespace
}  // namespace wl::collector::ledger
