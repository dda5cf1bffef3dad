//! Events out of the rows of a file.

use rustc_hash::FxHashMap;

use crate::{
    Result,
    error::{Error, Place},
    event::{Event, EventKind, Log, NONE},
};

use super::{
    cells::Cells,
    plan::{FilePlan, Preset, Role},
    quality::RuleName,
    time::TimeParser,
};

/// Bytes that a name (of a user, an item, a domain, …) may have. A longer one is a sign of a wrong delimiter, and would
/// stay in memory.
pub(super) const NAME_LIMIT: usize = 1024;
/// Words of a kind column that are remembered.
const WORDS: usize = 4096;

/// Why a row did not become an event, and by which of its columns (from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rejection {
    pub rule: RuleName,
    pub column: Option<u32>,
}

/// `rule`, touched by the column at a position.
pub(super) fn rejection(rule: RuleName, position: usize) -> Rejection {
    Rejection { rule, column: Some(position as u32 + 1) }
}

/// The name in a cell; `None` where there is none.
///
/// # Errors
/// A malformed row, where it is longer than [`NAME_LIMIT`].
pub(super) fn name<'a>(cells: &Cells<'a>, position: usize) -> std::result::Result<Option<&'a str>, Rejection> {
    match cells.value(position) {
        Some(text) if text.len() > NAME_LIMIT => Err(rejection(RuleName::MalformedRow, position)),
        name => Ok(name),
    }
}

/// The first domain that a row names, and of MovieLens's lists of genres (`A|B`) the first.
///
/// # Errors
/// As [`name`].
pub(super) fn domain<'a>(
    cells: &Cells<'a>,
    positions: &[usize],
    preset: Preset,
) -> std::result::Result<Option<&'a str>, Rejection> {
    for &position in positions {
        let Some(mut text) = name(cells, position)? else { continue };
        if preset == Preset::MovieLens {
            text = text.split_once('|').map_or(text, |(first, _)| first);
            if text == "(no genres listed)" {
                continue;
            }
        }
        return Ok(Some(text));
    }
    Ok(None)
}

/// Turns rows of an events table into events of a log.
pub(super) struct EventRows {
    user: usize,
    time: usize,
    /// Without one, the domain stands in for the item.
    item: Option<usize>,
    domains: Vec<usize>,
    kind: Option<usize>,
    platform: Option<usize>,
    preset: Preset,
    times: TimeParser,
    default_kind: String,
    default_id: Option<u8>,
    /// Ids of the words of the kind column; `None` for those beyond 256 kinds.
    words: FxHashMap<Box<str>, Option<u8>>,
    /// The user of the row before: logs are often grouped by user.
    last_user: (String, u32),
    /// Rows whose platform found no room among 256.
    pub platforms_lost: u64,
}

impl EventRows {
    /// # Errors
    /// [`Error::Columns`] where no column says who, when, or what; [`Error::Parameter`] for an unknown time zone.
    pub fn new(plan: &FilePlan) -> Result<Self> {
        let first = |role| plan.positions(role).next();
        let (Some(user), Some(time)) = (first(Role::User), first(Role::Time)) else {
            let missing = if first(Role::User).is_none() { "user" } else { "time" };
            return Err(columns(plan, &format!("no column is the {missing}; say which one is")));
        };
        let (item, domains) = (first(Role::Item), plan.domain_positions());
        if item.is_none() && domains.is_empty() {
            return Err(columns(plan, "no column is the item or the domain; say which one is"));
        }
        let default_kind = match plan.default_kind.trim() {
            "" => EventKind::View.name(),
            word => kind_name(word),
        };
        Ok(Self {
            user,
            time,
            item,
            domains,
            kind: first(Role::Kind),
            platform: first(Role::Platform),
            preset: plan.preset,
            times: TimeParser::new(plan.time_format, &plan.time_zone)?,
            default_kind: default_kind.to_owned(),
            default_id: None,
            words: FxHashMap::default(),
            last_user: (String::new(), NONE),
            platforms_lost: 0,
        })
    }

    /// Adds the event of a row to `log`, or leaves it as it was.
    ///
    /// # Errors
    /// The first rule, in their order, that the row breaks.
    pub fn read(&mut self, cells: &Cells<'_>, log: &mut Log) -> std::result::Result<(), Rejection> {
        let user = name(cells, self.user)?;
        let domain = domain(cells, &self.domains, self.preset)?;
        let item = match self.item {
            Some(position) => name(cells, position)?,
            None => domain,
        };
        let platform = self.platform.map_or(Ok(None), |position| name(cells, position))?;
        let word = self.kind.map_or(Ok(None), |position| name(cells, position))?;
        let user = user.ok_or(rejection(RuleName::MissingUser, self.user))?;
        let item_column = self.item.or(self.domains.first().copied()).unwrap_or(0);
        let item = item.ok_or(rejection(RuleName::MissingItem, item_column))?;
        let time = cells.value(self.time).ok_or(rejection(RuleName::MissingTime, self.time))?;
        let time = self.times.parse(time).and_then(|seconds| u32::try_from(seconds).ok());
        let time = time.ok_or(rejection(RuleName::BadTime, self.time))?;
        let kind = self.kind_of(word, log);
        let kind = kind.ok_or(rejection(RuleName::UnknownKind, self.kind.unwrap_or(0)))?;

        if self.last_user.1 == NONE || self.last_user.0 != user {
            self.last_user.0.clear();
            self.last_user.0.push_str(user);
            self.last_user.1 = log.users.intern(user);
        }
        let domain = domain.map_or(NONE, |domain| log.domains.intern(domain));
        let item = log.items.intern(item, domain);
        let platform = platform.map_or(0, |platform| self.platform_of(platform, log));
        log.push(Event { user: self.last_user.1, item, time, kind, platform });
        Ok(())
    }

    /// Id of the kind that a word means; one that means nothing known is a kind of its own.
    fn kind_of(&mut self, word: Option<&str>, log: &mut Log) -> Option<u8> {
        let Some(word) = word else {
            self.default_id = self.default_id.or_else(|| log.kinds.intern(&self.default_kind));
            return self.default_id;
        };
        if let Some(&kind) = self.words.get(word) {
            return kind;
        }
        let kind = log.kinds.intern(kind_name(word));
        if self.words.len() < WORDS {
            self.words.insert(word.into(), kind);
        }
        kind
    }

    /// Id of a platform; 0, the unnamed one, where 255 are taken.
    fn platform_of(&mut self, name: &str, log: &mut Log) -> u8 {
        if let Some(id) = log.platforms.get(name) {
            return id as u8;
        }
        if log.platforms.is_empty() {
            log.platforms.intern("");
        }
        if log.platforms.len() > usize::from(u8::MAX) {
            self.platforms_lost += 1;
            return 0;
        }
        log.platforms.intern(name) as u8
    }
}

/// Name of the kind that a word means: a known kind, or one of its own.
fn kind_name(word: &str) -> &str {
    EventKind::from_word(word).map_or(word, |kind| kind.name())
}

/// The error that the columns of a plan do not hold what its table needs.
pub(super) fn columns(plan: &FilePlan, hint: &str) -> Error {
    Error::Columns { place: Place { file: plan.name.clone(), line: None, column: None }, hint: hint.to_owned() }
}
