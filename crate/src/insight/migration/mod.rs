//! Migration: which domains feed which, which one's growth comes before another's loss, and where users leave; each against
//! chance.
//!
//! Chance is that the order of a user's windows means nothing. Then his windows read backwards are as probable, what he has
//! moved from `a` to `b` on balance is as probable with the other sign, and the sum over users is one of random signs, whose
//! tail is known for any number of users. Benjamini & Hochberg's procedure bounds the share of false ones among the reported.

mod exits;
mod pairs;

use serde::{Deserialize, Serialize};

pub use exits::Exit;

use self::{
    exits::Exits,
    pairs::{Found, Pairs},
};
use super::watch;
use crate::{
    Error, Result,
    event::Log,
    interest::{DomainName, InterestOptions, Profiler, Scope, Windows, paired},
    training::Observer,
};

/// Most domains that pairs are made of: those with most events. What is left counts as one that is not reported.
const MOST_DOMAINS: usize = 1000;
/// Active windows of users that are looked at before messages are let in.
const PACE: usize = 1000;

/// Which migration is looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MigrationOptions {
    /// Windows and weights; the half-life is left aside, since it would make windows depend on those before.
    pub interest: InterestOptions,
    /// Expected share of false findings among those reported, above 0 and below 1.
    pub level: f64,
    /// Most flows and leads to list.
    pub top: usize,
}

/// Findings on migration (`Migration` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// Domains that feed others, surest first.
    pub flows: Vec<NetFlow>,
    /// Early signs: domains whose growth comes one step before another's loss, surest first.
    pub leads: Vec<Lead>,
    /// Domains that users leave from, surest first.
    pub exits: Vec<Exit>,
    /// Names of the domains above, by id.
    pub domains: Vec<DomainName>,
    /// Number of users with two or more active windows.
    pub users: u32,
    /// How many of them left: no event in the last sixth of the windows, at least two.
    pub left: u32,
    /// Pairs of domains that were tested for a flow, and how many were found to be one.
    pub tested: [usize; 2],
}

/// Interest that goes from one domain to another on balance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetFlow {
    /// Domain that feeds.
    pub from: u32,
    /// Domain that is fed.
    pub to: u32,
    /// What went from the one to the other, less what came back; a user's profile has mass 1.
    pub mass: f64,
    /// Users with a part in it, in either direction.
    pub users: u32,
    /// The sum over users, divided by the root of the sum of squares.
    pub score: f64,
    /// Adjusted p-value.
    pub q: f64,
}

/// A domain whose growth comes before another's loss among the same users.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lead {
    /// The domain that grows first.
    pub sign: u32,
    /// The domain that loses one step later.
    pub loss: u32,
    /// Sum of gain × later loss, less the same with the domains exchanged.
    pub strength: f64,
    /// Users with a part in it.
    pub users: u32,
    /// As that of a flow.
    pub score: f64,
    /// Adjusted p-value.
    pub q: f64,
}

/// Migration among the users of `scope`.
///
/// # Errors
/// [`Error::Parameter`] for a level outside 0 to 1; [`Error::Cancelled`]; as [`Windows::of_log`] and [`Scope::users`].
pub async fn migration(
    log: &Log,
    scope: &Scope,
    options: &MigrationOptions,
    observer: &mut impl Observer,
) -> Result<Migration> {
    if !(options.level > 0.0 && options.level < 1.0) {
        return Err(Error::Parameter {
            name: "level",
            hint: "the share of false findings lies between 0 and 1".into(),
        });
    }
    let users = scope.users(log)?;
    let windows = Windows::of_log(log, &options.interest.window)?;
    let interest = InterestOptions { half_life: None, ..options.interest.clone() };
    let mut profiler = Profiler::new(log, &windows, &interest)?;
    let (ids, places) = largest(log);
    let mut flows = Pairs::new(ids.len() + 1);
    let mut leads = Pairs::new(ids.len() + 1);
    let mut exits = Exits::new(ids.len() + 1);
    let (mut movers, mut seen) = (0, 0);
    let mut profiles: Vec<Vec<(u32, f64)>> = Vec::new();
    let absent = (windows.len() / 6).max(2);
    for (done, &user) in users.iter().enumerate() {
        profiles.clear();
        let mut last = 0;
        profiler.each(user, |profile| {
            last = profile.window;
            profiles.push(merged(profile.shares, &places, ids.len() as u32));
        });
        movers += u32::from(profiles.len() > 1);
        follow(&profiles, &mut flows, &mut leads);
        if last + absent < windows.len() {
            exits.add(&profiles);
        }
        seen += profiles.len();
        if seen >= PACE {
            seen = 0;
            watch::step(observer, (done, users.len())).await?;
        }
    }
    Ok(report(log, &ids, (flows, leads, exits), movers, options))
}

