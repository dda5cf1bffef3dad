//! Two-stage rankers: cheap members, a weighted sum that picks the candidates, and something that learned to order them.

use serde::{Deserialize, Serialize};

use super::{
    CANDIDATES, Catalogue, Evidence, HeldOut, ItemNetwork, ItemRanker, ItemTuning, MEMBER_NAMES, MEMBERS, Members,
    Relations, Sequences, Study, TwoStageData, cancellable,
    forest::Forest,
    item_network::{Keep, Rows},
};
use crate::{
    Result,
    nn::Device,
    training::{Observer, sequence::SequenceModel},
};

/// Users that are scored at a time.
const USERS: usize = 256;

/// What orders the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Boosted trees and a network that convolves, and where the log is small an attention network beside them.
    Blend,
    /// A network that looks at one candidate at a time.
    Network,
    /// A network that convolves over the candidates.
    Convolution,
}

/// A two-stage ranker (the pattern of candidate generation and ranking, Covington et al. 2016). First the weighted sum of
/// the members' scores, each divided by the user's largest: PROTOCOL.md's "sparse blend", with the closed form and user
/// neighbours. The best hundred items are then ordered anew by their [`Evidence`].
///
/// The second stage learns from train sequences alone: members are fitted on all but the last few events of each, and
/// those events are what its lists hold. Then the members are fitted anew on everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwoStage {
    pub(super) members: Members,
    pub(super) weights: [f32; MEMBERS],
    pub(super) order: Order,
    pub(super) second: Second,
    /// Train events by item: the order of equals.
    pub(super) counts: Vec<u32>,
    pub(super) seed: u64,
}

/// score = mean of the trees' and the network's scores + a share of the attention network's. Without trees and network
/// the weighted sum decides.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Second {
    /// With the number of trees that are used in each run.
    pub forest: Option<(Forest, usize)>,
    /// With the graphs that it may convolve over.
    pub network: Option<(ItemNetwork, Relations)>,
    pub attention: Option<(SequenceModel, f32)>,
}

/// The mean of those scores that are there, plus a share of what stands beside them, of `count` candidates.
pub(super) fn mixed(
    parts: [Option<&Vec<f32>>; 2],
    (beside, share): (Option<&Vec<f32>>, f32),
    count: usize,
) -> Vec<f32> {
    let mut sum = vec![0.0_f32; count];
    let there = parts.iter().flatten().count().max(1) as f32;
    let mut add = |scores: &[f32], weight: f32| {
        sum.iter_mut().zip(scores).for_each(|(sum, score)| *sum += weight * score);
    };
    parts.into_iter().flatten().for_each(|scores| add(scores, 1.0 / there));
    if let Some(beside) = beside {
        add(beside, share);
    }
    sum
}

