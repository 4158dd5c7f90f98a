#include "collector/link_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LinkHistory, life_is_recorded_up_to_the_last_proof_only) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_proof(at(5000));

  EXPECT_THAT(history.take(at(7000)), ElementsAre(alive(0, 5000)));
  EXPECT_THAT(history.take(at(8000)), IsEmpty());
}

TEST(LinkHistory, the_time_without_a_collector_is_a_gap) {
  LinkHistory history(at(60'000), at(20'000));
  history.on_proof(at(60'500));

  EXPECT_THAT(history.take(at(61'000)),
              ElementsAre(gap(20'000, 60'000, "the collector did not run"),
                          gap(60'000, 60'500, "the collector is connecting to the gateway")));
}

TEST(LinkHistory, a_gap_begins_at_the_last_proof_and_ends_at_the_next) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_proof(at(1000));
  history.on_down("connection refused");
  history.on_proof(at(9000));
  history.on_proof(at(9500));

  EXPECT_THAT(
      history.take(at(9900)),
      ElementsAre(alive(0, 1000), gap(1000, 9000, "connection refused"), alive(9000, 9500)));
}

TEST(LinkHistory, an_open_gap_is_recorded_as_it_grows_under_its_first_cause) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_down("server closed the connection");
  EXPECT_THAT(history.take(at(1000)), ElementsAre(gap(0, 1000, "server closed the connection")));

  history.on_down("connection refused");

  EXPECT_THAT(history.take(at(2000)), ElementsAre(gap(1000, 2000, "server closed the connection")));
}

TEST(LinkHistory, the_first_failure_after_the_start_names_the_cause) {
  LinkHistory history(at(0), std::nullopt);
  history.on_down("cannot resolve 'gateway'");

  EXPECT_THAT(history.take(at(100)), ElementsAre(gap(0, 100, "cannot resolve 'gateway'")));
}

TEST(LinkHistory, a_silence_that_nobody_reported_is_a_gap) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_proof(at(3'600'000));

  const auto taken = history.take(at(3'600'000));

  ASSERT_EQ(taken.size(), 1u);
  EXPECT_FALSE(taken[0].alive);
  EXPECT_EQ(taken[0].to, at(3'600'000));
}

TEST(LinkHistory, after_a_clock_was_set_back_life_goes_on_at_the_new_time) {
  LinkHistory history(at(3'600'000), std::nullopt);
  history.on_proof(at(3'600'000));
  history.on_proof(at(3'601'000));
  history.on_proof(at(1000));
  history.on_proof(at(2000));

  EXPECT_THAT(history.take(at(2000)), ElementsAre(alive(3'600'000, 3'601'000), alive(1000, 2000)));
}

TEST(LinkHistory, lost_values_cut_a_gap_into_life) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_loss(at(300), at(500), "overflow");
  history.on_proof(at(900));

  EXPECT_THAT(history.take(at(900)),
              ElementsAre(alive(0, 300), gap(300, 500, "overflow"), alive(500, 900)));
}

TEST(LinkHistory, a_gap_that_history_fills_is_told_as_life_afterwards) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_down("connection reset");
  EXPECT_THAT(history.take(at(1000)), ElementsAre(gap(0, 1000, "connection reset")));
  history.on_proof(at(3000));
  EXPECT_THAT(history.take(at(3500)), ElementsAre(gap(1000, 3000, "connection reset")));

  history.on_filled(at(500));

  EXPECT_THAT(history.take(at(3600)), ElementsAre(alive(500, 3000)));
}

TEST(LinkHistory, a_resumed_subscription_was_never_dead) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_down("connection reset");
  history.take(at(1000));

  history.on_filled(at(0));
  history.on_proof(at(3000));

  EXPECT_THAT(history.take(at(3500)),
              ElementsAre(gap(1000, 3000, "connection reset"), alive(0, 3000)));
}

TEST(LinkHistory, a_link_that_is_lost_again_before_the_proof_filled_nothing) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_down("connection reset");
  history.on_filled(at(0));
  history.on_down("connection refused");

  history.on_proof(at(3000));

  EXPECT_THAT(history.take(at(3500)), ElementsAre(gap(0, 3000, "connection reset")));
}

TEST(LinkHistory, history_fills_the_time_without_a_collector_too) {
  LinkHistory history(at(60'000), at(20'000));
  history.on_proof(at(60'500));
  history.take(at(61'000));

  history.on_filled(at(30'000));

  EXPECT_THAT(history.take(at(61'500)), ElementsAre(alive(30'000, 60'500)));
}

TEST(LinkHistory, what_was_lost_here_is_a_gap_from_proof_to_proof) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_proof(at(1000));

  history.on_input_lost("queue full");
  history.on_proof(at(4000));
  history.on_proof(at(5000));

  EXPECT_THAT(history.take(at(5500)),
              ElementsAre(alive(0, 1000), gap(1000, 4000, "queue full"), alive(4000, 5000)));
}

TEST(LinkHistory, what_was_lost_here_is_not_filled_by_what_the_server_gave) {
  LinkHistory history(at(0), std::nullopt);
  history.on_proof(at(0));
  history.on_down("connection reset");
  history.on_input_lost("queue full");  // What Republish brought.
  history.on_filled(at(0));
  history.on_proof(at(3000));
  history.on_filled(at(0));

  EXPECT_THAT(history.take(at(3500)), ElementsAre(gap(0, 3000, "connection reset")));

  history.on_down("connection reset");
  history.on_filled(at(0));
  history.on_proof(at(6000));
  EXPECT_THAT(history.take(at(6500)),
              ElementsAre(gap(3000, 6000, "connection reset"), alive(3000, 6000)));
}

}  // namespace
}  // namespace wl::collector
