//! Tests of `RunOrder`, pick by pick.

use super::*;

/// An order in which the tasks 0, 1, 2, .. are runnable at these levels.
fn order_of(patience: u32, levels: &[u8]) -> RunOrder {
    let mut order = RunOrder::new(patience);
    for (key, level) in (0..).zip(levels) {
        order.insert(key, *level, Position::Back);
    }
    order
}

fn picked(order: &mut RunOrder) -> Vec<u32> {
    std::iter::from_fn(|| order.pick()).collect()
}

/// Picks, and puts each task back at once.
fn picked_again(order: &mut RunOrder, levels: &[u8], picks: usize) -> Vec<u32> {
    let pick = |_| {
        let key = order.pick().expect("all tasks are always runnable");
        order.insert(key, levels[key as usize], Position::Back);
        key
    };
    (0..picks).map(pick).collect()
}

#[test]
fn the_highest_level_is_served_first_and_equals_by_arrival() {
    let mut order = order_of(STRICT, &[0, 63, 20, 63, 20, 0]);
    assert_eq!(order.len(), 6);
    assert_eq!(picked(&mut order), [1, 3, 2, 4, 0, 5]);
    assert_eq!(order.len(), 0);
    assert_eq!(order.pick(), None);
}

#[test]
fn every_one_of_the_64_levels_has_its_place() {
    let levels: Vec<u8> = (0..64).collect();
    let downwards: Vec<u32> = (0..64).rev().collect();
    assert_eq!(picked(&mut order_of(STRICT, &levels)), downwards);
}

#[test]
fn a_position_counts_the_others_of_the_same_level() {
    let mut order = order_of(STRICT, &[5, 5, 5, 9]);
    order.insert(4, 5, Position::At(1));
    order.insert(5, 5, Position::Front);
    order.insert(6, 5, Position::At(100));
    assert_eq!(order.positions()[4], Some(2));
    order.reposition(6, Position::At(0));
    order.reposition(0, Position::Back);
    assert_eq!(picked(&mut order), [3, 6, 5, 4, 1, 2, 0]);
}

#[test]
fn the_next_task_is_picked_before_every_level() {
    let mut order = order_of(STRICT, &[5, 60, 7]);
    order.make_next(0);
    order.set_level(0, 1);
    assert_eq!(order.positions()[0], Some(0));
    assert_eq!(picked(&mut order), [0, 1, 2]);
}

#[test]
fn one_that_is_raised_goes_to_the_back_and_one_that_falls_to_the_front() {
    let mut order = order_of(STRICT, &[5, 9, 9, 5, 3, 3]);
    order.set_level(0, 9);
    order.set_level(5, 5);
    assert_eq!(picked(&mut order), [1, 2, 0, 3, 5, 4]);
    let mut order = order_of(STRICT, &[9, 5, 5, 9]);
    order.set_level(3, 5);
    assert_eq!(picked(&mut order), [0, 3, 1, 2]);
}

#[test]
fn a_task_that_is_taken_out_is_not_picked() {
    let mut order = order_of(STRICT, &[5, 5, 5]);
    assert!(order.remove(1));
    assert!(!order.remove(1));
    assert_eq!(order.positions()[1], None);
    assert_eq!(picked(&mut order), [0, 2]);
}

#[test]
fn ageing_serves_the_level_that_has_waited_longest_pick_by_pick() {
    let levels = [9, 5, 1];
    let mut order = order_of(4, &levels);
    let picks = picked_again(&mut order, &levels, 24);
    // Both wait since pick 0, and the higher one is the first; then they take turns.
    let aged: Vec<(usize, u32)> = (1..).zip(picks).filter(|(_, key)| *key != 0).collect();
    assert_eq!(aged, [(4, 1), (8, 2), (12, 1), (16, 2), (20, 1), (24, 2)]);
}

#[test]
fn a_strict_order_never_serves_a_lower_level() {
    let levels = [9, 5];
    let picks = picked_again(&mut order_of(STRICT, &levels), &levels, 10_000);
    assert!(picks.iter().all(|key| *key == 0));
}

#[test]
fn the_first_of_a_level_waits_for_patience_times_the_levels_and_no_longer() {
    for patience in [1, 2, 3, 7, 128] {
        // One level more, the lowest, joins at each moment of two periods.
        for joins_at in 0..2 * patience {
            let levels: Vec<u8> = (10..20).collect();
            let mut order = order_of(patience, &levels);
            picked_again(&mut order, &levels, joins_at as usize);
            order.insert(10, 0, Position::Back);
            let mut waited = 0;
            loop {
                waited += 1;
                match order.pick() {
                    Some(10) => break,
                    Some(key) => order.insert(key, levels[key as usize], Position::Back),
                    None => unreachable!("all tasks are always runnable"),
                }
            }
            assert!(waited <= patience * 11, "{waited} picks of {patience} x 11");
        }
    }
}

#[test]
fn a_long_list_of_one_level_does_not_keep_another_from_ageing() {
    let mut levels = vec![9];
    levels.extend([5; 1_000]);
    levels.push(1);
    let mut order = order_of(10, &levels);
    let picks = picked_again(&mut order, &levels, 40);
    assert!(picks.contains(&1_001), "the lowest is served in turn");
}
