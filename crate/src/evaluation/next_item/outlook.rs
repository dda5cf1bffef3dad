//! What a fitted next-item model makes of one user's events, all of them or some.

use super::{NextItem, NextItemModel, NextItemModels};
use crate::{
    Error, Result,
    evaluation::ModelName,
    event::{Log, NONE},
    nn::{self, Device},
    training::{
        Observer,
        next_item::{ItemRanker, NextItemData, Sequence},
    },
};

/// A fitted model beside the sequences of its log.
#[derive(Debug)]
pub struct ItemOutlook<'a> {
    model: &'a NextItemModel,
    data: NextItemData,
    ranker: ItemRanker,
    device: Device,
}

impl<'a> ItemOutlook<'a> {
    /// The outlook of `model`, or of the best one.
    ///
    /// # Errors
    /// [`Error::State`] for a model that was not trained; [`Error::Checkpoint`] where the log is not the one that the models
    /// were trained on; [`Error::NotEnough`] for a log without events; [`Error::Device`].
    pub async fn new(log: &Log, models: &'a NextItemModels, model: Option<ModelName>) -> Result<ItemOutlook<'a>> {
        let data = NextItemData::of_log(log)?;
        let model = models.get(model, log, &data)?;
        let ranker = ItemRanker::new(&data.sequences.counts());
        Ok(ItemOutlook { model, data, ranker, device: nn::device().await? })
    }

    /// By which model.
    pub fn model(&self) -> ModelName {
        self.model.name()
    }

    /// The user's events.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an unknown user.
    pub fn sequence(&self, user: u32) -> Result<Sequence<'_>> {
        if user as usize >= self.data.sequences.users() {
            return Err(Error::Parameter { name: "user", hint: "there is no such user in this log".into() });
        }
        Ok(self.data.sequences.user(user as usize))
    }

    /// Scores of all items for the user, from those events that `keep` accepts by their place in the sequence.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an unknown user; as [`NextItemModel::each_scores`].
    pub async fn scores(
        &self,
        user: u32,
        keep: impl Fn(usize) -> bool,
        observer: &mut impl Observer,
    ) -> Result<Vec<f32>> {
        self.sequence(user)?;
        let input = self.data.sequences.alone(user as usize, keep);
        let mut out = Vec::new();
        self.model.each_scores(&input, &[user], &self.device, observer, |_, scores| out = scores.to_vec()).await?;
        Ok(out)
    }

    /// The items with the best scores that the user has not had, best first.
    pub fn top(&self, user: u32, scores: &[f32], count: usize) -> Vec<u32> {
        self.ranker.top(scores, self.data.sequences.user(user as usize).items, count)
    }

    /// Number of the item called `name`.
    pub fn find(&self, log: &Log, name: &str) -> Option<u32> {
        let entry = log.items.find(name)?;
        self.data.entries.binary_search(&entry).ok().map(|number| number as u32)
    }

    /// An item as it is shown, with score 0.
    pub fn item(&self, log: &Log, item: u32) -> NextItem {
        let entry = self.data.entries.get(item as usize).copied().unwrap_or(NONE);
        let domain = self.data.catalogue.domains.get(item as usize).copied().unwrap_or(NONE);
        NextItem {
            name: log.items.name(entry).to_owned(),
            title: log.items.title(entry).map(str::to_owned),
            domain: (domain != NONE).then(|| log.domains.name(domain).to_owned()),
            score: 0.0,
        }
    }
}
