//! CTR@10 and conversion@10 of a next-item model by replay of any log's last windows.

use driftscope::{
    evaluation::{
        ModelName, ReplayMetrics, SESSION_GAP,
        next_item::{FitNextItem, NextItemModel},
        occasions, replay,
    },
    event::Log,
    nn::Device,
    training::{
        TOP,
        next_item::{ItemRanker, NextItemData},
    },
};

use crate::{Failure, data, options::Options, watch::Watch};

/// Replays the sessions that begin in the test windows. The model is fitted on what lies before those windows: chosen on
/// each user's last event there, then learned anew on all of it. At the begin of each session it ranks the items that the
/// user has not touched, from all that the user did before.
pub fn rates(
    (log, data): (&Log, &NextItemData),
    name: ModelName,
    seed: u64,
    options: &Options,
    device: &Device,
) -> Result<ReplayMetrics, Failure> {
    let windows = data::windows(log, &options.log)?;
    let first = windows.len().checked_sub(options.log.test).ok_or("there are fewer windows than --test asks for")?;
    let from = windows.bounds()[first.min(windows.len() - 1)];
    let mut observer = Watch { quiet: options.quiet };
    let before = |user: u32| {
        let time = log.slice(log.user_events(user)).take_while(|event| i64::from(event.time) < from);
        (user, time.count())
    };
    let past = data.sequences.prefixes((0..log.users.len() as u32).map(before));
    let (train, validation) = (past.without_last(1), past.at_least(2).targets(0));
    let fit = FitNextItem { train: &train, validation: &validation, catalogue: &data.catalogue, seed };
    let model = pollster::block_on(NextItemModel::fit(name, &fit, device, &mut observer))?;
    let refit = model.refit(&past, &data.catalogue, seed, device, &mut observer);
    let model = pollster::block_on(refit)?;

    let mut found = occasions(log, from, SESSION_GAP);
    let number = |item: u32| data.entries.binary_search(&item).ok().map(|number| number as u32);
    for own in &mut found {
        own.clicked = own.clicked.iter().filter_map(|&item| number(item)).collect();
        own.purchased = own.purchased.iter().filter_map(|&item| number(item)).collect();
    }
    let inputs = data.sequences.prefixes(found.iter().map(|own| (own.user, own.past)));
    let ranker = ItemRanker::new(&past.counts());
    let users: Vec<u32> = (0..inputs.users() as u32).collect();
    let mut lists = Vec::with_capacity(users.len());
    let scored = model.each_scores(&inputs, &users, device, &mut observer, |index, scores| {
        lists.push(ranker.top(scores, inputs.user(index).items, TOP));
    });
    pollster::block_on(scored)?;
    Ok(replay(&found, lists.iter().map(Vec::as_slice)))
}
