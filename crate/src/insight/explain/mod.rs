//! What a forecast rests on: which of the user's past events, which other users, and by which items they are tied.
//!
//! By occlusion (Zeiler & Fergus 2014; for recommendations Ghazimatin et al. 2020, "PRINCE"): the model is asked again
//! about a log that lacks the events in question, and the effect is what its forecast loses. This holds for every model,
//! with nothing assumed about how it works; effects are those of one deletion at a time and need not add up.

mod evidence;
mod fidelity;
mod items;
mod neighbours;
mod occlusion;

use driftscope_kernels::Order;
use serde::Serialize;

pub use evidence::EventEvidence;
pub use fidelity::FidelityCheck;
pub use items::{ItemEvidence, ItemExplanation, explain_item};
pub use neighbours::NeighbourEvidence;

use self::occlusion::Occlusion;
use crate::{
    Error, Result,
    evaluation::{ModelName, Models, Outlook},
    event::Log,
    training::Observer,
};

/// Why a model forecasts what it forecasts for one user and domain (`Explanation` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The model that was asked.
    pub model: ModelName,
    /// Start and end of the window that is forecast, Unix seconds.
    pub window: [i64; 2],
    /// Id of the user.
    pub user: u32,
    /// Id of the domain.
    pub domain: u32,
    /// Its name.
    pub name: String,
    /// The forecast share, 0 to 1.
    pub share: f64,
    /// What the share would be if nothing were known of the user.
    pub without_past: f64,
    /// Groups of the user's own events, the strongest effect first, whatever its sign.
    pub events: Vec<EventEvidence>,
    /// The users most like this one, by the items that both touched; the strongest effect first.
    pub neighbours: Vec<NeighbourEvidence>,
    /// Whether the named events matter more than others.
    pub check: FidelityCheck,
}

/// Explains the share of `domain`, or of the first domain, that `model`, or the best one, forecasts for a user.
///
/// Asks the model some twenty times, each time about the whole log: O(20 · forecast).
///
/// # Errors
/// [`Error::Parameter`] for an unknown user or domain; [`Error::NotEnough`] for a user without a past;
/// [`Error::Cancelled`]; as [`Outlook::new`] and [`Outlook::shares`].
pub async fn explain(
    log: &Log,
    models: &Models,
    (user, domain): (u32, Option<u32>),
    model: Option<ModelName>,
    observer: &mut impl Observer,
) -> Result<Explanation> {
    let unknown = |name| Err(Error::Parameter { name, hint: "there is none of that number in this log".into() });
    if user as usize >= log.users.len() {
        return unknown("user");
    }
    if domain.is_some_and(|domain| domain as usize >= log.domains.len()) {
        return unknown("domain");
    }
    let outlook = Outlook::new(log, models, model).await?;
    let past = evidence::past(log, outlook.start(), user);
    if past.is_empty() {
        return Err(Error::NotEnough {
            what: "an explanation",
            hint: "the user has no event with a domain before the window that is forecast".into(),
        });
    }
    let shares = outlook.shares(log, user, observer).await?;
    let domain = match domain {
        Some(domain) => domain,
        None => occlusion::largest(&shares),
    };
    let share = shares.get(domain as usize).copied().unwrap_or(0.0);
    let groups = evidence::groups(log, &outlook, &past, domain);
    let similar = neighbours::nearest(log, &outlook, user);
    let total = groups.len() + similar.len() + 1 + fidelity::DRAWS;
    let mut occlusion = Occlusion::new((log, &outlook), (user, domain), share, total);
    let without_past = share - occlusion.effect(&past, observer).await?;
    let mut events = Vec::with_capacity(groups.len());
    for group in &groups {
        events.push(group.evidence(log, occlusion.effect(&group.events, observer).await?));
    }
    let mut near = Vec::with_capacity(similar.len());
    for one in similar {
        let theirs: Vec<usize> = log.user_events(one.user).collect();
        near.push(one.evidence((log, &outlook), (user, domain), occlusion.effect(&theirs, observer).await?));
    }
    let strongest = events.iter().zip(&groups).max_by(|a, b| a.0.effect.total_cmp(&b.0.effect));
    let named = strongest.map_or((0, 0.0), |(evidence, group)| (group.events.len(), evidence.effect));
    let check = fidelity::check(&mut occlusion, &past, named, observer).await?;
    events.order_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()));
    near.order_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()));
    Ok(Explanation {
        model: outlook.model(),
        window: outlook.window(),
        user,
        domain,
        name: log.domains.name(domain).to_owned(),
        share,
        without_past,
        events,
        neighbours: near,
        check,
    })
}

#[cfg(test)]
mod tests;
