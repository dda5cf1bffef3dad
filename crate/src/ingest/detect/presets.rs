//! Known shapes of log, by the names of their columns or, without a header, by what is in them.

use super::{names::plain, profile::Profile};
use crate::ingest::plan::{Preset, Role, TableKind, TimeFormat};

/// A file of a known shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub preset: Preset,
    pub table: TableKind,
    /// By position.
    pub roles: Vec<Role>,
    /// Names for a file without a header; empty where it has one.
    pub names: &'static [&'static str],
    /// Kind of every event where no column says it.
    pub default_kind: &'static str,
}

/// A shape by names: those that must be there, and those that may. Written as [`plain`] writes them.
struct Named {
    preset: Preset,
    table: TableKind,
    required: &'static [(&'static str, Role)],
    optional: &'static [(&'static str, Role)],
    default_kind: &'static str,
}

/// Shorter lists of required names come after longer ones that hold them.
const NAMED: [Named; 17] = {
    use Preset::{AmazonReviews, CompleteJourney, Ga4, MovieLens, Rees46, RetailRocket};
    use Role::{Domain, Ignore, Item, Kind, Platform, Property, Time, Title, User, Value};
    use TableKind::{Events, Ignore as Neither, Items};
    const fn named(
        preset: Preset,
        table: TableKind,
        default_kind: &'static str,
        required: &'static [(&'static str, Role)],
        optional: &'static [(&'static str, Role)],
    ) -> Named {
        Named { preset, table, required, optional, default_kind }
    }
    [
        named(
            Rees46,
            Events,
            "view",
            &[
                ("eventtime", Time),
                ("eventtype", Kind),
                ("productid", Item),
                ("categoryid", Domain),
                ("categorycode", Domain),
                ("userid", User),
            ],
            &[],
        ),
        named(
            CompleteJourney,
            Events,
            "purchase",
            &[("householdid", User), ("productid", Item), ("quantity", Ignore), ("timestamp", Time)],
            &[],
        ),
        named(
            CompleteJourney,
            Events,
            "purchase",
            &[("householdid", User), ("productid", Item), ("quantity", Ignore), ("transactiontimestamp", Time)],
            &[],
        ),
        named(
            CompleteJourney,
            Items,
            "purchase",
            &[("productid", Item), ("department", Ignore), ("productcategory", Domain)],
            &[("producttype", Title)],
        ),
        named(
            RetailRocket,
            Events,
            "view",
            &[("timestamp", Time), ("visitorid", User), ("event", Kind), ("itemid", Item)],
            &[],
        ),
        named(
            RetailRocket,
            Items,
            "view",
            &[("timestamp", Time), ("itemid", Item), ("property", Property), ("value", Value)],
            &[],
        ),
        named(RetailRocket, Neither, "view", &[("categoryid", Ignore), ("parentid", Ignore)], &[]),
        named(
            Ga4,
            Events,
            "view",
            &[("eventtimestamp", Time), ("eventname", Kind), ("userpseudoid", User)],
            &[("itemsitemid", Item), ("itemsitemcategory", Domain), ("itemsitemname", Title), ("platform", Platform)],
        ),
        named(AmazonReviews, Events, "rating", &[("reviewerid", User), ("asin", Item), ("unixreviewtime", Time)], &[]),
        named(
            AmazonReviews,
            Events,
            "rating",
            &[("userid", User), ("parentasin", Item), ("rating", Ignore), ("timestamp", Time)],
            &[],
        ),
        named(AmazonReviews, Items, "rating", &[("parentasin", Item), ("maincategory", Domain), ("title", Title)], &[]),
        named(AmazonReviews, Items, "rating", &[("asin", Item), ("category", Domain), ("title", Title)], &[]),
        named(AmazonReviews, Items, "rating", &[("asin", Item), ("categories", Domain)], &[("title", Title)]),
        named(
            MovieLens,
            Events,
            "rating",
            &[("userid", User), ("movieid", Item), ("rating", Ignore), ("timestamp", Time)],
            &[],
        ),
        named(
            MovieLens,
            Events,
            "tag",
            &[("userid", User), ("movieid", Item), ("tag", Ignore), ("timestamp", Time)],
            &[],
        ),
        named(MovieLens, Items, "rating", &[("movieid", Item), ("title", Title), ("genres", Domain)], &[]),
        named(MovieLens, Neither, "rating", &[("movieid", Ignore), ("imdbid", Ignore), ("tmdbid", Ignore)], &[]),
    ]
};

