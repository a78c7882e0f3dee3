//! Worlds in which rules were broken once.
#![expect(clippy::unwrap_used, reason = "a test's helper may fail as the test may")]

use simulate::{Course, Plan};

fn breaks_no_rule(seed: u64) {
    let plan = Plan { course: Course::Plain, ..Plan::new(seed, 60_000) };
    let report = plan.run().unwrap();
    let found = report.found.map(|found| format!("step {}: {}: {}", found.step, found.rule, found.what));
    assert_eq!(found, None);
}

#[test]
fn a_handshake_whose_function_dies_leaves_nobody_in_the_room() {
    breaks_no_rule(6);
}

#[test]
fn a_socket_that_was_only_half_put_out_is_ended() {
    breaks_no_rule(37);
}

#[test]
fn a_host_by_erasure_who_is_not_watching_is_replaced() {
    breaks_no_rule(49);
}

#[test]
fn a_row_that_is_removed_slowly_leaves_nobody_present() {
    breaks_no_rule(26);
}

#[test]
fn the_reactions_of_who_is_gone_are_taken_back_in_their_name() {
    breaks_no_rule(739_761_913);
    breaks_no_rule(395_510_089);
}

#[test]
fn who_comes_while_the_wait_for_a_host_ends_is_not_left_without_one() {
    breaks_no_rule(408_462_280);
}

#[test]
fn a_host_who_hands_over_while_they_come_back_comes_back_as_a_member() {
    breaks_no_rule(571_080_374);
}

#[test]
fn what_was_said_by_a_socket_of_a_former_account_is_not_said_again_as_the_new_one() {
    breaks_no_rule(188_316_321);
}

#[test]
fn a_socket_that_is_not_open_yet_is_told_though_its_row_could_not_be_looked_at() {
    breaks_no_rule(248_883_077);
}

#[test]
fn a_trim_that_breaks_off_leaves_no_message_whose_reactions_are_nobodys() {
    breaks_no_rule(675_048_692);
}

#[test]
fn an_applicant_who_needs_no_number_any_more_leaves_no_name_behind() {
    breaks_no_rule(480_362_214);
}

#[test]
fn a_full_page_that_was_read_in_parts_says_that_more_may_follow() {
    breaks_no_rule(620_689_273);
}

#[test]
fn who_leaves_again_because_the_first_time_broke_off_has_no_socket_in_the_room() {
    breaks_no_rule(72_547_529);
}

#[test]
fn a_host_by_a_slow_hand_over_who_is_not_there_is_replaced() {
    breaks_no_rule(62_666_489);
}

#[test]
fn a_socket_that_joins_while_it_is_forgotten_leaves_no_row_though_an_answer_is_lost() {
    breaks_no_rule(522_626_167);
}

#[test]
fn who_becomes_host_while_they_are_made_a_co_host_is_host() {
    breaks_no_rule(560_988_319);
    breaks_no_rule(236_746_275);
}

#[test]
fn who_has_left_a_conversation_hears_no_more_of_it_by_their_inbox() {
    breaks_no_rule(28_122_853);
}