/// Ids of the largest domains, ascending, and the place of each domain among them.
fn largest(log: &Log) -> (Vec<u32>, Vec<u32>) {
    let mut events = vec![0_u32; log.domains.len()];
    for event in log.iter() {
        if let Some(count) = events.get_mut(log.domain_of(&event) as usize) {
            *count += 1;
        }
    }
    let mut ids: Vec<u32> = (0..events.len() as u32).collect();
    if ids.len() > MOST_DOMAINS {
        ids.sort_unstable_by_key(|&id| (std::cmp::Reverse(events[id as usize]), id));
        ids.truncate(MOST_DOMAINS);
        ids.sort_unstable();
    }
    let mut places = vec![ids.len() as u32; events.len()];
    ids.iter().enumerate().for_each(|(place, &id)| places[id as usize] = place as u32);
    (ids, places)
}

/// A profile by place, with all domains that have none of their own as the last one.
fn merged(shares: &[(u32, f64)], places: &[u32], last: u32) -> Vec<(u32, f64)> {
    let mut out = Vec::with_capacity(shares.len());
    let mut others = 0.0;
    for &(domain, share) in shares {
        match places.get(domain as usize) {
            Some(&place) if place < last => out.push((place, share)),
            _ => others += share,
        }
    }
    if others > 0.0 {
        out.push((last, others));
    }
    out
}

/// Adds what one user's consecutive windows say.
fn follow(profiles: &[Vec<(u32, f64)>], flows: &mut Pairs, leads: &mut Pairs) {
    let mut gained_before: Vec<(u32, f64)> = Vec::new();
    for pair in profiles.windows(2) {
        let (mut lost, mut gained) = (Vec::new(), Vec::new());
        for (place, p, q) in paired(&pair[0], &pair[1]) {
            match q - p {
                change if change > 0.0 => gained.push((place, change)),
                change if change < 0.0 => lost.push((place, -change)),
                _ => {}
            }
        }
        let total: f64 = gained.iter().map(|&(_, gain)| gain).sum();
        for &(from, loss) in &lost {
            for &(to, gain) in &gained {
                flows.add(from as usize, to as usize, loss * gain / total);
            }
            for &(sign, gain) in &gained_before {
                leads.add(sign as usize, from as usize, gain * loss);
            }
        }
        gained_before = gained;
    }
    flows.close();
    leads.close();
}

fn report(
    log: &Log,
    ids: &[u32],
    (flows, leads, exits): (Pairs, Pairs, Exits),
    users: u32,
    options: &MigrationOptions,
) -> Migration {
    let named = |found: Vec<Found>| {
        let id = |place: usize| ids.get(place).copied();
        found.into_iter().filter_map(move |one| Some((id(one.from)?, id(one.to)?, one)))
    };
    let (found, tested) = flows.found(options.level);
    let tested = [tested, found.len()];
    let flows: Vec<NetFlow> = named(found)
        .take(options.top)
        .map(|(from, to, Found { sum: mass, users, score, q, .. })| NetFlow { from, to, mass, users, score, q })
        .collect();
    let leads: Vec<Lead> = named(leads.found(options.level).0)
        .take(options.top)
        .map(|(sign, loss, Found { sum: strength, users, score, q, .. })| Lead {
            sign,
            loss,
            strength,
            users,
            score,
            q,
        })
        .collect();
    let (left, mut exits) = exits.found(ids, options.level);
    exits.truncate(options.top);
    let mut used: Vec<u32> = flows.iter().flat_map(|flow| [flow.from, flow.to]).collect();
    used.extend(leads.iter().flat_map(|lead| [lead.sign, lead.loss]));
    used.extend(exits.iter().map(|exit| exit.domain));
    used.sort_unstable();
    used.dedup();
    let domains = used.into_iter().map(|id| DomainName { id, name: log.domains.name(id).to_owned() }).collect();
    Migration { flows, leads, exits, domains, users, left, tested }
}

#[cfg(test)]
mod tests;
