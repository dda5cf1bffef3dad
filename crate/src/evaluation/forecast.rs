//! Where interests go next.

use driftscope_kernels::Order;
use serde::Serialize;

use super::{ModelName, Models};
use crate::{
    Error, Result,
    event::Log,
    interest::{Scope, WindowOptions, Windows},
    nn,
    training::{History, Observer, is_cold},
};

/// A forecast of the next window (`Forecast` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// By which model.
    pub model: ModelName,
    /// Start and end of the window, Unix seconds.
    pub window: [i64; 2],
    /// By share, largest first.
    pub domains: Vec<DomainShare>,
    /// Users behind it.
    pub users: usize,
    /// Those of them who have fewer than five events before the window, so that theirs is a cold-start forecast.
    pub cold_users: usize,
}

/// One domain's forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainShare {
    /// Id of the domain.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Forecast share, 0 to 1; all shares sum to 1.
    pub share: f64,
    /// Share in the last active window of each user, averaged likewise.
    pub now: f64,
}

/// The profile that `model` (or the best one) expects in the window after the log's last whole one: of one user, or the
/// mean over the users of the scope that have a past, each counting 1. Where nobody in it has one, what is known of newcomers
/// stands in; users with fewer than five events are forecast as [`ColdUsers`](super::ColdUsers) says.
///
/// # Errors
/// [`Error::NotEnough`] where there is no user in the scope; [`Error::Parameter`] for an unknown user;
/// [`Error::State`] for a model that was not trained; [`Error::Checkpoint`] for models of another log.
pub async fn forecast(
    log: &Log,
    models: &Models,
    scope: &Scope,
    model: Option<ModelName>,
    observer: &mut impl Observer,
) -> Result<Forecast> {
    let model = models.get(model)?;
    models.check(log)?;
    let windows = with_next(log, &models.window)?;
    let next = windows.len() - 1;
    let span = [windows.start(next), windows.end(next)];
    let history = History::new(log, windows)?;
    let all = scope.users(log)?;
    let with_past: Vec<u32> = all.iter().copied().filter(|&user| !history.past(user, next).is_empty()).collect();
    let users = if with_past.is_empty() { all } else { with_past };
    if users.is_empty() {
        return Err(Error::NotEnough { what: "a forecast", hint: "there is no user to forecast".into() });
    }
    let domains = history.domains();
    let requests: Vec<(u32, usize)> = users.iter().map(|&user| (user, next)).collect();
    let device = nn::device().await?;
    let mut sum = vec![0.0; domains];
    let add = |_: usize, shares: &[f64]| sum.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
    models.cold.each_shares(model, (log, &history), &requests, &device, observer, add).await?;
    let cold_users = users.iter().filter(|&&user| is_cold(&history, user, next)).count();
    let mut now = vec![0.0; domains];
    for &user in &users {
        if let Some(last) = history.past(user, next).chunk_by(|a, b| a.window == b.window).last() {
            let total: f64 = last.iter().map(|cell| f64::from(cell.events)).sum();
            for cell in last {
                now[cell.domain as usize] += f64::from(cell.events) / total;
            }
        }
    }
    let count = users.len() as f64;
    let mut shares: Vec<DomainShare> = (0..domains as u32)
        .map(|id| DomainShare {
            id,
            name: log.domains.name(id).to_owned(),
            share: sum[id as usize] / count,
            now: now[id as usize] / count,
        })
        .collect();
    shares.order_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
    Ok(Forecast { model: model.name(), window: span, domains: shares, users: users.len(), cold_users })
}

/// The log's windows, the last of which is not filled by the log.
pub(super) fn with_next(log: &Log, options: &WindowOptions) -> Result<Windows> {
    let windows = Windows::of_log(log, options)?;
    let end = u32::try_from(windows.end(windows.len() - 1)).ok();
    match (log.span(), end) {
        (Some((first, _)), Some(end)) if !windows.last_partial() => Windows::covering(first, end, options),
        _ => Ok(windows),
    }
}
