//! Which of the two best domains is named first.
//!
//! Networks learn to share interest out and are chosen by how well they rank. The first place decides accuracy, macro F1
//! and whether a change of interest is seen at all; it is a decision of its own, taken from the shares:
//!
//! ```text
//! v(c) = ln share(c) + stay · [c was the top domain of the last active window] − rare · ln P(c is a top domain)
//! ```
//!
//! The last term is logit adjustment (Menon et al. 2021), which is consistent for the balanced error. Where the second
//! domain has the larger v, the two exchange their shares.

use serde::{Deserialize, Serialize};

use super::{History, history::label};

/// The rule, with how often each domain was a top domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstPlace {
    /// What it counts for to have been the top domain of the last active window; below 0 it counts against.
    pub stay: f64,
    /// What it counts for to be rarely a top domain.
    pub rare: f64,
    /// Natural log of the share of instances with each domain on top, one added to every count.
    log_frequency: Vec<f64>,
    /// The same for a domain that is new since.
    log_unseen: f64,
}

impl FirstPlace {
    /// The rule with the frequencies of top domains among the scored instances of the windows `train`.
    pub fn new(history: &History, train: std::ops::Range<usize>, stay: f64, rare: f64) -> FirstPlace {
        let mut counts = vec![1.0; history.domains()];
        for instance in history.scored(&train) {
            if let Some(count) = instance.label.and_then(|label| counts.get_mut(label as usize)) {
                *count += 1.0;
            }
        }
        let log_total = libm::log(counts.iter().sum());
        let log_frequency = counts.iter().map(|&count| libm::log(count) - log_total).collect();
        FirstPlace { stay, rare, log_frequency, log_unseen: -log_total }
    }

    /// Whether the `second` domain is named first although the `first` has the larger share. `shares`: of both; `previous`:
    /// the top domain of the user's last active window.
    pub fn exchanges(&self, [first, second]: [u32; 2], shares: [f64; 2], previous: Option<u32>) -> bool {
        let value = |domain: u32, share: f64| {
            let frequency = self.log_frequency.get(domain as usize).unwrap_or(&self.log_unseen);
            libm::log(share) + self.stay * f64::from(u8::from(previous == Some(domain))) - self.rare * frequency
        };
        shares[1] > 0.0 && value(second, shares[1]) > value(first, shares[0])
    }

    /// Exchanges the two largest shares where the rule says so. `window`: the one that is forecast.
    pub fn apply(&self, history: &History, (user, window): (u32, usize), shares: &mut [f64]) {
        let past = history.past(user, window);
        let previous = past.chunk_by(|a, b| a.window == b.window).last().and_then(label);
        let mut best = [(0, f64::NEG_INFINITY); 2];
        for (domain, &share) in shares.iter().enumerate() {
            if share > best[0].1 {
                best = [(domain, share), best[0]];
            } else if share > best[1].1 {
                best[1] = (domain, share);
            }
        }
        let [(first, most), (second, next)] = best;
        if self.exchanges([first as u32, second as u32], [most, next], previous) {
            shares.swap(first, second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Event, Log},
        interest::Windows,
    };

    /// One user, six events a window: domain 0 in three windows, then 1 once. Domain 2 is never on top.
    fn history() -> History {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        log.users.intern("u");
        for (window, top) in [0, 0, 0, 1].into_iter().enumerate() {
            for n in 0..6_u32 {
                let name = if n == 0 { 2 } else { top };
                let domain = log.domains.intern(&format!("d{name}"));
                let item = log.items.intern(&format!("i{name}"), domain);
                log.push(Event { user: 0, item, time: window as u32 * 100 + n, kind, platform: 0 });
            }
        }
        log.sort();
        History::new(&log, Windows::fixed(0, 100, 5).unwrap()).unwrap()
    }

    fn applied(stay: f64, rare: f64, shares: [f64; 3]) -> [f64; 3] {
        let history = history();
        let mut shares = shares;
        FirstPlace::new(&history, 0..4, stay, rare).apply(&history, (0, 4), &mut shares);
        shares
    }

    #[test]
    fn the_last_top_domain_is_kept_or_left() {
        let domain = |name: &str| history_domains().iter().position(|&own| own == name).unwrap();
        let (kept, other) = (domain("d1"), domain("d0"));
        let mut shares = [0.2; 3];
        (shares[kept], shares[other]) = (0.38, 0.42);
        assert_eq!(applied(0.0, 0.0, shares), shares);
        assert_eq!(applied(0.05, 0.0, shares), shares);
        let stayed = applied(0.2, 0.0, shares);
        assert_eq!((stayed[kept], stayed[other]), (0.42, 0.38));
        // The other way round it takes a rule that leaves.
        assert_eq!(applied(0.2, 0.0, stayed), stayed);
        assert_eq!(applied(-0.2, 0.0, stayed), shares);
    }

    #[test]
    fn a_rarer_top_domain_goes_first_where_shares_are_close() {
        let domain = |name: &str| history_domains().iter().position(|&own| own == name).unwrap();
        let (common, rare) = (domain("d0"), domain("d2"));
        let mut shares = [0.1; 3];
        (shares[common], shares[rare]) = (0.46, 0.44);
        assert_eq!(applied(0.0, 0.01, shares), shares);
        assert_eq!(applied(0.0, 0.1, shares)[rare], 0.46);
        (shares[common], shares[rare]) = (0.8, 0.1);
        assert_eq!(applied(0.0, 0.1, shares), shares);
    }

    #[test]
    fn a_domain_that_is_new_since_counts_as_never_on_top() {
        let rule = FirstPlace::new(&history(), 0..4, 0.0, 0.1);
        let unseen = history_domains().iter().position(|&own| own == "d2").unwrap() as u32;
        for (first, second) in [(0.41, 0.4), (0.5, 0.4), (0.6, 0.4)] {
            let common = history_domains().iter().position(|&own| own == "d0").unwrap() as u32;
            let known = rule.exchanges([common, unseen], [first, second], None);
            assert_eq!(known, rule.exchanges([common, 99], [first, second], None));
        }
        assert!(!rule.exchanges([0, 99], [0.4, 0.0], None));
    }

    /// Domains in the order in which the log meets them.
    fn history_domains() -> [&'static str; 3] {
        ["d2", "d0", "d1"]
    }
}
