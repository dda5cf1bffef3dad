//! k-means (Lloyd 1982) from k-means++ starts (Arthur & Vassilvitskii 2007) on sparse points.

use std::cmp::Reverse;

use driftscope_kernels::Order;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::points::{Middle, PointRef, Points};
use crate::{Error, Result, training::Observer};

/// Starts of which the best is kept.
const STARTS: usize = 6;
/// Most rounds of one start; labels rarely change after twenty.
const ROUNDS: usize = 40;

/// The means of clusters. Those without a known movement are compared by the columns of the profile alone.
#[derive(Debug, Clone)]
pub(super) struct Means {
    count: usize,
    /// columns × clusters, so that one entry of a point meets all clusters at once: the columns of the profile, then those
    /// of the movement.
    values: Vec<f32>,
    /// By cluster, of the profile's and the movement's part: squared length.
    lengths: Vec<[f32; 2]>,
    /// Likewise: product with the middle's roots.
    bases: Vec<[f32; 2]>,
}

impl Means {
    fn new(values: Vec<f32>, count: usize, middle: &Middle) -> Means {
        let (mut lengths, mut bases) = (vec![[0.0; 2]; count], vec![[0.0; 2]; count]);
        let domains = middle.roots.len();
        for (column, row) in values.chunks(count).enumerate() {
            let (part, root) = (usize::from(column >= domains), middle.roots[column % domains] as f32);
            for (cluster, value) in row.iter().enumerate() {
                lengths[cluster][part] += value * value;
                bases[cluster][part] += value * root;
            }
        }
        Means { count, values, lengths, bases }
    }

    /// The nearest mean, and how much nearer it is than the middle: the squared distance less the point's own squared
    /// length. `products`: memory, one number a cluster.
    pub fn nearest(&self, point: PointRef<'_>, products: &mut Vec<f32>) -> (usize, f32) {
        products.clear();
        let [profile, movement] = point.base;
        products.extend(self.bases.iter().map(|base| profile * base[0] + movement * base[1]));
        for &(column, value) in point.entries {
            let row = &self.values[column as usize * self.count..][..self.count];
            products.iter_mut().zip(row).for_each(|(product, mean)| *product += value * mean);
        }
        let mut best = (0, f32::INFINITY);
        for (cluster, (product, own)) in products.iter().zip(&self.lengths).enumerate() {
            let own = own[0] + if point.moves { own[1] } else { 0.0 };
            if own - 2.0 * product < best.1 {
                best = (cluster, own - 2.0 * product);
            }
        }
        best
    }
}

/// Adds a point to the sums of one of `count` clusters, but for its base.
fn add(sums: &mut [f64], (cluster, count): (usize, usize), point: PointRef<'_>) {
    for &(column, value) in point.entries {
        sums[column as usize * count + cluster] += f64::from(value);
    }
}

/// Clusters of some of the points.
pub(super) struct Clusters {
    pub means: Means,
    /// By place in the list of points that were clustered.
    pub labels: Vec<u32>,
    /// Sum of squared distances to the means.
    spread: f64,
}

impl Clusters {
    /// The means in the order of the sizes of their clusters.
    pub fn largest_first(self, middle: &Middle) -> Means {
        let Means { count, values, .. } = self.means;
        let mut sizes = vec![0_usize; count];
        self.labels.iter().for_each(|&label| sizes[label as usize] += 1);
        let mut order: Vec<usize> = (0..count).collect();
        order.order_by_key(|&cluster| Reverse(sizes[cluster]));
        let values = values.chunks(count).flat_map(|row| order.iter().map(|&cluster| row[cluster])).collect();
        Means::new(values, count, middle)
    }
}

/// Points that are clustered, and from where they are seen.
pub(super) struct Crowd<'a> {
    pub points: &'a Points,
    pub middle: &'a Middle,
    /// Squared lengths of the points.
    lengths: Vec<f32>,
}

