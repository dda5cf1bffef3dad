//! What the columns of a file of no known shape are.

use super::{
    names::{plain, rank},
    profile::Profile,
};
use crate::{
    event::EventKind,
    ingest::plan::{Role, TableKind},
};

/// Roles in the order in which columns are chosen for them.
const ORDER: [Role; 10] = [
    Role::Time,
    Role::User,
    Role::Item,
    Role::Kind,
    Role::Domain,
    Role::Friend,
    Role::Platform,
    Role::Property,
    Role::Value,
    Role::Title,
];
/// Names that tell what every event of a file without a kind column is.
const PURCHASES: [&str; 12] = [
    "quantity",
    "qty",
    "unitprice",
    "price",
    "amount",
    "sales",
    "salesvalue",
    "invoice",
    "invoiceno",
    "orderid",
    "basketid",
    "transactionid",
];
const RATINGS: [&str; 5] = ["rating", "stars", "overall", "score", "评分"];

/// Roles of the columns by their names; what is in a column may speak against its name.
pub(super) fn by_names(names: &[String], profiles: &[Profile]) -> Vec<Role> {
    let mut roles = vec![Role::Ignore; names.len()];
    for role in ORDER {
        let free = |&(at, _): &(usize, usize)| roles[at] == Role::Ignore && fits(role, &profiles[at]);
        let ranked = names.iter().enumerate().filter_map(|(at, name)| Some((at, rank(name, role)?)));
        if let Some((at, _)) = ranked.filter(free).min_by_key(|&(at, rank)| (rank, at)) {
            roles[at] = role;
        }
    }
    let has = |role| roles.contains(&role);
    // A property needs its value, and a title its item.
    let lost: Vec<Role> = [(Role::Property, Role::Value), (Role::Value, Role::Property), (Role::Title, Role::Item)]
        .into_iter()
        .filter(|&(role, other)| has(role) && !has(other))
        .map(|(role, _)| role)
        .collect();
    for role in roles.iter_mut().filter(|role| lost.contains(role)) {
        *role = Role::Ignore;
    }
    roles
}

/// Whether what is in a column can be what its name says. An empty one can be anything.
fn fits(role: Role, profile: &Profile) -> bool {
    match role {
        Role::Time => profile.filled == 0 || profile.time.is_some() || profile.is_numeric(),
        Role::Kind => profile.filled == 0 || !profile.mostly(profile.fractions),
        Role::User | Role::Item | Role::Friend => profile.filled == 0 || !profile.mostly(profile.fractions),
        _ => true,
    }
}

/// Roles of the columns of a file without a header: a time and a kind show themselves; of the others, the first that repeats
/// is the user, the next the item, and one with fewer different cells than the item the domain.
pub(super) fn by_content(profiles: &[Profile]) -> Vec<Role> {
    let mut roles = vec![Role::Ignore; profiles.len()];
    let time = profiles.iter().position(Profile::is_time);
    let kind = profiles.iter().position(|profile| profile.mostly(profile.kinds));
    let Some(time) = time else { return roles };
    roles[time] = Role::Time;
    if let Some(kind) = kind {
        roles[kind] = Role::Kind;
    }
    let free: Vec<usize> = (0..profiles.len())
        .filter(|&at| roles[at] == Role::Ignore && profiles[at].fractions == 0 && profiles[at].distinct > 1)
        .collect();
    let [user, rest @ ..] = free.as_slice() else { return roles };
    roles[*user] = Role::User;
    let [item, rest @ ..] = rest else { return roles };
    roles[*item] = Role::Item;
    let fewer = |&&at: &&usize| profiles[at].distinct < profiles[*item].distinct && !is_rating(&profiles[at]);
    if let Some(&domain) = rest.iter().find(fewer) {
        roles[domain] = Role::Domain;
    }
    roles
}

/// A handful of small numbers.
fn is_rating(profile: &Profile) -> bool {
    profile.is_numeric() && profile.distinct <= 11 && profile.words.iter().all(|word| word.len() <= 3)
}

/// What a file with such columns holds; [`TableKind::Ignore`] where it is neither events nor items nor edges.
pub(super) fn table_of(roles: &[Role]) -> TableKind {
    let has = |role| roles.contains(&role);
    let says_what = has(Role::Item) || has(Role::Domain);
    if has(Role::User) && has(Role::Time) && says_what {
        TableKind::Events
    } else if has(Role::User) && has(Role::Friend) {
        TableKind::Edges
    } else if has(Role::Item) && !has(Role::User) && (has(Role::Domain) || has(Role::Title) || has(Role::Property)) {
        TableKind::Items
    } else {
        TableKind::Ignore
    }
}

/// The kind of every event of a file with such columns that has no kind column.
pub(super) fn default_kind(names: &[String]) -> &'static str {
    let has = |words: &[&str]| names.iter().any(|name| words.contains(&plain(name).as_str()));
    let kind = match () {
        () if has(&RATINGS) => EventKind::Rating,
        () if has(&PURCHASES) => EventKind::Purchase,
        () => EventKind::View,
    };
    kind.name()
}