/// Names of Taobao UserBehavior's columns, and the words of its kind column.
const TAOBAO: [&str; 5] = ["user_id", "item_id", "category_id", "behavior_type", "timestamp"];
const TAOBAO_ROLES: [Role; 5] = [Role::User, Role::Item, Role::Domain, Role::Kind, Role::Time];
const TAOBAO_WORDS: [&str; 4] = ["buy", "cart", "fav", "pv"];

const MOVIELENS_RATINGS: [&str; 4] = ["UserID", "MovieID", "Rating", "Timestamp"];
const MOVIELENS_MOVIES: [&str; 3] = ["MovieID", "Title", "Genres"];
const MOVIELENS_USERS: [&str; 5] = ["UserID", "Gender", "Age", "Occupation", "Zip-code"];

/// The known shape of a file. `names`: of its columns, where it has a header or keys.
pub(super) fn recognise(names: Option<&[String]>, profiles: &[Profile], delimiter: &str) -> Option<Shape> {
    let shape = match names {
        Some(names) => by_names(names),
        None => movielens(profiles, delimiter),
    };
    shape.or_else(|| taobao(names, profiles))
}

fn by_names(names: &[String]) -> Option<Shape> {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let found = NAMED.iter().find(|named| named.required.iter().all(|(name, _)| has(name)))?;
    let role = |name: &String| {
        let known = found.required.iter().chain(found.optional).find(|(own, _)| own == name);
        known.map_or(Role::Ignore, |&(_, role)| role)
    };
    Some(Shape {
        preset: found.preset,
        table: found.table,
        roles: once_each(names.iter().map(role)),
        names: &[],
        default_kind: found.default_kind,
    })
}

/// Each role but the domain at most once, for a header that repeats a name.
fn once_each(roles: impl Iterator<Item = Role>) -> Vec<Role> {
    let mut seen = Vec::new();
    roles
        .map(|role| {
            let again = seen.contains(&role) && role != Role::Domain;
            seen.push(role);
            if again { Role::Ignore } else { role }
        })
        .collect()
}

/// Five columns: numbers of user, item and category, the words `pv`, `cart`, `fav`, `buy`, and Unix seconds.
fn taobao(names: Option<&[String]>, profiles: &[Profile]) -> Option<Shape> {
    let [user, item, category, behavior, time] = profiles else { return None };
    let numbers = [user, item, category].into_iter().all(|profile| profile.mostly(profile.whole));
    let words = behavior.words.iter().all(|word| TAOBAO_WORDS.contains(&word.as_str()));
    let spoken = words && behavior.words.iter().any(|word| word == "pv");
    let seconds = time.is_time() && time.time.is_some_and(|(format, _)| format == TimeFormat::Seconds);
    (numbers && spoken && seconds).then(|| Shape {
        preset: Preset::Taobao,
        table: TableKind::Events,
        roles: TAOBAO_ROLES.to_vec(),
        names: if names.is_some() { &[] } else { &TAOBAO },
        default_kind: "view",
    })
}

/// The files of MovieLens 1M and 10M, which have no header and `::` between cells.
fn movielens(profiles: &[Profile], delimiter: &str) -> Option<Shape> {
    if delimiter != "::" {
        return None;
    }
    let whole = |profile: &Profile| profile.mostly(profile.whole);
    let (table, roles, names): (_, &[Role], &'static [&'static str]) = match profiles {
        [user, movie, rating, time] if whole(user) && whole(movie) && rating.is_numeric() && time.is_time() => {
            (TableKind::Events, &[Role::User, Role::Item, Role::Ignore, Role::Time], &MOVIELENS_RATINGS)
        }
        [movie, _, genres] if whole(movie) && !genres.is_numeric() => {
            (TableKind::Items, &[Role::Item, Role::Title, Role::Domain], &MOVIELENS_MOVIES)
        }
        [user, gender, ..] if profiles.len() == 5 && whole(user) && gender.words == ["F", "M"] => {
            (TableKind::Ignore, &[Role::Ignore; 5], &MOVIELENS_USERS)
        }
        _ => return None,
    };
    Some(Shape { preset: Preset::MovieLens, table, roles: roles.to_vec(), names, default_kind: "rating" })
}
