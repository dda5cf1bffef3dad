//! Item and edge tables: read on their own, joined with the events when all files are read, in whatever order they came.

use rustc_hash::FxHashSet;

use crate::{
    Result,
    event::{Dictionary, Log, NONE},
};

use super::{
    cells::Cells,
    events::{Rejection, columns, domain, name, rejection},
    plan::{FilePlan, Note, Preset, Role},
    quality::RuleName,
    time::TimeParser,
};

/// Characters kept of a title.
const TITLE_LENGTH: usize = 200;
/// The property that gives an item's domain in RetailRocket's item properties.
const DOMAIN_PROPERTY: &str = "categoryid";

/// Where the columns of an item table are.
pub(super) struct ItemColumns {
    item: usize,
    domains: Vec<usize>,
    title: Option<usize>,
    properties: Option<Properties>,
    preset: Preset,
}

/// A table of one property a row, valid from a time on.
struct Properties {
    property: usize,
    value: usize,
    time: Option<(usize, TimeParser)>,
}

impl ItemColumns {
    /// # Errors
    /// [`Error::Columns`](crate::Error::Columns) where no column is the item, or none says anything about it;
    /// [`Error::Parameter`](crate::Error::Parameter) for an unknown time zone.
    pub fn new(plan: &FilePlan) -> Result<Self> {
        let first = |role| plan.positions(role).next();
        let item = first(Role::Item).ok_or_else(|| columns(plan, "no column is the item; say which one is"))?;
        let (domains, title) = (plan.domain_positions(), first(Role::Title));
        let properties = match (first(Role::Property), first(Role::Value)) {
            (Some(property), Some(value)) => {
                let time = match first(Role::Time) {
                    Some(position) => Some((position, TimeParser::new(plan.time_format, &plan.time_zone)?)),
                    None => None,
                };
                Some(Properties { property, value, time })
            }
            _ => None,
        };
        if domains.is_empty() && title.is_none() && properties.is_none() {
            return Err(columns(plan, "no column is the domain or the title of the items; say which one is"));
        }
        Ok(Self { item, domains, title, properties, preset: plan.preset })
    }
}

/// What item tables say about items, by their names.
#[derive(Default)]
pub(super) struct ItemTables {
    names: Dictionary,
    domains: Dictionary,
    /// By id of the name: domain, and since when.
    domain: Vec<(u32, i64)>,
    titles: Vec<Option<Box<str>>>,
    several: FxHashSet<u32>,
    first_genre: bool,
}

impl ItemTables {
    /// Takes in a row. Of several domains of an item the first counts; where rows have times, the latest.
    ///
    /// # Errors
    /// The first rule that the row breaks.
    pub fn read(&mut self, columns: &ItemColumns, cells: &Cells<'_>) -> std::result::Result<(), Rejection> {
        let item = name(cells, columns.item)?;
        let mut domain = domain(cells, &columns.domains, columns.preset)?;
        let item = item.ok_or(rejection(RuleName::MissingItem, columns.item))?;
        let mut since = i64::MAX;
        if let Some(properties) = &columns.properties {
            if let Some((position, times)) = &properties.time {
                let time = cells.value(*position).ok_or(rejection(RuleName::MissingTime, *position))?;
                since = times.parse(time).ok_or(rejection(RuleName::BadTime, *position))?;
            }
            if cells.value(properties.property) != Some(DOMAIN_PROPERTY) {
                return Ok(());
            }
            domain = name(cells, properties.value)?;
        }
        self.first_genre |= columns.preset == Preset::MovieLens && !columns.domains.is_empty();
        let id = self.names.intern(item) as usize;
        if id == self.domain.len() {
            self.domain.push((NONE, i64::MIN));
            self.titles.push(None);
        }
        if let Some(domain) = domain {
            let domain = self.domains.intern(domain);
            let (own, own_since) = self.domain[id];
            if own != NONE && own != domain {
                self.several.insert(id as u32);
            }
            if own == NONE || (since >= own_since && own_since != i64::MAX) {
                self.domain[id] = (domain, since);
            }
        }
        if let (Some(title), None) = (columns.title.and_then(|position| cells.value(position)), &self.titles[id]) {
            self.titles[id] = Some(title.chars().take(TITLE_LENGTH).collect::<String>().into());
        }
        Ok(())
    }

    /// Gives the items of `log` their domains (where no event gave one) and titles. Items without events are left out.
    pub fn join(self, log: &mut Log, notes: &mut Vec<Note>) {
        if self.names.is_empty() {
            return;
        }
        let (mut joined, mut several, mut items) = (0u64, 0u64, 0u64);
        for item in 0..log.items.len() as u32 {
            if log.items.base(item) != item {
                continue;
            }
            items += 1;
            let name = log.items.name(item).to_owned();
            let Some(id) = self.names.get(&name) else { continue };
            joined += 1;
            several += u64::from(self.several.contains(&id));
            let (domain, _) = self.domain[id as usize];
            if domain != NONE && log.items.domain(item) == NONE {
                let domain = log.domains.intern(self.domains.name(domain));
                log.items.set_domain(item, domain);
            }
            if let Some(title) = &self.titles[id as usize] {
                log.items.set_title(&name, title);
            }
        }
        notes.push(
            Note::new("items.joined")
                .with("joined", joined)
                .with("items", items)
                .with("listed", self.names.len() as u64),
        );
        if several > 0 {
            notes.push(Note::new("items.several_domains").with("items", several));
        }
        if self.first_genre {
            notes.push(Note::new("items.first_genre"));
        }
    }
}

/// Where the columns of an edge table are.
pub(super) struct EdgeColumns {
    user: usize,
    friend: usize,
}

impl EdgeColumns {
    /// # Errors
    /// [`Error::Columns`](crate::Error::Columns) where a side of the edges has no column.
    pub fn new(plan: &FilePlan) -> Result<Self> {
        match (plan.positions(Role::User).next(), plan.positions(Role::Friend).next()) {
            (Some(user), Some(friend)) => Ok(Self { user, friend }),
            _ => Err(columns(plan, "an edge joins two users; say which columns are the user and the connected user")),
        }
    }
}

/// Social edges by the names of their users.
#[derive(Default)]
pub(super) struct EdgeTables {
    users: Dictionary,
    edges: Vec<(u32, u32)>,
}

impl EdgeTables {
    /// Takes in a row.
    ///
    /// # Errors
    /// The first rule that the row breaks.
    pub fn read(&mut self, columns: &EdgeColumns, cells: &Cells<'_>) -> std::result::Result<(), Rejection> {
        let (user, friend) = (name(cells, columns.user)?, name(cells, columns.friend)?);
        let user = user.ok_or(rejection(RuleName::MissingUser, columns.user))?;
        let friend = friend.ok_or(rejection(RuleName::MissingUser, columns.friend))?;
        self.edges.push((self.users.intern(user), self.users.intern(friend)));
        Ok(())
    }

    /// Adds to `log` the edges between users that have events; a note counts the others.
    pub fn join(self, log: &mut Log, notes: &mut Vec<Note>) {
        let ids: Vec<Option<u32>> = self.users.iter().map(|name| log.users.get(name)).collect();
        let known = self.edges.iter().filter_map(|&(user, friend)| Some((ids[user as usize]?, ids[friend as usize]?)));
        log.edges.extend(known);
        let strangers = (self.edges.len() - log.edges.len()) as u64;
        if strangers > 0 {
            notes.push(Note::new("edges.strangers").with("edges", strangers).with("all", self.edges.len() as u64));
        }
    }
}