/// An attention network's scores of the candidates of each user's list.
pub(super) async fn attend(
    model: &SequenceModel,
    inputs: &Sequences,
    users: &[u32],
    lists: &[Rows<'_>],
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Vec<Vec<f32>>> {
    let mut found = Vec::with_capacity(users.len());
    let visit = |index: usize, scores: &[f32]| {
        found.push(lists[index].1.iter().map(|&item| scores[item as usize]).collect());
    };
    model.each_scores(inputs, users, device, observer, visit).await?;
    Ok(found)
}

impl TwoStage {
    /// Learns from the train sequences; choices are made on validation.
    ///
    /// # Errors
    /// [`crate::Error::NotEnough`] for a network where no train event is among its candidates; [`crate::Error::Cancelled`],
    /// [`crate::Error::Device`].
    pub async fn fit(
        order: Order,
        data: TwoStageData<'_>,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<TwoStage> {
        let study = Study::new(data, seed, observer).await?;
        if order == Order::Blend {
            return study.blended(device, observer).await;
        }
        let start = study.untrained(order == Order::Convolution);
        let network = study.train(&start, ItemTuning::usual(seed), device, observer).await?;
        Ok(study.ranker(Some(&network)))
    }

    /// With all choices as they are, everything else learned anew from `sequences`.
    ///
    /// # Errors
    /// As [`TwoStage::fit`].
    pub async fn refit(
        &self,
        sequences: &Sequences,
        catalogue: &Catalogue,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<TwoStage> {
        let members = Members::fit(sequences, catalogue, observer).await?;
        let held_out = HeldOut::of(sequences, catalogue, &self.weights, self.seed, observer).await?;
        let mut second = Second::default();
        if let Some((_, trees)) = &self.second.forest {
            second.forest = Some((Forest::grow(&held_out.lists, self.seed, observer).await?, *trees));
        }
        if let Some((network, _)) = &self.second.network {
            let start = ItemNetwork::untrained(&held_out.lists, network.convolves(), self.seed);
            let (keep, tuning) = (Keep::Epoch(network.epoch()), ItemTuning::usual(self.seed));
            let network = start.train(&held_out, keep, tuning, device, observer).await?;
            second.network = Some((network, members.relations()));
        }
        if let Some((model, share)) = &self.second.attention {
            second.attention = Some((model.refit(sequences, catalogue, self.seed, device, observer).await?, *share));
        }
        Ok(TwoStage { members, second, counts: sequences.counts(), ..self.clone() })
    }

    /// What orders the candidates.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Number of numbers learned by gradient.
    pub fn parameter_count(&self) -> usize {
        let network = self.second.network.as_ref().map_or(0, |(network, _)| network.parameter_count());
        network + self.second.attention.as_ref().map_or(0, |(model, _)| model.parameter_count())
    }

    /// What was picked on validation.
    pub fn chosen(&self) -> serde_json::Value {
        let weights: Vec<(&str, f32)> = MEMBER_NAMES.into_iter().zip(self.weights).collect();
        serde_json::json!({
            "weights": weights,
            "trees": self.second.forest.as_ref().map_or(0, |(_, trees)| *trees),
            "networkEpoch": self.second.network.as_ref().map(|(network, _)| network.epoch()),
            "attention": self.second.attention.as_ref().map_or(0.0, |(_, share)| *share),
        })
    }

    /// Calls `visit` with the place of each of `users` in the list, in order, and the scores of all items for its sequence
    /// in `inputs`: those of the candidates are above all others and ordered by the second stage. A user without events
    /// has no candidates, and gets the members' sum, which is popularity.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`], [`crate::Error::Device`].
    pub async fn each_scores(
        &self,
        inputs: &Sequences,
        users: &[u32],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f32]),
    ) -> Result<()> {
        let ranker = ItemRanker::new(&self.counts);
        let mut evidence = Evidence::new(self.counts.len());
        let above: f32 = self.weights.iter().sum();
        for (chunk, users) in users.chunks(USERS).enumerate() {
            let (mut sums, mut lists) = (Vec::with_capacity(users.len()), Vec::with_capacity(users.len()));
            for (index, &user) in users.iter().enumerate() {
                let input = inputs.user(user as usize);
                evidence.score(&self.members, Some(user), input);
                sums.push(evidence.sums(&self.weights).to_vec());
                evidence.gather(&self.members, &self.weights, input, &ranker, CANDIDATES);
                lists.push((std::mem::take(&mut evidence.numbers), std::mem::take(&mut evidence.candidates)));
                if index % 32 == 31 {
                    cancellable(observer).await?;
                }
            }
            let rows: Vec<Rows<'_>> = lists.iter().map(|(numbers, items)| (&numbers[..], &items[..])).collect();
            let ordered = self.second.scores(inputs, users, &rows, device, observer).await?;
            for (index, scores) in sums.iter_mut().enumerate() {
                for (&item, score) in lists[index].1.iter().zip(ordered.get(index).into_iter().flatten()) {
                    // The second stage gives a logarithm of odds; its logistic lies between 0 and 1.
                    scores[item as usize] = above + 1.0 / (1.0 + libm::expf(-score));
                }
                visit(chunk * USERS + index, scores);
            }
        }
        Ok(())
    }
}

impl Second {
    /// Scores of the candidates of each user's list; nothing where the order stays as it is.
    async fn scores(
        &self,
        inputs: &Sequences,
        users: &[u32],
        lists: &[Rows<'_>],
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Vec<Vec<f32>>> {
        if self.forest.is_none() && self.network.is_none() {
            return Ok(Vec::new());
        }
        let by_network = match &self.network {
            Some((network, relations)) => network.scores(lists, relations, device, observer).await?,
            None => Vec::new(),
        };
        let (by_attention, share) = match &self.attention {
            Some((model, share)) => (attend(model, inputs, users, lists, device, observer).await?, *share),
            None => (Vec::new(), 0.0),
        };
        let mut found = Vec::with_capacity(lists.len());
        for (index, (numbers, items)) in lists.iter().enumerate() {
            let trees = self.forest.as_ref().map(|(forest, count)| forest.scores(numbers, *count));
            let parts = [trees.as_ref(), by_network.get(index)];
            found.push(mixed(parts, (by_attention.get(index), share), items.len()));
            if index % 32 == 31 {
                cancellable(observer).await?;
            }
        }
        Ok(found)
    }
}
