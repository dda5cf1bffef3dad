//! Many contributions into one network.

use serde::{Deserialize, Serialize};

use super::{
    Contribution,
    contribution::{MOST_NORM, MOST_PEERS, MOST_USERS, norm, value},
};
use crate::{
    Error, Result,
    training::transfer::{Base, checksum},
};

/// What is taken from strangers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Largest Euclidean norm of one change (of masked ones: of their mean), noise included.
    pub norm: f64,
    /// Most users that a shop may claim: none outweighs the others by a number that it made up.
    pub users: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { norm: 20.0, users: 1_000_000 }
    }
}

/// The network moved by the mean of all changes, weighted by users. The order does not matter, nor whether masks were on them: the
/// result is the same, bit for bit.
///
/// # Errors
/// [`Error::Checkpoint`] that names the contribution (from 1) which started elsewhere, is of another shape, claims too many users or
/// too large a change, came twice, or is masked with peers that are not all here.
pub fn merge(base: &Base, contributions: &[Contribution], limits: &Limits) -> Result<Base> {
    if contributions.is_empty() {
        return Err(Error::NotEnough { what: "a merge", hint: "there is no contribution".into() });
    }
    if contributions.len() > MOST_PEERS {
        let hint = format!("{} contributions, at most {MOST_PEERS} are merged at a time", contributions.len());
        return Err(Error::Parameter { name: "contributions", hint });
    }
    let start = checksum(base.parameters());
    let mut sum = vec![0u64; base.parameter_count()];
    let mut users = 0.0;
    for (index, contribution) in contributions.iter().enumerate() {
        checked(contribution, (start, sum.len()), limits, contributions)
            .map_err(|hint| Error::Checkpoint { hint: format!("contribution {} {hint}", index + 1) })?;
        if contributions.iter().take(index).any(|other| other.numbers == contribution.numbers) {
            return Err(Error::Checkpoint { hint: format!("contribution {} came twice", index + 1) });
        }
        sum.iter_mut().zip(&contribution.numbers).for_each(|(sum, &number)| *sum = sum.wrapping_add(number));
        users += f64::from(contribution.users);
    }
    let mean: Vec<f64> = sum.iter().map(|&number| value(number) / users).collect();
    let length = norm(&mean);
    if length > limits.norm {
        let hint =
            format!("together they would move the network by {length:.3}, more than the limit of {}", limits.norm);
        return Err(Error::Checkpoint { hint });
    }
    let mut change = mean.into_iter();
    let mut moved = |parameter: &Vec<f32>| -> Vec<f32> {
        parameter.iter().zip(change.by_ref()).map(|(&old, change)| (f64::from(old) + change) as f32).collect()
    };
    let parameters = base.parameters().iter().map(&mut moved).collect();
    Ok(base.with_parameters(parameters))
}

fn checked(
    contribution: &Contribution,
    (start, numbers): (u32, usize),
    limits: &Limits,
    all: &[Contribution],
) -> std::result::Result<(), String> {
    if contribution.start != start {
        return Err("started from another network than this one".into());
    }
    if contribution.numbers.len() != numbers {
        return Err(format!("has {} numbers, the network {numbers}", contribution.numbers.len()));
    }
    let most = limits.users.min(MOST_USERS);
    if !(1..=most).contains(&contribution.users) {
        return Err(format!("claims {} users, of at most {most}", contribution.users));
    }
    match contribution.norm() {
        Some(norm) if norm <= limits.norm.min(2.0 * MOST_NORM) => {}
        Some(norm) => {
            return Err(format!("would move the network by {norm:.3}, more than the limit of {}", limits.norm));
        }
        None => {}
    }
    let Some(mask) = &contribution.mask else { return Ok(()) };
    let mut here: Vec<_> = all.iter().filter_map(|other| other.mask.as_ref().map(|mask| mask.own)).collect();
    here.sort_unstable();
    if here != mask.all {
        return Err(format!(
            "is hidden among {} shops, of which {} are here: all must be, each once",
            mask.all.len(),
            mask.all.iter().filter(|peer| here.contains(peer)).count()
        ));
    }
    Ok(())
}