impl<'a> Crowd<'a> {
    pub fn new(points: &'a Points, middle: &'a Middle) -> Crowd<'a> {
        let mut dense = vec![0.0_f64; 2 * middle.roots.len()];
        let length = |place: usize| {
            let point = points.get(place as u32);
            // The base's own square, since the squares of the roots sum to 1; then each column's difference to that.
            let [profile, movement] = point.base.map(f64::from);
            let mut sum = profile * profile + movement * movement;
            point.entries.iter().for_each(|&(column, value)| dense[column as usize] += f64::from(value));
            for &(column, _) in point.entries {
                let value = std::mem::take(&mut dense[column as usize]);
                let base = point.base[usize::from(column as usize >= middle.roots.len())];
                sum += value * (value + 2.0 * f64::from(base) * middle.roots[column as usize % middle.roots.len()]);
            }
            sum as f32
        };
        let lengths = (0..points.len()).map(length).collect();
        Crowd { points, middle, lengths }
    }

    /// The nearest mean of a point, and the squared distance to it.
    pub fn nearest(&self, means: &Means, member: u32, products: &mut Vec<f32>) -> (usize, f32) {
        let (cluster, nearer) = means.nearest(self.points.get(member), products);
        (cluster, (self.lengths[member as usize] + nearer).max(0.0))
    }

    /// Clusters some of the points; the best of six starts.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn k_means(
        &self,
        members: &[u32],
        count: usize,
        rng: &mut Pcg64Mcg,
        observer: &mut impl Observer,
    ) -> Result<Clusters> {
        let mut best: Option<Clusters> = None;
        for _ in 0..STARTS {
            let mut means = self.start(members, count, rng);
            let mut labels = vec![u32::MAX; members.len()];
            let mut spread = f64::INFINITY;
            for _ in 0..ROUNDS {
                observer.pause().await;
                if observer.cancelled() {
                    return Err(Error::Cancelled);
                }
                let round = self.assign(members, &means, &mut labels);
                spread = round.spread;
                if !round.changed {
                    break;
                }
                means = self.update(members, &labels, round.farthest, count);
            }
            if best.as_ref().is_none_or(|best| spread < best.spread) {
                best = Some(Clusters { means, labels, spread });
            }
        }
        best.ok_or_else(|| Error::NotEnough { what: "segments", hint: "no user has a profile".into() })
    }

    /// k-means++: each mean is a point, drawn with probability in proportion to its squared distance to those before.
    fn start(&self, members: &[u32], count: usize, rng: &mut Pcg64Mcg) -> Means {
        let mut chosen = Vec::with_capacity(count);
        let mut distances = vec![f32::INFINITY; members.len()];
        let mut products = Vec::new();
        let mut next = rng.random_range(0..members.len().max(1));
        while chosen.len() < count {
            chosen.push(next as u32);
            let one = self.update(members, &[], next, 1);
            let mut total = 0.0;
            for (distance, &member) in distances.iter_mut().zip(members) {
                *distance = distance.min(self.nearest(&one, member, &mut products).1);
                total += f64::from(*distance);
            }
            let mut left = rng.random::<f64>() * total;
            let drawn = distances.iter().position(|&distance| {
                left -= f64::from(distance);
                left < 0.0
            });
            next = drawn.unwrap_or_else(|| rng.random_range(0..members.len().max(1)));
        }
        let starts: Vec<u32> = chosen.iter().filter_map(|&place| members.get(place as usize).copied()).collect();
        let labels: Vec<u32> = (0..starts.len() as u32).collect();
        self.update(&starts, &labels, 0, count)
    }

    fn assign(&self, members: &[u32], means: &Means, labels: &mut [u32]) -> Round {
        let mut round = Round { spread: 0.0, changed: false, farthest: 0 };
        let (mut most, mut products) = (0.0, Vec::new());
        for (place, (label, &member)) in labels.iter_mut().zip(members).enumerate() {
            let (nearest, distance) = self.nearest(means, member, &mut products);
            round.changed |= *label != nearest as u32;
            *label = nearest as u32;
            round.spread += f64::from(distance);
            if distance > most {
                (most, round.farthest) = (distance, place);
            }
        }
        round
    }

    /// The means of the labelled points; a cluster without points begins anew at the farthest one.
    fn update(&self, members: &[u32], labels: &[u32], farthest: usize, count: usize) -> Means {
        let domains = self.middle.roots.len();
        let mut sums = vec![0.0_f64; 2 * domains * count];
        // By cluster and part: number of points, and sum of their bases.
        let mut sizes = vec![[[0.0_f64; 2]; 2]; count];
        let mut take = |cluster: usize, point: PointRef<'_>| {
            add(&mut sums, (cluster, count), point);
            let [profile, movement] = point.base.map(f64::from);
            let known = f64::from(u8::from(point.moves));
            for (slot, (size, base)) in sizes[cluster].iter_mut().zip([(1.0, profile), (known, movement)]) {
                *slot = [slot[0] + size, slot[1] + base];
            }
        };
        let mut empty = vec![true; count];
        for (&label, &member) in labels.iter().zip(members) {
            empty[label as usize] = false;
            take(label as usize, self.points.get(member));
        }
        for (cluster, _) in empty.iter().enumerate().filter(|&(_, &empty)| empty) {
            if let Some(&member) = members.get(farthest) {
                take(cluster, self.points.get(member));
            }
        }
        let mean = |(place, sum): (usize, f64)| {
            let (column, cluster) = (place / count, place % count);
            let [size, base] = sizes[cluster][usize::from(column >= domains)];
            ((sum + base * self.middle.roots[column % domains]) / size.max(1.0)) as f32
        };
        Means::new(sums.into_iter().enumerate().map(mean).collect(), count, self.middle)
    }
}

