//! Users who act faster than people do.

use crate::event::Log;

use super::{by_user::ByUser, tally::Tally, verdicts::Marks};

/// How a rate is measured in a log, by the step of its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gauge {
    /// Seconds over which events are counted.
    window: u32,
    /// More than this many within one window is a bot.
    limit: u64,
    /// Most that the events of one time count for.
    cap: u64,
}

impl Gauge {
    /// The gauge for the accepted events of a log. Where times tell seconds: a minute, and a tenth of the limit at one time
    /// at most. Where they tell minutes: ten minutes, ten times the limit, and a fifth of it at one time at most. `None` where
    /// times are coarser: nothing can be said about rates.
    pub fn new(log: &Log, marks: &Marks, per_minute: u32) -> Option<Self> {
        let accepted = (0u32..).zip(log.times()).filter(|&(event, _)| marks.accepted(event));
        let limit = u64::from(per_minute);
        match clock_step(accepted.map(|(_, &time)| time)) {
            0..=5 => Some(Self { window: 60, limit, cap: limit.div_ceil(10) }),
            6..=60 => Some(Self { window: 600, limit: limit * 10, cap: limit * 2 }),
            _ => None,
        }
    }

    /// Whether events at these times, ascending, exceed the limit in some window. Equal times are one act of several lines (a
    /// basket, a list of results) and count as no more than the cap, so it takes events at many different times.
    fn exceeded(&self, moments: &mut Vec<(u32, u64)>, times: impl Iterator<Item = u32>) -> bool {
        moments.clear();
        for time in times {
            match moments.last_mut() {
                Some((last, count)) if *last == time => *count += 1,
                _ => moments.push((time, 1)),
            }
        }
        let (mut first, mut sum) = (0, 0);
        for index in 0..moments.len() {
            let (time, count) = moments[index];
            sum += count.min(self.cap);
            while time - moments[first].0 >= self.window {
                sum -= moments[first].1.min(self.cap);
                first += 1;
            }
            if sum > self.limit {
                return true;
            }
        }
        false
    }
}

/// Largest number of seconds that divides the distance of any two times; 0 where all are equal.
fn clock_step(mut times: impl Iterator<Item = u32>) -> u32 {
    let Some(first) = times.next() else { return 0 };
    let mut step = 0;
    for time in times {
        let (mut a, mut b) = (time.abs_diff(first), step);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        step = a;
        if step == 1 {
            break;
        }
    }
    step
}

/// Touches all events of every user who once exceeds the rate: a machine's other events are a machine's too.
pub(super) fn bots(log: &Log, by_user: &ByUser, gauge: Gauge, tally: &mut Tally, marks: &mut Marks) {
    let times = log.times();
    let (mut moments, mut events) = (Vec::new(), Vec::new());
    for all in by_user.users().filter(|all| all.len() as u64 > gauge.limit) {
        events.clear();
        events.extend(all.iter().copied().filter(|&event| marks.accepted(event)));
        if gauge.exceeded(&mut moments, events.iter().map(|&event| times[event as usize])) {
            events.iter().for_each(|&event| tally.touch(event, marks));
        }
    }
}
