//! The checks of the sparse product on the CPU. `tests/engines/sparse.test.ts` does the same ones in the browser.

mod checks;

#[test]
fn empty_rows_and_columns_and_every_width_of_a_block() {
    pollster::block_on(checks::empty_rows_and_columns_and_every_width_of_a_block());
}

#[test]
fn one_row_one_column_and_no_entry_at_all() {
    pollster::block_on(checks::one_row_one_column_and_no_entry_at_all());
}

#[test]
fn a_power_law_graph() {
    pollster::block_on(checks::a_power_law_graph());
}

#[test]
fn the_gradient_is_what_finite_differences_say() {
    pollster::block_on(checks::the_gradient_is_what_finite_differences_say());
}

#[test]
fn gathering_one_row_for_all_adds_up_their_gradients() {
    pollster::block_on(checks::gathering_one_row_for_all_adds_up_their_gradients());
}
