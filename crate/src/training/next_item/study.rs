//! What a two-stage ranker learns and chooses from.

use super::{
    Catalogue, EVIDENCE, HeldOut, ItemNetwork, ItemRanker, ItemTuning, MEMBERS, Members, Order, Sequences, Target,
    TwoStage, cancellable,
    forest::{Forest, TREE_COUNTS},
    held_out::thinned,
    item_network::{Keep, Rows, gain},
    two_stage::{Second, attend, mixed},
    weights::pick_weights,
};
use crate::{
    Result,
    nn::Device,
    training::{
        Observer,
        sequence::{SequenceData, SequenceModel, SequenceOptions},
    },
};

/// Validation targets that choices are made on, at most.
const MAX_CHOICE: usize = 4_000;
/// Shares of the attention network's scores beside the others' that are tried.
const SHARES: [f32; 3] = [0.0, 0.1, 0.2];
/// Train events up to which an attention network is trained for a blend: it takes longer than everything else together.
const ATTENTION_EVENTS: usize = 60_000;

/// What a ranker is learned from.
#[derive(Debug, Clone, Copy)]
pub struct TwoStageData<'a> {
    /// Each user's events.
    pub train: &'a Sequences,
    /// What each user did right after them: weights, numbers of trees and epochs are picked on it.
    pub validation: &'a [Target],
    /// What the items are.
    pub catalogue: &'a Catalogue,
}

/// Members and their weights, with the lists that a second stage learns from and is chosen by.
#[derive(Debug)]
pub struct Study<'a> {
    data: TwoStageData<'a>,
    seed: u64,
    members: Members,
    weights: [f32; MEMBERS],
    held_out: HeldOut,
    validation: HeldOut,
    /// Validation targets, whether they are among the candidates or not.
    users: usize,
}

