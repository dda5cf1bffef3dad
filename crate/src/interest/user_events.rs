//! One user's events, as the timeline of the user's page shows them.

use driftscope_kernels::Order;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Scope;
use crate::{
    Result,
    event::{Log, NONE},
};

/// The events of one user as columns, earliest first; equal times in the order of the source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserEvents {
    /// Unix seconds of each event.
    pub times: Vec<f64>,
    /// Place in `domain_names` of each event's domain; −1 where its item has none.
    pub domains: Vec<f64>,
    /// Place in `kind_names` of each event's kind.
    pub kinds: Vec<f64>,
    /// Place in `items` of each event's item.
    pub items: Vec<f64>,
    /// The user's domains by number of events, most first; equal ones by id.
    pub domain_names: Vec<String>,
    /// The user's kinds in the order in which they first appear.
    pub kind_names: Vec<String>,
    /// The user's items in the order in which they first appear.
    pub item_names: Vec<ItemName>,
}

/// An item as it is named to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemName {
    /// Name as in the source.
    pub name: String,
    /// Readable title, where an item table gave one.
    pub title: Option<String>,
}

/// Lists the events of one user. O(m log m) for m events.
///
/// # Errors
/// As [`Scope::users`].
pub fn user_events(log: &Log, user: u32) -> Result<UserEvents> {
    Scope::User { user }.users(log)?;
    let events = log.slice(log.user_events(user));
    let (mut times, mut kinds, mut items) = (Vec::new(), Vec::new(), Vec::new());
    let mut domain_of_event = Vec::new();
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    let (mut known_kinds, mut known_items) = (Places::default(), Places::default());
    for event in events {
        times.push(f64::from(event.time));
        kinds.push(known_kinds.of(u32::from(event.kind)));
        items.push(known_items.of(log.items.base(event.item)));
        let domain = log.domain_of(&event);
        if domain != NONE {
            *counts.entry(domain).or_default() += 1;
        }
        domain_of_event.push(domain);
    }
    let mut order: Vec<(u32, u32)> = counts.into_iter().collect();
    order.order_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let place: FxHashMap<u32, f64> = order.iter().zip(0u32..).map(|(&(id, _), at)| (id, f64::from(at))).collect();
    let item =
        |&id: &u32| ItemName { name: log.items.name(id).to_owned(), title: log.items.title(id).map(str::to_owned) };
    Ok(UserEvents {
        times,
        domains: domain_of_event.iter().map(|domain| place.get(domain).copied().unwrap_or(-1.0)).collect(),
        kinds,
        items,
        domain_names: order.iter().map(|&(id, _)| log.domains.name(id).to_owned()).collect(),
        kind_names: known_kinds.ids.iter().map(|&id| log.kinds.name(id as u8).to_owned()).collect(),
        item_names: known_items.ids.iter().map(item).collect(),
    })
}

/// Numbers ids in the order in which they first appear.
#[derive(Default)]
struct Places {
    ids: Vec<u32>,
    of: FxHashMap<u32, u32>,
}

impl Places {
    fn of(&mut self, id: u32) -> f64 {
        let next = self.ids.len() as u32;
        let place = *self.of.entry(id).or_insert(next);
        if place == next {
            self.ids.push(id);
        }
        f64::from(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    #[test]
    fn a_timeline_lists_events_in_time_with_names_by_place() {
        let mut log = Log::new();
        for user in ["ann", "bob"] {
            log.users.intern(user);
        }
        let (view, buy) = (log.kinds.intern("view").unwrap(), log.kinds.intern("purchase").unwrap());
        let (tea, cup) = (log.domains.intern("tea"), log.domains.intern("cup"));
        let green = log.items.intern("green", tea);
        let mug = log.items.intern("mug", cup);
        // The same item under a second domain, and one that has none.
        let mug_as_tea = log.items.intern("mug", tea);
        let odd = log.items.intern("odd", NONE);
        log.items.set_title("mug", "A mug");
        let events = [
            (0, mug_as_tea, 30, buy),
            (0, mug, 10, view),
            (1, green, 5, view),
            (0, green, 20, view),
            (0, odd, 40, view),
        ];
        for (user, item, time, kind) in events {
            log.push(Event { user, item, time, kind, platform: 0 });
        }
        log.sort();
        let found = user_events(&log, 0).unwrap();
        assert_eq!(found.times, [10.0, 20.0, 30.0, 40.0]);
        assert_eq!(
            (&found.domain_names, &found.domains),
            (&vec!["tea".into(), "cup".into()], &vec![1.0, 0.0, 0.0, -1.0])
        );
        assert_eq!(
            (&found.kind_names, &found.kinds),
            (&vec!["view".into(), "purchase".into()], &vec![0.0, 0.0, 1.0, 0.0])
        );
        assert_eq!(found.items, [0.0, 1.0, 0.0, 2.0]);
        let names: Vec<_> = found.item_names.iter().map(|item| (item.name.as_str(), item.title.as_deref())).collect();
        assert_eq!(names, [("mug", Some("A mug")), ("green", None), ("odd", None)]);
        assert_eq!(user_events(&log, 2).unwrap_err().code(), "parameter");
    }
}