struct Round {
    spread: f64,
    changed: bool,
    /// The place of the point that is farthest from its mean.
    farthest: usize,
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::{
        super::points::{Point, View, Weighed},
        *,
    };
    use crate::training::Silent;

    /// The coordinates written out.
    fn dense(middle: &Middle, point: PointRef<'_>) -> Vec<f64> {
        let roots = middle.roots.iter().chain(&middle.roots);
        let domains = middle.roots.len();
        let mut out: Vec<f64> =
            roots.enumerate().map(|(at, root)| root * f64::from(point.base[at / domains])).collect();
        point.entries.iter().for_each(|&(column, value)| out[column as usize] += f64::from(value));
        out
    }

    #[test]
    fn sparse_points_lie_where_the_formula_says_and_distances_are_theirs() {
        let middle = Middle::new(&[4.0, 3.0, 2.0, 1.0]);
        let (now, before) = ([(0, 0.5), (2, 0.5)], [(2, 0.25), (3, 0.75)]);
        let now = Weighed { shares: &now, weight: 60.0 };
        let views = [
            View { window: 5, now, before: Some(Weighed { shares: &before, weight: 20.0 }) },
            View { window: 5, now, before: None },
            View { window: 5, now: Weighed { shares: &before, weight: 6.0 }, before: Some(now) },
        ];
        let (mut points, mut point) = (Points::default(), Point::default());
        for view in &views {
            middle.point(view, &mut point);
            points.push(&point);
        }
        let root = |weight: f64, share: f64, all: f64| ((weight * share + 30.0 * all) / (weight + 30.0)).sqrt();
        let first = dense(&middle, points.get(0));
        assert!((first[1] - (root(60.0, 0.0, 0.3) - 0.3_f64.sqrt())).abs() < 1e-6);
        assert!((first[2] - (root(60.0, 0.5, 0.2) - 0.2_f64.sqrt())).abs() < 1e-6);
        assert!((first[4 + 2] - (root(60.0, 0.5, 0.2) - root(20.0, 0.25, 0.2))).abs() < 1e-6);
        assert!((first[4 + 1] - (root(60.0, 0.0, 0.3) - root(20.0, 0.0, 0.3))).abs() < 1e-6);
        let crowd = Crowd::new(&points, &middle);
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let found = pollster::block_on(crowd.k_means(&[0, 1, 2], 2, &mut rng, &mut Silent)).unwrap();
        assert_eq!((found.labels[0], found.labels[2]), (found.labels[1], 1 - found.labels[0]));
        let one = crowd.update(&[0], &[0], 0, 1);
        for (member, columns) in [(0, 8), (1, 4), (2, 8)] {
            let other = dense(&middle, points.get(member));
            let expected: f64 = first.iter().zip(&other).take(columns).map(|(a, b)| (a - b) * (a - b)).sum();
            let (_, distance) = crowd.nearest(&one, member, &mut Vec::new());
            assert!((f64::from(distance) - expected).abs() < 1e-5, "{member}: {distance} {expected}");
        }
    }
}
