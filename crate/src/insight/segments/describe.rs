//! What tells a segment from the others: where its interest is, and where it moves.

use driftscope_kernels::Order;
use serde::Serialize;

use super::{Segment, points::View};
use crate::{event::Log, interest::paired};

/// Domains that are named for a segment.
const NAMED: usize = 5;
/// Standard scores from which on a difference counts as more than chance: with hundreds of domains, some reach 2 by luck.
const SURE: f64 = 3.0;
/// Changes of the mean share below this are not worth a word.
const LEAST_CHANGE: f64 = 0.005;
/// Users that the prior of the log-odds counts for.
const PRIOR: f64 = 50.0;

/// A domain that the segment's interest is in more than the others' is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentDomain {
    /// Id in [`Log::domains`].
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Mean share of the segment's profiles, 0 to 1.
    pub share: f64,
    /// Mean share of all other users.
    pub others: f64,
    /// Standard score of the log-odds ratio of the two, with an informative prior (Monroe, Colaresi & Quinn 2008).
    pub score: f64,
}

/// A domain that the segment's interest comes to, or goes from, more than the others' does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentMove {
    /// Id in [`Log::domains`].
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Mean change of the share, −1 to 1, among those whose past is known.
    pub change: f64,
    /// Mean change among all other users.
    pub others: f64,
    /// Standard score of the difference (Welch's t), of the sign of `change`.
    pub score: f64,
}

/// Sums over the users of each segment.
pub(super) struct Sums {
    domains: usize,
    /// By segment: users, and users whose movement is known.
    sizes: Vec<[f64; 2]>,
    /// segments × domains: shares, changes, squared changes.
    cells: Vec<[f64; 3]>,
}

impl Sums {
    pub fn new(count: usize, domains: usize) -> Sums {
        Sums { domains, sizes: vec![[0.0; 2]; count], cells: vec![[0.0; 3]; count * domains] }
    }

    pub fn add(&mut self, segment: usize, view: &View<'_>) {
        let row = &mut self.cells[segment * self.domains..][..self.domains];
        self.sizes[segment][0] += 1.0;
        self.sizes[segment][1] += f64::from(u8::from(view.before.is_some()));
        for &(domain, share) in view.now.shares {
            row[domain as usize][0] += share;
        }
        let Some(before) = view.before else { return };
        for (domain, p, q) in paired(before.shares, view.now.shares) {
            let [_, sum, squares] = &mut row[domain as usize];
            *sum += q - p;
            *squares += (q - p) * (q - p);
        }
    }

    /// The sums of a domain within a segment, and over all segments.
    fn of(&self, segment: usize, domain: usize) -> ([f64; 3], [f64; 3]) {
        let mut all = [0.0; 3];
        for cell in self.cells.iter().skip(domain).step_by(self.domains) {
            all.iter_mut().zip(cell).for_each(|(all, cell)| *all += cell);
        }
        (self.cells[segment * self.domains + domain], all)
    }

    fn all(&self) -> [f64; 2] {
        self.sizes.iter().fold([0.0; 2], |all, one| [all[0] + one[0], all[1] + one[1]])
    }

    /// A segment in words.
    pub fn segment(&self, log: &Log, segment: usize) -> Segment {
        let users = self.sizes[segment][0] as u32;
        Segment { users, domains: self.domains(log, segment), moves: self.moves(log, segment) }
    }

    /// The domains of a segment, the surest first.
    fn domains(&self, log: &Log, segment: usize) -> Vec<SegmentDomain> {
        let (own, all) = (self.sizes[segment][0], self.all()[0]);
        let rest = all - own;
        let mut found: Vec<SegmentDomain> = (0..self.domains)
            .filter_map(|domain| {
                let ([mine, ..], [everyone, ..]) = self.of(segment, domain);
                let theirs = (everyone - mine).max(0.0);
                let prior = PRIOR * everyone / all;
                let odds = |mass: f64, users: f64| (mass + prior) / (users + PRIOR - mass - prior).max(1e-9);
                let sigma = (1.0 / (mine + prior) + 1.0 / (theirs + prior)).sqrt();
                let score = libm::log(odds(mine, own) / odds(theirs, rest)) / sigma;
                (score > SURE).then(|| SegmentDomain {
                    id: domain as u32,
                    name: log.domains.name(domain as u32).to_owned(),
                    share: mine / own,
                    others: theirs / rest.max(1.0),
                    score,
                })
            })
            .collect();
        found.order_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        found.truncate(NAMED);
        found
    }

    /// The movements of a segment, the surest first.
    fn moves(&self, log: &Log, segment: usize) -> Vec<SegmentMove> {
        let (own, all) = (self.sizes[segment][1], self.all()[1]);
        let rest = all - own;
        if own < 2.0 {
            return Vec::new();
        }
        let mut found: Vec<SegmentMove> = (0..self.domains)
            .filter_map(|domain| {
                let ([_, sum, squares], [_, sum_of_all, squares_of_all]) = self.of(segment, domain);
                let (change, variance) = mean_and_variance(own, sum, squares);
                let (others, noise) = mean_and_variance(rest, sum_of_all - sum, squares_of_all - squares);
                // Where all changed alike, a hundredth of a share is taken as what chance might do.
                let error = (variance / own + noise / rest.max(1.0)).sqrt().max(0.01 / own.sqrt());
                let score = (change - others) / error;
                let sure = score.abs() > SURE && score * change > 0.0 && change.abs() > LEAST_CHANGE;
                sure.then(|| SegmentMove {
                    id: domain as u32,
                    name: log.domains.name(domain as u32).to_owned(),
                    change,
                    others,
                    score,
                })
            })
            .collect();
        found.order_by(|a, b| b.score.abs().total_cmp(&a.score.abs()).then(a.id.cmp(&b.id)));
        found.truncate(NAMED);
        found
    }
}

fn mean_and_variance(count: f64, sum: f64, squares: f64) -> (f64, f64) {
    if count < 1.0 {
        return (0.0, 0.0);
    }
    let mean = sum / count;
    (mean, ((squares - sum * mean) / (count - 1.0).max(1.0)).max(0.0))
}