impl<'a> Study<'a> {
    /// Fits the members and picks their weights.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn new(data: TwoStageData<'a>, seed: u64, observer: &mut impl Observer) -> Result<Study<'a>> {
        let members = Members::fit(data.train, data.catalogue, observer).await?;
        let ranker = ItemRanker::new(&data.train.counts());
        let some = thinned(data.validation, MAX_CHOICE);
        let weights = pick_weights(&members, data.train, &some, &ranker, observer).await?;
        let validation = HeldOut::after(data.train, &some, &members, &weights, observer).await?;
        let held_out = HeldOut::of(data.train, data.catalogue, &weights, seed, observer).await?;
        Ok(Study { data, seed, members, weights, held_out, validation, users: some.len() })
    }

    /// A network that has learned nothing; `graph`: with a convolution among the candidates.
    pub fn untrained(&self, graph: bool) -> ItemNetwork {
        ItemNetwork::untrained(&self.held_out.lists, graph, self.seed)
    }

    /// A network that was learned on another log, for the scale of this one's evidence.
    pub fn carried(&self, network: &ItemNetwork) -> ItemNetwork {
        network.carried_to(&self.held_out.lists)
    }

    /// Trains a network on from where it is; the best epoch on validation is kept.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] where no train event is among its candidates; [`crate::Error::Cancelled`],
    /// [`crate::Error::Device`].
    pub async fn train(
        &self,
        network: &ItemNetwork,
        tuning: ItemTuning,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<ItemNetwork> {
        let keep = Keep::Best(&self.validation, self.users);
        network.train(&self.held_out, keep, tuning, device, observer).await
    }

    /// NDCG@10 of a network on validation.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`], [`crate::Error::Device`].
    pub async fn judge(&self, network: &ItemNetwork, device: &Device, observer: &mut impl Observer) -> Result<f64> {
        network.judge(&self.validation, self.users, device, observer).await
    }

    /// The weighted sum alone, or ordered anew by a network.
    pub fn ranker(&self, network: Option<&ItemNetwork>) -> TwoStage {
        let convolves = network.is_some_and(ItemNetwork::convolves);
        let order = if convolves { Order::Convolution } else { Order::Network };
        let network = network.map(|network| (network.clone(), self.members.relations()));
        self.with(order, Second { network, ..Second::default() })
    }

    fn with(&self, order: Order, second: Second) -> TwoStage {
        let Study { data, seed, members, weights, .. } = self;
        let counts = data.train.counts();
        TwoStage { members: members.clone(), weights: *weights, order, second, counts, seed: *seed }
    }

    pub(super) async fn blended(&self, device: &Device, observer: &mut impl Observer) -> Result<TwoStage> {
        let TwoStageData { train, validation, catalogue } = self.data;
        if self.held_out.len() == 0 {
            return Ok(self.with(Order::Blend, Second::default()));
        }
        let forest = Forest::grow(&self.held_out.lists, self.seed, observer).await?;
        let network = self.train(&self.untrained(true), ItemTuning::usual(self.seed), device, observer).await?;
        let attention = if train.len() <= ATTENTION_EVENTS {
            let options = SequenceOptions::next_item(train.items(), train.users());
            let data = SequenceData { train, catalogue, validation };
            Some(SequenceModel::fit(data, &options, self.seed, None, device, observer).await?.0)
        } else {
            None
        };
        let Picked { trees, network: with_network, attention: share } =
            self.pick(&forest, &network, attention.as_ref(), device, observer).await?;
        let second = Second {
            forest: (trees > 0).then_some((forest, trees)),
            network: with_network.then(|| (network, self.members.relations())),
            attention: attention.filter(|_| share > 0.0).map(|model| (model, share)),
        };
        Ok(self.with(Order::Blend, second))
    }

    /// What of the second stage gives the best NDCG@10 on validation; among equals the least.
    async fn pick(
        &self,
        forest: &Forest,
        network: &ItemNetwork,
        attention: Option<&SequenceModel>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Picked> {
        let lists: Vec<Rows<'_>> = self.validation.rows().collect();
        let by_network = network.scores(&lists, &self.validation.relations, device, observer).await?;
        let by_attention = match attention {
            Some(model) => attend(model, self.data.train, &self.validation.users, &lists, device, observer).await?,
            None => Vec::new(),
        };
        let shares = if attention.is_some() { &SHARES[..] } else { &SHARES[..1] };
        let choices = TREE_COUNTS.into_iter().flat_map(|trees| {
            let with = move |network: bool| shares.iter().map(move |&attention| Picked { trees, network, attention });
            [false, true].into_iter().flat_map(with)
        });
        // Without trees and network nothing is ordered anew.
        let choices: Vec<Picked> = choices.filter(|one| one.trees > 0 || one.network || one.attention == 0.0).collect();
        let mut sums = vec![0.0_f64; choices.len()];
        let chosen = self.validation.lists.iter().map(|(rows, chosen)| chosen - rows.start);
        for (index, ((numbers, _), at)) in lists.iter().zip(chosen).enumerate() {
            let by_trees = TREE_COUNTS.map(|count| forest.scores(numbers, count));
            for (choice, sum) in choices.iter().zip(&mut sums) {
                let trees = TREE_COUNTS.iter().position(|&count| count == choice.trees && count > 0);
                let trees = trees.and_then(|at| by_trees.get(at));
                let network = by_network.get(index).filter(|_| choice.network);
                // The candidates stand in the order of the weighted sum, which equal scores keep.
                let own =
                    mixed([trees, network], (by_attention.get(index), choice.attention), numbers.len() / EVIDENCE);
                *sum += gain(&own, at);
            }
            if index % 32 == 31 {
                cancellable(observer).await?;
            }
        }
        let mut best = (f64::NEG_INFINITY, Picked { trees: 0, network: false, attention: 0.0 });
        for (sum, choice) in sums.into_iter().zip(choices) {
            if sum > best.0 {
                best = (sum, choice);
            }
        }
        Ok(best.1)
    }
}

/// Numbers of trees of each run, whether the network counts, and the attention network's share.
#[derive(Debug, Clone, Copy)]
struct Picked {
    trees: usize,
    network: bool,
    attention: f32,
}
